//! What summaries and headlines say of kinds of tilt beyond shifts: elasticity, overshoot of caps, people outside of an audience.

use feedtilt::report::dose_response::doses;
use feedtilt::report::{Figures, Summary};
use feedtilt::scenario::Scenario;
use feedtilt::trace::{Capped, Picked, Tally};
use serde_json::Value;

use crate::common::scenario;

/// One arm for each tilt on topic `a` of two, in two regions.
fn arms(tilts: &[&str]) -> Scenario {
    let arm =
        |(number, tilt): (usize, &&str)| format!("[[arm]]\nname = 'arm-{number}'\n[[arm.tilt]]\ntopic = 'a'\n{tilt}\n");
    let arms: String = tilts.iter().enumerate().map(arm).collect();
    let text = format!(
        "schema = 1\nname = 'x'\n[population]\nusers = 100\n[[population.region]]\nid = 'n'\nshare = 0.5\n[[population.region]]\nid = 's'\n\
         share = 0.5\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\nlabel = {{ en = 'Apples' }}\nshare = 0.2\n[[topic]]\nid = 'b'\n\
         share = 0.8\n[time]\nburn_in_days = 1\ndays = 2\n{arms}[replicates]\ncount = 5\n"
    );
    scenario(&text, &[])
}

/// Five worlds in which topic a has these many thousands of a million views: the baseline, then every arm.
fn tallies(scenario: &Scenario, thousands: &[u64]) -> Vec<Tally> {
    let world = |_| {
        let mut tally = Tally::new(1, 2, 1 + scenario.arms.len(), 2, 9, 2, 1);
        for (arm, thousands) in thousands.iter().enumerate() {
            for day in 0..3 {
                tally.exposure[[day, arm, 0, 0, 0, 0]] = thousands * 1_000;
                tally.exposure[[day, arm, 0, 0, 1, 0]] = 1_000_000 - thousands * 1_000;
            }
        }
        tally
    };
    (0..5).map(world).collect()
}

fn summary(scenario: &Scenario, tallies: &[Tally]) -> (Summary, Value) {
    let figures = Figures::new(scenario, tallies, None);
    let summary = Summary::new(scenario, tallies, &figures, "", &[]);
    let json = serde_json::from_str(&summary.json().expect("it can be written")).expect("it is JSON");
    (summary, json)
}

#[test]
fn elasticity_belongs_to_factors_on_all_that_a_tilt_can_mean() {
    let tilts = [
        "kind = 'cold_start'\nmultiply = 4.0",
        "kind = 'demote_creators'\nshare = 0.5\nmultiply = 4.0",
        "kind = 'cold_start'\nmultiply = 4.0\norigin = ['n']",
        "kind = 'cold_start'\nmultiply = 4.0\nramp_days = 1",
        "kind = 'demote_creators'\nshare = 0.5\nmultiply = 4.0\naudience = { share = 0.5 }",
        "kind = 'cold_start'\nmultiply = 1.0005",
        "kind = 'delay'\nhours = 6",
        "kind = 'self_only'\nshare = 0.5",
    ];
    let scenario = arms(&tilts);
    let figures = Figures::new(&scenario, &tallies(&scenario, &[100, 200, 200, 200, 200, 200, 200, 200, 200]), None);
    let found: Vec<Option<f64>> = figures.arms.iter().map(|arm| arm.elasticity(&scenario, 0)).collect();
    // Twice the share at four times the factor.
    for elasticity in &found[..2] {
        assert!((elasticity.expect("defined") - 0.5).abs() < 1e-12, "{found:?}");
    }
    assert!(found[2..].iter().all(Option::is_none), "{found:?}");
}

#[test]
fn strengths_of_the_kinds_make_curves() {
    let of = |tilts: [&str; 3]| {
        let scenario = arms(&tilts);
        let figures = Figures::new(&scenario, &tallies(&scenario, &[100, 120, 140, 160]), None);
        doses(&scenario, &figures).iter().map(|dose| (dose.tilt, dose.strength)).collect::<Vec<_>>()
    };
    let demote = of([1.5, 2.0, 3.0]
        .map(|m| format!("kind = 'demote_creators'\nshare = 0.5\nmultiply = {m:?}"))
        .each_ref()
        .map(String::as_str));
    assert_eq!(demote, [1.0, 1.5, 2.0, 3.0].map(|strength| ("demote_creators", strength)));
    let delay = of([6.0, 12.0, 24.0].map(|h| format!("kind = 'delay'\nhours = {h:?}")).each_ref().map(String::as_str));
    assert_eq!(delay, [0.0, 6.0, 12.0, 24.0].map(|strength| ("delay", strength)));
    let block = of([0.1, 0.2, 0.3]
        .map(|s| format!("kind = 'geo_block'\nregions = ['n']\nshare = {s:?}"))
        .each_ref()
        .map(String::as_str));
    assert_eq!(block, [0.0, 0.1, 0.2, 0.3].map(|strength| ("geo_block", strength)));
    assert_eq!(
        of([
            "kind = 'reach_cap'\nimpressions = 5",
            "kind = 'reach_cap'\nimpressions = 6",
            "kind = 'reach_cap'\nimpressions = 7"
        ]),
        []
    );
}

#[test]
fn picked_posts_are_summed_over_worlds() {
    let scenario =
        arms(&["kind = 'not_for_feed'\nshare = 0.3", "kind = 'delay'\nhours = 6", "kind = 'self_only'\nshare = 0.5"]);
    let mut worlds = tallies(&scenario, &[100, 90, 90, 90]);
    for (world, tally) in (0..).zip(&mut worlds) {
        let one = Picked { posts: 100, picked: 29 + world, besides: 2 };
        tally.picked = vec![vec![one], vec![Picked { posts: 100, picked: 100, besides: 0 }], vec![Picked::default()]];
    }
    let (_, json) = summary(&scenario, &worlds);
    let n = worlds.len() as u64;
    let picked = 29 * n + n * (n - 1) / 2;
    let share = (picked as f64 / (100 * n) as f64 * 1e6).round() / 1e6;
    let expected = serde_json::json!([
        { "tilt": 0, "videos": 100 * n, "picked": picked, "share": share, "besides": 2 * n }
    ]);
    assert_eq!(json["arms"][0]["picked"], expected);
    assert!(json["arms"][1].get("picked").is_none(), "all videos are meant");
    assert!(json["arms"][2]["picked"][0]["share"].is_null(), "there are none");
}

#[test]
fn overshoot_is_summed_over_worlds_and_warned_of() {
    let scenario = arms(&["kind = 'reach_cap'\nimpressions = 50", "kind = 'delay'\nhours = 6"]);
    let mut worlds = tallies(&scenario, &[100, 90, 90]);
    for (world, tally) in (0..).zip(&mut worlds) {
        tally.capped =
            vec![Capped::default(), Capped { posts: 2, beyond: 6, most_beyond: 3 + world }, Capped::default()];
    }
    let (_, json) = summary(&scenario, &worlds);
    let capped = &json["arms"][0]["capped"];
    assert_eq!(capped, &serde_json::json!({ "videos": 10, "mean_beyond": 3.0, "most_beyond": 7 }));
    assert!(json["arms"][1].get("capped").is_none(), "no cap");
    let warning = |json: &Value| {
        let all = json["warnings"].as_array().expect("a list").clone();
        all.into_iter().find(|warning| warning["kind"] == "beyond_the_cap")
    };
    let message = warning(&json).expect("a warning")["message"].as_str().expect("words").to_owned();
    assert_eq!(
        message,
        "arm-0: the cap acts between epochs; 10 videos reached it, and had 3.0 views beyond it on average, 7 at most"
    );
    for tally in &mut worlds {
        tally.capped = vec![Capped::default(); 3];
    }
    let (_, json) = summary(&scenario, &worlds);
    assert!(warning(&json).is_none());
    assert_eq!(json["arms"][0]["capped"], serde_json::json!({ "videos": 0, "mean_beyond": null, "most_beyond": 0 }));
}

#[test]
fn people_outside_of_the_audience_are_told_apart() {
    let scenario =
        arms(&["kind = 'score'\nmultiply = 0.5\naudience = { share = 0.5 }", "kind = 'score'\nmultiply = 0.5"]);
    let told = |counts: fn(u64) -> [u64; 2]| {
        let mut worlds = tallies(&scenario, &[100, 80, 60]);
        for (world, tally) in (0..).zip(&mut worlds) {
            tally.outside[1] = vec![counts(world)];
        }
        summary(&scenario, &worlds)
    };
    let (words, json) = told(|world| [1_000 + world, 950 + world]);
    let outside = &json["arms"][0]["outside_of_audience"][0];
    assert_eq!((&outside["topic"], outside["baseline_impressions"].as_f64()), (&Value::from("a"), Some(1_002.0)));
    assert!((outside["relative"].as_f64().expect("defined") + 50.0 / 1_002.0).abs() < 1e-5, "{outside}");
    assert!(json["arms"][1].get("outside_of_audience").is_none(), "everybody is reached");
    assert!(
        words.headline[0].contains("whom the platform's counters alone connect with it, saw Apples videos 4.990 % less often (4.980 % to 5.000 %; 95 %"),
        "{}",
        words.headline[0]
    );
    let (words, _) = told(|world| [1_000, 900 + 50 * world]);
    assert!(words.headline[0].contains("no spill-over that this run could tell from zero."), "{}", words.headline[0]);
    let (words, _) = told(|world| [1_000 + world; 2]);
    assert!(
        words.headline[0].contains("saw Apples videos exactly as often as in the baseline."),
        "{}",
        words.headline[0]
    );
    assert!(!words.headline[1].contains("outside of the audience"), "{}", words.headline[1]);
}
