//! Whole runs of the engine `candidates`: what must not change them, what must, and that every other part of a run works with
//! it.

use feedtilt::run::{Alone, Replicate};
use feedtilt::scenario::Scenario;
use feedtilt::trace::{Counter, Impression, Tally};

use crate::common::{finish, hash, setup, small, world};
use crate::program::Program;
use crate::worlds::in_two_processes;

/// Every source, in stripes of far more posts than candidates. Nobody is followed: ghosts have tests of their own.
const ENGINE: [&str; 4] = [
    "measure.micro_users=0",
    "feed.engine=candidates",
    "feed.candidates=40",
    "feed.sources={interest=0.3, trending=0.2, fresh=0.1, region=0.1, explore=0.1, all=0.2}",
];

fn retrieving(edits: &[&str]) -> Scenario {
    small(&[&ENGINE, edits].concat())
}

fn ended(scenario: &Scenario) -> (Tally, Vec<Impression>) {
    let mut world = world(scenario);
    world.logging = true;
    while world.step(&Alone).is_some() {}
    let log = world.take_log();
    (world.into_tally(), log)
}

#[test]
fn threads_chunks_instruction_sets_and_processes_change_no_hash() {
    // Tilts that masses express, and tilts for which slots are filled one after the other.
    let throttle = "arm=[{name='one', tilt=[{kind='score', topic='protest', multiply=0.95}, {kind='throttle', \
                    topic='comedy', keep=0.5}]}]";
    for edits in [&[][..], &[throttle]] {
        let scenario = retrieving(edits);
        let expected = hash(&scenario);
        for threads in [1, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            assert_eq!(pool.install(|| hash(&scenario)), expected, "{threads} threads");
        }
        for chunk in [1, 7, 100] {
            let mut world = world(&scenario);
            (world.chunk, world.block) = (chunk, 3 * chunk);
            assert_eq!(finish(world), expected, "chunks of {chunk}");
        }
        for isa in ["baseline", "v3", "v4"] {
            let mut world = world(&scenario);
            world.isa = Some(isa.into());
            assert_eq!(finish(world), expected, "{isa}");
        }
        assert_eq!(in_two_processes(&scenario), [expected.clone(), expected]);
    }
}

/// A rule beyond masses sends an arm down the other way through selection; the draws must be the same.
#[test]
fn both_ways_to_fill_a_response_make_the_same_draws() {
    let score = "{kind='score', topic='protest', multiply=0.95}";
    let arms = format!(
        "arm=[{{name='plain', tilt=[{score}]}}, {{name='careful', tilt=[{{kind='throttle', topic='comedy', keep=1}}, \
         {score}]}}]"
    );
    let (tally, log) = ended(&retrieving(&[&arms, "measure.echo=false"]));
    let of = |arm: u32| -> Vec<Impression> {
        log.iter().filter(|one| one.arm == arm && one.epoch >= 0).map(|one| Impression { arm: 0, ..*one }).collect()
    };
    assert!(of(1).len() > 10_000 && of(1) == of(2));
    assert!(of(0) != of(1), "the tilt moves something");
    assert_eq!(tally.expected[1], tally.expected[2]);
    assert_eq!(tally.acceptance[1], tally.acceptance[2]);
}

#[test]
fn every_constant_of_retrieval_changes_the_hash() {
    let first = hash(&retrieving(&[]));
    for change in [
        "feed.engine=cells",
        "feed.candidates=41",
        "feed.trending_share=0.03",
        "feed.fresh_hours=40",
        "feed.sources={interest=0.2, trending=0.3, fresh=0.1, region=0.1, explore=0.1, all=0.2}",
        "feed.sources={interest=0.3, trending=0.2, fresh=0.1, region=0.1, explore=0.2, all=0.1}",
    ] {
        assert_ne!(hash(&retrieving(&[change])), first, "{change} changed nothing");
    }
    // What only retrieval reads means nothing to the other engine.
    let cells = hash(&small(&[]));
    for change in ["feed.candidates=41", "feed.trending_share=0.03", "feed.fresh_hours=40"] {
        assert_eq!(hash(&small(&[change])), cells, "{change} changed the engine cells");
    }
}

/// Requests of people who left are not scored.
#[test]
fn candidates_are_counted_where_people_leave() {
    let scenario = retrieving(&["loops.stay=true", "stay.hazard=0.3"]);
    let mut world = world(&scenario);
    let stays = {
        let mut all = Replicate::new(setup(&retrieving(&[])), 0, 0..240, None);
        all.step(&Alone).expect("there is time left").impressions
    };
    let epoch = world.step(&Alone).expect("there is time left");
    assert!(epoch.impressions * 4 < stays * 3, "{} of {stays}", epoch.impressions);
    assert_eq!(epoch.candidates, epoch.impressions / 8 * 40);
}

/// A fifth of the score must take most of a topic's exposure, cold-start slots excepted.
#[test]
fn a_tilt_moves_its_topic() {
    let scenario = retrieving(&["arm.protest-5.tilt.0.multiply=0.2", "measure.echo=false"]);
    let topic = scenario.topics.iter().position(|topic| topic.id == "protest").expect("it is one");
    let (tally, _) = ended(&scenario);
    let [baseline, tilted] = [0, 1].map(|arm| {
        let counts = tally.by_topic(arm, Counter::Impressions, 0, 2);
        counts[topic] as f64 / counts.iter().sum::<u64>() as f64
    });
    assert!(tilted < 0.3 * baseline && tilted > 0.0, "{baseline} {tilted}");
}

#[test]
fn a_run_is_explained_repeats_to_the_byte_and_is_found_when_it_is_spoilt() {
    let program = Program::tiny();
    let engine = "--set feed.engine=candidates --set feed.candidates=30";
    let said = program.done(&format!("check tiny.toml --explain {engine}"));
    assert!(said.out.contains("30 candidates that are retrieved first"), "{}", said.out);
    program.done(&format!("run tiny.toml -q --out run {engine}"));
    for threads in [1, 3] {
        program.done(&format!("verify run -q --threads {threads}"));
    }
    let whole = program.read("run/shift.csv");
    program.write("run/shift.csv", whole.replacen("half", "hulf", 1));
    assert_eq!(program.run("verify run -q").code, Some(1));
}
