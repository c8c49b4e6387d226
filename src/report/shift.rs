//! `shift.csv`: every comparison of the run, one row per arm, topic and measure, then one per arm and measure of the whole
//! feed.

use super::columns::{Cells, Columns};
use super::figures::{ArmFigures, Figures};
use crate::measure::{Measure, Scope, Shift, share};
use crate::scenario::Scenario;

/// The table. The model band is that of the relative shift of shares of exposure; empty where none was computed.
pub fn columns<'a>(scenario: &'a Scenario, figures: &Figures) -> Columns<'a> {
    let rows: Vec<Row<'a, '_>> = figures.arms.iter().flat_map(|arm| rows_of(scenario, arm)).collect();
    let mut columns = Columns::default();
    push_days(&mut columns, &rows);
    push_shifts(&mut columns, &rows, scenario.replicates.count);
    columns
}

/// One comparison: what it is of, and its shift.
pub(super) struct Row<'a, 'f> {
    pub arm: &'f ArmFigures,
    pub name: &'a str,
    pub against: &'a str,
    /// Empty for a measure of the whole feed.
    pub topic: &'a str,
    pub measure: &'static Measure,
    pub shift: &'f Shift,
    /// Over the accepted set of constants, of the relative shift.
    pub model_band: Option<[f64; 2]>,
}

/// Columns that say which arms and days are compared.
pub(super) fn push_days<'a>(columns: &mut Columns<'a>, rows: &[Row<'a, '_>]) {
    let days = |day: fn(&ArmFigures) -> usize| Cells::Short(rows.iter().map(|row| day(row.arm) as u16).collect());
    columns.push("arm", Cells::Name(rows.iter().map(|row| row.name).collect()));
    columns.push("against", Cells::Name(rows.iter().map(|row| row.against).collect()));
    columns.push("from_day", days(|arm| arm.window.from));
    columns.push("until_day", days(|arm| arm.window.until));
}

/// Columns that say what is measured, and the figures.
pub(super) fn push_shifts<'a>(columns: &mut Columns<'a>, rows: &[Row<'a, '_>], replicates: u32) {
    let reals = |value: fn(&Shift) -> Option<f64>| Cells::RealIfAny(rows.iter().map(|row| value(row.shift)).collect());
    let band = |end: usize| Cells::RealIfAny(rows.iter().map(|row| row.model_band.map(|ends| ends[end])).collect());
    columns.push("topic", Cells::Name(rows.iter().map(|row| row.topic).collect()));
    columns.push("measure", Cells::Name(rows.iter().map(|row| row.measure.name()).collect()));
    columns.push("baseline", reals(|shift| shift.reference));
    columns.push("arm_value", reals(|shift| shift.arm));
    columns.push("difference", reals(|shift| shift.difference));
    columns.push("difference_low", reals(|shift| shift.difference_ci95.map(|ends| ends[0])));
    columns.push("difference_high", reals(|shift| shift.difference_ci95.map(|ends| ends[1])));
    columns.push("relative", reals(|shift| shift.relative));
    columns.push("relative_low", reals(|shift| shift.relative_ci95.map(|ends| ends[0])));
    columns.push("relative_high", reals(|shift| shift.relative_ci95.map(|ends| ends[1])));
    columns.push("model_band_low", band(0));
    columns.push("model_band_high", band(1));
    columns.push("floor_worlds", reals(|shift| shift.floor_worlds));
    columns.push("floor_fork", reals(|shift| shift.floor_fork));
    columns.push("replicates", Cells::Short(vec![replicates as u16; rows.len()]));
}

fn rows_of<'a, 'f>(scenario: &'a Scenario, arm: &'f ArmFigures) -> impl Iterator<Item = Row<'a, 'f>> {
    let row = move |topic: &'a str, measure, shift, model_band| Row {
        arm,
        name: &scenario.arms[arm.arm].name,
        against: reference_name(scenario, arm),
        topic,
        measure,
        shift,
        model_band,
    };
    let by_topic = scenario.topics.iter().enumerate().flat_map(move |(topic, named)| {
        let band = move |measure: &Measure| scenario.model_band(arm.arm, topic).filter(|_| *measure == share::EXPOSURE);
        of_scope(Scope::Topic).map(move |measure| row(&named.id, measure, &arm.of(measure)[topic], band(measure)))
    });
    by_topic.chain(of_scope(Scope::Feed).map(move |measure| row("", measure, &arm.of(measure)[0], None)))
}

/// Measures of single topics, or of the whole feed.
pub(super) fn of_scope(scope: Scope) -> impl Iterator<Item = &'static Measure> {
    Measure::ALL.iter().filter(move |measure| measure.scope == scope)
}

/// Name of the arm that an arm is compared with.
pub fn reference_name<'a>(scenario: &'a Scenario, arm: &ArmFigures) -> &'a str {
    arm.against.map_or("baseline", |index| scenario.arms[index].name.as_str())
}
