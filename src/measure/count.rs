//! Plain counts of a topic over the days compared.

use super::registry::Values;
use super::{Course, Measure};
use crate::trace::Counter;

/// Videos that began to play.
pub const IMPRESSIONS: Measure = Measure::level("impressions", |course| counts(course, Counter::Impressions));
/// Time watched, milliseconds.
pub const WATCH_MS: Measure = Measure::level("watch_ms", |course| counts(course, Counter::WatchMs));
/// Valid plays.
pub const VALID_PLAYS: Measure = Measure::level("valid_plays", |course| counts(course, Counter::ValidPlays));
/// Long views.
pub const LONG_VIEWS: Measure = Measure::level("long_views", |course| counts(course, Counter::LongViews));
/// Likes.
pub const LIKES: Measure = Measure::level("likes", |course| counts(course, Counter::Likes));

fn counts(course: &Course, counter: Counter) -> Values {
    course.counts(counter).into_iter().map(|n| Some(n as f64)).collect()
}
