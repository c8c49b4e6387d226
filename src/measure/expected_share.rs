//! A topic's part of the scored mass: less noisy than its share of impressions, blind to re-rank and cold start.

use super::Measure;

/// Mean over slots asked for of the topic's mass ÷ total mass; tracked topics, all measured days, everybody.
pub const EXPECTED: Measure = Measure::level("expected_share", |course| course.expected_share.clone());
