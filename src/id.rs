//! Typed indices. They are global: a person or a post keeps its number on any machine that simulates a part of the world.

/// A person, 0 … users − 1 over the whole world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UserId(pub u32);

/// A post's lasting identity, the same in every arm: epoch of birth, topic and place among the posts of that epoch and
/// topic. Draws about a post are keyed by it, never by where the post happens to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemId(pub u64);

/// Mark of a spare post, the highest bit of the place.
const SPARE: u64 = 1 << 31;

impl ItemId {
    /// `epoch` counts from the start of the world's day 0 and is negative before; `place` counts from 0.
    pub fn new(epoch: i64, topic: usize, place: u64) -> Self {
        // 24 bits of epoch, 8 of topic, 32 of place: 16 million epochs are eleven thousand years at four a day.
        Self((((epoch + (1 << 23)) as u64) << 40) | ((topic as u64) << 32) | (place & 0xffff_ffff))
    }

    /// A spare post, one that is there only where its creator posts more than is usual.
    pub fn spare(epoch: i64, topic: usize, place: u64) -> Self {
        Self::new(epoch, topic, place | SPARE)
    }

    /// Whether it is a spare post.
    pub const fn is_spare(self) -> bool {
        self.0 & SPARE != 0
    }

    /// Topic index.
    pub const fn topic(self) -> usize {
        (self.0 >> 32 & 0xff) as usize
    }
}
