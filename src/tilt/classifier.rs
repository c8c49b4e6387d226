//! How well the platform finds the posts a tilt means.
//!
//! A classifier with full recall and no false positives is the topic itself. An imperfect one is drawn once per post;
//! tilts that describe the same classifier share it.

use crate::id::ItemId;
use crate::rng::{Decision, Key, coin};
use crate::scenario::{Classifier, Scenario, Tilt};

/// The distinct imperfect classifiers of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifiers {
    imperfect: Vec<(usize, Classifier)>,
}

/// Most imperfect classifiers in one scenario: each doubles the rows of every topic.
pub const MOST: usize = 4;

impl Classifiers {
    /// From every tilt of every arm.
    pub fn new(scenario: &Scenario) -> Self {
        let mut imperfect: Vec<(usize, Classifier)> = Vec::new();
        for tilt in scenario.arms.iter().flat_map(|arm| &arm.tilts) {
            let Some(topic) = tilt.topic else { continue };
            let one = (topic, tilt.classifier);
            if !tilt.classifier.is_perfect() && !imperfect.contains(&one) {
                imperfect.push(one);
            }
        }
        Self { imperfect }
    }

    /// How many, one flag bit each.
    pub fn count(&self) -> u32 {
        self.imperfect.len() as u32
    }

    /// Flags of a post: which classifiers take it for their topic.
    pub fn flags(&self, world: Key, id: ItemId, topic: usize) -> u8 {
        let mut flags = 0;
        for (bit, (target, classifier)) in self.imperfect.iter().enumerate() {
            // Keyed by topic, not by place in the list: another tilt more leaves this one's errors as they are.
            let word = world.of(Decision::Classifier).at(*target as u64).draw(id.0);
            let rate = if topic == *target { classifier.recall } else { classifier.false_positive_rate };
            flags |= u8::from(word < coin(rate)) << bit;
        }
        flags
    }

    /// Whether a tilt acts on posts of `topic` with these flags.
    pub fn caught(&self, tilt: &Tilt, topic: usize, flags: usize) -> bool {
        // Without a topic, every topic is meant.
        let Some(target) = tilt.topic else { return true };
        match self.imperfect.iter().position(|one| *one == (target, tilt.classifier)) {
            Some(bit) => flags & (1 << bit) != 0,
            None => topic == target,
        }
    }
}
