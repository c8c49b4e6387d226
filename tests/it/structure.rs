//! The table of structures: as many as there are, each its own, the same again, and one of them a direct run.

use std::sync::Mutex;

use feedtilt::report::{Figures, structure};
use feedtilt::scenario::{Choice, Engine, ProfileRule, Scenario};
use feedtilt::study::Experiment;
use feedtilt::study::prerun::prepare_roughly;
use feedtilt::study::structure::{WORLDS, structures};

use crate::common::scenario;
use crate::program::{Program, TINY};

/// Small enough for all sixteen.
const FEW: [&str; 6] = [
    "population.users=800",
    "time.days=7",
    "feed.candidates=30",
    "measure.micro_users=40",
    "measure.ghosts=2",
    "uncertainty.structure_users=600",
];

fn few() -> Scenario {
    scenario(TINY, &FEW)
}

#[test]
fn every_combination_has_figures_of_its_own_and_one_is_a_direct_run() {
    let asked = few();
    let parts = Mutex::new(Vec::new());
    let found = structures(&asked, &|done| parts.lock().expect("nobody panicked").push(done));
    assert_eq!(parts.into_inner().expect("nobody panicked").len(), 16);
    assert_eq!(found.combinations.len(), 16);
    assert_eq!(structures(&asked, &|_| {}).combinations, found.combinations, "the same again");
    for (number, one) in found.combinations.iter().enumerate() {
        // Half the score of a fifth of the feed moves much, in every structure.
        let [low, relative, high] =
            [&one.low, &one.relative, &one.high].map(|figures| figures[0][0].expect("five worlds"));
        assert!(low <= relative && relative <= high && high < -0.1, "{one:?}");
        // A greedy feed, or one where whole videos are counted, may show the median person of a few none of it in either arm.
        let most = if one.choice == Choice::Softmax { 0.0 } else { 0.01 };
        assert!(one.weekly[0][0].expect("a week") < most, "{one:?}");
        let others = &found.combinations[number + 1..];
        assert!(others.iter().all(|other| other.relative != one.relative), "{one:?}");
        let built = |one: &feedtilt::scenario::Structure| (one.engine, one.choice, one.profile_rule, one.latents);
        assert!(others.iter().all(|other| built(other) != built(one)), "{one:?}");
    }
    let same = found.combinations.iter().find(|one| {
        (one.engine, one.choice, one.profile_rule, one.latents)
            == (Engine::Candidates, Choice::EpsilonGreedy, ProfileRule::Share, 1)
    });
    let same = same.expect("it is one of them");
    let edits = [
        "population.users=600",
        "population.represents=600",
        "feed.engine=candidates",
        "feed.choice=epsilon_greedy",
        "feed.profile_rule=share",
        "respond.latents=1",
        "measure.echo=false",
        "replicates.count=5",
    ];
    let direct = scenario(TINY, &[&FEW[1..5], &edits].concat());
    assert_eq!(direct.replicates.count, WORLDS);
    let experiment = Experiment::run(&direct, &prepare_roughly(&direct), &mut |_| {});
    let figures = Figures::new(&direct, &experiment.tallies, experiment.micro.as_ref());
    let topic = direct.measure.track[0];
    let (share, people) = (figures.arms[0].share(topic), figures.arms[0].users(topic).expect("it is tracked"));
    let near = |one: Option<f64>, other: Option<f64>| (one.expect("defined") - other.expect("defined")).abs() < 6e-6;
    assert!(near(share.relative, same.relative[0][0]), "{:?} {:?}", share.relative, same.relative);
    assert!(near(share.relative_ci95.map(|ends| ends[0]), same.low[0][0]));
    assert!(near(share.relative_ci95.map(|ends| ends[1]), same.high[0][0]));
    assert!(near(people.median, same.weekly[0][0]));

    carries(&asked.with_structures(found));
}

/// What was computed is written, read back and shown, until another setting makes it another model.
fn carries(asked: &Scenario) {
    let again = scenario(&asked.to_toml(), &[]);
    assert_eq!(&again, asked);
    let table = structure::columns(&again).expect("there are some").csv(structure::FILE).expect("it can be made");
    let text = String::from_utf8(table).expect("text");
    assert_eq!(text.lines().count(), 17);
    assert!(text.contains("\nhalf,rare,candidates,noisy_top,rate,2,-0."), "{text}");
    let page = structure::markdown(&again).expect("there are some");
    assert_eq!(page.lines().count(), 18, "{page}");
    assert!(structure::columns(&scenario(&asked.to_toml(), &["feed.temperature=0.4"])).is_none());
    // People, replicates and measures are not part of the model.
    assert!(structure::columns(&scenario(&asked.to_toml(), &["replicates.count=3"])).is_some());
}

#[test]
fn a_run_with_structures_writes_their_table_and_is_verified() {
    let program = Program::tiny();
    let few = "--set feed.candidates=30 --set measure.ghosts=2 --set uncertainty.structure_users=100";
    program.done(&format!("run tiny.toml -q --out run --structure {few}"));
    assert!(program.read("run/structure.csv").starts_with("arm,topic,engine,choice,profile_rule,latents,relative,"));
    assert!(program.read("run/summary.md").contains("## Built otherwise"));
    assert!(program.read("run/summary.json").contains("\"choice\": \"epsilon_greedy\""));
    program.done("verify run -q");
    program.write("run/structure.csv", program.read("run/structure.csv").replacen("softmax", "hardmax", 1));
    assert_eq!(program.run("verify run -q").code, Some(1));
    program.done(&format!("run tiny.toml -q --out plain {few}"));
    assert!(program.read("plain/summary.json").contains("\"structure\": null"));
}
