//! How much was moved between topics, in all: Σ|Δ| ÷ 2 over topics.

use super::registry::Values;
use super::{Course, Measure};
use crate::trace::Counter;

/// Impressions moved, videos.
pub const IMPRESSIONS: Measure =
    Measure::contrast("net_impressions_moved", |arm, reference, _| moved(arm, reference, Counter::Impressions))
        .of_the_feed();
/// Watch time moved, milliseconds.
pub const WATCH_MS: Measure =
    Measure::contrast("net_watch_ms_moved", |arm, reference, _| moved(arm, reference, Counter::WatchMs)).of_the_feed();

fn moved(arm: &Course, reference: &Course, counter: Counter) -> Values {
    let pairs = arm.counts(counter).into_iter().zip(reference.counts(counter));
    let all: u64 = pairs.map(|(arm, reference)| arm.abs_diff(reference)).sum();
    vec![Some(all as f64 / 2.0)]
}
