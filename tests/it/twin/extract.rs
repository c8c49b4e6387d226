//! What the twin is told and what it is held against: plain data taken from a real world while it runs.

use std::ops::Range;

use feedtilt::feed::Tables;
use feedtilt::run::{Alone, Replicate};
use feedtilt::study::Prepared;
use feedtilt::trace::{Impression, Tally};
use feedtilt::world::ItemTruth;

use super::plain::{Person, Post, World};

/// A run of the engine.
pub struct Recorded {
    pub world: World,
    pub log: Vec<Impression>,
    pub tally: Tally,
}

/// A world of the engine with its log on; with `stocked` its people and posts are known from the start.
pub fn replicate(prepared: &Prepared, number: u32, users: Range<u32>, stocked: bool) -> Replicate {
    let mut replicate = Replicate::new(prepared.setup.clone(), number, users, stocked.then_some(&prepared.stock));
    replicate.logging = true;
    // Nearly everybody at once, or a few people at a time: the engine works on batches of all sizes.
    replicate.chunk = if number.is_multiple_of(2) { 59 } else { 7 };
    replicate
}

/// The world as drawn, before its first epoch.
pub fn world(prepared: &Prepared, replicate: &Replicate) -> World {
    let time = &prepared.setup.scenario.time;
    let first_day = -i64::from(time.burn_in_days);
    World {
        replicate: replicate.number(),
        people: people(replicate),
        posts: posts(replicate, |_| true),
        births: Vec::new(),
        appeal: prepared.appeal.clone(),
        demand: (first_day..i64::from(time.days)).map(|day| replicate.shocks().demand(day).to_vec()).collect(),
    }
}

/// Runs one epoch; its births join the world.
pub fn step(replicate: &mut Replicate, world: &mut World) -> bool {
    let epoch = replicate.next_epoch();
    let more = replicate.step(&Alone).is_some();
    if more {
        let mut births = posts(replicate, |born| born == epoch);
        for post in &mut births {
            post.known = [0; 3];
        }
        world.births.push(births);
    }
    more
}

/// The whole run.
pub fn record(prepared: &Prepared, number: u32, users: Range<u32>, stocked: bool) -> Recorded {
    let mut replicate = replicate(prepared, number, users, stocked);
    let mut world = world(prepared, &replicate);
    while step(&mut replicate, &mut world) {}
    Recorded { world, log: replicate.take_log(), tally: replicate.into_tally() }
}

/// Tables of an arm as they will stand in the next epoch, its births left out.
pub fn tables(replicate: &Replicate, arm: usize) -> Tables<ItemTruth> {
    let setup = replicate.setup();
    let scenario = &setup.scenario;
    let items = replicate.arm(arm).and_then(|arm| arm.items.as_ref()).expect("the arm has counters of its own");
    let (observed, epoch) = (replicate.catalogue().observed(), replicate.next_epoch());
    let mut index = items.index.clone();
    let believed = |slot: u32| {
        let counted = &items.counters[slot as usize];
        (setup.grid.tier(counted), counted.impressions)
    };
    index.refresh(scenario, observed, replicate.catalogue().living(), believed, epoch);
    let rules = setup.plan.compile(scenario, arm.checked_sub(1).map(|number| &scenario.arms[number]), epoch);
    Tables::compile(&index, observed, &setup.score, &rules, |slot| *replicate.catalogue().truth(slot as usize))
}

fn people(replicate: &Replicate) -> Vec<Person> {
    let people = replicate.people();
    let baseline = replicate.arm(0).and_then(|arm| arm.profile.as_ref()).expect("the baseline has profiles");
    (0..people.len())
        .map(|i| Person {
            id: people.id[i],
            region: people.region[i].into(),
            group: people.group[i].into(),
            interests: people.interests(i).to_vec(),
            attention: people.attention[i].into(),
            approval: people.approval[i].into(),
            propensity: people.propensity[i].map(i32::from),
            activity: people.activity[i],
            levels: baseline[i * people.topics..(i + 1) * people.topics].to_vec(),
        })
        .collect()
}

/// Living posts whose epoch of birth is `wanted`, in order of birth.
fn posts(replicate: &Replicate, wanted: impl Fn(i64) -> bool) -> Vec<Post> {
    let catalogue = replicate.catalogue();
    let counters = replicate.arm(0).and_then(|arm| arm.items.as_ref()).map(|items| &items.counters);
    let counters = counters.expect("the baseline has counters");
    let post = |slot: u32| {
        let slot = slot as usize;
        let (sight, truth) = (catalogue.observed().items[slot]?, catalogue.truth(slot));
        Some(Post {
            id: catalogue.id(slot),
            topic: sight.topic.into(),
            creator: sight.creator,
            region: sight.region.into(),
            duration_class: sight.duration_class.into(),
            born: sight.born.into(),
            attention: truth.attention.into(),
            approval: truth.approval.into(),
            duration: truth.duration.into(),
            known: [counters[slot].impressions, counters[slot].valid_plays, counters[slot].likes],
        })
    };
    catalogue.living().filter_map(post).filter(|post| wanted(post.born)).collect()
}
