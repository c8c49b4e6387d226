//! Which posts a tilt means, where that is more than a topic: what an imperfect classifier finds, and shares of posts or of
//! creators by hash.
//!
//! A classifier with full recall and no false positives is the topic itself. Anything else is drawn once per post and kept as
//! a flag; tilts that mean the same posts share it.

use crate::feed::rules::Catch;
use crate::id::ItemId;
use crate::rng::{Decision, Key, coin};
use crate::scenario::{Chance, Classifier, Scenario, Tilt, TiltKind};

/// What one flag stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    topic: Option<usize>,
    classifier: Classifier,
    /// Which of the posts found are meant.
    chance: Chance,
}

impl Mark {
    fn of(tilt: &Tilt) -> Self {
        Self { topic: tilt.topic, classifier: tilt.classifier, chance: tilt.kind.chance() }
    }

    /// Whether it is no more than a topic, or all posts.
    fn is_plain(&self) -> bool {
        self.chance.share == 1.0 && self.classifier.recall == 1.0 && self.classifier.false_positive_rate == 0.0
    }

    /// Whether a post is meant. Keyed by topic, not by place in a list: another tilt more leaves this one's draws as they are,
    /// and a smaller share lies within a larger one.
    fn holds(&self, world: Key, id: ItemId, topic: usize, creator: u32) -> bool {
        let place = self.topic.map_or(u64::MAX, |topic| topic as u64);
        let found = self.topic.is_none_or(|target| {
            let rate = if topic == target { self.classifier.recall } else { self.classifier.false_positive_rate };
            world.of(Decision::Classifier).at(place).draw(id.0) < coin(rate)
        });
        let Chance { share, of_creators } = self.chance;
        let word = if of_creators {
            world.of(Decision::ChosenCreator).at(place).draw(creator.into())
        } else {
            world.of(Decision::Chosen).at(place).draw(id.0)
        };
        found && (share == 1.0 || word < coin(share))
    }
}

/// The flags of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Marks {
    /// Flags that split the rows of every topic.
    rows: Vec<Mark>,
    /// Flags of posts for heated slots, which need no rows of their own: bits from [`MOST`] on.
    pools: Vec<Mark>,
}

/// Most flags that split rows (each doubles the rows of every topic), most flags for heated slots, and most pools of an arm:
/// scenarios with more are refused.
pub const MOST: usize = 4;

impl Marks {
    /// From every tilt of every arm.
    pub fn new(scenario: &Scenario) -> Self {
        let mut marks = Self { rows: Vec::new(), pools: Vec::new() };
        for tilt in scenario.arms.iter().flat_map(|arm| &arm.tilts) {
            let list = if matches!(tilt.kind, TiltKind::Heat { .. }) { &mut marks.pools } else { &mut marks.rows };
            let mark = Mark::of(tilt);
            if !mark.is_plain() && !list.contains(&mark) {
                list.push(mark);
            }
        }
        marks
    }

    /// How many flags split rows.
    pub fn row_flags(&self) -> u32 {
        self.rows.len() as u32
    }

    /// Flags of a post.
    pub fn flags(&self, world: Key, id: ItemId, topic: usize, creator: u32) -> u8 {
        let bits = |marks: &[Mark], first: usize| -> u8 {
            let bit = |(bit, mark): (usize, &Mark)| u8::from(mark.holds(world, id, topic, creator)) << (first + bit);
            marks.iter().enumerate().map(bit).sum()
        };
        bits(&self.rows, 0) | bits(&self.pools, MOST)
    }

    /// Which posts a tilt means.
    pub fn catch(&self, tilt: &Tilt) -> Catch {
        let mark = Mark::of(tilt);
        let place =
            |marks: &[Mark], first: usize| marks.iter().position(|one| *one == mark).map(|bit| (first + bit) as u32);
        let heat = matches!(tilt.kind, TiltKind::Heat { .. });
        let flag = if heat { place(&self.pools, MOST) } else { place(&self.rows, 0) };
        Catch { topic: tilt.topic, flag, origin: tilt.origin }
    }
}
