//! Models that are wrong on purpose: facts that these met as well would say nothing.

use crate::scenario::Scenario;

/// What is wrong with a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// What people watch to the end is what they like: approval is attention on another scale.
    OneLatent,
    /// Every video has the same chance.
    RandomRanker,
    /// The same score for everybody: what pleases all.
    PopularityRanker,
}

/// So hot that no score makes a difference.
const MELTED: f64 = 1e6;

impl Wrong {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OneLatent, Self::RandomRanker, Self::PopularityRanker];

    /// As commands and tables have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneLatent => "one-latent",
            Self::RandomRanker => "random-ranker",
            Self::PopularityRanker => "popularity-ranker",
        }
    }

    /// The scenario with this fault; appeals are left to be solved anew.
    pub fn model(self, scenario: &Scenario) -> Scenario {
        let mut wrong = scenario.clone();
        wrong.solved = None;
        match self {
            Self::OneLatent => wrong.respond.latents = 1,
            Self::RandomRanker => wrong.feed.temperature = MELTED,
            Self::PopularityRanker => wrong.feed.learning_rate = 0.0,
        }
        wrong
    }
}
