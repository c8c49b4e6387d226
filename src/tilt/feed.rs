//! The tilt `feed`: another ranker for an audience; the reference arms and the holdouts of platforms.
//!
//! `random`: every eligible post has the same chance. `chronological`: the newest post first, as a reader finds it who arrives
//! at a keyed moment of the newest epoch. Both know neither score, re-rank penalty nor reserved and heated slots, and tilts on
//! the score do nothing there; nothing returns within the no-repeat window, no creator follows themselves and what other tilts
//! keep out stays out, as always. `popularity`: the score with every profile at zero, what pleases all. `oracle`: the score on
//! the truth about person and post instead of belief; an upper bound for what that score can do, not a platform. These two keep
//! the other rules. Profiles go on learning from what is shown, but under the oracle, where they only fade.
//!
//! `random` and `chronological` mislead as holdouts where a platform removes spam and repeats from such feeds. `oracle` knows
//! the parts of person, topic and post and no shocks; of approval it knows the post's, and of the person's only what goes along
//! with attention. It is as coarse as the grid of tiers, and it ranks by value: where the value is not time, less time may be
//! spent with it than with the ranker that learns.

use crate::feed::Rules;
use crate::feed::rules::ONE;
use crate::scenario::Ranker;
use crate::tilt::Acting;

pub(super) fn compile(acting: &Acting, ranker: Ranker, rules: &mut Rules) {
    for class in acting.classes() {
        rules.special[class].ranker = Some(ranker);
    }
}

/// Feeds without a score know no factors on it and no value weights: what is withheld stays withheld.
pub(super) fn finish(rules: &mut Rules) {
    for ((factors, special), weights) in rules.factors.iter_mut().zip(&mut rules.special).zip(&mut rules.weights) {
        if matches!(special.ranker, Some(Ranker::Random | Ranker::Chronological)) {
            for (row, factor) in factors.iter_mut().enumerate() {
                *factor = if special.withheld.get(row) == Some(&true) { 0 } else { ONE };
            }
            (*weights, special.split) = (0, false);
        }
    }
}
