//! Creators: home topic, region, posting rate and the part of quality that all their posts share.

use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use crate::rng::{Decision, Key, below};
use crate::scenario::Scenario;

/// All creators of a world, by global id.
#[derive(Debug, Clone)]
pub struct Creators {
    /// Region index.
    pub region: Vec<u8>,
    /// Standardised creator part of attention.
    pub attention: Vec<f32>,
    /// Standardised creator part of approval.
    pub approval: Vec<f32>,
    /// Per topic: variance over expected posts of the creators' parts of attention and approval. Below 1 where few creators
    /// make most posts; the post's own part makes up for it.
    pub spread: Vec<[f64; 2]>,
    /// Per topic: its creators and the running sum of their posting rates in integer units.
    home: Vec<Vec<(u32, u64)>>,
}

impl Creators {
    /// Draws them. Home topics are stratified by supply, so that every topic with enough supply has creators.
    pub fn draw(scenario: &Scenario, world: Key) -> Self {
        let per_user = scenario.catalogue.creators_per_user;
        let count = (f64::from(scenario.population.users) * per_user).ceil().max(1.0) as u32;
        let drawn: Vec<(u8, f32, f32, u64)> =
            (0..count).into_par_iter().map(|id| draw_creator(scenario, world, id)).collect();
        let mut home = vec![Vec::new(); scenario.topic_count()];
        for (id, one) in drawn.iter().enumerate() {
            let list: &mut Vec<(u32, u64)> = &mut home[topic_of(scenario, id as u32, count)];
            let before = list.last().map_or(0, |last| last.1);
            list.push((id as u32, before + one.3));
        }
        let mut attention: Vec<f32> = drawn.iter().map(|d| d.1).collect();
        let mut approval: Vec<f32> = drawn.iter().map(|d| d.2).collect();
        let spread = home.iter().map(|list| [centre(&mut attention, list), centre(&mut approval, list)]).collect();
        // In a tiny world a topic may have nobody; anyone then posts on it.
        for list in home.iter_mut().filter(|list| list.is_empty()) {
            *list = (0..count).map(|id| (id, u64::from(id) + 1)).collect();
        }
        Self { region: drawn.iter().map(|d| d.0).collect(), attention, approval, spread, home }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.region.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.region.is_empty()
    }

    /// A creator of `topic`, drawn in proportion to posting rates by the word `word`.
    pub fn pick(&self, topic: usize, word: u64) -> u32 {
        let list = &self.home[topic];
        let total = list.last().expect("every topic has at least one creator").1;
        let target = below(word, total);
        list[list.partition_point(|&(_, sum)| sum <= target)].0
    }
}

/// Takes the mean over expected posts out of a topic's creators: how good a topic's posts are on average belongs to the
/// topic's appeal. Without this a single busy creator would decide a topic's share in each world. Returns the variance that
/// is left, over expected posts.
fn centre(parts: &mut [f32], list: &[(u32, u64)]) -> f64 {
    let all = list.last().map_or(0, |last| last.1) as f64;
    let over_posts = |parts: &[f32], power: i32| {
        let mut before = 0;
        let mut sum = 0.0;
        for &(id, running) in list {
            sum += f64::from(parts[id as usize]).powi(power) * (running - before) as f64;
            before = running;
        }
        if all > 0.0 { sum / all } else { 0.0 }
    };
    let mean = over_posts(parts, 1) as f32;
    list.iter().for_each(|&(id, _)| parts[id as usize] -= mean);
    over_posts(parts, 2)
}

fn topic_of(scenario: &Scenario, id: u32, count: u32) -> usize {
    let u = (f64::from(id) + 0.5) / f64::from(count);
    let mut sum = 0.0;
    for (k, topic) in scenario.topics.iter().enumerate() {
        sum += topic.supply;
        if u < sum {
            return k;
        }
    }
    scenario.topic_count() - 1
}

fn draw_creator(scenario: &Scenario, world: Key, id: u32) -> (u8, f32, f32, u64) {
    let key = world.of(Decision::Creator).at(u64::from(id));
    let mut stream = key.stream();
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    let attention = normal();
    let rho = scenario.catalogue.latent_correlation;
    let approval = rho * attention + libm::sqrt(1.0 - rho * rho) * normal();
    // Integer units of posting rate; the median creator has 2¹⁶ of them.
    let rate = libm::exp(scenario.catalogue.posting_sigma * normal()) * 65_536.0;
    let mut sum = 0.0;
    let u = key.at(0).uniform(0);
    let region = scenario.population.regions.iter().position(|r| {
        sum += r.share;
        u < sum
    });
    let region = region.unwrap_or(scenario.population.regions.len() - 1) as u8;
    (region, attention as f32, approval as f32, libm::round(rate).clamp(1.0, 1e15) as u64)
}
