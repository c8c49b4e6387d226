//! What pictures do with figures at the edge.

use feedtilt::report::chart::dose_response::{Dose, DoseResponse, On};
use feedtilt::report::chart::exposure_over_time::{Day, ExposureOverTime};
use feedtilt::report::chart::input::{Estimate, Origin};
use feedtilt::report::chart::lorenz::Lorenz;
use feedtilt::report::chart::signature::{People, Population, Signature, Unit, Verdict};
use feedtilt::report::words::language::Language::{De, En};
use feedtilt::scenario::Redraw;

use super::read;
use super::samples::{along, dose_response, estimate, exposure_over_time, label, lorenz, origin, people, signature};

/// The sample with another population.
fn with(change: impl FnOnce(&mut Signature)) -> Signature {
    let mut chart = signature();
    change(&mut chart);
    chart
}

#[test]
fn draw() {
    let cases: Vec<(&str, Signature)> = vec![
        ("alone", with(|c| c.people = None)),
        ("untold", with(|c| {
            c.population.verdict = Verdict::Untold;
            c.population.shift = estimate(-0.4, -1.2, 0.4);
            c.population.views = None;
        })),
        ("identical", with(|c| {
            c.population.verdict = Verdict::Identical;
            c.population.shift = estimate(0.0, 0.0, 0.0);
            c.population.views = None;
            c.people = Some(People { changes: vec![0.0; 1000], own_sd: people().own_sd, noticeable_share: Some(0.0) });
        })),
        ("few", with(|c| {
            c.origin.replicates = 2;
            c.population.shift.interval = None;
            c.population.views = Some(Estimate { value: -54.1e6, interval: None });
            c.population.floor_fork = None;
            c.population.floor_worlds = None;
        })),
        ("large", with(|c| {
            c.population.shift = estimate(412.0, 395.0, 430.0);
            c.population.views = Some(estimate(1.61e9, 1.52e9, 1.7e9));
            c.people = Some(People {
                changes: along(&[-2.0, 1.0, 8.0, 15.0, 30.0, 55.0, 80.0, 140.0, 400.0], 1000),
                own_sd: people().own_sd,
                noticeable_share: Some(0.843),
            });
        })),
        ("long", with(|c| {
            c.topic = label(
                "Demonstrations, strikes and other public protests in town squares",
                "Demonstrationen, Streiks und andere öffentliche Proteste auf Marktplätzen",
            );
        })),
        ("script", with(|c| c.topic = label("<script>alert(1)</script> & \"Co\"", "<script>alert(1)</script> & „Co“"))),
        ("vanished", with(|c| {
            c.population = Population {
                unit: Unit::Points,
                verdict: Verdict::Vanished,
                shift: estimate(-0.74, -0.9, -0.58),
                model_band: None,
                floor_worlds: Some(0.25),
                floor_fork: Some(0.02),
                views: Some(estimate(-392e6, -470e6, -310e6)),
            };
        })),
        ("band", with(|c| c.population.model_band = Some([-19.2, -8.4]))),
        ("regions", with(|c| {
            c.origin.regions = 2;
            c.origin.redraw = Redraw::Behaviour;
            c.origin.against = Some("throttle-10".into());
        })),
        ("nobody", with(|c| {
            let changes = people().changes.iter().map(|change| 0.05 * change).collect();
            c.people = Some(People { changes, noticeable_share: Some(0.0), ..people() });
        })),
        ("one", with(|c| {
            c.origin = Origin { replicates: 1, days: 1, users: 1, represents: 1, ..origin() };
            c.population.shift.interval = None;
            c.population.views = Some(Estimate { value: -1.0, interval: None });
            c.people = Some(People { changes: vec![-2.0], own_sd: vec![0.0], noticeable_share: Some(1.0) });
        })),
        ("rough", with(|c| c.population.floor_worlds = Some(152.0))),
        ("narrow", with(|c| {
            let own_sd = people().own_sd.iter().map(|sd| 0.1 * sd).collect();
            c.people = Some(People { own_sd, noticeable_share: Some(0.81), ..people() });
        })),
    ];
    for (name, chart) in &cases {
        for language in [En, De] {
            read(&format!("signature-{name}"), chart, language);
        }
    }
    let mut e: Vec<(&str, ExposureOverTime)> = Vec::new();
    let mut c = exposure_over_time();
    c.days.drain(..3);
    c.tilted = [2, 5];
    for d in &mut c.days { if d.day < 2 || d.day >= 5 { d.with = d.without; d.difference = Some([0.0, 0.0]); } }
    e.push(("middle", c));
    let mut c = exposure_over_time();
    c.days = vec![Day { day: 0, without: 0.7, with: 0.61, difference: Some([-0.14, -0.04]) }];
    c.tilted = [0, 1];
    c.origin.days = 1;
    e.push(("one-day", c));
    let mut c = exposure_over_time();
    c.days = (-14..70).map(|day| {
        let share = 0.75 + 0.08 * libm::sin(day as f64 * 0.4);
        let with = if day < 0 { share } else { share * (1.0 - 0.003 * day as f64) };
        Day { day, without: share, with, difference: Some([with - share - 0.03, with - share + 0.03]) }
    }).collect();
    c.tilted = [0, 56];
    c.difference = estimate(-0.004, -0.02, 0.012);
    e.push(("long", c));
    let mut c = exposure_over_time();
    for d in &mut c.days { d.difference = None; d.with = d.without * if d.day < 0 { 1.0 } else { 4.1 }; }
    c.difference = Estimate { value: 2.3, interval: None };
    c.shares = [0.74, 3.04];
    c.topic = label("Demonstrations, strikes and other public protests in town squares", "Demonstrationen, Streiks und andere öffentliche Proteste auf Marktplätzen");
    c.origin.partial_audience = true;
    e.push(("few-large", c));
    for (name, chart) in &e { for language in [En, De] { read(&format!("exposure-{name}"), chart, language); } }
    let mut d: Vec<(&str, DoseResponse)> = Vec::new();
    let mut c = dose_response();
    c.doses.retain(|dose| (0.98..1.02).contains(&dose.factor) && dose.factor != 1.0);
    c.doses.push(Dose { arm: "x".into(), factor: 1.02, change: Some(estimate(5.5, 4.9, 6.2)) });
    d.push(("small", c));
    let mut c = dose_response();
    c.on = On::Chance;
    c.doses.retain(|dose| dose.factor < 1.0);
    c.doses[0].change = None;
    c.doses.iter_mut().for_each(|d| if let Some(c) = &mut d.change { c.interval = None });
    d.push(("throttle", c));
    let mut c = dose_response();
    c.on = On::Videos;
    c.doses = vec![
        Dose { arm: "a".into(), factor: 0.001, change: Some(estimate(-99.9, -99.95, -99.8)) },
        Dose { arm: "a".into(), factor: 0.1, change: Some(estimate(-91.0, -95.0, -88.0)) },
        Dose { arm: "a".into(), factor: 0.5, change: Some(estimate(-49.0, -55.0, -40.0)) },
    ];
    d.push(("videos", c));
    for (name, chart) in &d { for language in [En, De] { read(&format!("dose-{name}"), chart, language); } }
    let l = [
        ("few", Lorenz { curve: (0..=200).map(|n| f64::from(n) / 200.0).map(|p| [p, libm::pow(p, 60.0)]).collect(), top_tenth: 0.998, top_hundredth: 0.45, ..lorenz() }),
        ("both-signs", Lorenz { curve: (0..=200).map(|n| f64::from(n) / 200.0).map(|p| [p, 1.3 * p * p - 0.3 * p]).collect(), top_tenth: 0.217, top_hundredth: 0.0233, people: 1, ..lorenz() }),
        ("even", Lorenz { curve: vec![[0.0, 0.0], [1.0, 1.0]], top_tenth: 0.1, top_hundredth: 0.01, ..lorenz() }),
    ];
    for (name, chart) in &l { for language in [En, De] { read(&format!("lorenz-{name}"), chart, language); } }
}
