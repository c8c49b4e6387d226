//! The simulation itself, as `run` and `verify` need it: threads, pre-run, experiment, effort.

use super::args::ThreadArguments;
use super::console::Console;
use super::error::Error;
use super::progress::{Epochs, waiting};
use crate::provenance::{Stopwatch, now};
use crate::report::Results;
use crate::report::manifest::Effort;
use crate::scenario::Scenario;
use crate::study::reach::missed;
use crate::study::{Experiment, Prepared, estimate, prerun};
use crate::warning::Warning;

/// A finished simulation.
#[derive(Debug)]
pub struct Simulated {
    /// The scenario with solved appeals: run again, it gives the same.
    pub scenario: Scenario,
    /// Its replicates.
    pub experiment: Experiment,
    /// What it took.
    pub effort: Effort,
    /// When it began, UTC.
    pub started: String,
    /// Warnings that were known beforehand.
    pub warnings: Vec<Warning>,
}

impl Simulated {
    /// What it has to say.
    pub fn results(&self) -> Results<'_> {
        Results::new(
            &self.scenario,
            &self.experiment.tallies,
            self.experiment.micro.as_ref(),
            &self.experiment.trace_hash,
            &self.warnings,
        )
        .with_accounts(&self.experiment.public)
    }
}

/// Simulates all replicates.
pub fn simulate(scenario: Scenario, console: Console) -> Result<Simulated, Error> {
    let (started, watch) = (now(), Stopwatch::start());
    let (scenario, prepared) = waiting(console, "pre-run: what the platform knows after weeks", || prepare(scenario))?;
    let pre_run = watch.spent();
    console.detail(format_args!("pre-run: {:.1} s", pre_run.wall));
    let mut epochs = Epochs::new(console, &scenario);
    let experiment = Experiment::run(&scenario, &prepared, &mut |progress| epochs.see(progress));
    epochs.finish();
    let (impressions, candidates) = (experiment.impressions, experiment.candidates);
    let effort = Effort { total: watch.spent(), pre_run, impressions, candidates };
    console.detail(format_args!(
        "{} replicates: {:.1} s, {:.0} impressions/s",
        scenario.replicates.count,
        effort.total.wall - pre_run.wall,
        effort.impressions_per_second()
    ));
    Ok(Simulated { scenario, experiment, effort, started, warnings: estimate::warnings(&prepared.setup) })
}

/// The pre-run. The stored scenario carries what it solved.
fn prepare(scenario: Scenario) -> Result<(Scenario, Prepared), Error> {
    let prepared = prerun::prepare(&scenario);
    if !prepared.solved_here {
        return Ok((scenario, prepared));
    }
    if let Some(missed) = missed(&scenario, &prepared.reached) {
        return Err(Error::OutOfReach(missed));
    }
    Ok((scenario.with_solved(prepared.appeal.clone()), prepared))
}

impl ThreadArguments {
    /// Starts the threads. No result depends on their number.
    pub fn start(&self) -> Result<(), Error> {
        let Some(threads) = self.threads else { return Ok(()) };
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global().map_err(|cause| Error::Argument {
            argument: format!("--threads {threads}"),
            problem: format!("the threads could not be started: {cause}"),
            hint: "fewer threads may do".to_owned(),
        })
    }
}
