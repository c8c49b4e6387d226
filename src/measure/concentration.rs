//! How unevenly impressions are spread over topics, zeros included.

use super::registry::Values;
use super::{Course, Measure};
use crate::stats::concentration::{entropy, gini, herfindahl, top_share};
use crate::trace::Counter;

/// Gini coefficient of impressions over topics.
pub const GINI: Measure = Measure::level("topic_gini", |course| of(course, gini)).of_the_feed();
/// Share of impressions that goes to the largest tenth of the topics.
pub const TOP: Measure =
    Measure::level("topic_top_10_percent", |course| of(course, |counts| top_share(counts, 0.1))).of_the_feed();
/// Herfindahl–Hirschman index of the topic mix.
pub const HERFINDAHL: Measure = Measure::level("topic_herfindahl", |course| of(course, herfindahl)).of_the_feed();
/// Shannon entropy of the topic mix, bits.
pub const ENTROPY: Measure = Measure::level("topic_entropy", |course| of(course, entropy)).of_the_feed();

fn of(course: &Course, concentration: fn(&[u64]) -> Option<f64>) -> Values {
    vec![concentration(&course.counts(Counter::Impressions))]
}
