//! Arms: what differs between two courses of one world.

use crate::feed::{Counters, Index};
use crate::scenario::{Loops, Scenario};
use crate::tilt::Plan;
use crate::unit::LEVEL_ZERO;
use crate::world::Supply;

/// How an arm beside the baseline comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// Index of the scenario's arm whose tilts it has; `None` is an echo arm.
    pub arm: Option<usize>,
    /// Day on which it is cloned from the baseline.
    pub day: i64,
    /// Loops with a state of their own; the others replay the baseline's course.
    pub live: Loops,
}

/// All arms beside the baseline, in the order of the tally: those of the file, echo arms, those that tell where a shift comes
/// from.
pub fn branches(scenario: &Scenario) -> Vec<Branch> {
    let tilted =
        |(arm, live): (usize, Loops)| Branch { arm: Some(arm), day: Plan::fork_day(&scenario.arms[arm]), live };
    let echo = |day| Branch { arm: None, day, live: Loops { profile: true, popularity: true, ..scenario.loops } };
    let named = (0..scenario.arms.len()).map(|arm| (arm, scenario.loops)).map(tilted);
    let partial = scenario.attribution_arms().into_iter().map(tilted);
    named.chain(echo_days(scenario).into_iter().map(echo)).chain(partial).collect()
}

/// Days on which echo arms are cloned from the baseline: the days on which tilted arms are, in ascending order. An echo arm is
/// the baseline with fresh draws of the platform: what two identical feeds differ by. Echo arms stand behind the tilted ones.
pub fn echo_days(scenario: &Scenario) -> Vec<i64> {
    let mut days: Vec<i64> = scenario.arms.iter().map(Plan::fork_day).filter(|_| scenario.measure.echo).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// One arm's own state. An arm is a clone of the baseline made on its first tilted day; a loop that is off has no state of
/// its own and reads the baseline's course instead.
#[derive(Debug, Clone)]
pub struct ArmState {
    /// Profile levels, one byte per topic and person; `None` replays the baseline's.
    pub profile: Option<Vec<u8>>,
    /// Counters and index of posts; `None` reads the baseline's. An arm that replays popularity and not supply has an index of
    /// its own, with the baseline's counters of all posts that the baseline has.
    pub items: Option<ItemState>,
    /// Topics each person met since day 0, one bit each.
    pub reach: Vec<u64>,
    /// Per person and tracked topic: Σ mass ÷ total since day 0, 1/4096 of a slot.
    pub expected: Vec<u32>,
    /// Per person and tracked topic: impressions in the running week.
    pub met: Vec<u16>,
    /// Interests per person and topic; `None` are the baseline's, which stand still.
    pub interest: Option<Vec<i8>>,
    /// Per person and topic: impressions in the running week; empty where no interest moves with them.
    pub seen: Vec<u16>,
    /// What creators make of their reach; `None` reads the baseline's, or nobody reacts.
    pub supply: Option<SupplyState>,
}

/// What creators post in one arm.
#[derive(Debug, Clone)]
pub struct SupplyState {
    /// Posting rates.
    pub supply: Supply,
    /// By slot: whether the post is there.
    pub published: Vec<bool>,
}

/// What the platform knows of posts in one arm.
#[derive(Debug, Clone)]
pub struct ItemState {
    /// By slot.
    pub counters: Vec<Counters>,
    /// Cells and pools.
    pub index: Index,
    /// By slot: impressions that a post would have had in the last epoch, had everybody been shown it; empty where no tilt of the
    /// scenario caps impressions.
    pub sought: Vec<u32>,
}

impl ArmState {
    /// A baseline in which nobody is known.
    pub fn blank(people: usize, topics: usize, tracked: usize, index: Index) -> Self {
        Self {
            profile: Some(vec![LEVEL_ZERO; people * topics]),
            items: Some(ItemState { counters: Vec::new(), index, sought: Vec::new() }),
            reach: vec![0; people],
            expected: vec![0; people * tracked],
            met: vec![0; people * tracked],
            interest: None,
            seen: Vec::new(),
            supply: None,
        }
    }

    /// A clone of this baseline, in which people have these interests, with only the live loops' state of its own.
    #[must_use]
    pub fn fork(&self, live: Loops, interest: &[i8]) -> Self {
        Self {
            profile: self.profile.clone().filter(|_| live.profile),
            // Other posts need an index of their own, even where counters are the baseline's.
            items: self.items.clone().filter(|_| live.popularity || live.supply),
            reach: self.reach.clone(),
            expected: self.expected.clone(),
            met: self.met.clone(),
            interest: live.interest.then(|| interest.to_vec()),
            supply: self.supply.clone().filter(|_| live.supply),
            seen: if live.interest { self.seen.clone() } else { Vec::new() },
        }
    }

    /// Bytes a person takes in an arm with its own profile and, where they move, its own interests.
    pub const fn bytes_each(topics: usize, tracked: usize, drifts: bool) -> usize {
        use std::mem::size_of;
        let interest = if drifts { size_of::<i8>() + size_of::<u16>() } else { 0 };
        topics * (size_of::<u8>() + interest) + size_of::<u64>() + tracked * (size_of::<u32>() + size_of::<u16>())
    }
}
