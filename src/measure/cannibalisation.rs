//! Where the moved impressions went, beyond what is bound to happen.
//!
//! Shares sum to 1, so what tilted topics lose, others must gain. Taken from or given to the others *in proportion* to
//! their shares, that is arithmetic and no finding; only the departure from it is one. With s and s' the shares in reference
//! and arm, and T the share of all tilted topics, the departure of an untilted topic is s' − s·(1 − T')/(1 − T).

use super::registry::Values;
use super::{Course, Measure};
use crate::trace::Counter;

/// Share beyond the proportional prediction, part of 1; untilted topics only.
pub const BY_TOPIC: Measure = Measure::contrast("share_beyond_proportional", departures);
/// Σ|departure| ÷ 2 over untilted topics, part of 1.
pub const TOTAL: Measure = Measure::contrast("moved_beyond_proportional", |arm, reference, tilted| {
    let departures: Vec<f64> = departures(arm, reference, tilted).into_iter().flatten().collect();
    vec![(!departures.is_empty()).then(|| departures.iter().map(|part| part.abs()).sum::<f64>() / 2.0)]
})
.of_the_feed();

/// By topic; undefined for tilted topics, without any, and where the others have no impressions to divide.
fn departures(arm: &Course, reference: &Course, tilted: &[usize]) -> Values {
    let undefined = vec![None; reference.topics()];
    let impressions = arm.shares(Counter::Impressions).zip(reference.shares(Counter::Impressions));
    let Some((after, before)) = impressions.filter(|_| !tilted.is_empty()) else { return undefined };
    let others = |shares: &[f64]| -> f64 {
        shares.iter().enumerate().filter(|(topic, _)| !tilted.contains(topic)).map(|(_, share)| share).sum()
    };
    let (others_before, others_after) = (others(&before), others(&after));
    if others_before == 0.0 {
        return undefined;
    }
    let departure = |topic: usize| after[topic] - before[topic] * (others_after / others_before);
    (0..reference.topics()).map(|topic| (!tilted.contains(&topic)).then(|| departure(topic))).collect()
}
