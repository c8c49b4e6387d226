//! What is shown is counted once by everybody who counts: response log, item counters, people and day table.

use std::collections::BTreeMap;

use feedtilt::id::ItemId;
use feedtilt::run::{Alone, Replicate};
use feedtilt::trace::{Counter, Impression, SlotCounter, Tally};

use crate::common::{small, world};

/// A world with its log and the platform's counters gained since day 0, per arm.
fn run() -> (Replicate, Vec<Impression>) {
    // Two days lie within a week, so that people's weekly counts hold everything.
    let scenario = small(&["measure.track=[\"comedy\", \"games\"]"]);
    let mut world = world(&scenario);
    world.logging = true;
    while world.step(&Alone).is_some() {}
    let log = world.take_log();
    (world, log)
}

/// The four accounts of impressions of one arm and, where they keep it, of one topic.
struct Accounts {
    log: Vec<u64>,
    table: Vec<u64>,
    /// Whether every living post's counter is its number of lines in the log.
    items: bool,
    people: Vec<(usize, u64)>,
    served: u64,
}

fn accounts(world: &Replicate, log: &[Impression], tally: &Tally, arm: u32) -> Accounts {
    let topics = world.people().topics;
    // An arm's log begins at its fork; before it the arm repeats the baseline.
    let of_arm = |i: &&Impression| i.arm == if i.epoch < 0 { 0 } else { arm };
    let mut from_log = vec![0; topics];
    let mut of_post: BTreeMap<u64, u32> = BTreeMap::new();
    for impression in log.iter().filter(of_arm) {
        from_log[ItemId(impression.item).topic()] += 1;
        *of_post.entry(impression.item).or_default() += 1;
    }
    let state = world.arm(arm as usize).expect("forked on day 0");
    let track = &world.setup().scenario.measure.track;
    let all_days = 0..tally.exposure.shape()[0];
    let day_table = |k: usize| -> u64 {
        all_days
            .clone()
            .map(|d| tally.day(d, arm as usize))
            .flat_map(|d| (0..9).map(move |g| d[[0, g, k, Counter::Impressions as usize]]))
            .sum()
    };
    let served = all_days
        .clone()
        .flat_map(|d| (0..9).map(move |g| tally.slots[[d, arm as usize, 0, g, SlotCounter::Served as usize]]));
    Accounts {
        log: from_log,
        table: (0..topics).map(day_table).collect(),
        items: world.catalogue().living().all(|slot| {
            let counted = state.items.as_ref().expect("popularity is live").counters[slot as usize].impressions;
            counted == of_post.get(&world.catalogue().id(slot as usize).0).copied().unwrap_or(0)
        }),
        people: track
            .iter()
            .enumerate()
            .map(|(t, &topic)| (topic, state.met.iter().skip(t).step_by(track.len()).map(|&n| u64::from(n)).sum()))
            .collect(),
        served: served.sum(),
    }
}

/// Whether the accounts of an arm agree.
fn agree(world: &Replicate, log: &[Impression], tally: &Tally, arm: u32) -> bool {
    let accounts = accounts(world, log, tally, arm);
    let all: u64 = accounts.log.iter().sum();
    // People count from day 0 on.
    let measured = tally.by_topic(arm as usize, Counter::Impressions, 0, 2);
    accounts.log == accounts.table
        && accounts.items
        && tally.item_impressions[arm as usize] == all
        && accounts.served == all
        && accounts.people.iter().all(|&(topic, met)| met == measured[topic])
}

#[test]
fn log_item_counters_people_and_day_table_agree_in_every_arm() {
    let (world, log) = run();
    assert!(log.len() > 50_000);
    for arm in [0, 1] {
        assert!(agree(&world, &log, world.tally(), arm), "arm {arm}");
    }
}

#[test]
fn one_dropped_increment_is_noticed() {
    let (world, log) = run();
    assert!(!agree(&world, &log[1..], world.tally(), 0));
    let mut tally = world.tally().clone();
    tally.item_impressions[1] -= 1;
    assert!(!agree(&world, &log, &tally, 1));
    let mut tally = world.tally().clone();
    let one = tally.exposure.iter_mut().find(|n| **n > 0).expect("something was shown");
    *one -= 1;
    assert!(!agree(&world, &log, &tally, 0));
}

#[test]
fn watch_time_and_signals_of_the_day_table_are_those_of_the_log() {
    let (world, log) = run();
    let tally = world.tally();
    for arm in [0u32, 1] {
        let measured = log.iter().filter(|i| i.arm == arm && i.epoch >= 0);
        let (mut watch, mut bits) = (0u64, [0u64; 3]);
        for impression in measured {
            watch += u64::from(impression.watch_ms);
            (0..3).for_each(|bit| bits[bit] += u64::from(impression.signals >> bit & 1));
        }
        let sum = |counter| tally.by_topic(arm as usize, counter, 0, 2).iter().sum::<u64>();
        assert_eq!(sum(Counter::WatchMs), watch);
        assert_eq!([sum(Counter::ValidPlays), sum(Counter::LongViews), sum(Counter::Likes)], bits);
    }
}

#[test]
fn reach_is_the_number_of_people_in_the_log() {
    let (world, log) = run();
    for arm in [0u32, 1] {
        let reached = world.tally().by_topic(arm as usize, Counter::Reached, 1, 2);
        for (topic, &reached) in reached.iter().enumerate() {
            let met = log.iter().filter(|i| i.arm == arm && i.epoch >= 0 && ItemId(i.item).topic() == topic);
            let mut users: Vec<u32> = met.map(|i| i.user).collect();
            users.sort_unstable();
            users.dedup();
            assert_eq!(reached, users.len() as u64, "arm {arm}, topic {topic}");
        }
    }
}

#[test]
fn nobody_sees_a_post_twice_within_the_days_epochs() {
    let (_, log) = run();
    let mut views: Vec<(u32, u32, u64, i64)> = log.iter().map(|i| (i.arm, i.user, i.item, i.epoch)).collect();
    views.sort_unstable();
    for pair in views.windows(2) {
        let [(arm, user, item, epoch), (arm2, user2, item2, epoch2)] = [pair[0], pair[1]];
        if (arm, user, item) == (arm2, user2, item2) {
            assert!(epoch2 - epoch >= 4, "user {user} saw {item:x} in epochs {epoch} and {epoch2}");
        }
    }
}
