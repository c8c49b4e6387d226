//! Arms that differ in the strength of one tilt alone make a curve; others do not.

use feedtilt::report::Figures;
use feedtilt::report::dose_response::{columns, doses, families};
use feedtilt::scenario::Scenario;
use feedtilt::trace::Tally;

use super::close;
use crate::common::scenario;

/// Arms of score tilts on topic `a`, each with these further lines.
fn arms(tilts: &[(f64, &str)]) -> Scenario {
    let arm = |(number, (multiply, rest)): (usize, &(f64, &str))| {
        format!(
            "[[arm]]\nname = 'arm-{number}'\n[[arm.tilt]]\nkind = 'score'\ntopic = 'a'\nmultiply = {multiply:?}\n{rest}\n"
        )
    };
    let arms: String = tilts.iter().enumerate().map(arm).collect();
    let text = format!(
        "schema = 1\nname = 'x'\n[population]\nusers = 100\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\nshare = 0.2\n\
         [[topic]]\nid = 'b'\nshare = 0.8\n[time]\nburn_in_days = 1\ndays = 2\n{arms}[replicates]\ncount = 5\n"
    );
    scenario(&text, &[])
}

/// Five replicates in which topic a has twice as many impressions as b times the square of each arm's factor.
fn squared(scenario: &Scenario) -> Vec<Tally> {
    (0..5)
        .map(|replicate| {
            let factors = std::iter::once(1.0).chain(scenario.arms.iter().map(|arm| match arm.tilts[0].kind {
                feedtilt::scenario::TiltKind::Score { multiply } => multiply,
                ref other => panic!("{other:?}"),
            }));
            let mut tally = Tally::new(1, 2, 1 + scenario.arms.len(), 1, 9, 2, 1);
            for (arm, factor) in factors.enumerate() {
                let share = 0.01 * factor * factor;
                let all = 1_000_000 + 1_000 * replicate;
                let first = libm::round(share * all as f64) as u64;
                for day in 0..3 {
                    tally.exposure[[day, arm, 0, 0, 0, 0]] = first;
                    tally.exposure[[day, arm, 0, 0, 1, 0]] = all - first;
                }
            }
            tally
        })
        .collect()
}

#[test]
fn a_curve_runs_by_strength_through_the_point_of_no_effect() {
    let scenario = arms(&[(2.0, ""), (0.5, ""), (0.8, "")]);
    let figures = Figures::new(&scenario, &squared(&scenario), None);
    let doses = doses(&scenario, &figures);
    let strengths: Vec<f64> = doses.iter().map(|dose| dose.strength).collect();
    assert_eq!(strengths, [0.5, 0.8, 1.0, 2.0]);
    let names: Vec<&str> = doses.iter().map(|dose| dose.arm).collect();
    assert_eq!(names, ["arm-1", "arm-2", "baseline", "arm-0"]);
    close(doses[1].ln_strength, 0.8f64.ln());
    close(doses[3].shift.relative, 3.0);
    assert!(doses[2].shift.identical && doses[2].elasticity.is_none());
    assert_eq!((doses[2].shift.difference, doses[2].shift.relative), (Some(0.0), Some(0.0)));
    assert_eq!(doses[2].shift.relative_ci95, Some([0.0, 0.0]));
    for dose in doses.iter().filter(|dose| dose.arm != "baseline") {
        assert!((dose.elasticity.unwrap() - 2.0).abs() < 1e-3, "{dose:?}");
    }
}

#[test]
fn opposite_strengths_lie_opposite_on_the_log_scale() {
    let scenario = arms(&[(0.5, ""), (2.0, ""), (1.0, "")]);
    let figures = Figures::new(&scenario, &squared(&scenario), None);
    let text = String::from_utf8(columns(&scenario, &figures).expect("a curve").csv("x").unwrap()).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let of = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |name: &str| -> Vec<f64> { rows.iter().map(|row| row[of(name)].parse().unwrap()).collect() };
    let (strength, ratio) = (column("ln_strength"), column("ln_ratio"));
    assert_eq!(
        rows.iter().map(|row| &row[of("arm")]).collect::<Vec<_>>(),
        ["arm-0", "arm-2", "arm-1"],
        "no second baseline"
    );
    assert!((strength[0] + strength[2]).abs() < 1e-12 && strength[1] == 0.0);
    // Counts are whole, so the ratio is ¼ and 4 up to a hundredth of a per cent; relative shifts, −.75 and 3, are not alike.
    assert!((ratio[0] + ratio[2]).abs() < 1e-3 && ratio[1] == 0.0, "{ratio:?}");
    assert!((column("relative")[0] + column("relative")[2]).abs() > 2.0);
    for (low, high) in
        column("ln_ratio_low").into_iter().zip(column("ln_ratio_high")).zip(ratio).map(|((l, h), r)| (r - l, h - r))
    {
        assert!(low >= 0.0 && (low - high).abs() < 1e-9, "the interval is symmetric on this scale");
    }
}

#[test]
fn only_the_strength_may_differ() {
    let of = |tilts: &[(f64, &str)]| families(&arms(tilts)).into_iter().map(|family| family.arms).collect::<Vec<_>>();
    assert_eq!(of(&[(0.9, ""), (0.5, ""), (1.1, "")]), [[1, 0, 2]]);
    assert_eq!(of(&[(0.9, ""), (0.5, "")]), Vec::<Vec<usize>>::new(), "two are no curve");
    assert_eq!(of(&[(0.9, ""), (0.5, ""), (0.5, "")]), Vec::<Vec<usize>>::new(), "nor are two strengths");
    assert_eq!(of(&[(0.9, ""), (0.5, ""), (1.1, "from_day = 1")]), Vec::<Vec<usize>>::new());
    let other = |multiply: f64| format!("[[arm.tilt]]\nkind = 'score'\ntopic = 'b'\nmultiply = {multiply:?}");
    let [half, twice] = [0.5, 2.0].map(other);
    assert_eq!(of(&[(0.9, &half), (0.5, &half), (1.1, &half)]), [[1, 0, 2]], "another tilt, the same in all");
    assert_eq!(of(&[(0.9, &half), (0.5, &twice), (1.1, "")]), Vec::<Vec<usize>>::new(), "another tilt differs");
    let audience = "audience = { share = 0.5 }";
    assert_eq!(
        of(&[(0.9, ""), (0.5, audience), (1.1, ""), (0.4, audience), (2.0, audience), (1.2, "")]),
        [vec![0, 2, 5], vec![3, 1, 4]]
    );
}

/// Names of the table's columns.
pub fn curve_columns() -> Vec<String> {
    let scenario = arms(&[(2.0, ""), (0.5, ""), (0.8, "")]);
    let figures = Figures::new(&scenario, &squared(&scenario), None);
    let table = columns(&scenario, &figures).expect("a curve");
    table.0.iter().map(|(name, _)| (*name).to_owned()).collect()
}
