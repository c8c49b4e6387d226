//! The stock: what a platform that has run for weeks knows on the first day.
//!
//! Taken once from the end of a pre-run: counters of posts by (topic, age, true quality) and profile levels by
//! (topic, true appeal, activity). Every world draws its start from them, keyed by post and person.

use crate::feed::Counters;
use crate::id::ItemId;
use crate::rng::{Decision, Key, below};
use crate::run::{ArmState, Setup};
use crate::unit::{LEVEL_ZERO, LOGIT, logistic, logit};
use crate::world::{Catalogue, ItemTruth, People};

/// Donors of counters and of profile levels.
#[derive(Debug, Clone)]
pub struct Stock {
    topics: usize,
    counters: Donors<Post>,
    levels: Donors<u8>,
    /// Borders of the quality squares and appeal bins, log-odds units.
    quality: [f64; 2],
    spread: Vec<f64>,
}

/// A donor's counters and true parts.
#[derive(Debug, Clone, Copy)]
struct Post {
    counters: Counters,
    attention: i16,
    approval: i16,
}

impl Post {
    /// Counters of a post that is a little better or worse than the donor: the rates move by the difference of the true parts
    /// in log-odds, as many impressions. Without this a world would know its posts less well than the pre-run did.
    fn moved_to(self, truth: &ItemTruth) -> Counters {
        let impressions = self.counters.impressions;
        let rate = |hits: u32, own: i16, donor: i16| {
            let odds = logit((f64::from(hits) + 0.5) / (f64::from(impressions) + 1.0));
            let difference = (f64::from(own) - f64::from(donor)) / f64::from(LOGIT);
            let moved = logistic(odds + difference) * (f64::from(impressions) + 1.0) - 0.5;
            (libm::round(moved).max(0.0) as u32).min(impressions)
        };
        Counters {
            impressions,
            valid_plays: rate(self.counters.valid_plays, truth.attention, self.attention),
            likes: rate(self.counters.likes, truth.approval, self.approval),
        }
    }
}

/// Values by bin, with coarser bins behind for where a bin has few.
#[derive(Debug, Clone)]
struct Donors<T> {
    bins: Vec<Vec<T>>,
}

/// A bin with fewer donors falls back to a coarser one.
const FEW: usize = 3;
const AGES: [f64; 10] = [6.0, 12.0, 18.0, 24.0, 36.0, 48.0, 72.0, 120.0, 192.0, 360.0];
/// Coarser spans of the same ages: the first day, the second, the first week, later.
const SPAN_OF: [usize; AGE_BINS] = [0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 3];
const SPANS: usize = 4;
const QUARTERS: usize = 4;
const QUALITIES: usize = QUARTERS * QUARTERS;
const APPEALS: usize = 9;
const ACTIVITIES: usize = 3;

impl<T: Copy> Donors<T> {
    fn new(bins: usize) -> Self {
        Self { bins: vec![Vec::new(); bins] }
    }

    /// One donor from the first of these bins that has enough, else from the first that has any.
    fn draw(&self, bins: &[usize], word: u64) -> Option<T> {
        let enough = bins.iter().find(|&&bin| self.bins[bin].len() >= FEW);
        let any = bins.iter().find(|&&bin| !self.bins[bin].is_empty());
        let bin = &self.bins[*enough.or(any)?];
        Some(bin[below(word, bin.len() as u64) as usize])
    }
}

impl Stock {
    /// From the baseline of a pre-run at its end. `born_after`: only posts whose whole life the pre-run has seen count.
    pub fn collect(
        setup: &Setup,
        people: &People,
        catalogue: &Catalogue,
        baseline: &ArmState,
        epoch: i64,
        born_after: i64,
    ) -> Self {
        let scenario = &setup.scenario;
        let topics = scenario.topic_count();
        let unit = f64::from(LOGIT);
        let c = &scenario.catalogue;
        let p = &scenario.population;
        let weight = scenario.respond.interest_weight;
        let mut stock = Self {
            topics,
            counters: Donors::new(topics * (AGE_BINS * QUALITIES + AGE_BINS * QUARTERS + SPANS * QUARTERS) + AGE_BINS),
            levels: Donors::new(topics * APPEALS * ACTIVITIES + topics),
            quality: [c.attention_sd * unit, c.approval_sd * unit],
            spread: scenario
                .topics
                .iter()
                .map(|t| unit * libm::hypot(p.attention_sd, weight * t.interest_sd).max(1e-9))
                .collect(),
        };
        let counters = baseline.items.as_ref().map_or(&[][..], |items| &items.counters);
        for slot in catalogue.living() {
            let Some(sight) = catalogue.observed().items[slot as usize] else { continue };
            if i64::from(sight.born) >= born_after {
                let age = epoch - i64::from(sight.born);
                let truth = catalogue.truth(slot as usize);
                let counters = counters[slot as usize];
                let post = Post { counters, attention: truth.attention, approval: truth.approval };
                for bin in stock.item_bins(setup, truth, age) {
                    stock.counters.bins[bin].push(post);
                }
            }
        }
        let profile = baseline.profile.as_deref().unwrap_or(&[]);
        for index in 0..people.len() {
            for topic in 0..topics {
                for bin in stock.profile_bins(people, index, topic, setup) {
                    stock.levels.bins[bin].push(profile[index * topics + topic]);
                }
            }
        }
        stock
    }

    /// Counters of a post of this age, as a platform would have them.
    pub fn counters(&self, setup: &Setup, world: Key, id: ItemId, truth: &ItemTruth, age: i64) -> Counters {
        let word = world.of(Decision::StockItem).draw(id.0);
        let donor = self.counters.draw(&self.item_bins(setup, truth, age), word);
        donor.map_or_else(Counters::default, |donor| donor.moved_to(truth))
    }

    /// Profile of a person, as a platform would have learned it.
    pub fn profile(&self, setup: &Setup, world: Key, people: &People, index: usize, levels: &mut [u8]) {
        let key = world.of(Decision::StockProfile).at(u64::from(people.id[index]));
        for (topic, level) in levels.iter_mut().enumerate() {
            let bins = self.profile_bins(people, index, topic, setup);
            *level = self.levels.draw(&bins, key.draw(topic as u64)).unwrap_or(LEVEL_ZERO);
        }
    }

    /// From fine to coarse: (topic, age, quality), (topic, age, attention), (topic, span of ages, attention), (age). The
    /// topic goes last, because its appeal stands in its posts' rates.
    fn item_bins(&self, setup: &Setup, truth: &ItemTruth, age: i64) -> [usize; 4] {
        let hours = age as f64 * 24.0 / f64::from(setup.scenario.time.epochs_per_day);
        let age = AGES.iter().filter(|&&border| hours > border).count();
        let span = SPAN_OF[age];
        let attention = quarter(f64::from(truth.attention) / self.quality[0]);
        let approval = quarter(f64::from(truth.approval) / self.quality[1]);
        let topic = truth.topic as usize;
        let second = self.topics * AGE_BINS * QUALITIES;
        let third = second + self.topics * AGE_BINS * QUARTERS;
        let last = third + self.topics * SPANS * QUARTERS;
        [
            (topic * AGE_BINS + age) * QUALITIES + attention * QUARTERS + approval,
            second + (topic * AGE_BINS + age) * QUARTERS + attention,
            third + (topic * SPANS + span) * QUARTERS + attention,
            last + age,
        ]
    }

    /// From fine to coarse: (topic, appeal, activity), (topic).
    fn profile_bins(&self, people: &People, index: usize, topic: usize, setup: &Setup) -> [usize; 2] {
        let r = &setup.scenario.respond;
        let own = f64::from(people.attention[index])
            + f64::from(people.interests(index)[topic]) * r.interest_weight * f64::from(LOGIT / crate::unit::INTEREST);
        let z = own / self.spread[topic];
        let appeal = [-1.6, -1.1, -0.7, -0.25, 0.25, 0.7, 1.1, 1.6].iter().filter(|&&border| z > border).count();
        let activity = people.group[index] as usize / 3;
        [(topic * APPEALS + appeal) * ACTIVITIES + activity, self.topics * APPEALS * ACTIVITIES + topic]
    }
}

const AGE_BINS: usize = AGES.len() + 1;

/// Quarter of a standard normal.
fn quarter(z: f64) -> usize {
    [-0.6745, 0.0, 0.6745].iter().filter(|&&border| z > border).count()
}
