//! A topic's share of what was shown, and of the time watched.

use super::registry::Values;
use super::{Course, Measure};
use crate::trace::Counter;

/// Share of all impressions.
pub const EXPOSURE: Measure = Measure::level("exposure_share", |course| shares(course, Counter::Impressions));
/// Share of all watch time.
pub const WATCH: Measure = Measure::level("watch_share", |course| shares(course, Counter::WatchMs));

fn shares(course: &Course, counter: Counter) -> Values {
    match course.shares(counter) {
        Some(shares) => shares.into_iter().map(Some).collect(),
        None => vec![None; course.topics()],
    }
}
