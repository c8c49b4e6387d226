//! What must not change a run, and what must.

use std::sync::{Barrier, Mutex};

use feedtilt::rng::Decision;
use feedtilt::run::{Alone, ArmState, Reduce, Replicate};
use feedtilt::scenario::Scenario;
use feedtilt::trace::{Impression, Tally};
use feedtilt::world::People;

use crate::common::{finish, hash, setup, small, world};

/// Every feature of a tilt's path, without effect.
const NULL: [&str; 9] = [
    "arm.protest-5.tilt.0.multiply=1.0",
    "arm.protest-5.tilt.0.ramp_days=1",
    "arm.protest-5.tilt.0.audience.share=0.5",
    "arm.protest-5.tilt.0.classifier.recall=0.8",
    "arm.protest-5.tilt.0.classifier.false_positive_rate=0.01",
    "feed.freshness=[1.1, 1.0, 0.9, 0.8]",
    "time.days=3",
    "arm.protest-5.tilt.0.from_day=1",
    "measure.track=[\"comedy\"]",
];

fn assert_arm_repeats_baseline(tally: &Tally) {
    for day in 0..tally.exposure.shape()[0] {
        assert_eq!(tally.day(day, 0), tally.day(day, 1), "day {day}");
    }
    assert_eq!(tally.acceptance[0], tally.acceptance[1]);
    assert_eq!(tally.item_impressions[0], tally.item_impressions[1]);
    assert_eq!(tally.expected[0], tally.expected[1]);
}

#[test]
fn a_tilt_without_effect_is_bit_identical_on_its_full_path() {
    for loops in [[true, true], [true, false], [false, true], [false, false]] {
        let [profile, popularity] = loops.map(|on| on.to_string());
        let mut overrides = NULL.to_vec();
        let own = [format!("loops.profile={profile}"), format!("loops.popularity={popularity}")];
        overrides.extend(own.iter().map(String::as_str));
        let mut world = world(&small(&overrides));
        world.logging = true;
        while world.step(&Alone).is_some() {}
        let log = world.take_log();
        let of = |arm: u32| -> Vec<Impression> {
            log.iter().filter(|i| i.arm == arm && i.epoch >= 4).map(|i| Impression { arm: 0, ..*i }).collect()
        };
        assert!(of(1).len() > 10_000);
        assert!(of(0) == of(1), "the logs differ with loops {loops:?}");
        assert_arm_repeats_baseline(world.tally());
    }
}

#[test]
fn a_tilt_with_effect_moves_only_its_own_arm() {
    let tilted = {
        let mut world = world(&small(&[]));
        while world.step(&Alone).is_some() {}
        world.into_tally()
    };
    let null = {
        let mut world = world(&small(&["arm.protest-5.tilt.0.multiply=1.0"]));
        while world.step(&Alone).is_some() {}
        world.into_tally()
    };
    for day in 0..3 {
        assert_eq!(tilted.day(day, 0), null.day(day, 0), "the baseline moved on day {day}");
    }
    assert_eq!(tilted.day(0, 1), tilted.day(0, 0), "the arm moved before its fork");
    assert_ne!(tilted.day(2, 1), tilted.day(2, 0), "the arm did not move");
}

#[test]
fn threads_chunks_and_instruction_sets_change_no_hash() {
    let scenario = small(&[]);
    let expected = hash(&scenario);
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        assert_eq!(pool.install(|| hash(&scenario)), expected, "{threads} threads");
    }
    for chunk in [1, 7, 100] {
        let mut world = world(&scenario);
        world.chunk = chunk;
        world.block = 3 * chunk;
        assert_eq!(finish(world), expected, "chunks of {chunk}");
    }
    for isa in ["baseline", "v3", "v4"] {
        let mut world = world(&scenario);
        world.isa = Some(isa.into());
        assert_eq!(finish(world), expected, "{isa}");
    }
}

#[test]
fn another_seed_and_another_replicate_give_another_hash() {
    let first = hash(&small(&[]));
    assert_ne!(hash(&small(&["replicates.seed=1"])), first);
    let scenario = small(&[]);
    let second = Replicate::new(setup(&scenario), 1, 0..scenario.population.users, None);
    assert_ne!(finish(second), first);
}

#[test]
fn a_replicate_of_behaviour_alone_keeps_people_and_catalogue() {
    let scenario = small(&["replicates.redraw=behaviour"]);
    let one = |number| Replicate::new(setup(&scenario), number, 0..scenario.population.users, None);
    let (first, second) = (one(0), one(1));
    assert_eq!(first.people().interest, second.people().interest);
    assert_eq!(first.catalogue().truth(5), second.catalogue().truth(5));
    assert_ne!(finish(first), finish(second));
}

/// Impressions of the first epoch, by everybody below `users`.
fn first_epoch(overrides: &[&str], users: u32) -> Vec<Impression> {
    let mut world = world(&small(overrides));
    world.logging = true;
    world.step(&Alone);
    world.take_log().into_iter().filter(|i| i.user < users).collect()
}

#[test]
fn one_more_person_changes_nobody_elses_draws() {
    // 241 people instead of 240 on the same catalogue: as many posts and creators as before.
    let before = first_epoch(&[], 240);
    let posts = format!("catalogue.impressions_per_post={:?}", 40.0 * 241.0 / 240.0);
    let creators = format!("catalogue.creators_per_user={:?}", 120.0 / 241.0);
    let after = first_epoch(&["population.users=241", &posts, &creators], 240);
    assert!(before.len() > 2_000);
    assert!(before == after, "somebody else's draws moved");
}

/// A sum over threads that stand for processes.
struct Together<'a> {
    count: usize,
    sums: &'a Mutex<Vec<u64>>,
    barrier: &'a Barrier,
}

impl Reduce for Together<'_> {
    fn processes(&self) -> usize {
        self.count
    }

    fn sum(&self, counters: &mut [u64]) {
        {
            let mut sums = self.sums.lock().expect("no thread has failed");
            sums.resize(counters.len(), 0);
            sums.iter_mut().zip(&*counters).for_each(|(sum, own)| *sum += own);
        }
        self.barrier.wait();
        counters.copy_from_slice(&self.sums.lock().expect("no thread has failed"));
        if self.barrier.wait().is_leader() {
            self.sums.lock().expect("no thread has failed").clear();
        }
        self.barrier.wait();
    }
}

/// Hashes of a scenario's first world in each of two processes.
pub fn in_two_processes(scenario: &Scenario) -> Vec<String> {
    let (sums, barrier) = (Mutex::new(Vec::new()), Barrier::new(2));
    std::thread::scope(|scope| {
        let parts = [0..100, 100..scenario.population.users];
        let running: Vec<_> = parts
            .into_iter()
            .map(|users| {
                let mut world = Replicate::new(setup(scenario), 0, users, None);
                let together = Together { count: 2, sums: &sums, barrier: &barrier };
                scope.spawn(move || {
                    while world.step(&together).is_some() {}
                    feedtilt::study::experiment::trace_hash(&[world.into_tally()], None, &[])
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

#[test]
fn two_processes_with_half_of_the_people_each_are_one_world() {
    let scenario = small(&[]);
    let expected = hash(&scenario);
    assert_eq!(in_two_processes(&scenario), [expected.clone(), expected]);
}

#[test]
fn a_person_takes_the_bytes_that_check_says() {
    assert_eq!(People::bytes_each(32), 55);
    assert_eq!(ArmState::bytes_each(32, 2, false), 52);
    assert_eq!(ArmState::bytes_each(32, 2, true), 52 + 3 * 32, "interests and what was seen in the week");
    let mut world = world(&small(&["measure.track=[\"comedy\"]"]));
    for _ in 0..5 {
        world.step(&Alone);
    }
    let people = world.people();
    let shared = people.id.len() * 4
        + people.interest.len()
        + (people.attention.len() + people.approval.len()) * 2
        + people.propensity.len() * 10
        + people.activity.len() * 2
        + people.region.len()
        + people.class.len()
        + people.group.len();
    assert_eq!(shared, 240 * People::bytes_each(23));
    for arm in [0, 1] {
        let arm = world.arm(arm).expect("forked on day 0");
        let own =
            arm.profile.as_ref().map_or(0, Vec::len) + arm.reach.len() * 8 + arm.expected.len() * 4 + arm.met.len() * 2;
        assert_eq!(own, 240 * ArmState::bytes_each(23, 2, false));
    }
}

#[test]
fn every_listed_constant_changes_the_hash() {
    let first = hash(&small(&[]));
    for change in CONSTANTS {
        assert_ne!(hash(&small(&[change])), first, "{change} changed nothing");
    }
}

/// Constants of the model that a run must react to, each moved a little.
const CONSTANTS: [&str; 49] = [
    "population.activity_median=61",
    "population.activity_sigma=0.86",
    "population.day_sigma=0.61",
    "population.daily_active_share=0.71",
    "population.heavy_share=0.12",
    "population.topic_correlation=0.05",
    "population.attention_sd=0.42",
    "population.approval_sd=1.1",
    "population.propensity_sd=0.55",
    "catalogue.impressions_per_post=41",
    "catalogue.depth_days=3",
    "catalogue.creators_per_user=0.52",
    "catalogue.posting_sigma=2.7",
    "catalogue.creator_share=0.4",
    "catalogue.duration_median=36",
    "catalogue.duration_sigma=1.25",
    "catalogue.duration_min=6",
    "catalogue.duration_edges=[14, 60]",
    "catalogue.attention_sd=0.9",
    "catalogue.approval_sd=0.7",
    "catalogue.latent_correlation=0.05",
    "time.epochs_per_day=3",
    "shocks.demand_sd=0.16",
    "shocks.supply_sd=0.3",
    "shocks.memory=0.93",
    "respond.attention=-1.85",
    "respond.watch_slope=0.72",
    "respond.duration_effect=0.05",
    "respond.start_slope=2.4",
    "respond.start_seconds=2.5",
    "respond.end_drop=0.35",
    "respond.rewatch_max=1.9",
    "respond.interest_weight=1.05",
    "respond.approval_interest_weight=0.6",
    "respond.like=-5.2",
    "respond.played.like=1.3",
    "feed.response=7",
    "feed.temperature=0.21",
    "feed.no_repeat_epochs=3",
    "feed.learning_rate=0.12",
    "feed.forgetting=0.03",
    "feed.approval_weight=0.6",
    "feed.value.share=2.2",
    "feed.value_floor=0.06",
    "feed.tiers.attention=5",
    "feed.prior.impressions=55",
    "feed.topic_repeat=0.75",
    "feed.cold_start.share=0.09",
    "feed.profile_rule=share",
];

#[test]
fn decisions_keep_their_numbers() {
    // Discriminants are part of every trace.
    assert_eq!(Decision::Person as u64, 1);
    assert_eq!(Decision::Select as u64, 11);
    assert_eq!(Decision::Classifier as u64, 17);
    assert_eq!(Decision::Jitter as u64, 30);
}
