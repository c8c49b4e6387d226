//! The tilt `cold_start`: new posts of a topic weigh `multiply` times as much in the slots reserved for new posts.
//!
//! Meaning: Douyin's traffic pools and X's boost for new authors, as far as they favour a topic. The number of reserved
//! slots stays as it is, what changes is who gets them: a topic that is the part s of the pool gets s·m ÷ (1 − s + s·m) of
//! the slots that are drawn from it, under the usual rules (nothing twice, no creator after themselves, the re-rank factor,
//! what other tilts keep out). Several tilts multiply. It reaches neither ordinary nor heated slots, but what is shown there
//! is learned from. It misleads where a platform gives a favoured topic slots that were not reserved before: this one takes
//! them from other new posts, so the share of the topic in the feed cannot grow by more than the reserved share.

use crate::feed::Rules;
use crate::feed::rules::ONE;
use crate::tilt::Acting;

/// Multiplies the weights of the classes meant; a class that no tilt means has none.
pub(super) fn compile(acting: &Acting, multiply: f64, weights: &mut [Vec<f64>]) {
    let factor = libm::exp(libm::log(multiply) * acting.strength);
    let rows = acting.rows();
    for class in acting.classes() {
        weights[class].resize(rows.len(), 1.0);
        let meant = weights[class].iter_mut().zip(&rows).filter(|(_, meant)| **meant);
        meant.for_each(|(weight, _)| *weight *= factor);
    }
}

/// Weights as parts of the largest, which is what a draw is accepted by.
pub(super) fn finish(weights: &[Vec<f64>], rules: &mut Rules) {
    for (weights, special) in weights.iter().zip(&mut rules.special) {
        let most = weights.iter().fold(0.0f64, |most, &weight| most.max(weight));
        special.newcomers = weights.iter().map(|weight| libm::round(weight / most * ONE as f64) as u64).collect();
    }
}
