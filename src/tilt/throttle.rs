//! The tilt `throttle`: a post is shown to a person with probability `keep`, drawn once per person and post.
//!
//! Meaning: a drop at retrieval, as X's `InventoryHoldoutFilter`. What is kept from a person stays kept, in every request and
//! on every day, cold-start and heated slots and other rankers included; what is left competes under the usual law. Posts are
//! drawn by one word for all throttles: a smaller `keep` lets through a part of what a larger one does, in a ramp and between
//! arms, and two throttles on the same posts keep what the stronger one keeps. It misleads where a platform throttles by
//! impression: then a post missed now may still be met later, and heavy users would lose less.

use crate::feed::Rules;
use crate::feed::rules::Throttle;
use crate::rng::coin;
use crate::tilt::Acting;

pub(super) fn compile(acting: &Acting, keep: f64, rules: &mut Rules) {
    let throttle = Throttle { rows: acting.rows(), keep: coin(1.0 - (1.0 - keep) * acting.strength) };
    for class in acting.classes() {
        rules.special[class].throttles.push(throttle.clone());
    }
}
