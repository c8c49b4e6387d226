//! The tilt `self_only`: a share of the posts is visible to nobody but those who posted them, by hash.
//!
//! Meaning: "visible to self" in the reports of netzpolitik.org and the Guardian of 2019. Creators and people are different
//! beings here: no creator has a feed, so there is nobody in whose feed such a post could still stand, and for exposure this
//! is `not_for_feed`, bit for bit, with the same posts where share and target are the same. It has a name of its own because
//! rules name it apart. What tells the two apart on a platform is not simulated: profiles and search, where `not_for_feed`
//! leaves a post to be found, and the creator, who sees the post in place and suspects nothing. It misleads whoever takes
//! the equality for a finding.

use crate::feed::Rules;
use crate::tilt::{Acting, not_for_feed};

pub(super) fn compile(acting: &Acting, rules: &mut Rules) {
    not_for_feed::compile(acting, rules);
}
