//! The loop `stay`: when people leave.

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::rng::{Decision, Key};
use feedtilt::run::{Alone, Replicate};
use feedtilt::scenario::{Override, Scenario, load};
use feedtilt::stats::chi_square::goodness_of_fit;
use feedtilt::study::{Prepared, prerun};
use feedtilt::trace::{Counter, Tally};
use feedtilt::world::user_stripe;

use super::{Ran, WORLD, ran, z};
use crate::common::{finish, scenario, setup, world};

/// Responses of each person in each epoch of the baseline, from day 0 on.
fn responses(ran: &Ran) -> BTreeMap<(u32, i64), usize> {
    let mut all: BTreeMap<(u32, i64), BTreeSet<u32>> = BTreeMap::new();
    for one in ran.shown(0) {
        all.entry((one.user, one.epoch)).or_default().insert(one.request);
    }
    all.into_iter().map(|(key, requests)| (key, requests.len())).collect()
}

#[test]
fn nobody_leaves_without_a_hazard() {
    let hash = |edits: &[&str]| finish(world(&scenario(WORLD, edits)));
    assert_eq!(hash(&["loops.stay=true", "stay.hazard=0"]), hash(&[]));
    assert_ne!(hash(&["loops.stay=true", "stay.hazard=0.01"]), hash(&[]));
}

#[test]
fn everybody_leaves_after_one_response_where_leaving_is_certain() {
    let (all, one) = (ran(&[], &[]), ran(&[], &["loops.stay=true", "stay.hazard=1"]));
    let (all, one) = (responses(&all), responses(&one));
    assert!(all.values().any(|&count| count > 3));
    assert!(one.keys().eq(all.keys()));
    assert!(one.values().all(|&count| count == 1));
}

/// Without a pull of attention the number of responses is geometric, cut at what was asked for. Some 500 visits of at least
/// four requests, χ² over 1, 2, 3 and more at 10⁻⁴.
#[test]
fn leaves_with_the_hazard_alone_where_attention_does_not_count() {
    let (all, some) = (ran(&[], &[]), ran(&[], &["loops.stay=true", "stay.hazard=0.3", "stay.strength=0"]));
    let (all, some) = (responses(&all), responses(&some));
    let mut counts = [0; 4];
    for (key, _) in all.iter().filter(|(_, asked)| **asked >= 4) {
        counts[some[key].min(4) - 1] += 1;
    }
    assert!(counts.iter().sum::<u64>() > 200, "{counts:?}");
    let p = goodness_of_fit(&counts, &[0.3, 0.21, 0.147, 0.343]).expect("a distribution").p_value;
    assert!(p > 1e-4, "{counts:?}: p = {p:e}");
}

/// The log-odds of leaving fall by `strength` for each log-odds of mean attention above `usual`. 100,000 draws in each of five
/// z-tests at 4: false alarm 3·10⁻⁴.
#[test]
fn leaves_the_less_the_more_attention_was_drawn() {
    let edits = ["loops.stay=true", "stay.hazard=0.1", "stay.strength=1.5", "stay.usual=-0.5"];
    let responder = setup(&scenario(WORLD, &edits)).responder;
    let draws = 100_000;
    for (mean, videos) in [(-2.0, 8), (-0.5, 8), (0.0, 3), (1.0, 8), (-0.5, 1)] {
        let sum = (mean * 256.0 * videos as f64) as i32;
        let leaves = |person: u64| responder.leaves(sum, videos, Key::root(3, 0).of(Decision::Stay).at(person), 7);
        let odds = (0.1f64 / 0.9).ln() - 1.5 * (mean + 0.5);
        let z = z((0..draws).filter(|&person| leaves(person as u64)).count(), draws, 1.0 / (1.0 + (-odds).exp()));
        assert!(z.abs() < 4.0, "mean attention {mean}: z = {z:.2}");
    }
}

/// What a person does not ask for any more is no slot in vain, is not asked for and was not scored.
#[test]
fn who_has_left_asks_for_nothing() {
    let mut world = world(&scenario(WORLD, &["loops.stay=true", "stay.hazard=0.3"]));
    world.logging = true;
    let (mut scored, mut expected, mut asked) = (0, 0, 0);
    let mut served: BTreeSet<(i64, u32, u32)> = BTreeSet::new();
    while let Some(epoch) = world.step(&Alone) {
        scored += epoch.candidates;
        let now = world.next_epoch() - 1;
        let mut posts = [0u64; 4];
        for slot in world.catalogue().living() {
            let sight = world.catalogue().observed().items[slot as usize].expect("living");
            posts[sight.stripe as usize] += 1;
        }
        for one in world.take_log() {
            if served.insert((now, one.user, one.request)) {
                expected += posts[user_stripe(world.seeds().world, one.user, now, 4) as usize];
                asked += u64::from(now >= 0) * 8;
            }
        }
    }
    assert_eq!(scored, expected);
    assert_eq!(world.tally().asked[0], asked);
    let [served_slots, unserved]: [u64; 2] =
        [0, 1].map(|kind| world.tally().slots.index_axis(ndarray::Axis(4), kind).sum());
    assert_eq!(served_slots + unserved, 8 * served.len() as u64);
}

/// A shipped scenario with the random feed beside it.
fn shipped(edits: &[&str]) -> Prepared {
    let read = |name: &str, edits: &[&str]| -> Scenario {
        let edits: Vec<Override> = edits.iter().map(|edit| edit.parse().expect("KEY=VALUE")).collect();
        load(name, &edits).expect("shipped")
    };
    let mut all = vec!["population.users=1500", "population.represents=20000000", "measure.echo=false"];
    all.extend(edits);
    let mut scenario = read("quickstart", &all);
    scenario.arms = read("reference-arms", &[]).arms;
    scenario.arms.truncate(1);
    let prepared = prerun::prepare(&scenario);
    assert!(!prepared.solved_here);
    prepared
}

fn tally(prepared: &Prepared) -> Tally {
    let users = prepared.setup.scenario.population.users;
    let mut world = Replicate::new(prepared.setup.clone(), 0, 0..users, Some(&prepared.stock));
    while world.next_epoch() < 8 {
        world.step(&Alone);
    }
    world.into_tally()
}

/// What the defaults of `[stay]` were set for. One world of 1,500 people over two days, whose seed is fixed.
#[test]
fn by_default_a_random_feed_cuts_what_is_watched_before_leaving_by_three_tenths() {
    let (free, live) = (tally(&shipped(&[])), tally(&shipped(&["loops.stay=true"])));
    let sum = |tally: &Tally, arm: usize, counter| tally.by_topic(arm, counter, 0, 2).iter().sum::<u64>() as f64;
    let ratio = |tally: &Tally, counter| sum(tally, 1, counter) / sum(tally, 0, counter);
    let videos = ratio(&live, Counter::Impressions);
    let kept = sum(&live, 0, Counter::Impressions) / sum(&free, 0, Counter::Impressions);
    let time = [&free, &live].map(|tally| ratio(tally, Counter::WatchMs));
    println!("videos of the random feed {videos:.3}, time {time:.3?}, what the organic feed keeps {kept:.3}");
    assert!((0.6..0.8).contains(&videos), "{videos}");
    assert!((0.7..0.9).contains(&kept), "{kept}");
    // A random feed draws less time per video to begin with.
    // But for the slots that stay empty where everything good has been seen.
    assert!((ratio(&free, Counter::Impressions) - 1.0).abs() < 0.005);
    assert!(time[0] < 0.7 && time[1] < 0.8 * time[0], "{time:?}");
}
