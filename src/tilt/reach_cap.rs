//! The tilt `reach_cap`: a post is out of the feed when it has had so many impressions.
//!
//! Meaning: "Auto R" in netzpolitik.org's report of 2019, where videos stopped at 6,000 to 10,000 views. The count is the
//! platform's, that which the ranker goes by: where the loop `popularity` is off, the baseline's. Within an epoch counts
//! stand still, so the cap acts between epochs. A post whose count has reached it leaves the index: retrieval, pools and
//! every kind of slot find others. One that would pass it in the next epoch is *thinned*: shown only to people whose word
//! for the post lies below (what is left) ÷ (what was sought in the epoch before), drawn by person and post as a throttle's.
//! What was sought is what was shown, over the part of the people it was shown to. So the cap is met as well as the last
//! epoch foretells the next; what is shown beyond it is the overshoot, and it is counted. A post that has never been in an
//! epoch foretells nothing, and a low cap is passed in the first. Posts beyond the cap when the tilt begins leave at once
//! and are no overshoot. It misleads where simulated people stand for many: the same number of views is then a larger part of
//! everybody, and reached more rarely.

use crate::feed::rules::Cap;
use crate::feed::{Counters, Rules};
use crate::rng::coin;
use crate::tilt::Acting;
use crate::world::{Observed, Sight};

pub(super) fn compile(acting: &Acting, impressions: u32, rules: &mut Rules) {
    let catch = acting.plan.marks.catch(acting.tilt);
    rules.caps.push(Cap { catch, impressions });
}

/// What the caps of an arm do to an epoch. `living` are the storage slots of posts in order of birth; `counters` and what
/// was `sought` in the epoch before are by slot.
pub fn act(
    rules: &mut Rules,
    observed: Observed,
    living: impl Iterator<Item = u32>,
    counters: &[Counters],
    sought: &[u32],
) {
    if rules.caps.is_empty() {
        return;
    }
    for slot in living {
        let Some(cap) = observed.items[slot as usize].and_then(|sight| cap(&rules.caps, &sight)) else { continue };
        let left = cap.saturating_sub(counters[slot as usize].impressions);
        if left == 0 {
            rules.gone.push(slot);
        } else if sought[slot as usize] > left {
            rules.thinned.push((slot, coin(f64::from(left) / f64::from(sought[slot as usize]))));
        }
    }
}

/// The lowest cap on a post.
pub fn cap(caps: &[Cap], sight: &Sight) -> Option<u32> {
    caps.iter().filter(|cap| cap.catch.holds_post(sight)).map(|cap| cap.impressions).min()
}
