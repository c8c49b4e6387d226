//! Arms whose slots are filled one draw after the other depend on no order of work, and nobody else depends on them.

use feedtilt::run::{Alone, Replicate};
use feedtilt::study::experiment::trace_hash;

use super::{WORLD, arms, ran};
use crate::common::{scenario, world};
use crate::worlds::in_two_processes;

/// No choices by chance, which split the rows of the whole file.
const ARMS: &[(&str, &[&str])] = &[
    (
        "kept",
        &[
            r#"kind = "throttle", topic = "music", keep = 0.5"#,
            r#"kind = "heat", topic = "music", share = 0.2"#,
            r#"kind = "not_for_feed", topic = "news", share = 1, audience = { share = 0.5 }"#,
        ],
    ),
    (
        "feeds",
        &[
            r#"kind = "feed", ranker = "random", audience = { regions = ["at"] }"#,
            r#"kind = "feed", ranker = "oracle", audience = { regions = ["de"], share = 0.3 }"#,
        ],
    ),
    ("newest", &[r#"kind = "feed", ranker = "chronological", from_day = 1"#]),
];

/// Chunks of people, batches between two folds, instruction set, threads and processes.
#[test]
fn no_result_depends_on_the_order_of_work() {
    for edits in [&["loops.stay=true", "stay.hazard=0.1", "measure.echo=true"][..], &["loops.profile=false"]] {
        let scenario = scenario(&format!("{WORLD}{}", arms(ARMS)), edits);
        let hash = |change: &dyn Fn(&mut Replicate), threads: usize| {
            let mut world = world(&scenario);
            change(&mut world);
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| while world.step(&Alone).is_some() {});
            trace_hash(&[world.into_tally()], None, &[])
        };
        let first = hash(&|_| {}, 1);
        assert_eq!(hash(&|world| world.chunk = 7, 3), first);
        assert_eq!(hash(&|world| world.chunk = 150, 1), first);
        assert_eq!(hash(&|world| (world.chunk, world.block) = (16, 40), 2), first);
        assert_eq!(hash(&|world| world.isa = Some("baseline".into()), 2), first);
        assert_eq!(in_two_processes(&scenario), [first.clone(), first]);
    }
}

#[test]
fn the_baseline_does_not_know_of_them() {
    let (with, without) = (ran(ARMS, &[]), ran(&[], &[]));
    assert!(with.shown(0).eq(without.shown(0)));
    assert!(with.shown(1).count() > 1_000 && with.shown(3).count() > 1_000);
}
