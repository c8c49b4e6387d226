//! What a run leaves behind: integer tallies, and an optional log of impressions for checks.
//!
//! Everything here is a sum of integers or a record of one event, so it can be merged in any order.

pub mod micro;
pub mod public;
pub mod tally;

pub use micro::{GhostCourse, Micro, RealisedCourse};
pub use public::{Public, Shown};
pub use tally::{Capped, Counter, Picked, SELECTION_COUNTS, SlotCounter, Tally};

/// Which kind of slot a post stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Source {
    /// Filled by the ranker.
    Ordinary,
    /// Reserved for new posts.
    ColdStart,
    /// Given to chosen posts by a tilt.
    Heat,
}

/// One impression, as logged for checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Impression {
    /// Arm, 0 for the baseline.
    pub arm: u32,
    /// Epoch counted from day 0.
    pub epoch: i64,
    /// Global id of the person.
    pub user: u32,
    /// Request within the epoch.
    pub request: u32,
    /// Slot within the response.
    pub slot: u32,
    /// Lasting identity of the post.
    pub item: u64,
    /// Watch time, milliseconds.
    pub watch_ms: u32,
    /// Signals: valid play, long view, like, comment, share, follow, not interested, from the lowest bit.
    pub signals: u8,
    /// Which kind of slot it stood in.
    pub source: Source,
}
