//! The tilt `head`: other value weights in the place of those of `feed.value`, for a topic or for all.
//!
//! Meaning: X's change of 2026-08-25, which moved weight between heads overnight; `TikTok`'s and Douyin's published forms are such sums
//! too. Weights that are not named stay. What differs is the score S of a cell, so a feed has a table of S for each set of weights,
//! on a scale of its own, and masses for each set that acts in the epoch; other people's feeds are bit for bit what they were. With
//! a topic, that topic's posts alone are scored by the new weights and meet the others' scores on one scale.
//!
//! It does not reach retrieval, cold-start and heated slots. `popularity` and `oracle` go by the class's weights, `random` and
//! `chronological` by none. Profiles and counters are learned as before: they predict probabilities, not value.
//!
//! There is no ramp: every step would be a score of its own, with tables for each, and platforms change weights at once or
//! for a growing share of the people, which `audience` and several tilts on different days express. Two tilts may not name one
//! weight for the same people, topic and day; those that name different ones add up, in whatever order they stand.
//!
//! It misleads where weights that are all larger by a factor are taken for a stronger score: far above the floor v₀ a common
//! factor changes no order and no share. And a weight is not what a head is worth to the feed: probabilities of comments are
//! a hundred times smaller than those of long views.

use crate::scenario::{HEADS, Value};

/// Puts the weights that are named in their place, for a topic or for all.
pub(super) fn replace(new: [Option<f64>; HEADS.len()], topic: Option<usize>, by_topic: &mut [Value]) {
    for (_, value) in by_topic.iter_mut().enumerate().filter(|(of, _)| topic.is_none_or(|topic| topic == *of)) {
        let mut weights = value.weights();
        weights.iter_mut().zip(new).for_each(|(weight, new)| *weight = new.unwrap_or(*weight));
        *value = Value::of_weights(weights);
    }
}
