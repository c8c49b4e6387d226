//! What a platform knows of people.

use super::{Donors, FEW, by_size};
use crate::rng::Key;
use crate::run::Setup;
use crate::stats::lean::{Group, leaning};
use crate::stats::line::{Line, common_slope};
use crate::unit::{LEVEL_STEP, LEVEL_ZERO, LOGIT, level_logit};
use crate::world::People;

/// Borders of the bins of true appeal, in standard deviations.
const APPEAL: [f64; 8] = [-1.6, -1.1, -0.7, -0.25, 0.25, 0.7, 1.1, 1.6];
const APPEALS: usize = APPEAL.len() + 1;
/// Borders of the bins of log activity, in standard deviations: the busiest see most and are known best.
const ACTIVITY: [f64; 7] = [-1.0, -0.4, 0.0, 0.4, 0.8, 1.2, 1.8];
const ACTIVITIES: usize = ACTIVITY.len() + 1;
/// A line through few people leans on the line through everybody as if it had so many more.
const FEW_PEOPLE: f64 = 20.0;
/// A topic's own mean counts as much as what is expected of a topic of its size from so many posts on: means of one topic in four pre-runs
/// scatter by .25 log-odds ÷ √posts, topics about what is expected by .02.
const LEAN: f64 = 150.0;
/// Level steps per log-odds.
const STEPS: f64 = LOGIT as f64 / LEVEL_STEP as f64;

/// Donors of profile levels.
#[derive(Debug, Clone)]
pub struct Profiles {
    topics: usize,
    donors: Donors<Known>,
    /// Standard deviation of people's appeal by topic, log-odds.
    spread: Vec<f64>,
    /// Log-odds by which levels move per log-odds of truth, by topic and activity.
    slope: Vec<f64>,
    /// Log-odds by which a topic's levels are moved towards what topics of its size have.
    shift: Vec<f64>,
}

/// A donor's profile level, and how far the donor is above the average for the topic, log-odds.
#[derive(Debug, Clone, Copy)]
struct Known {
    level: u8,
    own: f64,
}

impl Known {
    fn log_odds(self) -> f64 {
        level_logit(self.level.into())
    }
}

impl Profiles {
    /// From a pre-run's levels. `posts`: as how many posts each topic's count, for what chance made of them stands in its
    /// levels.
    pub fn collect(setup: &Setup, people: &People, levels: &[u8], posts: &[f64]) -> Self {
        let scenario = &setup.scenario;
        let topics = scenario.topic_count();
        let p = &scenario.population;
        let weight = scenario.respond.interest_weight;
        let spread = scenario.topics.iter().map(|t| libm::hypot(p.attention_sd, weight * t.interest_sd).max(1e-9));
        let mut profiles = Self {
            topics,
            donors: Donors::new(topics * (APPEALS * ACTIVITIES + ACTIVITIES + 1)),
            spread: spread.collect(),
            slope: Vec::new(),
            shift: Vec::new(),
        };
        let mut lines = vec![Line::default(); topics * ACTIVITIES];
        let known = |index: usize, topic: usize| Known {
            level: levels[index * topics + topic],
            own: own_appeal(setup, people, index, topic),
        };
        for index in 0..people.len() {
            let activity = activity(setup, people, index);
            for topic in 0..topics {
                let known = known(index, topic);
                lines[topic * ACTIVITIES + activity].add(1.0, known.own, known.log_odds());
                for bin in profiles.bins(known.own, topic, activity) {
                    profiles.donors.bins[bin].push(known);
                }
            }
        }
        let slopes = lines.chunks(ACTIVITIES).zip(&profiles.spread).flat_map(|(lines, spread)| {
            let wider = common_slope(lines).unwrap_or(0.0);
            lines.iter().map(move |line| line.leaning_slope(wider, FEW_PEOPLE, spread * spread).unwrap_or(wider))
        });
        profiles.slope = slopes.collect();
        // Means over exposure of what is known beyond what truth explains.
        let mut sums = vec![[0.0; 2]; topics];
        for index in 0..people.len() {
            let (activity, seen) = (activity(setup, people, index), people.mean_impressions(index));
            for (topic, sums) in sums.iter_mut().enumerate() {
                let known = known(index, topic);
                sums[0] += seen;
                sums[1] += seen * (known.log_odds() - profiles.slope[topic * ACTIVITIES + activity] * known.own);
            }
        }
        let mean = |topic: usize| sums[topic][1] / sums[topic][0].max(1e-9);
        let groups: Vec<Group> = (0..topics)
            .map(|topic| Group { size: posts[topic], value: mean(topic), from: by_size(setup, topic).to_vec() })
            .collect();
        let leaning = leaning(&groups, LEAN).into_iter().zip(&groups);
        profiles.shift = leaning.map(|(leaning, group)| leaning - group.value).collect();
        profiles
    }

    /// Every donor has the mean of its bin.
    pub fn without_noise(&self) -> Self {
        let mean = |bin: &Vec<Known>| {
            let count = bin.len().max(1) as f64;
            let level = bin.iter().map(|known| f64::from(known.level)).sum::<f64>() / count;
            let own = bin.iter().map(|known| known.own).sum::<f64>() / count;
            // As many as are enough, so that the bin is drawn from whenever it was before.
            vec![Known { level: libm::round(level) as u8, own }; bin.len().min(FEW)]
        };
        Self { donors: Donors { bins: self.donors.bins.iter().map(mean).collect() }, ..self.clone() }
    }

    /// Levels of a person by topic: a donor's, moved by how much more or less this one likes the topic.
    pub fn draw(&self, setup: &Setup, key: Key, people: &People, index: usize, levels: &mut [u8]) {
        let activity = activity(setup, people, index);
        for (topic, level) in levels.iter_mut().enumerate() {
            let own = own_appeal(setup, people, index, topic);
            let donor = self.donors.draw(&self.bins(own, topic, activity), key.draw(topic as u64));
            *level = donor.map_or(LEVEL_ZERO, |donor| {
                let moved = self.slope[topic * ACTIVITIES + activity] * (own - donor.own) + self.shift[topic];
                libm::round(f64::from(donor.level) + moved * STEPS).clamp(0.0, 255.0) as u8
            });
        }
    }

    /// From fine to coarse: (topic, appeal, activity), (topic, activity), (topic).
    fn bins(&self, own: f64, topic: usize, activity: usize) -> [usize; 3] {
        let z = own / self.spread[topic];
        let appeal = APPEAL.iter().filter(|&&border| z > border).count();
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
