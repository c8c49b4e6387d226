//! The tilt `jitter`: every person's value weights × e^±σ, with a sign for each person and weight, drawn once.
//!
//! Meaning: X's `WeightPerturbationSigma` of 2026-09-08. The signs belong to the person: they are the same in every arm, on every
//! day and in all tilts of this kind, so that two on the same weight add up their σ. About half of the people have each sign of each
//! weight, independently of audiences.
//!
//! There is one sign for each weight and not one for all: a common factor on all weights scales V and leaves every order and,
//! far above the floor v₀, every share as it is. So people fall into 2^heads classes, each with tables of its own, on top of regions and
//! audiences; `heads` says which weights, by default all of `feed.value` that are not 0. Weights that a tilt of the kind
//! `head` sets are multiplied after that. A weight of 0 stays 0.
//!
//! As with `head` there is no ramp, and retrieval, reserved slots and feeds without a score know nothing of it.
//!
//! It misleads where an average is all that is looked at: a person's shares move in proportion to σ and, in the mean over signs, by its
//! square. That people differ from one another is what it does; the mean share of a topic hardly shows it.

use crate::scenario::{HEADS, Value};

/// Multiplies the weights of all topics; `up` says which of a person's signs are positive.
pub(super) fn multiply(sigma: f64, heads: [bool; HEADS.len()], up: impl Fn(usize) -> bool, by_topic: &mut [Value]) {
    let factor = |head: usize| match (heads[head], up(head)) {
        (false, _) => 1.0,
        (true, true) => libm::exp(sigma),
        (true, false) => libm::exp(-sigma),
    };
    for value in by_topic {
        let mut weights = value.weights();
        weights.iter_mut().enumerate().for_each(|(head, weight)| *weight *= factor(head));
        *value = Value::of_weights(weights);
    }
}
