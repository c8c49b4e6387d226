//! The catalogue: posts by storage slot, their birth and their leaving.
//!
//! Slots are reused first in, first out; what a post *is* hangs on its [`ItemId`] alone.

use std::collections::VecDeque;

use rand_distr::{Distribution, Poisson, StandardNormal};
use rayon::prelude::*;

use crate::id::ItemId;
use crate::rng::{Decision, Key, below, mix};
use crate::scenario::Scenario;
use crate::unit::logit_units;
use crate::world::{Creators, Observed, Shocks, Sight, item_stripe};

/// What only the world knows of a post. 12 bytes, carried unread through the feed's tables to where people react.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemTruth {
    /// Short name for keyed reactions, a mix of the [`ItemId`].
    pub name: u32,
    /// Item part of attention (creator's share and duration effect included), log-odds units.
    pub attention: i16,
    /// Item part of approval, log-odds units; with one latent none of its own.
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

/// Flags of a post of this topic by this creator: which choices by chance of a scenario's tilts mean it.
pub type Flagger<'a> = &'a (dyn Fn(ItemId, usize, u32) -> u8 + Sync);

/// Where creators react to reach: which potential posts some arm has.
pub struct Potential<'a> {
    /// Spare posts for each plain one that is expected.
    pub spare: f64,
    /// Whether some arm's creator publishes a post.
    pub wanted: &'a (dyn Fn(ItemId, u32) -> bool + Sync),
}

/// What decides which posts are born, and how they are marked.
pub struct Births<'a> {
    /// Who posts.
    pub creators: &'a Creators,
    /// Where supply has shocks.
    pub shocks: Option<&'a Shocks>,
    /// Flags of posts.
    pub flagger: Flagger<'a>,
    /// Where creators react to reach.
    pub potential: Option<&'a Potential<'a>>,
}

/// All posts that can be shown, by slot.
#[derive(Debug, Clone)]
pub struct Catalogue {
    sight: Vec<Option<Sight>>,
    truth: Vec<ItemTruth>,
    id: Vec<ItemId>,
    free: VecDeque<u32>,
    /// Slots in order of birth.
    living: VecDeque<u32>,
    /// Where posts are spread evenly instead of drawn.
    even: Option<Even>,
}

/// Progress of even sequences, by topic.
#[derive(Debug, Clone)]
struct Even {
    /// Posts expected so far, rounded to nearest when they are published.
    expected: Vec<f64>,
    /// Posts published so far.
    published: Vec<u64>,
    /// Standard normals of attention, approval and log duration, from the worst post to the best.
    ladder: Vec<[f64; 3]>,
}

/// A post's place in its topic's even sequence, and its standard normals.
type Rung = (u64, [f64; 3]);

/// A golden section of the ladder further on comes the next post: any few posts in a row are spread evenly over it.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

impl Even {
    /// Identities of the posts born in an epoch, each with its place in its topic's sequence.
    fn births(&mut self, scenario: &Scenario, world: Key, epoch: i64) -> Vec<(ItemId, Option<Rung>)> {
        let per_epoch = scenario.posts_per_day() / f64::from(scenario.time.epochs_per_day);
        let mut ids = Vec::new();
        for (k, topic) in scenario.topics.iter().enumerate() {
            self.expected[k] += per_epoch * topic.supply;
            let until = libm::round(self.expected[k]) as u64;
            let from = std::mem::replace(&mut self.published[k], until);
            // Each topic's sequence begins anywhere, so that over seeds it favours no quality.
            let start = world.of(Decision::Posts).draw(k as u64) >> 40;
            ids.extend((from..until).map(|number| {
                let u = 0.5 + (start + number) as f64 * GOLDEN;
                let step = ((u - libm::floor(u)) * self.ladder.len() as f64) as usize;
                (ItemId::new(epoch, k, number - from), Some((number, self.ladder[step.min(self.ladder.len() - 1)])))
            }));
        }
        ids
    }
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

    /// An empty catalogue whose posts are as many in each topic as are expected, and cover the distributions of quality and
    /// duration evenly (an additive recurrence), stripe by stripe, with no part of their creators. A few dozen posts then
    /// stand for a topic as thousands of drawn ones would: the pre-run measures what a topic's appeal does, not how many
    /// posts there happened to be, nor how good.
    pub fn even(topics: usize, ladder: Vec<[f64; 3]>) -> Self {
        Self { even: Some(Even { expected: vec![0.0; topics], published: vec![0; topics], ladder }), ..Self::new() }
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

    /// Whether posts are spread evenly instead of drawn.
    pub const fn is_even(&self) -> bool {
        self.even.is_some()
    }

    /// Publishes the posts of one epoch and returns their slots, topic by topic; spare posts come last.
    pub fn publish(
        &mut self,
        scenario: &Scenario,
        world: Key,
        Births { creators, shocks, flagger, potential }: Births,
        epoch: i64,
    ) -> Vec<u32> {
        let mut numbered: Vec<(ItemId, Option<Rung>)> = match &mut self.even {
            Some(even) => even.births(scenario, world, epoch),
            None => births(scenario, world, shocks, epoch).into_iter().map(|id| (id, None)).collect(),
        };
        if let Some(Potential { spare, wanted }) = potential {
            numbered.extend(spares(scenario, world, shocks, epoch, *spare).into_iter().map(|id| (id, None)));
            numbered.retain(|&(id, _)| wanted(id, creator_of(world, creators, id)));
        }
        let drawn: Vec<(ItemId, Sight, ItemTruth)> = numbered
            .into_par_iter()
            .map(|(id, number)| draw_item(scenario, world, creators, id, number, epoch, flagger))
            .collect();
        drawn.into_iter().map(|(id, sight, truth)| self.store(id, sight, truth)).collect()
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
    counts(scenario, world.of(Decision::Posts), shocks, epoch, 1.0)
        .flat_map(|(topic, count)| (0..count).map(move |place| ItemId::new(epoch, topic, place)))
        .collect()
}

/// Identities of spare posts, `part` for each plain one that is expected.
fn spares(scenario: &Scenario, world: Key, shocks: Option<&Shocks>, epoch: i64, part: f64) -> Vec<ItemId> {
    counts(scenario, world.of(Decision::Supply), shocks, epoch, part)
        .flat_map(|(topic, count)| (0..count).map(move |place| ItemId::spare(epoch, topic, place)))
        .collect()
}

/// Who makes a post.
fn creator_of(world: Key, creators: &Creators, id: ItemId) -> u32 {
    creators.pick(id.topic(), world.of(Decision::Item).at(id.0).draw(0))
}

/// Word that decides who publishes a potential post.
pub fn word_of(world: Key, id: ItemId) -> u64 {
    world.of(Decision::Supply).draw(id.0)
}

/// Numbers of posts by topic.
fn counts<'a>(
    scenario: &'a Scenario,
    key: Key,
    shocks: Option<&'a Shocks>,
    epoch: i64,
    part: f64,
) -> impl Iterator<Item = (usize, u64)> + 'a {
    let per_epoch = scenario.posts_per_day() / f64::from(scenario.time.epochs_per_day);
    let day = epoch.div_euclid(i64::from(scenario.time.epochs_per_day));
    scenario.topics.iter().enumerate().map(move |(k, topic)| {
        let mean = per_epoch * topic.supply * shocks.map_or(1.0, |s| s.supply(day, k)) * part;
        let mut stream = key.at_signed(epoch).at(k as u64).stream();
        (k, Poisson::new(mean.max(1e-9)).map_or(0, |law| law.sample(&mut stream) as u64))
    })
}

fn draw_item(
    scenario: &Scenario,
    world: Key,
    creators: &Creators,
    id: ItemId,
    number: Option<Rung>,
    epoch: i64,
    flagger: Flagger,
) -> (ItemId, Sight, ItemTruth) {
    let c = &scenario.catalogue;
    let topic = id.topic();
    let key = world.of(Decision::Item).at(id.0);
    let creator = creator_of(world, creators, id);
    let mut stream = key.at(0).stream();
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    let stripes = scenario.feed.no_repeat_epochs;
    // Standard normals of attention, approval and log duration, and the stripe.
    let ([first, second, third], stripe) = match number {
        None => ([normal(), normal(), normal()], item_stripe(world, id, stripes)),
        Some((number, normals)) => (normals, even_stripe(world, number, stripes)),
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
    let seconds = c.seconds(third);
    let duration = libm::round(seconds * 10.0).clamp(10.0, 36_000.0) as u16;
    let seconds = f64::from(duration) / 10.0;
    let r = &scenario.respond;
    let effect = r.watch_slope * r.duration_effect * libm::log(seconds / c.duration_median);
    let class = u8::from(seconds >= c.duration_edges[0]) + u8::from(seconds >= c.duration_edges[1]);
    let sight = Sight {
        topic: topic as u8,
        duration_class: class,
        stripe: stripe as u8,
        flags: flagger(id, topic, creator),
        region: creators.region[creator as usize],
        creator,
        born: epoch as i32,
    };
    let truth = ItemTruth {
        name: mix(id.0) as u32,
        attention: logit_units(attention + effect),
        approval: if scenario.respond.latents == 1 { 0 } else { logit_units(approval) },
        duration,
        topic: topic as u16,
    };
    (id, sight, truth)
}

/// Stripe of the `number`-th post: any `stripes` in a row lie in all of them, in an order drawn for each row, so that no
/// stripe falls into step with the recurrence.
fn even_stripe(world: Key, number: u64, stripes: u32) -> u32 {
    let stripes = u64::from(stripes);
    let turn = below(world.of(Decision::ItemStripe).draw(number / stripes), stripes);
    ((number + turn) % stripes) as u32
}
