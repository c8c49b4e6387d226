//! How far the topic mix of an arm is from that of its reference.

use super::registry::Values;
use super::{Course, Measure};
use crate::stats::divergence::{jensen_shannon, total_variation};
use crate::trace::Counter;

/// Jensen–Shannon divergence of the two topic mixes, bits.
pub const JENSEN_SHANNON: Measure =
    Measure::contrast("mix_jensen_shannon", |arm, reference, _| between(arm, reference, jensen_shannon)).of_the_feed();
/// Total variation distance of the two topic mixes, part of 1.
pub const TOTAL_VARIATION: Measure =
    Measure::contrast("mix_total_variation", |arm, reference, _| between(arm, reference, total_variation))
        .of_the_feed();

fn between(arm: &Course, reference: &Course, distance: fn(&[f64], &[f64]) -> Option<f64>) -> Values {
    let mixes = arm.shares(Counter::Impressions).zip(reference.shares(Counter::Impressions));
    vec![mixes.and_then(|(arm, reference)| distance(&arm, &reference))]
}
