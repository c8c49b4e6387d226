//! Lists that retrieval draws from, for one stripe and epoch.
//!
//! Posts are *numbered* by topic and, within a topic, by birth. Arms with the same posts share that order, so a number drawn in two
//! arms is the same post in both; where an arm lacks posts (a cap that is reached, creators who react), numbers behind them are others,
//! and the arms' draws are coupled less. Entries lie by cell, and where a post's counters differ, its cell and its entry do. Only the
//! list of what is trending belongs to an arm.

use std::ops::Range;

use crate::feed::index::{Shape, tilted_masses};
use crate::feed::rules::ONE;
use crate::scenario::{Engine, Scenario};
use crate::world::Sight;

/// Which lists a scenario needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Epochs for which a post is fresh.
    pub fresh_epochs: u32,
    /// Regions; 0 where no candidates come from them.
    pub regions: usize,
    /// Share of a stripe's posts that trend, 2⁻³².
    pub trending: u64,
    /// Epochs of a day.
    pub per_day: u32,
}

impl Wanted {
    /// `None` where the engine retrieves nothing.
    pub fn new(scenario: &Scenario) -> Option<Self> {
        let feed = &scenario.feed;
        let per_day = scenario.time.epochs_per_day;
        let epochs = |hours: f64| libm::ceil(hours / 24.0 * f64::from(per_day)) as u32;
        let regions = if feed.sources.region > 0.0 { scenario.population.regions.len() } else { 0 };
        let trending = if feed.sources.trending > 0.0 { feed.trending_share } else { 0.0 };
        (feed.engine == Engine::Candidates).then(|| Self {
            fresh_epochs: if feed.sources.fresh > 0.0 { epochs(feed.fresh_hours) } else { 0 },
            regions,
            trending: libm::round(trending * ONE as f64) as u64,
            per_day,
        })
    }
}

/// Where a post stands, in half a word: topic and cell. Scoring reads one for every candidate, from anywhere in the stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand(u16);

/// Bits of the cell.
const CELL: u32 = 10;

impl Stand {
    fn new(topic: usize, cell: usize) -> Self {
        assert!(topic < 64 && cell < 1 << CELL, "a scenario has at most 64 topics and 16 × 16 × 3 cells");
        Self((topic << CELL | cell) as u16)
    }

    /// Topic.
    #[inline(always)]
    pub const fn topic(self) -> usize {
        (self.0 >> CELL) as usize
    }

    /// Cell of the row.
    #[inline(always)]
    pub const fn cell(self) -> usize {
        (self.0 & ((1 << CELL) - 1)) as usize
    }
}

/// The lists of one stripe. Posts are numbers below [`Lists::len`].
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// First number of each topic, and one past the last.
    topics: Vec<u32>,
    /// By number.
    pub stands: Vec<Stand>,
    /// By number: variant of the topic; empty where topics have one.
    variants: Vec<u16>,
    /// By number: entry.
    pub entries: Vec<u32>,
    /// By entry, counted from the stripe's first: number.
    numbers: Vec<u32>,
    first: u32,
    /// Posts that are watched most at present.
    pub trending: Vec<u32>,
    /// New posts.
    pub fresh: Vec<u32>,
    /// Posts by region; empty where there is one region, which all of them are of.
    regions: Vec<Vec<u32>>,
    /// Factors of an untilted feed by row, 2⁻³².
    factors: Vec<u64>,
    /// Masses of an untilted feed `[topic][level]`; empty where they are the tables' own.
    masses: Vec<u64>,
}

/// What the lists of a stripe are made from.
pub struct Material<'a> {
    /// Shape of the cells.
    pub shape: &'a Shape,
    /// Which lists.
    pub wanted: Wanted,
    /// First entry of each cell, and one past the last.
    pub start: &'a [u32],
    /// Untilted mass by row and level.
    pub base: &'a [u64],
    /// Slot of each entry of all stripes.
    pub slots: &'a [u32],
    /// What the platform knows of an entry.
    pub sight: &'a dyn Fn(u32) -> Option<Sight>,
    /// Entries that trend.
    pub trending: &'a [u32],
    /// Factors of an untilted feed by row.
    pub factors: &'a [u64],
    /// The epoch.
    pub epoch: i64,
}

impl Lists {
    /// Compiles them.
    pub fn compile(from: &Material) -> Self {
        let (shape, start) = (from.shape, from.start);
        let mut posts = Vec::with_capacity((start[start.len() - 1] - start[0]) as usize);
        let variants = shape.variants.count();
        for (place, range) in start.windows(2).enumerate() {
            let (row, cell) = (place / shape.cells, place % shape.cells);
            let (stand, variant) = (Stand::new(row / variants, cell), row % variants);
            for entry in range[0]..range[1] {
                let born = (from.sight)(entry).map_or(i32::MIN, |sight| sight.born);
                posts.push((stand.topic(), born, from.slots[entry as usize], entry, stand, variant));
            }
        }
        posts.sort_unstable_by_key(|&(topic, born, slot, ..)| (topic, born, slot));
        let mut lists = Self {
            topics: (0..=shape.topics).map(|k| posts.partition_point(|post| post.0 < k) as u32).collect(),
            stands: posts.iter().map(|post| post.4).collect(),
            variants: posts.iter().filter(|_| variants > 1).map(|post| post.5 as u16).collect(),
            entries: posts.iter().map(|post| post.3).collect(),
            numbers: vec![0; posts.len()],
            first: start[0],
            regions: vec![Vec::new(); if from.wanted.regions > 1 { from.wanted.regions } else { 0 }],
            factors: from.factors.to_vec(),
            masses: tilted_masses(shape, from.base, from.factors),
            ..Self::default()
        };
        for (number, &(_, born, _, entry, ..)) in (0..).zip(&posts) {
            lists.numbers[(entry - lists.first) as usize] = number;
            if from.epoch - i64::from(born) < i64::from(from.wanted.fresh_epochs) {
                lists.fresh.push(number);
            }
            if let Some(list) = (from.sight)(entry).and_then(|sight| lists.regions.get_mut(sight.region as usize)) {
                list.push(number);
            }
        }
        lists.trending = from.trending.iter().map(|&entry| lists.number(entry)).collect();
        lists
    }

    /// Number of posts.
    #[inline(always)]
    pub const fn len(&self) -> usize {
        self.stands.len()
    }

    /// Whether the stripe is empty.
    pub const fn is_empty(&self) -> bool {
        self.stands.is_empty()
    }

    /// Variant of a post's topic.
    #[inline(always)]
    pub fn variant(&self, number: u32) -> usize {
        self.variants.get(number as usize).map_or(0, |&variant| variant as usize)
    }

    /// Number of an entry.
    #[inline(always)]
    pub fn number(&self, entry: u32) -> u32 {
        self.numbers[(entry - self.first) as usize]
    }

    /// Numbers of a topic's posts.
    #[inline(always)]
    pub fn of_topic(&self, topic: usize) -> Range<u32> {
        self.topics[topic]..self.topics[topic + 1]
    }

    /// Number of topics.
    #[inline(always)]
    pub const fn topics(&self) -> usize {
        self.topics.len() - 1
    }

    /// Posts by creators of a region; `None` where that is every post.
    #[inline(always)]
    pub fn of_region(&self, region: u8) -> Option<&[u32]> {
        if self.regions.is_empty() { None } else { Some(self.regions.get(region as usize).map_or(&[], |list| list)) }
    }

    /// Untilted factors by row.
    #[inline(always)]
    pub fn factors(&self) -> &[u64] {
        &self.factors
    }

    /// Untilted topic masses by level, where `base` are the tables' own.
    #[inline(always)]
    pub fn masses<'a>(&'a self, base: &'a [u64]) -> &'a [u64] {
        if self.masses.is_empty() { base } else { &self.masses }
    }
}
