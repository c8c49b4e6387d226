//! The tilt `demote_creators`: V⁺ × `multiply` for all posts of a share of a topic's creators, by hash of the creator.
//!
//! Meaning: throttling of accounts instead of posts. Nothing but the choice differs from `score`: whoever is chosen is so
//! for every post on the topic and for good, smaller shares lie within larger ones, and the words of creators are not those
//! of posts. The share is one of creators, not of what is seen: few of them make most of a topic's posts, so in a single
//! world the demoted may stand for a good deal more or less of the topic than the share says. It misleads where an account
//! is punished on all its topics, or for a time; here only posts on the topic count, and a creator has one.

use crate::feed::Rules;
use crate::tilt::{Acting, score};

pub(super) fn compile(acting: &Acting, multiply: f64, rules: &mut Rules) {
    score::compile(acting, multiply, rules);
}
