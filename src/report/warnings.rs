//! Which warnings belong to a run.

use super::figures::{ArmFigures, Figures};
use crate::measure::settle;
use crate::scenario::Scenario;
use crate::trace::micro::WEEK;
use crate::trace::{SlotCounter, Tally};
use crate::warning::Warning;
use ndarray::Axis;

/// All warnings of a finished run, those known beforehand first.
pub fn of_run(scenario: &Scenario, tallies: &[Tally], figures: &Figures, known: &[Warning]) -> Vec<Warning> {
    let labels: Vec<&str> = scenario.topics.iter().map(|topic| topic.id.as_str()).collect();
    let mut warnings = known.to_vec();
    warnings.extend(settle::warnings(tallies, &labels, &scenario.measure.track));
    warnings.extend(unserved(tallies));
    warnings.extend(unheated(scenario, figures));
    warnings.extend(no_whole_week(scenario, figures));
    warnings.push(Warning::NoModelBand);
    warnings
}

fn unheated(scenario: &Scenario, figures: &Figures) -> Vec<Warning> {
    let warning = |arm: &ArmFigures| {
        arm.unheated.map(|share| Warning::HeatFellShort { arm: scenario.arms[arm.arm].name.clone(), share })
    };
    figures.arms.iter().filter_map(warning).collect()
}

/// Arms whose ghosts have no whole week in the days compared.
fn no_whole_week(scenario: &Scenario, figures: &Figures) -> Option<Warning> {
    let short = |arm: &&ArmFigures| arm.days() < WEEK && !arm.users_effect.is_empty();
    let name = |arm: &ArmFigures| scenario.arms[arm.arm].name.clone();
    let arms: Vec<String> = figures.arms.iter().filter(short).map(name).collect();
    (!arms.is_empty()).then_some(Warning::NoWholeWeek { arms })
}

fn unserved(tallies: &[Tally]) -> Option<Warning> {
    let sum = |counter: SlotCounter| -> u64 {
        tallies.iter().map(|tally| tally.slots.index_axis(Axis(4), counter as usize).sum()).sum()
    };
    let (served, unserved) = (sum(SlotCounter::Served), sum(SlotCounter::Unserved));
    (unserved > 0).then(|| Warning::Unserved { share: unserved as f64 / (served + unserved) as f64 })
}
