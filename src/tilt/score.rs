//! The tilt `score`: V⁺ × `multiply` for the posts a classifier takes for the topic.
//!
//! Meaning: the newsletter's "amplifies or hides". It misleads where a platform would act at retrieval or on accounts:
//! those have kinds of their own.

use crate::feed::Rules;
use crate::scenario::{Scenario, Tilt};
use crate::tilt::Plan;

pub(super) fn compile(scenario: &Scenario, plan: &Plan, tilt: &Tilt, multiply: f64, strength: f64, rules: &mut Rules) {
    let factor = libm::exp(libm::log(multiply) * strength);
    let variants = plan.variants.count();
    for class in (0..plan.classes.count()).filter(|&class| plan.classes.within(class, &tilt.audience)) {
        for row in 0..scenario.topic_count() * variants {
            let (_, flags) = plan.variants.parts(row % variants);
            if plan.classifiers.caught(tilt, row / variants, flags) {
                rules.multiply_score(scenario, class, row, factor);
            }
        }
    }
}
