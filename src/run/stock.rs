//! The stock: what a platform that has run for months knows on the first day.
//!
//! Taken once from the end of a pre-run: counters of posts by (topic, age, true quality) and profile levels by
//! (topic, true appeal, activity). Every world draws its start from them, keyed by post and person, and moves what it has
//! drawn by the difference between the donor's truth and its own.

use crate::feed::Counters;
use crate::id::ItemId;
use crate::rng::{Decision, Key, below};
use crate::run::{ArmState, Setup};
use crate::stats::line::{Line, common_slope};
use crate::unit::{LEVEL_STEP, LEVEL_ZERO, LOGIT, level_logit, logistic, logit};
use crate::world::{Catalogue, ItemTruth, People};

/// Donors of counters and of profile levels.
#[derive(Debug, Clone)]
pub struct Stock {
    topics: usize,
    counters: Donors<Post>,
    levels: Donors<Known>,
    /// Standard deviations of the two parts of posts, log-odds.
    quality: [f64; 2],
    /// Standard deviation of people's appeal by topic, log-odds.
    spread: Vec<f64>,
    /// Log-odds by which the rates of posts move per log-odds of truth.
    rate_slope: [f64; 2],
    /// Log-odds by which profile levels move per log-odds of truth, by topic and activity.
    level_slope: Vec<f64>,
}

/// A donor's counters, and what they would say if the platform knew all: log-odds of a valid play and of a like.
#[derive(Debug, Clone, Copy)]
struct Post {
    counters: Counters,
    truth: [f64; 2],
}

impl Post {
    /// Counters of a post that is a little better or worse than the donor: the rates move with the truth, as many impressions.
    /// Without this a world would know its posts less well than the pre-run did.
    fn moved_to(self, truth: [f64; 2], slope: [f64; 2]) -> Counters {
        let impressions = f64::from(self.counters.impressions);
        let hits = |part: usize| {
            let odds = self.log_odds(part) + slope[part] * (truth[part] - self.truth[part]);
            libm::round(logistic(odds) * (impressions + 1.0) - 0.5).clamp(0.0, impressions) as u32
        };
        Counters { impressions: self.counters.impressions, valid_plays: hits(0), likes: hits(1) }
    }

    /// Log-odds of a valid play or a like as counted.
    fn log_odds(self, part: usize) -> f64 {
        let hits = [self.counters.valid_plays, self.counters.likes][part];
        logit((f64::from(hits) + 0.5) / (f64::from(self.counters.impressions) + 1.0))
    }
}

/// A profile level of a donor, and how far the donor is above the average for the topic, log-odds.
#[derive(Debug, Clone, Copy)]
struct Known {
    level: u8,
    own: f64,
}

impl Known {
    /// Level of a person who likes the topic a little more or less.
    fn moved_to(self, own: f64, slope: f64) -> u8 {
        let steps = slope * (own - self.own) * f64::from(LOGIT / LEVEL_STEP);
        libm::round(f64::from(self.level) + steps).clamp(0.0, 255.0) as u8
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
/// Borders of the bins of log activity, in standard deviations: the busiest see most and are known best.
const ACTIVITY: [f64; 7] = [-1.0, -0.4, 0.0, 0.4, 0.8, 1.2, 1.8];
const ACTIVITIES: usize = ACTIVITY.len() + 1;
/// A line through few people leans on the line through everybody as if it had so many more.
const LEAN: f64 = 20.0;

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
        let c = &scenario.catalogue;
        let p = &scenario.population;
        let weight = scenario.respond.interest_weight;
        let mut stock = Self {
            topics,
            counters: Donors::new(topics * (AGE_BINS * QUALITIES + AGE_BINS * QUARTERS + SPANS * QUARTERS) + AGE_BINS),
            levels: Donors::new(topics * (APPEALS * ACTIVITIES + ACTIVITIES + 1)),
            quality: [c.attention_sd, c.approval_sd].map(|sd| sd.max(1e-9)),
            spread: scenario
                .topics
                .iter()
                .map(|t| libm::hypot(p.attention_sd, weight * t.interest_sd).max(1e-9))
                .collect(),
            rate_slope: [1.0; 2],
            level_slope: Vec::new(),
        };
        let counters = baseline.items.as_ref().map_or(&[][..], |items| &items.counters);
        let mut lines = vec![[Line::default(); 2]; topics];
        for slot in catalogue.living() {
            let Some(sight) = catalogue.observed().items[slot as usize] else { continue };
            if i64::from(sight.born) >= born_after {
                let age = epoch - i64::from(sight.born);
                let truth = catalogue.truth(slot as usize);
                let post = Post { counters: counters[slot as usize], truth: setup.responder.true_odds(truth).into() };
                for (part, line) in lines[truth.topic as usize].iter_mut().enumerate() {
                    line.add(f64::from(post.counters.impressions), post.truth[part], post.log_odds(part));
                }
                for bin in stock.item_bins(setup, truth, age) {
                    stock.counters.bins[bin].push(post);
                }
            }
        }
        // A better post is shown to less keen people, so its rates move by a little less than its truth.
        let slope =
            |part: usize| common_slope(lines.iter().map(|lines| &lines[part])).map_or(1.0, |s| s.clamp(0.0, 1.0));
        stock.rate_slope = [slope(0), slope(1)];
        stock.collect_levels(setup, people, baseline.profile.as_deref().unwrap_or(&[]));
        stock
    }

    fn collect_levels(&mut self, setup: &Setup, people: &People, profile: &[u8]) {
        let topics = self.topics;
        let mut lines = vec![Line::default(); topics * ACTIVITIES];
        for index in 0..people.len() {
            for topic in 0..topics {
                let own = own_appeal(setup, people, index, topic);
                let known = Known { level: profile[index * topics + topic], own };
                let line = &mut lines[topic * ACTIVITIES + activity(setup, people, index)];
                line.add(1.0, own, f64::from(known.level) * f64::from(LEVEL_STEP) / f64::from(LOGIT));
                for bin in self.profile_bins(setup, people, index, topic) {
                    self.levels.bins[bin].push(known);
                }
            }
        }
        let slopes = lines.chunks(ACTIVITIES).zip(&self.spread).flat_map(|(lines, spread)| {
            let wider = common_slope(lines).unwrap_or(0.0);
            lines.iter().map(move |line| line.leaning_slope(wider, LEAN, spread * spread).unwrap_or(wider))
        });
        self.level_slope = slopes.collect();
    }

    /// The stock of a platform whose profiles are what they are on average for such a person and topic.
    #[must_use]
    pub fn without_noise(&self) -> Self {
        let mean = |bin: &Vec<Known>| {
            let count = bin.len().max(1) as f64;
            let level = bin.iter().map(|known| f64::from(known.level)).sum::<f64>() / count;
            let own = bin.iter().map(|known| known.own).sum::<f64>() / count;
            // As many as are enough, so that the bin is drawn from whenever it was before.
            vec![Known { level: libm::round(level) as u8, own }; bin.len().min(FEW)]
        };
        let levels = Donors { bins: self.levels.bins.iter().map(mean).collect() };
        Self { levels, ..self.clone() }
    }

    /// Counters of a post of this age, as a platform would have them.
    pub fn counters(&self, setup: &Setup, world: Key, id: ItemId, truth: &ItemTruth, age: i64) -> Counters {
        let word = world.of(Decision::StockItem).draw(id.0);
        let donor = self.counters.draw(&self.item_bins(setup, truth, age), word);
        donor.map_or_else(Counters::default, |donor| {
            donor.moved_to(setup.responder.true_odds(truth).into(), self.rate_slope)
        })
    }

    /// Profile of a person, as a platform would have learned it.
    pub fn profile(&self, setup: &Setup, world: Key, people: &People, index: usize, levels: &mut [u8]) {
        let key = world.of(Decision::StockProfile).at(u64::from(people.id[index]));
        for (topic, level) in levels.iter_mut().enumerate() {
            let bins = self.profile_bins(setup, people, index, topic);
            let donor = self.levels.draw(&bins, key.draw(topic as u64));
            let slope = self.level_slope[topic * ACTIVITIES + activity(setup, people, index)];
            *level = donor.map_or(LEVEL_ZERO, |donor| donor.moved_to(own_appeal(setup, people, index, topic), slope));
        }
    }

    /// From fine to coarse: (topic, age, quality), (topic, age, attention), (topic, span of ages, attention), (age). The
    /// topic goes last, because its appeal stands in its posts' rates.
    fn item_bins(&self, setup: &Setup, truth: &ItemTruth, age: i64) -> [usize; 4] {
        let hours = age as f64 * 24.0 / f64::from(setup.scenario.time.epochs_per_day);
        let age = AGES.iter().filter(|&&border| hours > border).count();
        let span = SPAN_OF[age];
        // Against a long post of the same topic with nothing special about it.
        let plain = ItemTruth { attention: 0, approval: 0, duration: u16::MAX, ..*truth };
        let (own, plain) = (setup.responder.true_odds(truth), setup.responder.true_odds(&plain));
        let attention = quarter((own.0 - plain.0) / self.quality[0]);
        let approval = quarter((own.1 - plain.1) / self.quality[1]);
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

    /// From fine to coarse: (topic, appeal, activity), (topic, activity), (topic).
    fn profile_bins(&self, setup: &Setup, people: &People, index: usize, topic: usize) -> [usize; 3] {
        let z = own_appeal(setup, people, index, topic) / self.spread[topic];
        let appeal = [-1.6, -1.1, -0.7, -0.25, 0.25, 0.7, 1.1, 1.6].iter().filter(|&&border| z > border).count();
        let activity = activity(setup, people, index);
        let second = self.topics * APPEALS * ACTIVITIES;
        [
            (topic * APPEALS + appeal) * ACTIVITIES + activity,
            second + topic * ACTIVITIES + activity,
            second + self.topics * ACTIVITIES + topic,
        ]
    }
}

/// How far a person is above the average for a topic, log-odds.
fn own_appeal(setup: &Setup, people: &People, index: usize, topic: usize) -> f64 {
    level_logit(setup.responder.true_level(people, index, topic, people.interests(index)[topic]).into())
}

/// Bin of a person's activity.
fn activity(setup: &Setup, people: &People, index: usize) -> usize {
    let p = &setup.scenario.population;
    let z = libm::log(people.mean_impressions(index) / p.activity_median) / p.activity_sigma.max(1e-9);
    ACTIVITY.iter().filter(|&&border| z > border).count()
}

const AGE_BINS: usize = AGES.len() + 1;

/// Quarter of a standard normal.
fn quarter(z: f64) -> usize {
    [-0.6745, 0.0, 0.6745].iter().filter(|&&border| z > border).count()
}
