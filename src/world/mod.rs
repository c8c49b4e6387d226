//! The truth: who is there, what they like, what is posted and how people react.
//!
//! Nothing here knows how a feed ranks. What a platform may see of a post is [`Observed`]; the feed and the tilts import
//! that and nothing else from this module.

pub mod catalogue;
pub mod creators;
pub mod drift;
pub mod observed;
pub mod people;
pub mod respond;
pub mod shocks;
pub mod supply;

pub use catalogue::{Catalogue, ItemTruth};
pub use creators::Creators;
pub use observed::{Named, Observed, Sight};
pub use people::{People, audience_word, region_of, sign_word};
pub use respond::{Reaction, Responder};
pub use shocks::Shocks;
pub use supply::Supply;

use crate::rng::{Decision, Key};
use crate::scenario::{Redraw, Scenario};

/// Roots of one replicate's draws: `world` for people and catalogue, `behaviour` for what they do.
#[derive(Debug, Clone, Copy)]
pub struct Seeds {
    /// People, creators, posts, shocks, stock.
    pub world: Key,
    /// Activity, selection, reactions, learning.
    pub behaviour: Key,
}

impl Seeds {
    /// Seeds of replicate `number`.
    pub fn new(scenario: &Scenario, number: u32) -> Self {
        let seed = scenario.replicates.seed;
        let world = match scenario.replicates.redraw {
            Redraw::World => number,
            Redraw::Behaviour => 0,
        };
        Self { world: Key::root(seed, world), behaviour: Key::root(seed, number) }
    }
}

/// Stripe of a post: the part of the catalogue it belongs to.
pub fn item_stripe(world: Key, item: crate::id::ItemId, stripes: u32) -> u32 {
    crate::rng::below(world.of(Decision::ItemStripe).draw(item.0), u64::from(stripes)) as u32
}

/// Stripe a person sees in an epoch. It moves on by one each epoch, so nothing returns within `stripes` epochs.
#[inline(always)]
pub fn user_stripe(world: Key, user: u32, epoch: i64, stripes: u32) -> u32 {
    let start = crate::rng::below(world.of(Decision::UserStripe).draw(u64::from(user)), u64::from(stripes)) as i64;
    (start + epoch).rem_euclid(i64::from(stripes)) as u32
}
