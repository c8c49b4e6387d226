//! `attribution.csv`: which loops a shift comes from.

use super::columns::{Cells, Columns, significant};
use super::figures::{ArmFigures, Figures};
use crate::measure::attribution::Component;
use crate::scenario::{Loop, Scenario};
use serde::Serialize;

/// Name of the file.
pub const FILE: &str = "attribution.csv";

/// One part of one topic's shift in an arm.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The arm.
    pub arm: &'a ArmFigures,
    /// Topic.
    pub topic: usize,
    /// `total`, `mechanical`, a loop's name, or `interaction`.
    pub component: &'static str,
    /// The part; of a loop, what it adds to the bare tilt.
    pub value: Component,
    /// Of a loop, what it adds to all others.
    pub last: Option<Component>,
    /// Of a loop, whether both agree within their intervals.
    pub separable: Option<bool>,
}

/// All parts of an arm, by tracked topic; empty where nothing is taken apart.
pub fn rows<'a>(scenario: &Scenario, arm: &'a ArmFigures) -> Vec<Row<'a>> {
    let loops: Vec<Loop> = scenario.loops.iter().collect();
    let of_topic = |(topic, found): &'a (usize, crate::measure::Attribution)| {
        let row = |component, value| Row { arm, topic: *topic, component, value, last: None, separable: None };
        let of_loop = |(one, part): (&Loop, &crate::measure::attribution::LoopPart)| Row {
            last: Some(part.last),
            separable: part.separable,
            ..row(one.name(), part.first)
        };
        let mut rows = vec![row("total", found.total), row("mechanical", found.mechanical)];
        rows.extend(loops.iter().zip(&found.loops).map(of_loop));
        rows.push(row("interaction", found.interaction));
        rows
    };
    arm.attribution.iter().flat_map(of_topic).collect()
}

/// The table; `None` where nothing is taken apart. Rows are ordered by arm, topic and component.
pub fn columns<'a>(scenario: &'a Scenario, figures: &Figures) -> Option<Columns<'a>> {
    let rows: Vec<Row<'_>> = figures.arms.iter().flat_map(|arm| rows(scenario, arm)).collect();
    if rows.is_empty() {
        return None;
    }
    let names = |name: &dyn Fn(&Row<'_>) -> &'a str| Cells::Name(rows.iter().map(name).collect());
    let days = |day: fn(&ArmFigures) -> usize| Cells::Short(rows.iter().map(|row| day(row.arm) as u16).collect());
    let reals = |value: fn(&Row<'_>) -> Option<f64>| Cells::RealIfAny(rows.iter().map(value).collect());
    let answer = |row: &Row<'_>| row.separable.map_or("", |separable| if separable { "yes" } else { "no" });
    let mut columns = Columns::default();
    columns.push("arm", names(&|row| &scenario.arms[row.arm.arm].name));
    columns.push("from_day", days(|arm| arm.window.from));
    columns.push("until_day", days(|arm| arm.window.until));
    columns.push("topic", names(&|row| &scenario.topics[row.topic].id));
    columns.push("component", names(&|row| row.component));
    columns.push("difference", reals(|row| row.value.value));
    columns.push("difference_low", reals(|row| row.value.ci95.map(|ends| ends[0])));
    columns.push("difference_high", reals(|row| row.value.ci95.map(|ends| ends[1])));
    columns.push("last_in", reals(|row| row.last?.value));
    columns.push("last_in_low", reals(|row| row.last?.ci95.map(|ends| ends[0])));
    columns.push("last_in_high", reals(|row| row.last?.ci95.map(|ends| ends[1])));
    columns.push("separable", names(&answer));
    columns.push("replicates", Cells::Short(vec![scenario.replicates.count as u16; rows.len()]));
    Some(columns)
}

/// One part in `summary.json`, in percentage points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributionSummary {
    /// Topic.
    pub topic: String,
    /// As in `attribution.csv`.
    pub component: &'static str,
    /// The part.
    pub shift_pp: Option<f64>,
    /// Its 95 % simulation interval.
    pub shift_pp_ci95: Option<[f64; 2]>,
    /// Of a loop, what it adds to all others.
    pub last_in_pp: Option<f64>,
    /// Its 95 % simulation interval.
    pub last_in_pp_ci95: Option<[f64; 2]>,
    /// Of a loop, whether both agree within their intervals.
    pub separable: Option<bool>,
}

impl AttributionSummary {
    /// All parts of an arm.
    pub fn of_arm(scenario: &Scenario, arm: &ArmFigures) -> Vec<Self> {
        let points = |value: f64| significant(value * 100.0);
        let summary = |row: Row<'_>| Self {
            topic: scenario.topics[row.topic].id.clone(),
            component: row.component,
            shift_pp: row.value.value.map(points),
            shift_pp_ci95: row.value.ci95.map(|ends| ends.map(points)),
            last_in_pp: row.last.and_then(|last| last.value).map(points),
            last_in_pp_ci95: row.last.and_then(|last| last.ci95).map(|ends| ends.map(points)),
            separable: row.separable,
        };
        rows(scenario, arm).into_iter().map(summary).collect()
    }
}
