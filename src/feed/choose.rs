//! Other rules than the draw by weight, for the engine `candidates`: structural alternatives, to see what a figure owes to the rule.
//!
//! - [`Choice::NoisyTop`]: a post's bid is ln(V⁺^(1/τ)) + z·π/√6 + ln r; z is standard normal, drawn once per request and post. A slot
//!   takes the largest bid. With Gumbel noise of the same variance in place of z, drawn anew in each slot, it would be softmax.
//! - [`Choice::EpsilonGreedy`]: a coin per slot; on its head a slot draws any candidate with weight r, else it takes the
//!   largest V⁺^(1/τ)·r, one of equals by a word per slot and post.
//!
//! What may stand in a slot, heated and cold-start slots and r are those of softmax. Every candidate is looked at for every slot: these
//! rules are there to be compared with, not to be fast.

use crate::feed::Chosen;
use crate::feed::candidates::Scored;
use crate::feed::race::exponential;
use crate::feed::rules::{ONE, scale};
use crate::feed::select::{Fill, Lane, MAX_LEAVES, Selector, View};
use crate::rng::share_of_words;
use crate::scenario::Choice;
use crate::trace::Source;
use crate::unit::normal_quantile;
use crate::world::Named;

/// Words of the draws hang behind those of the race: noise by number of the post, coins by slot, any and ties by slot and number.
const NOISE: u64 = 18 << 40;
const COIN: u64 = 19 << 40;
const ANY: u64 = 20 << 40;
const TIES: u64 = 21 << 40;

/// Standard normals by the high bits of a word: a bid is made for every candidate of every request, and a look-up costs a tenth of
/// [`normal_quantile`]. Between neighbours the curve is a line, off by less than 2·10⁻⁴; at the ends, where it bends, it is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Normals(Vec<f64>);

const STEPS: usize = 4096;
/// Steps at either end without a line.
const BENT: usize = 16;

impl Normals {
    pub fn new() -> Self {
        let end = 1.0 / (4 * STEPS) as f64;
        Self((0..=STEPS).map(|i| normal_quantile((i as f64 / STEPS as f64).clamp(end, 1.0 - end))).collect())
    }

    fn at(&self, u: f64) -> f64 {
        let place = u * STEPS as f64;
        let step = place as usize;
        if (BENT..STEPS - BENT).contains(&step) {
            let [low, high] = [self.0[step], self.0[step + 1]];
            low + (place - step as f64) * (high - low)
        } else {
            normal_quantile(u)
        }
    }
}

/// Standard deviation of the standard Gumbel law: π/√6.
pub const GUMBEL_SD: f64 = 1.282_549_830_161_864;
/// Total mass of the law of a first slot.
const WHOLE: f64 = (1u64 << 40) as f64;

/// What an epsilon-greedy slot is filled from, by topic.
pub(super) struct Outlook {
    /// Re-rank factors of all that may stand there, 2⁻³².
    pub any: [u64; MAX_LEAVES],
    /// Number of the best.
    pub best: [u64; MAX_LEAVES],
}

/// A response that is being filled.
struct Filling<'a, 'b, P> {
    selector: &'a Selector,
    view: &'a View<'b, P>,
    scored: &'a Scored,
    /// Entry and creator of each candidate.
    posts: Vec<(u32, u32)>,
}

impl Selector {
    /// Whether the odds of a slot are known before it is filled.
    pub fn has_odds<P>(&self, view: &View<P>) -> bool {
        self.choice != Choice::NoisyTop || !view.special.retrieves()
    }

    /// The same as [`Selector::respond_from_candidates`] by another rule, from candidates that are scored.
    #[inline(never)]
    pub(super) fn choose<P: Copy + Named>(
        &self,
        view: &View<P>,
        lane: &mut Lane,
        scored: &Scored,
        mut before: impl FnMut(&mut Lane, &Scored),
    ) {
        let filling = Filling::new(self, view, scored);
        let bids = if self.choice == Choice::NoisyTop { filling.bids(lane) } else { Vec::new() };
        filling.note_first(lane, &bids);
        for slot in 0..u64::from(self.slots()) {
            before(lane, scored);
            let reserved = Fill { selector: self, view, lane, slot }.reserved();
            let Some(chosen) = reserved.or_else(|| filling.next(lane, slot, &bids)) else {
                lane.acceptance.unserved += u64::from(self.slots()) - slot;
                lane.open = false;
                break;
            };
            lane.note(chosen, view.entries[chosen.entry as usize].creator);
            lane.shown.push(view.stripe.lists.number(chosen.entry));
        }
    }

    /// What the next slot may be filled from.
    pub(super) fn outlook<P>(&self, view: &View<P>, lane: &Lane, scored: &Scored) -> Outlook {
        let filling = Filling::new(self, view, scored);
        let mut outlook = Outlook { any: [0; MAX_LEAVES], best: [0; MAX_LEAVES] };
        let most = filling.open(lane).map(|(index, factor)| filling.worth(index, factor)).max();
        for (index, factor) in filling.open(lane) {
            let topic = scored.topics()[index] as usize;
            outlook.any[topic] += factor;
            outlook.best[topic] += u64::from(Some(filling.worth(index, factor)) == most);
        }
        outlook
    }
}

impl<'a, 'b, P> Filling<'a, 'b, P> {
    fn new(selector: &'a Selector, view: &'a View<'b, P>, scored: &'a Scored) -> Self {
        let post = |&number: &u32| {
            let entry = view.stripe.lists.entries[number as usize];
            (entry, view.entries[entry as usize].creator)
        };
        Self { selector, view, scored, posts: scored.numbers().iter().map(post).collect() }
    }

    /// Candidates that may stand in the next slot, each with its re-rank factor above 0, 2⁻³².
    fn open<'c>(&'c self, lane: &'c Lane) -> impl Iterator<Item = (usize, u64)> + 'c {
        let factor = |topic: u8| if lane.present >> topic & 1 == 0 { ONE } else { self.selector.repeat };
        let topics = self.scored.topics().iter().enumerate();
        topics.map(move |(index, &topic)| (index, factor(topic))).filter(|&(index, factor)| {
            let (entry, creator) = self.posts[index];
            factor > 0 && creator != lane.creator && !lane.holds(entry)
        })
    }

    /// Weight of a candidate after re-rank: below 2⁶³.
    fn worth(&self, index: usize, factor: u64) -> u64 {
        scale(self.scored.weights()[index] as u64, factor)
    }

    /// Bids of a response before re-rank; what has no weight bids minus infinity.
    fn bids(&self, lane: &Lane) -> Vec<f64> {
        let key = lane.request.at(NOISE);
        let noise = |number: u32| GUMBEL_SD * self.selector.normals.at(key.uniform(u64::from(number)));
        let bid = |(&number, &weight): (&u32, &f64)| {
            if weight > 0.0 { libm::log(weight) + noise(number) } else { f64::NEG_INFINITY }
        };
        self.scored.numbers().iter().zip(self.scored.weights()).map(bid).collect()
    }

    /// Tells the lane the law of the first slot, in place of that of softmax: as far as it is not known, what fills the slot.
    fn note_first(&self, lane: &mut Lane, bids: &[f64]) {
        let mut masses = [0; MAX_LEAVES];
        if self.selector.choice == Choice::NoisyTop {
            if let Some(index) = self.largest(lane, bids) {
                masses[self.scored.topics()[index] as usize] = 1;
            }
        } else {
            let Outlook { any, best } = self.selector.outlook(self.view, lane, self.scored);
            let [all, equals] = [any, best].map(|weights| weights.iter().sum::<u64>().max(1) as f64);
            let epsilon = share_of_words(self.selector.epsilon_coin);
            for ((mass, any), best) in masses.iter_mut().zip(any).zip(best) {
                *mass = ((epsilon * any as f64 / all + (1.0 - epsilon) * best as f64 / equals) * WHOLE) as u64;
            }
        }
        lane.take_masses(&masses, masses.iter().sum());
    }

    fn next(&self, lane: &Lane, slot: u64, bids: &[f64]) -> Option<Chosen> {
        let index = match self.selector.choice {
            Choice::NoisyTop => self.largest(lane, bids),
            _ if lane.request.at(COIN).draw(slot) < self.selector.epsilon_coin => self.any(lane, slot),
            _ => self.best(lane, slot),
        }?;
        let stand = self.view.stripe.lists.stands[self.scored.numbers()[index] as usize];
        let row = self.view.score.attention_row[stand.cell()];
        Some(Chosen { entry: self.posts[index].0, topic: stand.topic() as u8, row, source: Source::Ordinary })
    }

    /// The largest bid after re-rank.
    fn largest(&self, lane: &Lane, bids: &[f64]) -> Option<usize> {
        let log_repeat = libm::log(self.selector.repeat as f64 / ONE as f64);
        let bid = |(index, factor): (usize, u64)| (index, bids[index] + if factor == ONE { 0.0 } else { log_repeat });
        let open = self.open(lane).map(bid).filter(|(_, bid)| *bid > f64::NEG_INFINITY);
        open.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(index, _)| index)
    }

    /// A draw in proportion to r, as the first arrival of a race: whoever comes and goes changes few draws.
    fn any(&self, lane: &Lane, slot: u64) -> Option<usize> {
        let key = lane.request.at(ANY + slot);
        let time = |index: usize, factor: u64| {
            exponential(key.draw(u64::from(self.scored.numbers()[index]))) / (factor as f64 / ONE as f64)
        };
        let times = self.open(lane).map(|(index, factor)| (index, time(index, factor)));
        times.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(index, _)| index)
    }

    /// One of the best.
    fn best(&self, lane: &Lane, slot: u64) -> Option<usize> {
        let key = lane.request.at(TIES + slot);
        let word = |index: usize| key.draw(u64::from(self.scored.numbers()[index]));
        self.open(lane).max_by_key(|&(index, factor)| (self.worth(index, factor), word(index))).map(|(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looked_up_normals_are_those_of_the_law() {
        let normals = Normals::new();
        for i in 0..1_000_000 {
            let u = (f64::from(i) + 0.5) / 1e6;
            assert!((normals.at(u) - normal_quantile(u)).abs() < 2e-4, "{u}");
        }
    }
}
