//! `feedtilt check`: what a scenario means and what a run of it will take. Simulates nothing, unless the loop gain is asked for.

use serde::Serialize;

use super::args::CheckArguments;
use super::console::{Console, print};
use super::error::{Error, exit};
use super::memory::refuse_too_large;
use super::progress::waiting;
use crate::report::words::number::{count, duration, exact, plural, size, supported, whole};
use crate::report::words::{explain, wrap};
use crate::report::{ReportError, bytes};
use crate::run::step::SCHEDULE;
use crate::scenario::Scenario;
use crate::study::estimate::{CellShares, Estimate, Memory, RATE, Work, echoes};
use crate::study::gain::{Gain, MOST, gain};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    loop_gain: Option<LoopGain>,
    warnings: Vec<String>,
    resolved: String,
}

/// The loop gain and what it was measured with.
#[derive(Debug, Serialize)]
struct LoopGain {
    topic: String,
    gain: Option<f64>,
    gain_ci95: Option<[f64; 2]>,
    users: u32,
    replicates: u32,
    days: u32,
}

/// Carries it out.
pub fn check(arguments: &CheckArguments, console: Console) -> Result<u8, Error> {
    let scenario = arguments.scenario.load()?;
    let threads = arguments.threads.threads.map_or_else(rayon::current_num_threads, usize::from);
    let estimate = Estimate::new(&scenario, threads);
    let measured = arguments.gain.then(|| measure_gain(&scenario, arguments, console)).transpose()?;
    if arguments.json {
        print(&json(&scenario, &estimate, threads, measured)?)?;
    } else {
        let page = || explain::page(&scenario, &SCHEDULE, estimate.work.run()).lines().map(wrap).collect();
        print(&if arguments.explain { page() } else { scenario.to_toml() })?;
        lines(&scenario, &estimate, threads).iter().for_each(|line| console.say(line));
        measured.iter().for_each(|gain| console.say(gain_line(&scenario, gain)));
        estimate.warnings.iter().for_each(|warning| console.warn(warning));
    }
    refuse_too_large(&scenario, &estimate.memory, threads, arguments.memory.force_memory)?;
    Ok(exit::DONE)
}

fn measure_gain(scenario: &Scenario, arguments: &CheckArguments, console: Console) -> Result<Gain, Error> {
    arguments.threads.start()?;
    Ok(waiting(console, "loop gain: four weeks in small worlds", || gain(scenario)))
}

fn gain_line(scenario: &Scenario, measured: &Gain) -> String {
    let topic = &scenario.topics[measured.topic].id;
    let Some(gain) = measured.gain else {
        return format!("loop gain: undefined, a small tilt on {topic} moves nothing that could be told from chance");
    };
    let power = supported(gain.estimate, Some([gain.lower, gain.upper]));
    let [value, low, high] = [gain.estimate, gain.lower, gain.upper].map(|end| size(end, power));
    let limit = if gain.estimate > MOST { format!("; shipped scenarios keep it below {MOST}") } else { String::new() };
    format!(
        "loop gain: {value} (95 % interval {low} to {high}): what the profile loop alone makes of a score tilt of 5 % on {topic} after \
         {} days, in units of what it does at once; {} of {} people{limit}",
        measured.days,
        plural(measured.replicates.into(), "world", "worlds"),
        whole(measured.users.into())
    )
}

fn json(scenario: &Scenario, estimate: &Estimate, threads: usize, measured: Option<Gain>) -> Result<String, Error> {
    let loop_gain = |measured: Gain| LoopGain {
        topic: scenario.topics[measured.topic].id.clone(),
        gain: measured.gain.map(|gain| gain.estimate),
        gain_ci95: measured.gain.map(|gain| [gain.lower, gain.upper]),
        users: measured.users,
        replicates: measured.replicates,
        days: measured.days,
    };
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
        loop_gain: measured.map(loop_gain),
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
    let attribution = (memory.attribution > 0).then(|| {
        let arms = plural(scenario.attribution_arms().len() as u64, "arm", "arms");
        part(format!("{arms} that tell where shifts come from"), memory.attribution, work.attribution)
    });
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
    [echo, attribution, micro, accounts, candidates].into_iter().flatten().collect()
}
