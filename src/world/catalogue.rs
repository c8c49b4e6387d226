//! The catalogue: posts by storage slot, their birth and their leaving.
//!
//! Slots are reused first in, first out; what a post *is* hangs on its [`ItemId`] alone.

use std::collections::VecDeque;

use rand_distr::{Distribution, Poisson, StandardNormal};
use rayon::prelude::*;

use crate::id::ItemId;
use crate::rng::{Decision, Key, mix};
use crate::scenario::Scenario;
use crate::unit::{logit_units, normal_quantile};
use crate::world::{Creators, Observed, Shocks, Sight, item_stripe};

/// What only the world knows of a post. 12 bytes, carried unread through the feed's tables to where people react.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemTruth {
    /// Short name for keyed reactions, a mix of the [`ItemId`].
    pub name: u32,
    /// Item part of attention (creator's share and duration effect included), log-odds units.
    pub attention: i16,
    /// Item part of approval, log-odds units.
    pub approval: i16,
    /// Duration, tenths of a second.
    pub duration: u16,
    /// Topic index.
    pub topic: u16,
}

impl crate::world::Named for ItemTruth {
    fn name(&self) -> u32 {
        self.name
    }
}

/// Flags of the imperfect classifiers of a scenario that take a post for their topic.
pub type Flagger<'a> = &'a (dyn Fn(ItemId, usize) -> u8 + Sync);

/// All posts that can be shown, by slot.
#[derive(Debug, Clone)]
pub struct Catalogue {
    sight: Vec<Option<Sight>>,
    truth: Vec<ItemTruth>,
    id: Vec<ItemId>,
    free: VecDeque<u32>,
    /// Slots in order of birth.
    living: VecDeque<u32>,
    /// Posts so far by topic, where the quality of posts is spread evenly instead of drawn.
    even: Option<Vec<u64>>,
}

impl Catalogue {
    /// An empty catalogue.
    pub fn new() -> Self {
        Self {
            sight: Vec::new(),
            truth: Vec::new(),
            id: Vec::new(),
            free: VecDeque::new(),
            living: VecDeque::new(),
            even: None,
        }
    }

    /// An empty catalogue whose posts cover the distribution of quality evenly in each topic (an additive recurrence), with
    /// no part of their creators. A few dozen posts then stand for a topic as thousands of drawn ones would: the pre-run
    /// measures what a topic's appeal does, not which posts happened to be good.
    pub fn even(topics: usize) -> Self {
        Self { even: Some(vec![0; topics]), ..Self::new() }
    }

    /// The platform's view.
    pub fn observed(&self) -> Observed<'_> {
        Observed { items: &self.sight }
    }

    /// The truth about the post in `slot`.
    pub fn truth(&self, slot: usize) -> &ItemTruth {
        &self.truth[slot]
    }

    /// The lasting identity of the post in `slot`.
    pub fn id(&self, slot: usize) -> ItemId {
        self.id[slot]
    }

    /// Number of slots, empty ones included.
    pub fn slots(&self) -> usize {
        self.sight.len()
    }

    /// Occupied slots in order of birth.
    pub fn living(&self) -> impl Iterator<Item = u32> + '_ {
        self.living.iter().copied()
    }

    /// Takes out posts born before `oldest` and returns their slots.
    pub fn expire(&mut self, oldest: i64) -> Vec<u32> {
        let mut gone = Vec::new();
        while let Some(&slot) = self.living.front() {
            let born = self.sight[slot as usize].map_or(i64::MIN, |s| i64::from(s.born));
            if born >= oldest {
                break;
            }
            self.living.pop_front();
            self.sight[slot as usize] = None;
            self.free.push_back(slot);
            gone.push(slot);
        }
        gone
    }

    /// Publishes the posts of one epoch and returns their slots, topic by topic.
    pub fn publish(
        &mut self,
        scenario: &Scenario,
        world: Key,
        creators: &Creators,
        shocks: Option<&Shocks>,
        epoch: i64,
        flagger: Flagger,
    ) -> Vec<u32> {
        let births = births(scenario, world, shocks, epoch);
        let numbered: Vec<(ItemId, Option<u64>)> = births.into_iter().map(|id| (id, self.number(id))).collect();
        let drawn: Vec<(ItemId, Sight, ItemTruth)> = numbered
            .into_par_iter()
            .map(|(id, number)| draw_item(scenario, world, creators, id, number, epoch, flagger))
            .collect();
        drawn.into_iter().map(|(id, sight, truth)| self.store(id, sight, truth)).collect()
    }

    /// Place of a post in its topic's even sequence.
    fn number(&mut self, id: ItemId) -> Option<u64> {
        let count = &mut self.even.as_mut()?[id.topic()];
        *count += 1;
        Some(*count)
    }

    fn store(&mut self, id: ItemId, sight: Sight, truth: ItemTruth) -> u32 {
        let slot = self.free.pop_front().unwrap_or_else(|| {
            self.sight.push(None);
            self.truth.push(ItemTruth::default());
            self.id.push(ItemId(0));
            (self.sight.len() - 1) as u32
        });
        self.sight[slot as usize] = Some(sight);
        self.truth[slot as usize] = truth;
        self.id[slot as usize] = id;
        self.living.push_back(slot);
        slot
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::new()
    }
}

/// Identities of the posts born in an epoch: per topic a Poisson number around supply × shock.
fn births(scenario: &Scenario, world: Key, shocks: Option<&Shocks>, epoch: i64) -> Vec<ItemId> {
    let per_epoch = scenario.posts_per_day() / f64::from(scenario.time.epochs_per_day);
    let day = epoch.div_euclid(i64::from(scenario.time.epochs_per_day));
    let mut ids = Vec::new();
    for (k, topic) in scenario.topics.iter().enumerate() {
        let mean = per_epoch * topic.supply * shocks.map_or(1.0, |s| s.supply(day, k));
        let mut stream = world.of(Decision::Posts).at_signed(epoch).at(k as u64).stream();
        let count = Poisson::new(mean.max(1e-9)).map_or(0, |law| law.sample(&mut stream) as u64);
        ids.extend((0..count).map(|place| ItemId::new(epoch, k, place)));
    }
    ids
}

fn draw_item(
    scenario: &Scenario,
    world: Key,
    creators: &Creators,
    id: ItemId,
    number: Option<u64>,
    epoch: i64,
    flagger: Flagger,
) -> (ItemId, Sight, ItemTruth) {
    let c = &scenario.catalogue;
    let topic = id.topic();
    let key = world.of(Decision::Item).at(id.0);
    let creator = creators.pick(topic, key.draw(0));
    let mut stream = key.at(0).stream();
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    let (first, second) = match number {
        None => (normal(), normal()),
        Some(number) => (evenly(number, 0.754_877_666_246_692_8), evenly(number, 0.569_840_290_998_053_3)),
    };
    let rho = c.latent_correlation;
    let (own_attention, own_approval) = (first, rho * first + libm::sqrt(1.0 - rho * rho) * second);
    let creator_share = if number.is_some() { 0.0 } else { c.creator_share };
    // Over a topic's posts the two parts together have variance 1, however few creators make them.
    let [first_spread, second_spread] = creators.spread[topic];
    let blend = |creator: f32, spread: f64, own: f64| {
        let left = (1.0 - creator_share * spread).max(0.0);
        libm::sqrt(creator_share) * f64::from(creator) + libm::sqrt(left) * own
    };
    let attention = c.attention_sd * blend(creators.attention[creator as usize], first_spread, own_attention);
    let approval = c.approval_sd * blend(creators.approval[creator as usize], second_spread, own_approval);
    let seconds = c.duration_median * libm::exp(c.duration_sigma * normal());
    let duration = libm::round(seconds * 10.0).clamp(10.0, 36_000.0) as u16;
    let seconds = f64::from(duration) / 10.0;
    let r = &scenario.respond;
    let effect = r.watch_slope * r.duration_effect * libm::log(seconds / c.duration_median);
    let class = u8::from(seconds >= c.duration_edges[0]) + u8::from(seconds >= c.duration_edges[1]);
    let sight = Sight {
        topic: topic as u8,
        duration_class: class,
        stripe: item_stripe(world, id, scenario.feed.no_repeat_epochs) as u8,
        flags: flagger(id, topic),
        region: creators.region[creator as usize],
        creator,
        born: epoch as i32,
    };
    let truth = ItemTruth {
        name: mix(id.0) as u32,
        attention: logit_units(attention + effect),
        approval: logit_units(approval),
        duration,
        topic: topic as u16,
    };
    (id, sight, truth)
}

/// The `number`-th value of an additive recurrence, as a standard normal. Steps: M. Roberts' R₂ sequence.
fn evenly(number: u64, step: f64) -> f64 {
    let u = 0.5 + number as f64 * step;
    normal_quantile((u - libm::floor(u)).clamp(1e-9, 1.0 - 1e-9))
}
