//! The engine `candidates`: the law of selection over posts that were retrieved first.
//!
//! A request is *retrieved* ([`Retriever`]), *scored* (each candidate's weight is that of its cell, after the factors of the
//! person's class) and *filled*: slot b draws a candidate with weight V⁺^(1/τ)·r, as the engine `cells` does over the whole
//! stripe. Cold-start and heated slots draw from their pools as there.
//!
//! Slots are drawn by one [`Race`] a response. Its numbers hang on request and post, so that an arm in which a few weights
//! differ sees the same race but for the posts they belong to.

use crate::feed::Chosen;
use crate::feed::race::{Admission, Race, Starters};
use crate::feed::retrieve::{Ask, Candidates, Retriever};
use crate::feed::rules::{ONE, scale};
use crate::feed::select::{Fill, Lane, MAX_LEAVES, Selector, View};
use crate::scenario::Choice;
use crate::trace::Source;
use crate::world::Named;

/// Words of the race hang behind those of retrieval: race + number of the post.
const RACE: u64 = 16 << 40;
/// Words of those who start anew: anew + slot · 2³² + number.
const ANEW: u64 = 17 << 40;

/// Scratch of a person's responses.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    scored: Scored,
    race: Race,
}

/// Candidates of a response and their weights, before re-rank.
#[derive(Debug, Clone, Default)]
pub struct Scored {
    candidates: Candidates,
    weights: Vec<f64>,
    topics: Vec<u8>,
}

impl Scored {
    /// The candidates by number, each once.
    pub(super) fn numbers(&self) -> &[u32] {
        self.candidates.numbers()
    }

    /// Weight of each candidate: a whole number below 2⁶³.
    pub(super) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Topic of each candidate.
    pub(super) fn topics(&self) -> &[u8] {
        &self.topics
    }

    /// Weighs the candidates for the person in the lane; the lane gets their mass, and that of the topics it tracks.
    #[inline(always)]
    fn weigh<P>(&mut self, view: &View<P>, lane: &mut Lane) {
        match view.split {
            None => self.weigh_by(view, lane, |_, at| view.score.units[at]),
            Some(split) => self.weigh_by(view, lane, |topic, at| split.of(topic).units[at]),
        }
    }

    /// The same, where `units` knows a topic's units by their place in the score.
    #[inline(always)]
    fn weigh_by<P>(&mut self, view: &View<P>, lane: &mut Lane, units: impl Fn(usize, usize) -> u64) {
        let (lists, variants) = (&view.stripe.lists, view.shape.variants.count());
        let numbers = self.candidates.numbers();
        self.weights.resize(numbers.len(), 0.0);
        self.topics.resize(numbers.len(), 0);
        let offsets: [usize; MAX_LEAVES] = std::array::from_fn(|topic| lane.profile[topic] as usize * view.shape.cells);
        let (mut masses, mut total) = ([0u64; MAX_LEAVES], 0);
        for ((&number, to), topic_to) in numbers.iter().zip(&mut self.weights).zip(&mut self.topics) {
            let stand = lists.stands[number as usize];
            let topic = stand.topic() & (MAX_LEAVES - 1);
            let units = units(topic, offsets[topic] + stand.cell());
            let weight = if view.touched >> topic & 1 == 0 {
                units
            } else {
                scale(units, view.factors[topic * variants + lists.variant(number)])
            };
            // Below 2⁶³, and the nearest f64.
            (*to, *topic_to) = (weight as i64 as f64, topic as u8);
            // A rare branch: sums for every topic would wait for one another where its posts follow one another.
            if lane.tracked >> topic & 1 != 0 {
                masses[topic] += weight;
            }
            total += weight;
        }
        lane.take_masses(&masses, total);
        lane.candidates += numbers.len() as u64;
    }
}

impl Selector {
    /// Fills a response for one lane from candidates. `before` is shown the lane and the candidates before each slot that is to
    /// be filled.
    #[inline(always)]
    pub(super) fn respond_from_candidates<P: Copy + Named>(
        &self,
        retriever: &Retriever,
        view: &View<P>,
        lane: &mut Lane,
        scratch: &mut Scratch,
        mut before: impl FnMut(&mut Lane, &Scored),
    ) {
        lane.begin();
        if !lane.open {
            return;
        }
        let Scratch { scored, race } = scratch;
        retriever.retrieve(&Ask { view, lane }, &mut scored.candidates);
        scored.weigh(view, lane);
        let scored = &*scored;
        if self.choice != Choice::Softmax {
            return self.choose(view, lane, scored, before);
        }
        let Scored { candidates, weights, topics } = scored;
        let numbers = candidates.numbers();
        let key = lane.request.at(RACE);
        let lists = &view.stripe.lists;
        let entry_of = |index: u32| lists.entries[numbers[index as usize] as usize];
        let creator = |index: u32| view.entries[entry_of(index) as usize].creator;
        let starters = Starters { weights, total: lane.total as f64, topics, names: numbers, key, mark: creator };
        race.start(&starters, self.repeat as f64 / ONE as f64, self.slots());
        let mut reserved_before = false;
        for slot in 0..u64::from(self.slots()) {
            before(lane, scored);
            let reserved = Fill { selector: self, view, lane, slot }.reserved();
            let found = match reserved {
                Some(chosen) => {
                    reserved_before = true;
                    Some((chosen, view.entries[chosen.entry as usize].creator, lists.number(chosen.entry)))
                }
                None => race
                    .next(&starters, |index, creator| {
                        if creator == lane.creator {
                            lane.acceptance.rejected += 1;
                            Admission::NotNow
                        } else if reserved_before && lane.holds(entry_of(index)) {
                            Admission::Gone
                        } else {
                            Admission::Taken
                        }
                    })
                    .map(|(index, creator)| {
                        let number = numbers[index as usize];
                        let stand = lists.stands[number as usize];
                        let row = view.score.attention_row[stand.cell()];
                        let (entry, topic) = (entry_of(index), stand.topic() as u8);
                        (Chosen { entry, topic, row, source: Source::Ordinary }, creator, number)
                    }),
            };
            let Some((chosen, creator, number)) = found else {
                lane.acceptance.unserved += u64::from(self.slots()) - slot;
                lane.open = false;
                break;
            };
            lane.note(chosen, creator);
            lane.shown.push(number);
            race.shrink(chosen.topic);
            let again = |index: u32| lane.request.draw(ANEW + (slot << 32) + u64::from(numbers[index as usize]));
            race.readmit(&starters, again);
        }
    }
}
