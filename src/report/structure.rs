//! `structure.csv`: what the tilts move when the model is built otherwise, and the same for the summaries.

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use super::columns::{Cells, Columns};
use super::words::number::{signed, supported};
use crate::scenario::{Scenario, Shifts, Structure};

/// Name of the file.
pub const FILE: &str = "structure.csv";

/// What stands above the table for readers.
pub const READING: &str = "The same tilts with other engines, rules of choice, profile rules and numbers of latents, in small worlds with \
                           the scenario's constants, none of them fitted anew: the shift of the topic's share with its 95 % simulation \
                           interval, and the median over people of the expected change in videos a week.";

/// One shift with one structure; what is undefined is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StructureSummary {
    /// Engine.
    pub engine: &'static str,
    /// How a slot is filled.
    pub choice: &'static str,
    /// How profiles move.
    pub profile_rule: &'static str,
    /// Latents behind reactions.
    pub latents: u32,
    /// Arm.
    pub arm: String,
    /// Topic.
    pub topic: String,
    /// Ratio of the shares − 1.
    pub relative: Option<f64>,
    /// Its 95 % simulation interval.
    pub relative_ci95: Option<[f64; 2]>,
    /// Median over people of the expected change, videos a week.
    pub expected_change_per_week_median: Option<f64>,
}

/// One shift with one structure.
struct Row<'a> {
    arm: &'a str,
    topic: &'a str,
    structure: &'a Structure,
    /// Place of the arm, and of the topic among those tracked.
    place: (usize, usize),
}

impl Row<'_> {
    fn of(&self, figures: &Shifts) -> Option<f64> {
        figures[self.place.0][self.place.1]
    }

    fn interval(&self) -> Option<[f64; 2]> {
        self.of(&self.structure.low).zip(self.of(&self.structure.high)).map(Into::into)
    }
}

/// By arm, tracked topic and structure; `None` where none was computed.
fn rows(scenario: &Scenario) -> Option<Vec<Row<'_>>> {
    let structures = &scenario.valid_structures()?.combinations;
    let mut rows = Vec::new();
    for (number, arm) in scenario.arms.iter().enumerate() {
        for (tracked, &topic) in scenario.measure.track.iter().enumerate() {
            let topic = scenario.topics[topic].id.as_str();
            let row = |structure| Row { arm: &arm.name, topic, structure, place: (number, tracked) };
            rows.extend(structures.iter().map(row));
        }
    }
    Some(rows)
}

/// The rows for `summary.json`.
pub fn summaries(scenario: &Scenario) -> Option<Vec<StructureSummary>> {
    Some(rows(scenario)?.iter().map(summary).collect())
}

fn summary(row: &Row<'_>) -> StructureSummary {
    let one = row.structure;
    StructureSummary {
        engine: one.engine.name(),
        choice: one.choice.name(),
        profile_rule: one.profile_rule.name(),
        latents: one.latents,
        arm: row.arm.to_owned(),
        topic: row.topic.to_owned(),
        relative: row.of(&one.relative),
        relative_ci95: row.interval(),
        expected_change_per_week_median: row.of(&one.weekly),
    }
}

/// The table; `None` where none was computed.
pub fn columns(scenario: &Scenario) -> Option<Columns<'_>> {
    let rows = rows(scenario)?;
    let names =
        |name: fn(&Structure) -> &'static str| Cells::Name(rows.iter().map(|row| name(row.structure)).collect());
    let reals = |figure: fn(&Row<'_>) -> Option<f64>| Cells::RealIfAny(rows.iter().map(figure).collect());
    let mut columns = Columns::default();
    columns.push("arm", Cells::Name(rows.iter().map(|row| row.arm).collect()));
    columns.push("topic", Cells::Name(rows.iter().map(|row| row.topic).collect()));
    columns.push("engine", names(|one| one.engine.name()));
    columns.push("choice", names(|one| one.choice.name()));
    columns.push("profile_rule", names(|one| one.profile_rule.name()));
    columns.push("latents", Cells::Small(rows.iter().map(|row| row.structure.latents as u8).collect()));
    columns.push("relative", reals(|row| row.of(&row.structure.relative)));
    columns.push("relative_low", reals(|row| row.of(&row.structure.low)));
    columns.push("relative_high", reals(|row| row.of(&row.structure.high)));
    columns.push("expected_change_per_week_median", reals(|row| row.of(&row.structure.weekly)));
    Some(columns)
}

/// The same for readers.
pub fn markdown(scenario: &Scenario) -> Option<String> {
    let rows = summaries(scenario)?;
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
    let head =
        ["arm", "topic", "engine", "choice", "profile rule", "latents", "shift, %", "95 % interval", "median a week"];
    table.set_header(head);
    for row in rows {
        let ends = row.relative_ci95.map(|ends| ends.map(|end| 100.0 * end));
        let percent = row.relative.map(|relative| 100.0 * relative);
        let power = percent.map_or(0, |percent| supported(percent, ends));
        table.add_row([
            row.arm,
            row.topic,
            row.engine.to_owned(),
            row.choice.to_owned(),
            row.profile_rule.to_owned(),
            row.latents.to_string(),
            percent.map_or_else(none, |percent| signed(percent, power)),
            ends.map_or_else(none, |[low, high]| format!("{} to {}", signed(low, power), signed(high, power))),
            row.expected_change_per_week_median.map_or_else(none, |videos| signed(videos, supported(videos, None))),
        ]);
    }
    Some(table.trim_fmt())
}

fn none() -> String {
    "–".to_owned()
}
