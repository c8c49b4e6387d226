//! Arms: what differs between two courses of one world.

use crate::feed::{Counters, Index};
use crate::scenario::Scenario;
use crate::tilt::Plan;
use crate::unit::LEVEL_ZERO;

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
    /// Counters and index of posts; `None` reads the baseline's.
    pub items: Option<ItemState>,
    /// Topics each person met since day 0, one bit each.
    pub reach: Vec<u64>,
    /// Per person and tracked topic: Σ mass ÷ total since day 0, 1/4096 of a slot.
    pub expected: Vec<u32>,
    /// Per person and tracked topic: impressions in the running week.
    pub met: Vec<u16>,
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
        }
    }

    /// A clone of this baseline with only the live loops' state of its own.
    #[must_use]
    pub fn fork(&self, own_profile: bool, own_items: bool) -> Self {
        Self {
            profile: self.profile.clone().filter(|_| own_profile),
            items: self.items.clone().filter(|_| own_items),
            reach: self.reach.clone(),
            expected: self.expected.clone(),
            met: self.met.clone(),
        }
    }

    /// Bytes a person takes in an arm with its own profile.
    pub const fn bytes_each(topics: usize, tracked: usize) -> usize {
        use std::mem::size_of;
        topics * size_of::<u8>() + size_of::<u64>() + tracked * (size_of::<u32>() + size_of::<u16>())
    }
}
