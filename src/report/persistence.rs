//! `persistence.csv`: how much of a shift is left when the tilt is over.

use super::columns::{Cells, Columns};
use super::figures::{ArmFigures, Figures};
use super::shift::reference_name;
use crate::measure::persistence::{Left, WINDOW};
use crate::scenario::Scenario;

/// Name of the file.
pub const FILE: &str = "persistence.csv";

/// What is left of one topic's shift on one day.
struct Row<'f> {
    arm: &'f ArmFigures,
    topic: usize,
    tilted: Option<f64>,
    /// Days since the last tilted one.
    after: usize,
    left: Left,
}

/// The table; `None` where it is not measured, or no arm has days enough after its tilt. Rows are ordered by arm, topic and day.
pub fn columns<'a>(scenario: &'a Scenario, figures: &Figures) -> Option<Columns<'a>> {
    let rows: Vec<Row<'_>> = figures.arms.iter().flat_map(rows).collect();
    if rows.is_empty() {
        return None;
    }
    let names = |name: &dyn Fn(&Row<'_>) -> &'a str| Cells::Name(rows.iter().map(name).collect());
    let days = |day: fn(&Row<'_>) -> usize| Cells::Short(rows.iter().map(|row| day(row) as u16).collect());
    let reals = |value: fn(&Row<'_>) -> Option<f64>| Cells::RealIfAny(rows.iter().map(value).collect());
    let mut columns = Columns::default();
    columns.push("arm", names(&|row| &scenario.arms[row.arm.arm].name));
    columns.push("against", names(&|row| reference_name(scenario, row.arm)));
    columns.push("topic", names(&|row| &scenario.topics[row.topic].id));
    columns.push("days_after", days(|row| row.after));
    columns.push("from_day", days(|row| row.left.from_day));
    columns.push("until_day", days(|row| row.left.from_day + WINDOW));
    columns.push("difference", reals(|row| row.left.difference));
    columns.push("difference_tilted", reals(|row| row.tilted));
    columns.push("persistence", reals(|row| row.left.part));
    columns.push("persistence_low", reals(|row| row.left.ci95.map(|ends| ends[0])));
    columns.push("persistence_high", reals(|row| row.left.ci95.map(|ends| ends[1])));
    columns.push("replicates", Cells::Short(vec![scenario.replicates.count as u16; rows.len()]));
    Some(columns)
}

fn rows(arm: &ArmFigures) -> Vec<Row<'_>> {
    let of_topic = |(topic, found): &(usize, crate::measure::Persistence)| -> Vec<Row<'_>> {
        let (topic, tilted) = (*topic, found.tilted);
        (1..).zip(&found.days).map(|(after, &left)| Row { arm, topic, tilted, after, left }).collect()
    };
    arm.persistence.iter().flat_map(of_topic).collect()
}
