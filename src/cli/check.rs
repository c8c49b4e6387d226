//! `feedtilt check`: what a scenario means and what a run of it will take. Simulates nothing.

use serde::Serialize;

use super::args::CheckArguments;
use super::console::{Console, print};
use super::error::{Error, exit};
use super::memory::refuse_too_large;
use crate::report::words::number::{count, duration, exact, plural, supported, whole};
use crate::report::words::{explain, wrap};
use crate::report::{ReportError, bytes};
use crate::run::step::SCHEDULE;
use crate::scenario::Scenario;
use crate::study::estimate::{CellShares, Estimate, Memory, RATE, Work, echoes};

/// `feedtilt check --json`
#[derive(Debug, Serialize)]
struct Checked {
    scenario: String,
    scenario_hash: String,
    exposure_rows: u64,
    bytes_per_person_shared: u64,
    bytes_per_person_and_arm: u64,
    memory_bytes: u64,
    memory_bytes_by_use: Memory,
    impressions: f64,
    impressions_by_use: Work,
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
    } else {
        let page = || explain::page(&scenario, &SCHEDULE, estimate.work.run()).lines().map(wrap).collect();
        print(&if arguments.explain { page() } else { scenario.to_toml() })?;
        lines(&scenario, &estimate, threads).iter().for_each(|line| console.say(line));
        estimate.warnings.iter().for_each(|warning| console.warn(warning));
    }
    refuse_too_large(&scenario, &estimate.memory, threads, arguments.memory.force_memory)?;
    Ok(exit::DONE)
}

fn json(scenario: &Scenario, estimate: &Estimate, threads: usize) -> Result<String, Error> {
    let checked = Checked {
        scenario: scenario.name.clone(),
        scenario_hash: scenario.hash(),
        exposure_rows: estimate.rows,
        bytes_per_person_shared: estimate.person_shared_bytes,
        bytes_per_person_and_arm: estimate.person_arm_bytes,
        memory_bytes: estimate.memory.total(),
        memory_bytes_by_use: estimate.memory,
        impressions: estimate.work.run().round(),
        impressions_by_use: estimate.work.rounded(),
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

fn lines(scenario: &Scenario, estimate: &Estimate, threads: usize) -> Vec<String> {
    let cells = |shares: &dyn Fn(&CellShares) -> f64| {
        let percent = |shares: f64| exact((shares * 1000.0).round() / 10.0);
        let (usual, all) = (shares(&estimate.resolution.usual), shares(&estimate.resolution.all));
        format!("{} % of the cells at profile level 0, {} % at all levels", percent(usual), percent(all))
    };
    let mut lines =
        vec![format!("exposure table: {}", plural(estimate.rows, "row", "rows")), memory(scenario, estimate)];
    lines.extend(parts(scenario, estimate));
    lines.extend([
        format!(
            "work: about {} impressions, and {} in the pre-run",
            about(estimate.work.run()),
            about(estimate.work.pre_run)
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
    ]);
    lines
}

fn about(value: f64) -> String {
    count(value, supported(value, None).max(0))
}

fn memory(scenario: &Scenario, estimate: &Estimate) -> String {
    let Estimate { person_shared_bytes, person_arm_bytes, .. } = estimate;
    let arms = 1 + scenario.arms.len() as u64;
    let echo = match echoes(scenario) {
        0 => String::new(),
        1 => " and an echo arm".to_owned(),
        echoes => format!(" and {echoes} echo arms"),
    };
    format!(
        "memory: about {}; a person takes {person_shared_bytes} bytes, and {person_arm_bytes} more in each of {}{echo}",
        bytes::bytes(estimate.memory.total()),
        plural(arms, "arm", "arms")
    )
}

/// What of memory and work is not people in arms, a line each.
fn parts(scenario: &Scenario, estimate: &Estimate) -> Vec<String> {
    let Estimate { memory, work, .. } = estimate;
    let measure = &scenario.measure;
    let part = |what: String, bytes: u64, impressions: f64| {
        format!("  of that {what}: {}, {} impressions", bytes::bytes(bytes), about(impressions))
    };
    let echo =
        (memory.echo > 0).then(|| part(plural(echoes(scenario), "echo arm", "echo arms"), memory.echo, work.echo));
    let micro = (memory.micro > 0).then(|| {
        let people = plural(measure.micro_users.into(), "person", "people");
        part(format!("{people} followed with {} ghosts each", measure.ghosts), memory.micro, work.ghosts)
    });
    let accounts = (memory.accounts > 0).then(|| {
        let accounts: u64 = scenario.accounts.iter().map(|account| u64::from(account.count)).sum();
        part(plural(accounts, "injected account", "injected accounts"), memory.accounts, work.accounts)
    });
    let candidates = (memory.candidates > 0).then(|| {
        format!(
            "  of that retrieval: {}; each request scores {}",
            bytes::bytes(memory.candidates),
            plural(scenario.feed.candidates.into(), "candidate", "candidates")
        )
    });
    [echo, micro, accounts, candidates].into_iter().flatten().collect()
}
