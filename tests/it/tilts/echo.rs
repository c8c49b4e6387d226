//! Echo arms: the baseline with fresh draws of the platform, from each day on which a tilt begins.

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::run::Alone;
use feedtilt::run::arms::echo_days;
use feedtilt::trace::Impression;

use super::{Ran, WORLD, arms, ran};
use crate::common::{scenario, world};

const ARMS: &[(&str, &[&str])] = &[
    ("later", &[r#"kind = "score", topic = "music", multiply = 0.9, from_day = 1"#]),
    (
        "now",
        &[
            r#"kind = "score", topic = "music", multiply = 0.9, from_day = 1"#,
            r#"kind = "score", topic = "music", multiply = 0.9"#,
        ],
    ),
    ("later-too", &[r#"kind = "throttle", topic = "music", keep = 0.9, from_day = 1"#]),
];

/// Echo arms of days 0 and 1 stand behind the three tilted ones.
const ECHOES: [(usize, i64); 2] = [(4, 0), (5, 1)];

/// The other engine.
const RETRIEVING: [&str; 2] = ["feed.engine=candidates", "feed.candidates=40"];

fn echoed(edits: &[&str]) -> Ran {
    let mut all = vec!["measure.echo=true"];
    all.extend(edits);
    ran(ARMS, &all)
}

#[test]
fn there_is_one_for_each_day_on_which_a_tilt_begins_and_it_is_not_there_before() {
    let scenario = scenario(&format!("{WORLD}{}", arms(ARMS)), &["measure.echo=true"]);
    assert_eq!(echo_days(&scenario), [0, 1]);
    let mut world = world(&scenario);
    let alive = |world: &feedtilt::run::Replicate| ECHOES.map(|(arm, _)| world.arm(arm).is_some());
    let mut seen = Vec::new();
    while world.step(&Alone).is_some() {
        seen.push(alive(&world));
    }
    let days: Vec<[bool; 2]> = seen.chunks(4).map(|day| day[0]).collect();
    assert_eq!(days, [[false, false], [true, false], [true, true]]);
    assert!(seen.chunks(4).all(|day| day.iter().all(|epoch| *epoch == day[0])));
}

#[test]
fn they_repeat_the_baseline_before_the_fork_and_differ_after() {
    for edits in [&[][..], &["loops.profile=false", "loops.popularity=false"], &["loops.stay=true"], &RETRIEVING] {
        let ran = echoed(edits);
        let tally = ran.world.tally();
        for (arm, fork) in ECHOES {
            for day in -1..2 {
                let same = tally.day((day + 1) as usize, arm) == tally.day((day + 1) as usize, 0);
                assert_eq!(same, day < fork, "arm {arm}, day {day}, {edits:?}");
            }
            assert_eq!(ran.log.iter().find(|one| one.arm as usize == arm).map(|one| one.epoch), Some(4 * fork));
            let own = ran.world.arm(arm).expect("forked");
            let baseline = ran.world.arm(0).expect("there");
            // It has all loops of its own, whatever tilted arms have.
            assert!(own.profile.is_some() && own.profile != baseline.profile);
            assert_ne!(
                own.items.as_ref().map(|items| &items.counters),
                baseline.items.as_ref().map(|items| &items.counters)
            );
        }
    }
}

/// Who asks how often, and how they react to what both arms show them.
#[test]
fn people_do_what_they_do_in_the_baseline() {
    let ran = echoed(&[]);
    for (arm, fork) in ECHOES {
        let requests = |arm: usize| -> BTreeSet<(u32, i64, u32)> {
            ran.shown(arm).filter(|one| one.epoch >= 4 * fork).map(|one| (one.user, one.epoch, one.request)).collect()
        };
        assert_eq!(requests(arm), requests(0));
        let reactions = |arm: usize| -> BTreeMap<(u32, i64, u64), (u32, u8)> {
            ran.shown(arm).map(|one| ((one.user, one.epoch / 4, one.item), (one.watch_ms, one.signals))).collect()
        };
        let baseline = reactions(0);
        let mut met = 0;
        for (key, reaction) in reactions(arm) {
            if let Some(same) = baseline.get(&key) {
                assert_eq!(*same, reaction, "{key:?}");
                met += 1;
            }
        }
        assert!(met > 1_000, "{met}");
        // The platform's draws are fresh: what stands in a slot of the first response is what chance brings.
        let first = |arm: usize| -> BTreeMap<(u32, u32), u64> {
            let at = |one: &&Impression| one.epoch == 4 * fork && one.request == 0;
            ran.shown(arm).filter(at).map(|one| ((one.user, one.slot), one.item)).collect()
        };
        let (own, theirs) = (first(arm), first(0));
        let same = own.iter().filter(|(key, item)| theirs.get(key) == Some(item)).count();
        assert!(own.len() > 200 && same * 10 < own.len(), "{same} of {}", own.len());
    }
}

#[test]
fn the_baseline_and_tilted_arms_do_not_know_of_them() {
    let (with, without) = (echoed(&[]), ran(ARMS, &[]));
    for arm in 0..4 {
        assert!(with.shown(arm).eq(without.shown(arm)), "arm {arm}");
    }
}
