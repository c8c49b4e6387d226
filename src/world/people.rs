//! People: interests, user parts, propensities, activity. Drawn once, the same in every arm.

use std::ops::Range;

use rand_distr::{Distribution, Poisson, StandardNormal};
use rayon::prelude::*;

use crate::rng::{Decision, Key, coin};
use crate::scenario::Scenario;
use crate::unit::{INTEREST, logit_units, normal_quantile};

/// Columns of shared state, one entry per person of a contiguous range. 55 bytes each at 32 topics: interest bytes 32,
/// two user parts 4, five propensities 10, activity 2, region, class and group 3, id 4.
#[derive(Debug, Clone)]
pub struct People {
    /// Number of topics, the row length of `interest`.
    pub topics: usize,
    /// Global id.
    pub id: Vec<u32>,
    /// True interest `x_uk`, [`INTEREST`] units, `topics` bytes a person.
    pub interest: Vec<i8>,
    /// User part of attention, log-odds units.
    pub attention: Vec<i16>,
    /// User part of approval, log-odds units.
    pub approval: Vec<i16>,
    /// Propensities to like, comment, share, follow and say "not interested", log-odds units.
    pub propensity: Vec<[i16; 5]>,
    /// Log of mean impressions per calendar day, 1/4096 above −4.
    pub activity: Vec<u16>,
    /// Region index.
    pub region: Vec<u8>,
    /// Policy class: which audiences of tilts the person belongs to.
    pub class: Vec<u8>,
    /// Activity tercile × 3 + interest tercile, fixed before any fork.
    pub group: Vec<u8>,
}

/// One person as drawn.
struct Person {
    attention: i16,
    approval: i16,
    propensity: [i16; 5],
    activity: u16,
    region: u8,
    class: u8,
    group: u8,
}

/// Number of activity × interest groups.
pub const GROUPS: usize = 9;
const ACTIVITY_UNIT: f64 = 4096.0;
const ACTIVITY_FLOOR: f64 = -4.0;

impl People {
    /// Draws the people with ids in `users`. `class_of` maps region and the words of audience and
    /// signs to the policy class. `even`: interests, attention and activity cover their joint distribution evenly, as points of a scrambled
    /// Sobol sequence, at most 65,536 people; the few who are wild about a topic are then as many as they should be.
    pub fn draw(
        scenario: &Scenario,
        world: Key,
        users: Range<u32>,
        class_of: &(dyn Fn(usize, [u64; 2]) -> u8 + Sync),
        even: bool,
    ) -> Self {
        let topics = scenario.topic_count();
        let count = users.len();
        let mut interest = vec![0i8; count * topics];
        let cuts = Cuts::new(scenario);
        let even = even.then(|| world.of(Decision::Person).draw(u64::MAX) as u32);
        let rows: Vec<Person> = interest
            .par_chunks_mut(topics)
            .zip(users.clone().into_par_iter())
            .map(|(row, id)| draw_person(scenario, world, id, row, &cuts, class_of, even))
            .collect();
        Self {
            topics,
            id: users.collect(),
            interest,
            attention: rows.iter().map(|p| p.attention).collect(),
            approval: rows.iter().map(|p| p.approval).collect(),
            propensity: rows.iter().map(|p| p.propensity).collect(),
            activity: rows.iter().map(|p| p.activity).collect(),
            region: rows.iter().map(|p| p.region).collect(),
            class: rows.iter().map(|p| p.class).collect(),
            group: rows.iter().map(|p| p.group).collect(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// The interests of the person at `index`.
    #[inline(always)]
    pub fn interests(&self, index: usize) -> &[i8] {
        &self.interest[index * self.topics..(index + 1) * self.topics]
    }

    /// Mean impressions per calendar day of the person at `index`.
    pub fn mean_impressions(&self, index: usize) -> f64 {
        libm::exp(f64::from(self.activity[index]) / ACTIVITY_UNIT + ACTIVITY_FLOOR)
    }

    /// Everybody hands on how much they approve, and of what kind, to the next one. It is drawn apart from all else about a
    /// person, so every law stays as it is.
    pub fn hand_on_approval(&mut self) {
        if !self.is_empty() {
            self.approval.rotate_right(1);
            self.propensity.rotate_right(1);
        }
    }

    /// Bytes a person takes in the shared columns with `topics` topics.
    pub const fn bytes_each(topics: usize) -> usize {
        use std::mem::size_of;
        topics * size_of::<i8>()
            + 2 * size_of::<i16>()
            + size_of::<[i16; 5]>()
            + size_of::<u16>()
            + 3 * size_of::<u8>()
            + size_of::<u32>()
    }
}

fn draw_person(
    scenario: &Scenario,
    world: Key,
    id: u32,
    interest: &mut [i8],
    cuts: &Cuts,
    class_of: &(dyn Fn(usize, [u64; 2]) -> u8 + Sync),
    even: Option<u32>,
) -> Person {
    let p = &scenario.population;
    let key = world.of(Decision::Person).at(u64::from(id));
    let mut stream = key.at(0).stream();
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    // Of an even population the point's coordinate, 2⁻²⁵ from either end.
    let point = |seed, dimension| f64::from(sobol_burley::sample(id, dimension, seed)) + 1.0 / f64::from(1 << 25);
    let evenly = |dimension, drawn: f64| even.map_or(drawn, |seed| normal_quantile(point(seed, dimension)));
    let attention = logit_units(p.attention_sd * evenly(0, normal()));
    let approval = logit_units(p.approval_sd * normal());
    let propensity = std::array::from_fn(|_| logit_units(p.propensity_sd * normal()));
    let log_mean = libm::log(p.activity_median) + p.activity_sigma * evenly(1, normal());
    let activity = libm::round((log_mean - ACTIVITY_FLOOR) * ACTIVITY_UNIT).clamp(0.0, 65535.0) as u16;
    let common = evenly(2, normal()) * libm::sqrt(p.topic_correlation);
    let own = libm::sqrt(1.0 - p.topic_correlation);
    let is_heavy = even.map_or(key.draw(1) < coin(p.heavy_share), |seed| point(seed, 3) < p.heavy_share);
    let width = if is_heavy { 2.0 } else { 1.0 };
    // One stream per topic: a topic more or less changes no other interest.
    for (k, (x, topic)) in interest.iter_mut().zip(&scenario.topics).enumerate() {
        let z = evenly(4 + k as u32, StandardNormal.sample(&mut key.at(1 + k as u64).stream()));
        let value = width * topic.interest_sd * (common + own * z);
        *x = libm::round(value * f64::from(INTEREST)).clamp(-127.0, 127.0) as i8;
    }
    let region = region_of(scenario, world, id);
    let class = class_of(region, [audience_word(world, id), sign_word(world, id)]);
    let group = cuts.group(log_mean, interest[scenario.measure.group_topic]);
    Person { attention, approval, propensity, activity, region: region as u8, class, group }
}

/// Region of a person, present here or not.
pub fn region_of(scenario: &Scenario, world: Key, id: u32) -> usize {
    pick_region(scenario, world.of(Decision::Person).at(u64::from(id)).uniform(2))
}

/// The word that says to which audiences a person belongs, present here or not.
pub fn audience_word(world: Key, id: u32) -> u64 {
    world.of(Decision::Audience).draw(u64::from(id))
}

/// The word whose bits are a person's signs of jittered value weights, present here or not.
pub fn sign_word(world: Key, id: u32) -> u64 {
    world.of(Decision::Jitter).draw(u64::from(id))
}

fn pick_region(scenario: &Scenario, u: f64) -> usize {
    let mut sum = 0.0;
    for (r, region) in scenario.population.regions.iter().enumerate() {
        sum += region.share;
        if u < sum {
            return r;
        }
    }
    scenario.population.regions.len() - 1
}

/// Tercile borders of the population's distribution, not of who was drawn: one more person moves nobody's group.
struct Cuts {
    activity: [f64; 2],
    interest: f64,
}

impl Cuts {
    /// z at which a standard normal has a third of its mass below −z and a third above z.
    const TERCILE: f64 = 0.430_727_299_295_457_5;

    fn new(scenario: &Scenario) -> Self {
        let p = &scenario.population;
        let middle = libm::log(p.activity_median);
        let sd = scenario.topics[scenario.measure.group_topic].interest_sd;
        // P(|x| < c) for the mixture of sd and 2·sd, by bisection.
        let inside = |c: f64| {
            let within = |s: f64| libm::erf(c / (s * std::f64::consts::SQRT_2));
            (1.0 - p.heavy_share) * within(sd) + p.heavy_share * within(2.0 * sd)
        };
        let (mut low, mut high) = (0.0, 4.0 * sd);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if inside(middle) < 1.0 / 3.0 { low = middle } else { high = middle }
        }
        let step = p.activity_sigma * Self::TERCILE;
        Self { activity: [middle - step, middle + step], interest: 0.5 * (low + high) * f64::from(INTEREST) }
    }

    fn group(&self, log_mean: f64, interest: i8) -> u8 {
        let activity = u8::from(log_mean >= self.activity[0]) + u8::from(log_mean >= self.activity[1]);
        let x = f64::from(interest);
        let interest = u8::from(x >= -self.interest) + u8::from(x >= self.interest);
        activity * 3 + interest
    }
}

/// How much people use the feed.
#[derive(Debug, Clone)]
pub struct Opening {
    active: f64,
    day_sigma: f64,
    slots: f64,
}

impl Opening {
    /// From the scenario's activity settings.
    pub fn new(scenario: &Scenario) -> Self {
        let slots = f64::from(scenario.time.epochs_per_day) * f64::from(scenario.feed.response);
        Self { active: scenario.population.daily_active_share, day_sigma: scenario.population.day_sigma, slots }
    }

    /// Requests of one person in one epoch, keyed by (user, day, epoch): Poisson around mean ÷ active share × the day's
    /// factor on active days, none on others. The factor has mean 1, so calendar-day means are the person's mean.
    pub fn requests(&self, behaviour: Key, user: u32, mean_impressions: f64, day: i64, epoch: u32) -> u32 {
        let today = behaviour.of(Decision::Day).at(u64::from(user)).at_signed(day);
        if today.draw(0) >= coin(self.active) {
            return 0;
        }
        let z: f64 = StandardNormal.sample(&mut today.at(0).stream());
        let factor = libm::exp(self.day_sigma * z - 0.5 * self.day_sigma * self.day_sigma);
        let mean = mean_impressions / self.active * factor / self.slots;
        let mut stream = behaviour.of(Decision::Open).at(u64::from(user)).at_signed(day).at(u64::from(epoch)).stream();
        Poisson::new(mean.clamp(1e-9, 1e6)).map_or(0, |law| law.sample(&mut stream) as u32)
    }
}
