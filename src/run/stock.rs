//! The stock: what a platform that has run for months knows on the first day.
//!
//! Taken once from the end of a pre-run: counters of posts by age and worth, and profile levels by (topic, true appeal,
//! activity). Every world draws its start from them, keyed by post and person, and moves what it has drawn by the difference
//! between the donor's truth and its own. What stands above or below for a whole topic leans on what topics of its size have:
//! a pre-run has a few good posts of a small topic, and every world would inherit what chance made of them.

mod posts;
mod profiles;

use crate::feed::Counters;
use crate::id::ItemId;
use crate::rng::{Decision, Key, below};
use crate::run::{ArmState, Setup};
use crate::world::{Catalogue, ItemTruth, People};
use posts::Posts;
use profiles::Profiles;

/// What is known of posts and of people.
#[derive(Debug, Clone)]
pub struct Stock {
    posts: Posts,
    profiles: Profiles,
}

/// Values by bin, with coarser bins behind for where a bin has few.
#[derive(Debug, Clone)]
struct Donors<T> {
    bins: Vec<Vec<T>>,
}

/// A bin with fewer donors falls back to a coarser one.
const FEW: usize = 3;

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
        let counters = baseline.items.as_ref().map_or(&[][..], |items| &items.counters);
        let posts = Posts::collect(setup, catalogue, counters, epoch, born_after);
        let profiles = Profiles::collect(setup, people, baseline.profile.as_deref().unwrap_or(&[]), posts.by_topic());
        Self { posts, profiles }
    }

    /// The stock of a platform whose profiles are what they are on average for such a person and topic.
    #[must_use]
    pub fn without_noise(&self) -> Self {
        Self { profiles: self.profiles.without_noise(), ..self.clone() }
    }

    /// Counters of a post of this age, as a platform would have them.
    pub fn counters(&self, setup: &Setup, world: Key, id: ItemId, truth: &ItemTruth, age: i64) -> Counters {
        self.posts.draw(setup, world.of(Decision::StockItem).draw(id.0), truth, age)
    }

    /// Profile of a person, as a platform would have learned it.
    pub fn profile(&self, setup: &Setup, world: Key, people: &People, index: usize, levels: &mut [u8]) {
        let key = world.of(Decision::StockProfile).at(u64::from(people.id[index]));
        self.profiles.draw(setup, key, people, index, levels);
    }
}

/// Predictors of what a topic's size makes of it: a parabola in the logarithm of its share of all exposure.
fn by_size(setup: &Setup, topic: usize) -> [f64; 3] {
    let scenario = &setup.scenario;
    let regions = scenario.population.regions.iter().zip(&scenario.topics[topic].share);
    let x = libm::log(regions.map(|(region, share)| region.share * share).sum::<f64>().max(1e-9));
    [1.0, x, x * x]
}
