//! `summary.md`: headline, question and tables for readers.

use std::fmt::Write;

use super::figures::{ArmFigures, Figures};
use super::shift::reference_name;
use super::structure;
use super::summary::Summary;
use super::table;
use super::words::number::{plural, whole};
use crate::scenario::Scenario;

/// The page.
pub fn page(scenario: &Scenario, figures: &Figures, summary: &Summary) -> String {
    let mut page = format!("# {}\n", scenario.name);
    for (label, text) in [("Question", &scenario.question), ("Expected", &scenario.expectation)] {
        if !text.trim().is_empty() {
            let _ = write!(page, "\n{label}: {}\n", text.trim());
        }
    }
    page.push_str("\n## Result\n");
    for paragraph in &summary.headline {
        let _ = write!(page, "\n{paragraph}\n");
    }
    for arm in &figures.arms {
        let against = reference_name(scenario, arm);
        let _ = write!(page, "\n## {} against {against}\n\n", scenario.arms[arm.arm].name);
        let _ = writeln!(page, "{}\n\n{}", reading(scenario, arm.days()), table::markdown(scenario, arm));
        if let Some(people) = table::people(scenario, arm) {
            let _ = writeln!(page, "\n{}\n\n{people}", people_reading(arm));
        }
        if let Some(parts) = table::attribution(scenario, arm) {
            let _ = writeln!(page, "\n{ATTRIBUTION}\n\n{parts}");
        }
    }
    if let Some(structures) = structure::markdown(scenario) {
        let _ = writeln!(page, "\n## Built otherwise\n\n{}\n\n{structures}", structure::READING);
    }
    page.push_str("\n## Warnings\n\n");
    for entry in &summary.warnings {
        let _ = writeln!(page, "- {}", entry.message);
    }
    page.push_str("\nHow the columns are defined: docs/output.md of feedtilt ");
    let _ = writeln!(page, "{}.", summary.feedtilt_version);
    page
}

const ATTRIBUTION: &str = "Where the shift from the baseline comes from, percentage points of all impressions. Mechanical is what \
                           the tilt does while every loop is replayed from the baseline; a loop is what it adds to that, and, \
                           last in, what it adds to all others; interaction is the rest. Where the two intervals of a loop do not \
                           meet, its part cannot be separated from the others.";

fn people_reading(arm: &ArmFigures) -> String {
    let (people, weeks) = arm.users_effect.first().map_or((0, 0), |effect| (effect.changes.len(), effect.weeks));
    format!(
        "Single people: expected change in videos a week over {}, of {}. The noise of few ghosts is in these figures but for the one \
         without it; charts and sentences have it taken out where that can be done. Where noise leaves nothing to tell, there is a dash.",
        plural(weeks as u64, "week", "weeks"),
        plural(people as u64, "person", "people")
    )
}

fn reading(scenario: &Scenario, days: usize) -> String {
    format!(
        "Shares of all impressions in {}, mean over {} with {} each; views moved are scaled to {} people. Of twenty intervals for \
         topics that nothing has moved, one leaves out 0 by chance.",
        plural(days as u64, "day", "days"),
        plural(scenario.replicates.count.into(), "replicate", "replicates"),
        plural(scenario.population.users.into(), "simulated person", "simulated people"),
        whole(scenario.population.represents)
    )
}
