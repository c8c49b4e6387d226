//! With nothing tilted every measure has the value that its section states: arms that are equal to the last bit, whatever
//! stands in them, and a run with a tilt of no effect.

use feedtilt::measure::micro::{Ghosts, users_effect};
use feedtilt::measure::shift::Sides;
use feedtilt::measure::{Comparison, Measure, Part, UsersEffect, Window};
use feedtilt::report::Results;
use feedtilt::report::dose_response;
use feedtilt::run::Alone;
use feedtilt::trace::{Micro, Tally};

use super::Numbers;
use super::documented::{names, untilted};
use super::people::micro_of;
use crate::common::{small, world};

/// Two days of random counts, zeros among them, the same in every one of three arms.
fn random_tally(numbers: &mut Numbers) -> Tally {
    let mut tally = Tally::new(1, 2, 3, 2, 9, 5, 2);
    let scale = [1, 10, 1_000_000][(numbers.word() % 3) as usize];
    for day in 0..3 {
        let mut first = tally.day_mut(day, 0);
        first.iter_mut().for_each(|cell| *cell = (numbers.word() % 4).saturating_sub(1) * (numbers.word() % scale));
        (1..3).for_each(|arm| tally.repeat_day(day, 0, arm));
    }
    let (expected, asked) = (vec![numbers.word() % 4096; 2], numbers.word() % 3);
    tally.expected = vec![expected; 3];
    tally.asked = vec![asked; 3];
    tally
}

/// 200 experiments; equality is exact, so there is no false alarm.
#[test]
fn measures_of_equal_arms_are_as_documented() {
    let mut numbers = Numbers(1);
    let documented = untilted();
    let mut defined = vec![0; Measure::ALL.len()];
    for experiment in 0..200 {
        let replicates = 1 + experiment % 6;
        let tallies: Vec<Tally> = (0..replicates).map(|_| random_tally(&mut numbers)).collect();
        let sides = Sides { arm: 1, reference: 0, echo: Some(2), tilted: &[0], track: &[0, 3] };
        for part in [Part::Everybody, Part::Region(1), Part::Group(4)] {
            let comparison = Comparison::new(&tallies, sides, Window { from: 0, until: 2 }, part);
            for (place, measure) in Measure::ALL.iter().enumerate() {
                assert_eq!(documented[measure.name()], "0", "{}", measure.name());
                for shift in comparison.shifts(measure) {
                    let zero = |value: Option<f64>| value.is_none_or(|value| value == 0.0);
                    let both = |ends: Option<[f64; 2]>| ends.is_none_or(|ends| ends == [0.0; 2]);
                    assert!(zero(shift.difference) && zero(shift.relative), "{}: {shift:?}", measure.name());
                    assert!(both(shift.difference_ci95) && both(shift.relative_ci95), "{}: {shift:?}", measure.name());
                    assert!(zero(shift.floor_fork), "the echo repeats the baseline: {shift:?}");
                    assert_eq!(shift.identical, shift.difference.is_some());
                    assert_eq!((shift.elasticity(1.0), documented["elasticity"].as_str()), (None, "null"));
                    defined[place] += usize::from(shift.difference.is_some());
                }
            }
        }
    }
    for (measure, times) in Measure::ALL.iter().zip(defined) {
        assert!(times > 100, "{} was defined {times} times", measure.name());
    }
}

/// The value of a figure of single people by the name of its section.
fn figure(effect: &UsersEffect, name: &str) -> Option<f64> {
    match name {
        "expected_change_per_week" => effect.mean,
        "share_below_one_video" => effect.share_below_one_video,
        "signal_to_noise_median" => effect.signal_to_noise_median,
        "noticeable_share" => effect.noticeable_share,
        "top_1_percent_bears" => effect.top_1_percent_bears,
        "top_10_percent_bears" => effect.top_10_percent_bears,
        "ghost_error" => effect.ghost_error,
        "without_noise" => effect.without_noise.spread,
        other => panic!("{other} has no value here"),
    }
}

/// Random ghosts of 30 people in the baseline, repeated in an arm.
fn equal_arms(numbers: &mut Numbers) -> Micro {
    let ghosts: Vec<Vec<Vec<[f64; 2]>>> = (0..30)
        .map(|_| (0..8).map(|_| vec![[numbers.uniform() * 30.0, (numbers.word() % 20) as f64]; 1]).collect())
        .collect();
    micro_of(0, &[&ghosts, &ghosts])
}

#[test]
fn figures_of_single_people_in_equal_arms_are_as_documented() {
    let mut numbers = Numbers(2);
    let documented = untilted();
    for _ in 0..20 {
        let micro = equal_arms(&mut numbers);
        let ghosts = Ghosts { arm: 1, reference: 0, fork_day: 0, days: 7 };
        let effect = users_effect(&micro, ghosts, &[4]).remove(0);
        for name in feedtilt::measure::micro::FIGURES {
            match documented[name].as_str() {
                "null" => assert_eq!(figure(&effect, name), None, "{name}"),
                "the baseline's" => assert!(effect.own_sd.iter().all(|&sd| sd > 0.0), "{name}"),
                value => assert_eq!(figure(&effect, name), value.parse().ok(), "{name}"),
            }
        }
        assert!(effect.changes.iter().all(|&change| change == 0.0) && effect.lorenz.is_empty());
        assert_eq!((effect.median, effect.p5, effect.p95, effect.spread), (Some(0.0), Some(0.0), Some(0.0), Some(0.0)));
        let noise = effect.without_noise;
        assert_eq!((noise.p5, noise.p95, noise.noticeable_share), (Some(0.0), Some(0.0), Some(0.0)));
        assert_eq!((noise.share_below_one_video, noise.top_1_percent_bears), (Some(1.0), None));
    }
}

#[test]
fn every_figure_states_one_of_four_values() {
    let documented = untilted();
    for name in names() {
        let value = documented[name].as_str();
        assert!(["0", "1", "null", "the baseline's"].contains(&value), "{name}: {value}");
    }
}

/// A simulated arm with a tilt of factor 1: every table of differences holds zeros and gaps alone.
#[test]
fn an_arm_without_effect_moves_no_figure_of_any_table() {
    let scenario = small(&["arm.protest-5.tilt.0.multiply=1.0"]);
    let mut world = world(&scenario);
    while world.step(&Alone).is_some() {}
    let tallies = [world.into_tally()];
    let results = Results::new(&scenario, &tallies, None, "", &[]);
    let files = results.files().expect("tables are made");
    let mut cells = 0;
    for name in ["shift.csv", "shift_by_group.csv"] {
        let mut reader = csv::Reader::from_reader(files[name].as_slice());
        let header = reader.headers().expect("a header").clone();
        let moved: Vec<usize> = header
            .iter()
            .enumerate()
            .filter(|(_, column)| column.starts_with("difference") || column.starts_with("relative"))
            .map(|(place, _)| place)
            .collect();
        assert_eq!(moved.len(), 6);
        for row in reader.records() {
            let row = row.expect("a row");
            for &place in &moved {
                assert!(["", "0"].contains(&&row[place]), "{name}: {row:?}");
                cells += usize::from(&row[place] == "0");
            }
        }
    }
    assert!(cells > 500, "{cells}");
    assert!(results.summary.headline[0].ends_with("no shift."), "{}", results.summary.headline[0]);
    assert!(dose_response::doses(&scenario, &results.figures).is_empty());
}
