//! The tilt `not_for_feed`: a share of the posts gets no place in the feed, by hash.
//!
//! Meaning: "not recommend" in netzpolitik.org's report of 2019. Cold-start and heated slots are part of the feed. A smaller
//! share lies within a larger one, and within what `heat` with the same topic chooses: both read the same word of a post. It
//! misleads where posts are found through profiles and search, which are not simulated: there such a post would still be met.

use crate::feed::Rules;
use crate::tilt::Acting;

pub(super) fn compile(acting: &Acting, rules: &mut Rules) {
    let rows = acting.rows();
    for class in acting.classes() {
        rules.withhold(class, &rows);
    }
}
