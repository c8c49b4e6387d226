//! `shift.csv`: every comparison of the run, one row per arm, topic and measure.

use super::columns::{Cells, Columns};
use super::figures::{ArmFigures, Figures};
use crate::measure::{Measure, Shift};
use crate::scenario::Scenario;

/// The table. The model band and the fork floor are empty until something computes them.
pub fn columns<'a>(scenario: &'a Scenario, figures: &Figures) -> Columns<'a> {
    let rows: Vec<Row<'a, '_>> = figures.arms.iter().flat_map(|arm| rows_of(scenario, arm)).collect();
    let replicates = scenario.replicates.count as u16;
    let names = |name: fn(&Row<'a, '_>) -> &'a str| Cells::Name(rows.iter().map(name).collect());
    let days = |day: fn(&ArmFigures) -> usize| Cells::Short(rows.iter().map(|row| day(row.arm) as u16).collect());
    let reals = |value: fn(&Shift) -> Option<f64>| Cells::RealIfAny(rows.iter().map(|row| value(row.shift)).collect());
    let empty = || Cells::RealIfAny(vec![None; rows.len()]);
    let mut columns = Columns::default();
    columns.push("arm", names(|row| row.name));
    columns.push("against", names(|row| row.against));
    columns.push("from_day", days(|arm| arm.window.from));
    columns.push("until_day", days(|arm| arm.window.until));
    columns.push("topic", names(|row| row.topic));
    columns.push("measure", names(|row| row.measure.name()));
    columns.push("baseline", reals(|shift| shift.reference));
    columns.push("arm_value", reals(|shift| shift.arm));
    columns.push("difference", reals(|shift| shift.difference));
    columns.push("difference_low", reals(|shift| shift.difference_ci95.map(|ends| ends[0])));
    columns.push("difference_high", reals(|shift| shift.difference_ci95.map(|ends| ends[1])));
    columns.push("relative", reals(|shift| shift.relative));
    columns.push("relative_low", reals(|shift| shift.relative_ci95.map(|ends| ends[0])));
    columns.push("relative_high", reals(|shift| shift.relative_ci95.map(|ends| ends[1])));
    columns.push("model_band_low", empty());
    columns.push("model_band_high", empty());
    columns.push("floor_worlds", reals(|shift| shift.floor_worlds));
    columns.push("floor_fork", empty());
    columns.push("replicates", Cells::Short(vec![replicates; rows.len()]));
    columns
}

struct Row<'a, 'f> {
    arm: &'f ArmFigures,
    name: &'a str,
    against: &'a str,
    topic: &'a str,
    measure: Measure,
    shift: &'f Shift,
}

fn rows_of<'a, 'f>(scenario: &'a Scenario, arm: &'f ArmFigures) -> impl Iterator<Item = Row<'a, 'f>> {
    let name = scenario.arms[arm.arm].name.as_str();
    let against = reference_name(scenario, arm);
    scenario.topics.iter().enumerate().flat_map(move |(topic, named)| {
        Measure::ALL.iter().map(move |&measure| Row {
            arm,
            name,
            against,
            topic: &named.id,
            measure,
            shift: &arm.of(measure)[topic],
        })
    })
}

/// Name of the arm that an arm is compared with.
pub fn reference_name<'a>(scenario: &'a Scenario, arm: &ArmFigures) -> &'a str {
    arm.against.map_or("baseline", |index| scenario.arms[index].name.as_str())
}
