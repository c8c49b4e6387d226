//! `feedtilt check`: what a scenario means and what a run of it will take. Simulates nothing.

use serde::Serialize;

use super::args::CheckArguments;
use super::console::{Console, print};
use super::error::{Error, exit};
use crate::report::words::number::{count, duration, exact, plural, supported, whole};
use crate::report::words::{explain, wrap};
use crate::report::{ReportError, bytes};
use crate::run::step::SCHEDULE;
use crate::scenario::Scenario;
use crate::study::estimate::{CellShares, Estimate, RATE};

/// `feedtilt check --json`
#[derive(Debug, Serialize)]
struct Checked {
    scenario: String,
    scenario_hash: String,
    exposure_rows: u64,
    bytes_per_person_shared: u64,
    bytes_per_person_and_arm: u64,
    memory_bytes: u64,
    impressions: f64,
    pre_run_impressions: f64,
    threads: usize,
    seconds: f64,
    pre_run_seconds: f64,
    cells_at_profile_level_zero: CellShares,
    cells_at_all_levels: CellShares,
    warnings: Vec<String>,
    resolved: String,
}

/// Carries it out.
pub fn check(arguments: &CheckArguments, console: Console) -> Result<u8, Error> {
    let scenario = arguments.scenario.load()?;
    let threads = arguments.threads.threads.map_or_else(rayon::current_num_threads, usize::from);
    let estimate = Estimate::new(&scenario, threads);
    if arguments.json {
        print(&json(&scenario, &estimate, threads)?)?;
        return Ok(exit::DONE);
    }
    let page = || explain::page(&scenario, &SCHEDULE, estimate.impressions).lines().map(wrap).collect();
    print(&if arguments.explain { page() } else { scenario.to_toml() })?;
    for line in lines(&scenario, &estimate, threads) {
        console.say(line);
    }
    for warning in &estimate.warnings {
        console.warn(warning);
    }
    Ok(exit::DONE)
}

fn json(scenario: &Scenario, estimate: &Estimate, threads: usize) -> Result<String, Error> {
    let checked = Checked {
        scenario: scenario.name.clone(),
        scenario_hash: scenario.hash(),
        exposure_rows: estimate.rows,
        bytes_per_person_shared: estimate.person_shared_bytes,
        bytes_per_person_and_arm: estimate.person_arm_bytes,
        memory_bytes: estimate.memory_bytes,
        impressions: estimate.impressions.round(),
        pre_run_impressions: estimate.pre_run_impressions.round(),
        threads,
        seconds: estimate.seconds,
        pre_run_seconds: estimate.pre_run_seconds,
        cells_at_profile_level_zero: estimate.resolution.usual,
        cells_at_all_levels: estimate.resolution.all,
        warnings: estimate.warnings.iter().map(ToString::to_string).collect(),
        resolved: scenario.to_toml(),
    };
    let text = serde_json::to_string_pretty(&checked);
    Ok(text.map_err(|cause| ReportError::Json { file: "check --json", cause })? + "\n")
}

fn lines(scenario: &Scenario, estimate: &Estimate, threads: usize) -> [String; 6] {
    let Estimate { rows, person_shared_bytes, person_arm_bytes, memory_bytes, .. } = estimate;
    let about = |value: f64| count(value, supported(value, None).max(0));
    let cells = |shares: &dyn Fn(&CellShares) -> f64| {
        let percent = |shares: f64| exact((shares * 1000.0).round() / 10.0);
        let (usual, all) = (shares(&estimate.resolution.usual), shares(&estimate.resolution.all));
        format!("{} % of the cells at profile level 0, {} % at all levels", percent(usual), percent(all))
    };
    [
        format!("exposure table: {}", plural(*rows, "row", "rows")),
        format!(
            "memory: about {}; a person takes {person_shared_bytes} bytes, and {person_arm_bytes} more in each of {}",
            bytes::bytes(*memory_bytes),
            plural(1 + scenario.arms.len() as u64, "arm", "arms")
        ),
        format!(
            "work: about {} impressions, and {} in the pre-run",
            about(estimate.impressions),
            about(estimate.pre_run_impressions)
        ),
        format!(
            "time: about {}, of that {} for the pre-run, on {} at an assumed {} impressions a second each",
            duration(estimate.seconds),
            duration(estimate.pre_run_seconds),
            plural(threads as u64, "thread", "threads"),
            whole(RATE.impressions as u64)
        ),
        format!("value at the floor (below feed.value_floor): {}", cells(&|shares| shares.at_the_floor)),
        format!(
            "integer weight below 1,024: {}; off by more than 1 %: {}",
            cells(&|shares| shares.below_1024),
            cells(&|shares| shares.off_by_1_percent)
        ),
    ]
}
