//! Ghosts: they disturb nobody, their expected exposure is what they meet on average, and how arms are coupled does not
//! matter to it.

use feedtilt::run::{Alone, Coupling, Replicate};
use feedtilt::trace::{GhostCourse, Micro};

use crate::common::{finish, scenario, setup, world};

/// A world so small that what was seen, by whom it was made and what is kept away change every slot.
const CROWDED: &str = r#"
schema = 1
[population]
users = 150
activity_median = 60
[catalogue]
topics = "none"
impressions_per_post = 60
creators_per_user = 0.1
depth_days = 3
[[topic]]
id = "a"
share = 0.5
supply = 0.5
[[topic]]
id = "b"
share = 0.3
supply = 0.3
[[topic]]
id = "c"
share = 0.2
supply = 0.2
[time]
burn_in_days = 1
days = 7
[feed]
topic_repeat = 0.5
no_repeat_epochs = 2
cold_start = { share = 0.2, until = 40, hours = 24 }
[measure]
track = ["a", "c"]
micro_users = 60
ghosts = 8
echo = false
[[arm]]
name = "tilted"
[[arm.tilt]]
kind = "score"
topic = "c"
multiply = 0.8
[[arm]]
name = "throttled"
[[arm.tilt]]
kind = "throttle"
topic = "c"
keep = 0.6
[[arm.tilt]]
kind = "heat"
topic = "b"
share = 0.1
items = 0.5
[[arm.tilt]]
kind = "not_for_feed"
topic = "a"
share = 0.3
[[arm]]
name = "nothing"
[[arm.tilt]]
kind = "throttle"
topic = "c"
keep = 1.0
[[arm.tilt]]
kind = "heat"
topic = "b"
share = 0.0
items = 0.5
[[arm.tilt]]
kind = "not_for_feed"
topic = "a"
share = 0.0
[replicates]
count = 1
"#;

fn run(overrides: &[&str], coupling: Coupling) -> Micro {
    let scenario = scenario(CROWDED, overrides);
    let mut world = Replicate::new(setup(&scenario), 0, 0..scenario.population.users, None);
    world.coupling = coupling;
    while world.step(&Alone).is_some() {}
    world.into_results().1.expect("people are followed")
}

/// Videos met and videos expected of a tracked topic, over all ghosts.
fn sums(course: &GhostCourse, tracked: usize) -> (f64, f64) {
    let users = course.met.shape()[0];
    let cells = (0..users).flat_map(|u| (0..course.ghosts()).map(move |g| (u, g)));
    cells.fold((0.0, 0.0), |(met, expected), (u, g)| {
        let own = course.expected[[u, g, 0, tracked]] as f64 / f64::from(1u32 << 24);
        (met + f64::from(course.met[[u, g, 0, tracked]]), expected + own)
    })
}

#[test]
fn with_and_without_ghosts_everybody_else_is_the_same_to_the_last_bit() {
    let with = finish(world(&scenario(CROWDED, &[])));
    let without = finish(world(&scenario(CROWDED, &["measure.micro_users=0"])));
    assert_eq!(with, without);
}

/// Twelve candidates of some 200 posts: responses often end early, and with the engine `candidates` odds are those given what was
/// retrieved.
const RETRIEVING: [&str; 2] = ["feed.engine=candidates", "feed.candidates=12"];

/// What is met less what was expected is a martingale: its sum has mean 0 and a variance below the sum of what was expected.
/// 8 sums of |z| < 4 for each engine: false alarm 10⁻³. About 200,000 slots a course, so a bias of 1 % of the smallest topic's
/// odds shows.
#[test]
fn ghosts_meet_what_their_odds_say_under_every_rule() {
    for engine in [&[][..], &RETRIEVING] {
        let micro = run(engine, Coupling::Tree);
        for course in &micro.courses {
            for tracked in 0..2 {
                let (met, expected) = sums(course, tracked);
                let z = (met - expected) / expected.sqrt();
                assert!(
                    met > 10_000.0 && z.abs() < 4.0,
                    "{engine:?} arm {} topic {tracked}: {met} met, {expected} expected",
                    course.arm
                );
            }
        }
    }
}

#[test]
fn ghosts_of_a_tilt_of_no_effect_are_those_of_the_baseline() {
    for engine in [&[][..], &RETRIEVING] {
        repeat_the_baseline(&run(engine, Coupling::Tree));
    }
}

fn repeat_the_baseline(micro: &Micro) {
    let [baseline, nothing] = [0, 3].map(|arm| micro.course(arm, 0).expect("forked on day 0"));
    assert_eq!(baseline.expected, nothing.expected);
    assert_eq!(baseline.met, nothing.met);
    assert_ne!(baseline.met, micro.course(1, 0).expect("forked on day 0").met);
}

/// Expected changes of every person under three couplings. Differences of the means over 60 people and 8 ghosts, in standard
/// errors from the people: 2 topics × 2 arms × 2 pairs of |z| < 4: false alarm 5·10⁻⁴. What single ghosts met must differ far more
/// under independent draws, else the couplings would not be three.
#[test]
fn the_figures_are_the_same_under_three_couplings() {
    let courses = [Coupling::Tree, Coupling::InverseCdf, Coupling::Independent].map(|coupling| run(&[], coupling));
    let change = |micro: &Micro, arm: usize, user: usize, tracked: usize| -> f64 {
        let of = |arm: usize| {
            let course = micro.course(arm, 0).expect("forked on day 0");
            (0..8).map(|ghost| course.expected[[user, ghost, 0, tracked]] as f64).sum::<f64>()
        };
        (of(arm) - of(0)) / 8.0 / f64::from(1u32 << 24)
    };
    for (arm, tracked) in [(1, 0), (1, 1), (2, 0), (2, 1)] {
        for other in &courses[1..] {
            let gaps: Vec<f64> =
                (0..60).map(|u| change(other, arm, u, tracked) - change(&courses[0], arm, u, tracked)).collect();
            let mean = gaps.iter().sum::<f64>() / 60.0;
            let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / 59.0;
            let z = mean / (variance / 60.0).sqrt();
            assert!(z.abs() < 4.0, "arm {arm}, topic {tracked}: {mean}, z = {z}");
        }
    }
    let moved = |micro: &Micro| -> u32 {
        let [baseline, tilted] = [0, 1].map(|arm| micro.course(arm, 0).expect("forked on day 0"));
        baseline.met.iter().zip(&tilted.met).map(|(&a, &b)| a.abs_diff(b)).sum()
    };
    let [tree, inverse, independent] = [0, 1, 2].map(|i| moved(&courses[i]));
    assert!(tree < inverse && inverse < independent, "{tree} {inverse} {independent}");
}
