//! Which warnings belong to a run.

use super::figures::{ArmFigures, Figures};
use crate::measure::settle;
use crate::scenario::Scenario;
use crate::trace::{Capped, SlotCounter, Tally};
use crate::warning::Warning;
use ndarray::Axis;

/// All warnings of a finished run, those known beforehand first.
pub fn of_run(scenario: &Scenario, tallies: &[Tally], figures: &Figures, known: &[Warning]) -> Vec<Warning> {
    let labels: Vec<&str> = scenario.topics.iter().map(|topic| topic.id.as_str()).collect();
    let mut warnings = known.to_vec();
    warnings.extend(settle::warnings(tallies, &labels, &scenario.measure.track));
    warnings.extend(unserved(tallies));
    warnings.extend(unheated(scenario, figures));
    warnings.extend(beyond_the_cap(scenario, figures));
    if !scenario.arms.is_empty() && scenario.valid_band().is_none() {
        warnings.push(Warning::NoModelBand);
    }
    warnings
}

fn unheated(scenario: &Scenario, figures: &Figures) -> Vec<Warning> {
    let warning = |arm: &ArmFigures| {
        arm.unheated.map(|share| Warning::HeatFellShort { arm: scenario.arms[arm.arm].name.clone(), share })
    };
    figures.arms.iter().filter_map(warning).collect()
}

fn beyond_the_cap(scenario: &Scenario, figures: &Figures) -> Vec<Warning> {
    let warning = |arm: &ArmFigures| {
        let Capped { posts, beyond, most_beyond: most } = arm.capped.filter(|capped| capped.beyond > 0)?;
        let name = scenario.arms[arm.arm].name.clone();
        Some(Warning::BeyondTheCap { arm: name, posts, mean: beyond as f64 / posts as f64, most })
    };
    figures.arms.iter().filter_map(warning).collect()
}

fn unserved(tallies: &[Tally]) -> Option<Warning> {
    let sum = |counter: SlotCounter| -> u64 {
        tallies.iter().map(|tally| tally.slots.index_axis(Axis(4), counter as usize).sum()).sum()
    };
    let (served, unserved) = (sum(SlotCounter::Served), sum(SlotCounter::Unserved));
    (unserved > 0).then(|| Warning::Unserved { share: unserved as f64 / (served + unserved) as f64 })
}
