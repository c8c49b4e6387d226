//! The tally of a replicate: counts by day, arm, region, group and topic.

use ndarray::{Array5, Array6, ArrayView4, ArrayViewMut4, Axis, Slice};

/// Counters of exposure, the last axis of [`Tally::exposure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Counter {
    /// Videos that began to play.
    Impressions = 0,
    /// Milliseconds watched.
    WatchMs = 1,
    /// Valid plays.
    ValidPlays = 2,
    /// Long views.
    LongViews = 3,
    /// Likes.
    Likes = 4,
    /// People who met the topic at least once since day 0.
    Reached = 5,
}

impl Counter {
    /// All of them, in order.
    pub const ALL: [Self; 6] =
        [Self::Impressions, Self::WatchMs, Self::ValidPlays, Self::LongViews, Self::Likes, Self::Reached];
    /// How many are summed per impression; the rest is counted at the end of a day.
    pub const SUMMED: usize = 5;
}

/// Counters of slots, the last axis of [`Tally::slots`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum SlotCounter {
    /// Slots filled.
    Served = 0,
    /// Slots asked for that nothing was left for.
    Unserved = 1,
}

/// Counts of how selection went, in the order of `Acceptance`.
pub const SELECTION_COUNTS: usize = 5;

/// Counts of one replicate. Days are counted from the first simulated day; `burn_in` of them lie before day 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Days before day 0.
    pub burn_in: usize,
    /// `[day][arm][region][group][topic][counter]`; arm 0 is the baseline. Before its fork an arm repeats the baseline.
    pub exposure: Array6<u64>,
    /// `[day][arm][region][group][slot counter]`.
    pub slots: Array5<u64>,
    /// `[arm]`: impressions as summed from the platform's item counters, independent of `exposure`.
    pub item_impressions: Vec<u64>,
    /// `[day]`: Σ over baseline impressions of the post's age in epochs.
    pub age_epochs: Vec<u64>,
    /// `[day]`: Gini coefficient of the catalogue's impressions so far, baseline, in millionths.
    pub gini: Vec<u64>,
    /// `[arm][tracked topic]`: Σ of `mass_k` ÷ total over requests × slots since day 0, in 1/4096 of a slot.
    pub expected: Vec<Vec<u64>>,
    /// `[arm]`: slots asked for since day 0, the denominator of `expected`.
    pub asked: Vec<u64>,
    /// `[arm]`: rejected draws, slow-path draws, unserved slots, burn-in included.
    pub acceptance: Vec<[u64; SELECTION_COUNTS]>,
    /// `[arm]`: posts that reached a cap on impressions; empty where no tilt of the scenario has one.
    pub capped: Vec<Capped>,
    /// `[tilted arm of the scenario][tilt]`: what a tilt that picks its posts has picked, on its last day.
    pub picked: Vec<Vec<Picked>>,
    /// `[arm][tracked topic]`: impressions of people outside of the arm's audience, over its tilted days, in the baseline and in the
    /// arm; of an arm whose tilts reach everybody there are no topics.
    pub outside: Vec<Vec<[u64; 2]>>,
}

/// Posts of an arm that a tilt picks by hash or by an imperfect classifier, of those that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Picked {
    /// Posts on the tilt's topic and from its regions.
    pub posts: u64,
    /// Of these, posts that it means.
    pub picked: u64,
    /// Posts on other topics that it means.
    pub besides: u64,
}

impl Picked {
    /// Takes in what another world counted.
    pub fn join(&mut self, other: Self) {
        self.posts += other.posts;
        self.picked += other.picked;
        self.besides += other.besides;
    }
}

/// Posts that reached a cap on impressions while it held, each counted once, and what they had beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capped {
    /// Posts.
    pub posts: u64,
    /// Impressions beyond the cap, summed over them.
    pub beyond: u64,
    /// The most of any of them.
    pub most_beyond: u64,
}

impl Capped {
    /// Counts a post that has had `beyond` impressions more than its cap.
    pub fn add(&mut self, beyond: u64) {
        self.posts += 1;
        self.beyond += beyond;
        self.most_beyond = self.most_beyond.max(beyond);
    }

    /// Takes in what another world counted.
    pub fn join(&mut self, other: Self) {
        self.posts += other.posts;
        self.beyond += other.beyond;
        self.most_beyond = self.most_beyond.max(other.most_beyond);
    }
}

impl Tally {
    /// All zeros.
    pub fn new(
        burn_in: usize,
        days: usize,
        arms: usize,
        regions: usize,
        groups: usize,
        topics: usize,
        tracked: usize,
    ) -> Self {
        let all = burn_in + days;
        Self {
            burn_in,
            exposure: Array6::zeros((all, arms, regions, groups, topics, Counter::ALL.len())),
            slots: Array5::zeros((all, arms, regions, groups, 2)),
            item_impressions: vec![0; arms],
            age_epochs: vec![0; all],
            gini: vec![0; all],
            expected: vec![vec![0; tracked]; arms],
            asked: vec![0; arms],
            acceptance: vec![[0; SELECTION_COUNTS]; arms],
            capped: Vec::new(),
            picked: Vec::new(),
            outside: vec![Vec::new(); arms],
        }
    }

    /// Number of topics.
    pub fn topics(&self) -> usize {
        self.exposure.shape()[4]
    }

    /// Exposure of one arm on one day: `[region][group][topic][counter]`.
    pub fn day(&self, day: usize, arm: usize) -> ArrayView4<'_, u64> {
        self.exposure.index_axis(Axis(0), day).index_axis_move(Axis(0), arm)
    }

    /// Exposure of one arm on one day, to be written.
    pub fn day_mut(&mut self, day: usize, arm: usize) -> ArrayViewMut4<'_, u64> {
        self.exposure.index_axis_mut(Axis(0), day).index_axis_move(Axis(0), arm)
    }

    /// Sum of a counter over measured days `from` … `until` − 1 (counted from day 0), all regions and groups, by topic.
    pub fn by_topic(&self, arm: usize, counter: Counter, from: usize, until: usize) -> Vec<u64> {
        let days = Slice::from(self.burn_in + from..self.burn_in + until);
        let part = self.exposure.slice_axis(Axis(0), days);
        // [day][region][group][topic]
        let part = part.index_axis(Axis(5), counter as usize).index_axis_move(Axis(1), arm);
        part.axis_iter(Axis(3)).map(|topic| topic.sum()).collect()
    }

    /// Copies one arm's counts of a day to another.
    pub fn repeat_day(&mut self, day: usize, from: usize, to: usize) {
        let exposure = self.day(day, from).to_owned();
        self.day_mut(day, to).assign(&exposure);
        let mut slots = self.slots.index_axis_mut(Axis(0), day);
        let copy = slots.index_axis(Axis(0), from).to_owned();
        slots.index_axis_mut(Axis(0), to).assign(&copy);
    }

    /// Feeds every integer to a hasher, in the order of the fields, arrays in row-major order, each as 8 bytes.
    pub fn hash_into(&self, hasher: &mut blake3::Hasher) {
        let mut put = |x: u64| {
            hasher.update(&x.to_le_bytes());
        };
        self.exposure.iter().copied().for_each(&mut put);
        self.slots.iter().copied().for_each(&mut put);
        self.item_impressions.iter().copied().for_each(&mut put);
        self.age_epochs.iter().copied().for_each(&mut put);
        self.gini.iter().copied().for_each(&mut put);
        self.expected.iter().flatten().copied().for_each(&mut put);
        self.asked.iter().copied().for_each(&mut put);
        self.acceptance.iter().flatten().copied().for_each(&mut put);
        self.capped.iter().flat_map(|c| [c.posts, c.beyond, c.most_beyond]).for_each(&mut put);
        self.picked.iter().flatten().flat_map(|p| [p.posts, p.picked, p.besides]).for_each(&mut put);
        self.outside.iter().flatten().flatten().copied().for_each(&mut put);
    }
}
