//! Made-up but realistic figures.

use std::collections::BTreeMap;

use feedtilt::report::chart::accuracy::Accuracy;
use feedtilt::report::chart::attribution::{self, Attribution};
use feedtilt::report::chart::dose_response::{Dose, DoseResponse, Strength};
use feedtilt::report::chart::exposure_over_time::{Day, ExposureOverTime};
use feedtilt::report::chart::input::{Estimate, Label, Origin};
use feedtilt::report::chart::lorenz::{Borne, Lorenz};
use feedtilt::report::chart::persistence::Persistence;
use feedtilt::report::chart::signature::{People, Population, Signature, Unit, Verdict};
use feedtilt::scenario::{Loop, Redraw};

pub fn origin() -> Origin {
    Origin {
        scenario: "quickstart".into(),
        arm: Some("protest-5".into()),
        against: None,
        seed: 20_220_624,
        version: "0.1.0".into(),
        users: 30_000,
        represents: 20_000_000,
        replicates: 5,
        redraw: Redraw::World,
        days: 7,
        regions: 1,
        partial_audience: false,
        unheated: None,
    }
}

pub fn label(en: &str, de: &str) -> Label {
    let by_language = BTreeMap::from([("en".to_owned(), en.to_owned()), ("de".to_owned(), de.to_owned())]);
    Label { by_language, id: "rallies".into() }
}

pub fn estimate(value: f64, low: f64, high: f64) -> Estimate {
    Estimate { value, interval: Some([low, high]) }
}

/// As many values as asked for, along straight lines between these at equal steps of rank.
pub fn along(values: &[f64], count: usize) -> Vec<f64> {
    let last = values.len() - 1;
    let value = |rank: usize| {
        let place = rank as f64 / (count - 1) as f64 * last as f64;
        let below = (place as usize).min(last - 1);
        values[below] + (place - below as f64) * (values[below + 1] - values[below])
    };
    (0..count).map(value).collect()
}

/// A thousand people: median −1.9 videos a week, 5th percentile −6, 95th −.1.
pub fn people() -> People {
    let changes = along(
        &[
            -14.0, -6.0, -4.8, -4.1, -3.7, -3.3, -2.9, -2.6, -2.4, -2.1, -1.9, -1.7, -1.5, -1.3, -1.1, -0.9, -0.7,
            -0.5, -0.3, -0.1, 0.6,
        ],
        1000,
    );
    People {
        changes,
        own_sd: along(&[1.2, 2.8, 4.4, 6.6, 19.0], 1000),
        without_noise: Some([-5.71, -0.24]),
        noticeable_share: Some(0.031),
        noticeable_without_noise: Some(0.012),
    }
}

pub fn signature() -> Signature {
    Signature {
        stem: "signature".into(),
        origin: origin(),
        topic: label("Protest", "Protest"),
        population: Population {
            unit: Unit::Percent,
            verdict: Verdict::Moved,
            shift: estimate(-13.8, -14.7, -12.9),
            model_band: None,
            floor_worlds: Some(33.8),
            floor_fork: Some(2.7),
            views: Some(estimate(-54.1e6, -64.2e6, -44.0e6)),
        },
        people: Some(people()),
    }
}

pub fn exposure_over_time() -> ExposureOverTime {
    let without = [0.81, 0.79, 0.78, 0.76, 0.72, 0.71, 0.75, 0.78, 0.74, 0.72];
    let day = |(place, &share): (usize, &f64)| {
        let day = place as i64 - 3;
        let moved = if day < 0 { 0.0 } else { -0.138 * share };
        let reach = if day < 0 { 0.0 } else { 0.012 };
        Day { day, without: share, with: share + moved, difference: Some([moved - reach, moved + reach]) }
    };
    ExposureOverTime {
        stem: "exposure-over-time".into(),
        origin: origin(),
        topic: label("Protest", "Protest"),
        shares: [0.7398, 0.6375],
        difference: estimate(-0.1023, -0.1091, -0.0955),
        tilted: [0, 7],
        days: without.iter().enumerate().map(day).collect(),
    }
}

/// Elasticity about 2.8, with more noise at the ends.
pub fn dose_response() -> DoseResponse {
    let factors = [0.5, 0.8, 0.9, 0.95, 0.99, 1.0, 1.01, 1.05, 1.1, 1.25, 2.0];
    let dose = |&factor: &f64| {
        let change = |elasticity: f64| 100.0 * (libm::pow(factor, elasticity) - 1.0);
        let ends = [change(2.7), change(2.9)];
        let interval = Some([ends[0].min(ends[1]), ends[0].max(ends[1])]);
        Dose { strength: factor, change: Some(Estimate { value: change(2.8), interval }) }
    };
    DoseResponse {
        stem: "dose-response".into(),
        origin: Origin { arm: None, ..origin() },
        topic: label("Protest", "Protest"),
        strength: Strength::Score,
        doses: factors.iter().map(dose).collect(),
    }
}

pub fn lorenz() -> Lorenz {
    let curve = (0..=200).map(|n| f64::from(n) / 200.0).map(|part| [part, libm::pow(part, 2.4)]).collect();
    Lorenz {
        stem: "lorenz".into(),
        origin: origin(),
        topic: label("Protest", "Protest"),
        people: 1000,
        curve,
        top_tenth: Borne { drawn: 0.2234, without_noise: Some(0.207) },
        top_hundredth: Borne { drawn: 0.0238, without_noise: Some(0.0213) },
    }
}

/// Profiles give half as much again, counters a little, and both together take some back.
pub fn attribution() -> Attribution {
    use attribution::{Part, Source};
    let part = |source, points, separable| Part { source, points, separable };
    Attribution {
        stem: "attribution".into(),
        origin: origin(),
        topic: label("Protest", "Protest"),
        total: estimate(-0.1023, -0.1091, -0.0955),
        parts: vec![
            part(Source::Mechanical, estimate(-0.0712, -0.0748, -0.0676), None),
            part(Source::Loop(Loop::Profile), estimate(-0.0341, -0.0389, -0.0293), Some(false)),
            part(Source::Loop(Loop::Popularity), estimate(-0.0042, -0.0081, -0.0003), Some(true)),
            part(Source::Interaction, estimate(0.0072, 0.0017, 0.0127), None),
        ],
    }
}

/// Half is left at once, a tenth after twelve days.
pub fn persistence() -> Persistence {
    let left = |day: i32| {
        let value = 55.0 * libm::pow(0.86, f64::from(day - 1));
        estimate(value, value - 9.0, value + 10.0)
    };
    Persistence {
        stem: "persistence".into(),
        origin: origin(),
        topic: label("Protest", "Protest"),
        left: (1..=12).map(left).collect(),
    }
}

/// Sixty sets of constants: the surer the ranker, the more a tilt moves.
pub fn accuracy() -> Accuracy {
    let point = |i: u32| {
        let u = f64::from(i) / 59.0;
        let zigzag = f64::from(i * 7 % 11) / 11.0 - 0.5;
        [0.65 + 0.1 * u, -8.0 - 14.0 * u + 5.0 * zigzag]
    };
    Accuracy {
        stem: "accuracy".into(),
        origin: origin(),
        topic: label("Rallies", "Kundgebungen"),
        points: (0..60).map(point).collect(),
        band: [-21.5, -8.6],
        shift: -13.7,
    }
}
