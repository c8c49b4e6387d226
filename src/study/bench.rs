//! Throughput of standard workloads: epochs after the fork, timed; pre-run and world building told apart.

use serde::{Deserialize, Serialize};

use super::prerun::prepare;
use crate::provenance::{COMMIT, Machine, Stopwatch, VERSION, now};
use crate::run::{Alone, Replicate};
use crate::scenario::{Override, Scenario, ScenarioError, parse};
use crate::tilt::Plan;

/// A scenario that is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workload {
    /// Name.
    pub name: &'static str,
    /// Text of its scenario.
    text: &'static str,
    /// What is changed in it.
    edits: &'static [(&'static str, &'static str)],
    /// Epochs that are timed unless told otherwise.
    pub epochs: u32,
}

/// All of them.
pub const WORKLOADS: [Workload; 5] = [
    Workload { name: "cells-32x16", text: CELLS, edits: &[], epochs: 4 },
    // The same with the default catalogue, 4.7 million posts.
    Workload {
        name: "cells-32x16-deep",
        text: CELLS,
        edits: &[("catalogue.impressions_per_post", "2_400")],
        epochs: 4,
    },
    Workload {
        name: "candidates-200",
        text: CELLS,
        edits: &[
            ("population.users", "200_000"),
            ("population.represents", "200_000"),
            ("catalogue.impressions_per_post", "2_260"),
            ("feed.engine", "candidates"),
            ("feed.candidates", "200"),
        ],
        epochs: 2,
    },
    // Few people before a large catalogue: what counting instructions can afford.
    Workload {
        name: "cells-32x16-few",
        text: CELLS,
        edits: &[
            ("population.users", "1_500"),
            ("population.represents", "1_500"),
            ("catalogue.impressions_per_post", "100"),
        ],
        epochs: 2,
    },
    Workload { name: "quickstart", text: include_str!("../../scenarios/quickstart.toml"), edits: &[], epochs: 28 },
];

const CELLS: &str = include_str!("../../benches/cells-32x16.toml");

/// What may be changed in a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// People.
    pub users: Option<u32>,
    /// Epochs timed.
    pub epochs: Option<u32>,
    /// Seed.
    pub seed: Option<u64>,
}

/// One measurement, a line of `output/bench.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Workload.
    pub workload: String,
    /// People simulated.
    pub users: u32,
    /// Posts in the catalogue when the timing began.
    pub items: u64,
    /// Arms, the baseline included.
    pub arms: u32,
    /// Epochs timed.
    pub epochs: u32,
    /// Impressions in them, all arms.
    pub impressions: u64,
    /// Candidates scored in them.
    pub candidates: u64,
    /// Seconds on the clock for them.
    pub seconds: f64,
    /// Processor seconds for them, all threads.
    pub cpu_seconds: Option<f64>,
    /// Impressions a second.
    pub impressions_per_second: f64,
    /// Candidates a second.
    pub candidates_per_second: f64,
    /// Seconds of the pre-run.
    pub pre_run_seconds: f64,
    /// Seconds to build the world and reach the fork.
    pub build_seconds: f64,
    /// Threads.
    pub threads: usize,
    /// Seed.
    pub seed: u64,
    /// Version of feedtilt.
    pub version: String,
    /// Commit it was built from, if the build knew.
    pub commit: Option<String>,
    /// Machine.
    pub machine: Machine,
    /// When, UTC.
    pub started: String,
}

impl Workload {
    /// The workload with this name.
    pub fn find(name: &str) -> Option<Self> {
        WORKLOADS.into_iter().find(|workload| workload.name == name)
    }

    /// Its scenario.
    pub fn scenario(&self, settings: Settings) -> Result<Scenario, ScenarioError> {
        let set = |key: &str, value: Option<String>| value.map(|value| Override::new(key, value));
        let users = settings.users.map(|users| users.to_string());
        let set_now = [
            set("population.users", users.clone()),
            set("population.represents", users),
            set("replicates.seed", settings.seed.map(|seed| seed.to_string())),
        ];
        let edits = self.edits.iter().map(|(key, value)| Override::new(*key, *value));
        let edits: Vec<Override> = edits.chain(set_now.into_iter().flatten()).collect();
        parse(self.name, self.text, &edits)
    }

    /// Times it.
    pub fn time(&self, scenario: Scenario, settings: Settings) -> Timing {
        let started = now();
        let scenario = with_any_appeals(scenario);
        let watch = Stopwatch::start();
        let prepared = prepare(&scenario);
        let pre_run = watch.spent();
        let watch = Stopwatch::start();
        let users = scenario.population.users;
        let mut world = Replicate::new(prepared.setup.clone(), 0, 0..users, Some(&prepared.stock));
        let fork = scenario.arms.iter().map(Plan::fork_day).max().unwrap_or(0);
        while world.next_epoch() < fork * i64::from(scenario.time.epochs_per_day) {
            world.step(&Alone);
        }
        let build = watch.spent();
        let items = world.catalogue().living().count() as u64;
        let watch = Stopwatch::start();
        let (mut epochs, mut impressions, mut candidates) = (0, 0, 0);
        while epochs < settings.epochs.unwrap_or(self.epochs) {
            let Some(epoch) = world.step(&Alone) else { break };
            epochs += 1;
            impressions += epoch.impressions;
            candidates += epoch.candidates;
        }
        let spent = watch.spent();
        Timing {
            workload: self.name.to_owned(),
            users,
            items,
            arms: 1 + scenario.arms.len() as u32,
            epochs,
            impressions,
            candidates,
            seconds: spent.wall,
            cpu_seconds: spent.cpu,
            impressions_per_second: impressions as f64 / spent.wall.max(1e-6),
            candidates_per_second: candidates as f64 / spent.wall.max(1e-6),
            pre_run_seconds: pre_run.wall,
            build_seconds: build.wall,
            threads: rayon::current_num_threads(),
            seed: scenario.replicates.seed,
            version: VERSION.to_owned(),
            commit: COMMIT.map(ToOwned::to_owned),
            machine: Machine::this(),
            started,
        }
    }
}

/// The scenario with its own appeals, or else with the appeal 0 for every topic: solving them would take longer than the
/// timing.
fn with_any_appeals(scenario: Scenario) -> Scenario {
    if scenario.valid_appeal().is_some() {
        return scenario;
    }
    let zeros = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
    scenario.with_solved(zeros)
}

impl Timing {
    /// Whether another timing measured the same thing on the same machine, so that speeds compare.
    pub fn compares_with(&self, other: &Self) -> bool {
        let key = |timing: &Self| (timing.workload.clone(), timing.users, timing.epochs, timing.threads);
        key(self) == key(other) && self.machine == other.machine
    }

    /// Relative loss of speed against another timing; negative when this one is faster.
    pub fn loss_against(&self, other: &Self) -> f64 {
        1.0 - self.impressions_per_second / other.impressions_per_second
    }
}
