//! Ghosts: they disturb nobody, their expected exposure is what they meet on average, and how arms are coupled does not
//! matter to it.

use feedtilt::measure::micro::{Ghosts, users_effect};
use feedtilt::run::{Alone, Coupling, Replicate};
use feedtilt::scenario::Scenario;
use feedtilt::stats::interval::standard_error;
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
    replicate(&scenario(CROWDED, overrides), 0, coupling)
}

fn replicate(scenario: &Scenario, number: u32, coupling: Coupling) -> Micro {
    let mut world = Replicate::new(setup(scenario), number, 0..scenario.population.users, None);
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
/// 8 sums of |z| < 4 for each engine and rule of choice: false alarm 2·10⁻³. About 200,000 slots a course, so a bias of 1 % of the smallest topic's
/// odds shows.
#[test]
fn ghosts_meet_what_their_odds_say_under_every_rule() {
    let greedy = [&RETRIEVING[..], &["feed.choice=epsilon_greedy", "feed.epsilon=0.4"]].concat();
    for engine in [&[][..], &RETRIEVING, &greedy] {
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
    for choice in ["feed.choice=noisy_top", "feed.choice=epsilon_greedy"] {
        repeat_the_baseline(&run(&[&RETRIEVING[..], &[choice]].concat(), Coupling::Tree));
    }
}

/// Noisy bids leave no odds: what was met stands for them. A mean over ghosts of what they met is right on average.
#[test]
fn where_odds_are_not_known_ghosts_count_what_they_meet() {
    let micro = run(&[&RETRIEVING[..], &["feed.choice=noisy_top"]].concat(), Coupling::Tree);
    for course in &micro.courses {
        let met: Vec<u64> = course.met.iter().map(|&met| u64::from(met) << 24).collect();
        assert_eq!(course.expected.iter().copied().collect::<Vec<u64>>(), met);
        assert!(met.iter().sum::<u64>() > 0);
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
    // With what a draw moves later, ghosts of both arms soon go ways of their own under any coupling; so without loops.
    let moved = |coupling: Coupling| -> u32 {
        let micro = run(&["loops={profile=false, popularity=false}"], coupling);
        let [baseline, tilted] = [0, 1].map(|arm| micro.course(arm, 0).expect("forked on day 0"));
        baseline.met.iter().zip(&tilted.met).map(|(&a, &b)| a.abs_diff(b)).sum()
    };
    let [tree, inverse, independent] = [Coupling::Tree, Coupling::InverseCdf, Coupling::Independent].map(moved);
    assert!(tree < inverse && inverse < independent, "{tree} {inverse} {independent}");
}

/// All followed people of a scenario of several replicates, before anything has happened to them.
fn followed(overrides: &[&str]) -> Vec<Vec<u32>> {
    let scenario = scenario(CROWDED, overrides);
    let users = |number| {
        let world = Replicate::new(setup(&scenario), number, 0..scenario.population.users, None);
        world.into_results().1.expect("people are followed").users
    };
    (0..scenario.replicates.count).map(users).collect()
}

#[test]
fn every_replicate_follows_its_part_and_no_person_twice() {
    let worlds = followed(&["replicates.count=7"]);
    assert_eq!(worlds.iter().map(Vec::len).collect::<Vec<_>>(), [8, 9, 8, 9, 8, 9, 9]);
    // The same people, whose behaviour is drawn again: others are followed.
    let courses = followed(&["replicates.count=7", "replicates.redraw=behaviour"]);
    let mut all: Vec<u32> = courses.concat();
    all.sort_unstable();
    let of_one = followed(&["replicates.redraw=behaviour"]);
    assert_eq!(all, of_one[0], "together those whom a single replicate follows");
    // An audience smaller than what is asked for is shared out evenly as well.
    let few = followed(&[
        "replicates.count=3",
        "replicates.redraw=behaviour",
        "arm=[{name='few', tilt=[{kind='score', topic='c', multiply=0.8, audience={share=0.2}}]}]",
    ]);
    let sizes: Vec<usize> = few.iter().map(Vec::len).collect();
    assert!(sizes.iter().sum::<usize>() < 50 && sizes.iter().all(|&size| size > 4), "{sizes:?}");
}

/// Arms with audiences of 10 and 30 %: the followed are those of the larger one, and each arm's figures are of its own.
#[test]
fn the_followed_are_the_audience() {
    let edits = [
        "arm.tilted.tilt.0.audience={share=0.1}",
        "arm.tilted.tilt.0.multiply=0.75",
        "arm.throttled.tilt.0.audience={share=0.3}",
        "arm.throttled.tilt.1.audience={share=0.3}",
        "arm.throttled.tilt.2.audience={share=0.3}",
        "arm.nothing.tilt.0.audience={share=0.1}",
        "arm.nothing.tilt.1.audience={share=0.1}",
        "arm.nothing.tilt.2.audience={share=0.1}",
        "measure.micro_users=150",
    ];
    let scenario = scenario(CROWDED, &edits);
    let world = Replicate::new(setup(&scenario), 0, 0..150, None);
    let (people, plan) = (world.people().clone(), world.setup().plan.clone());
    let within = |arm: usize| -> Vec<u32> {
        let audience = &scenario.arms[arm].tilts[0].audience;
        people
            .id
            .iter()
            .copied()
            .filter(|&id| plan.classes.within(people.class[id as usize] as usize, audience))
            .collect()
    };
    let micro = replicate(&scenario, 0, Coupling::Tree);
    assert_eq!(micro.users, within(1));
    assert!((25..65).contains(&micro.users.len()) && (4..28).contains(&within(0).len()), "{}", micro.users.len());
    for (arm, members) in [(1, within(0)), (2, within(1)), (3, within(0))] {
        let effect = users_effect(&micro, Ghosts { arm, reference: 0, fork_day: 0, days: 7 }, &scenario.measure.track);
        assert_eq!(effect[1].changes.len(), members.len(), "arm {arm}");
    }
    // Nobody outside is tilted, so outside the change is what counters carry there: far smaller than inside.
    let course = |arm: usize| micro.course(arm, 0).expect("forked on day 0");
    let change = |inside: bool| -> f64 {
        let people = (0..micro.users.len()).filter(|&person| course(1).audience[person] == inside);
        let changes: Vec<f64> = people
            .map(|person| {
                let sum = |arm: usize| (0..8).map(|g| course(arm).expected[[person, g, 0, 1]] as f64).sum::<f64>();
                sum(1) / sum(0) - 1.0
            })
            .collect();
        changes.iter().sum::<f64>() / changes.len() as f64
    };
    assert!(change(true) < -0.2 && change(false).abs() < 0.1, "{} {}", change(true), change(false));
}

/// Worlds differ in who posts what, so a tilt moves everybody in one world more than everybody in another. Over 20 experiments of five
/// replicates the mean changes must scatter by what their errors say: the ratio's standard error is 16 %, and between .6 and 1.5 it
/// is off by less than three of them. Errors that know of people and ghosts alone must be found too small.
#[test]
fn the_error_of_the_mean_change_knows_what_moves_all_people_of_a_world() {
    let tilt = "arm=[{name='tilted', tilt=[{kind='score', topic='c', multiply=0.8}]}]";
    let ghosts = Ghosts { arm: 1, reference: 0, fork_day: 0, days: 7 };
    let (mut means, mut errors, mut planted) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 0..20 {
        let seed = format!("replicates.seed={seed}");
        let edits =
            [tilt, "replicates.count=5", &seed, "measure.micro_users=600", "measure.ghosts=2", "measure.track=[]"];
        let scenario = scenario(CROWDED, &edits);
        let worlds: Vec<Micro> = (0..5).map(|number| replicate(&scenario, number, Coupling::Tree)).collect();
        let effect = users_effect(&Micro::join(&worlds).expect("people are followed"), ghosts, &scenario.measure.track)
            .remove(0);
        means.push(effect.mean.expect("a week"));
        errors.push(effect.mean_error.expect("five replicates"));
        planted.push(standard_error(&effect.changes).expect("many people"));
    }
    let size = |errors: &[f64]| (errors.iter().map(|error| error * error).sum::<f64>() / 20.0).sqrt();
    let scatter = standard_error(&means).expect("20 of them") * 20f64.sqrt();
    let [told, by_people] = [&errors, &planted].map(|errors| scatter / size(errors));
    println!(
        "scatter of mean changes in units of their error: {told:.2}; of the error by people and ghosts alone: {by_people:.2}"
    );
    assert!((0.6..1.5).contains(&told), "{told}");
    assert!(by_people > 1.8, "{by_people}");
}
