//! What a run of the twin leaves behind.

use std::collections::BTreeMap;

use super::Source;

/// One impression; the fields of the engine's log in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    pub arm: u32,
    pub epoch: i64,
    pub user: u32,
    pub request: u32,
    pub slot: u32,
    pub item: u64,
    pub watch_ms: u32,
    pub signals: u8,
    pub source: Source,
}

/// What a run leaves behind. Absent counts are 0; days count from the first simulated day.
#[derive(Debug, Clone, Default)]
pub struct Course {
    pub shown: Vec<Shown>,
    /// Day, arm, region, group, topic, counter.
    pub exposure: BTreeMap<[usize; 6], u64>,
    /// Day, arm, region, group, served or unserved.
    pub slots: BTreeMap<[usize; 5], u64>,
    pub item_impressions: Vec<u64>,
    pub age_epochs: Vec<u64>,
    pub gini: Vec<u64>,
    pub expected: Vec<Vec<u64>>,
    pub asked: Vec<u64>,
    pub acceptance: Vec<[u64; 5]>,
    /// By arm: posts that reached a cap, impressions beyond it, the most of any post.
    pub capped: Vec<[u64; 3]>,
    /// How often each kind of path was taken.
    pub paths: BTreeMap<Path, u64>,
}

/// What a scenario must make happen, so that agreement means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    Expired,
    LeftPoolSeenEnough,
    LeftPoolTooOld,
    ChangedTier,
    OutOfAudience,
    Ramp,
    AfterTheTilt,
    Missed,
    FalsePositive,
    /// An impression in one of the four classes of age.
    Age(usize),
    ColdSlot,
    SlowPool,
    SlowWhole,
    Unserved,
    Replayed,
    ClippedStep,
    Forgotten,
    Heated,
    /// A heated slot for which no chosen post was allowed.
    FellBack,
    /// A draw rejected because a throttle keeps the post from the person.
    KeptBack,
    /// A post of the newest epoch that was published after a reader arrived.
    NotYetThere,
    Oracle,
    /// Requests not made because the person had left.
    Left,
    LeftAsBefore,
    Drifted,
    Reacted,
    Echoed,
    /// A request scored by other value weights in its first topic.
    OtherWeights,
    /// One scored by different weights in different topics.
    WeightsByTopic,
    /// A post that was out of the feed for an epoch because it had reached a cap.
    Capped,
    /// A post that only some people could be shown in an epoch.
    Thinned,
}
