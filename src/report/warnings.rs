//! Which warnings belong to a run.

use super::figures::{ArmFigures, Figures};
use crate::measure::settle;
use crate::scenario::{Arm, Scenario};
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
    warnings.extend(unheated(scenario, tallies));
    warnings.extend(no_whole_week(scenario, figures));
    warnings.push(Warning::NoModelBand);
    warnings
}

/// Share of an arm's heated slots from which on it is told that they found no post.
const UNHEATED: f64 = 0.05;

fn unheated(scenario: &Scenario, tallies: &[Tally]) -> Vec<Warning> {
    let share = |arm: usize| -> Option<f64> {
        let sum = |which: usize| -> u64 { tallies.iter().map(|tally| tally.acceptance[arm][which]).sum() };
        let (heats, unheated) = (sum(3), sum(4));
        (heats > 0).then(|| unheated as f64 / heats as f64).filter(|share| *share > UNHEATED)
    };
    let warning =
        |(arm, one): (usize, &Arm)| share(arm + 1).map(|share| Warning::HeatFellShort { arm: one.name.clone(), share });
    scenario.arms.iter().enumerate().filter_map(warning).collect()
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
