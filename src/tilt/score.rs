//! The tilt `score`: V⁺ × `multiply` for the posts a classifier takes for the topic.
//!
//! Meaning: the newsletter's "amplifies or hides". It misleads where a platform would act at retrieval or on accounts:
//! those have kinds of their own.

use crate::feed::Rules;
use crate::tilt::Acting;

pub(super) fn compile(acting: &Acting, multiply: f64, rules: &mut Rules) {
    let factor = libm::exp(libm::log(multiply) * acting.strength);
    let rows = acting.rows();
    for class in acting.classes() {
        for row in (0..rows.len()).filter(|&row| rows[row]) {
            rules.multiply_score(acting.scenario, class, row, factor);
        }
    }
}
