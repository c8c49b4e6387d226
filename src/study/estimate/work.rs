//! Impressions that a run will simulate, and the time they take.

use super::fork_days;
use super::memory::followed;
use crate::run::{Setup, arms};
use crate::scenario::{Account, Arm, Engine, Loops, Scenario};
use crate::study::prerun;
use crate::tilt::Plan;

/// Speed that times are estimated with; half or double of it is usual on other machines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Impressions per second and thread.
    pub impressions: f64,
    /// Seconds to compile the tables of one arm for an epoch, per cell at one level.
    pub table_cell: f64,
    /// Seconds to retrieve and score a candidate.
    pub candidate: f64,
}

/// Measured with `feedtilt bench` on two cores of a server of 2024.
pub const RATE: Rate = Rate { impressions: 5.5e6, table_cell: 0.6e-9, candidate: 12e-9 };

/// Expected impressions, by who is shown them. Ghosts and injected accounts cost what people cost and count for nothing.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Work {
    /// People in the baseline and in tilted arms.
    pub arms: f64,
    /// People in echo arms.
    pub echo: f64,
    /// People in arms that tell where a shift comes from.
    pub attribution: f64,
    /// Ghosts of the people who are followed.
    pub ghosts: f64,
    /// Injected accounts.
    pub accounts: f64,
    /// People of the pre-run.
    pub pre_run: f64,
}

impl Work {
    /// Of a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let replicates = f64::from(scenario.replicates.count);
        let person_day = scenario.impressions_per_day() / f64::from(scenario.population.users);
        Self {
            arms: arm_days(scenario) * scenario.impressions_per_day() * replicates,
            echo: echo_days(scenario) * scenario.impressions_per_day() * replicates,
            attribution: attribution_days(scenario) * scenario.impressions_per_day() * replicates,
            ghosts: ghost_days(scenario) * person_day,
            accounts: scenario.accounts.iter().map(|account| watched(scenario, account)).sum::<f64>() * replicates,
            pre_run: prerun::effort(scenario)[0] * person_day,
        }
    }

    /// Impressions of the run, pre-run excluded.
    pub fn run(&self) -> f64 {
        self.arms + self.echo + self.attribution + self.ghosts + self.accounts
    }

    /// The same in whole impressions.
    #[must_use]
    pub fn rounded(self) -> Self {
        let Self { arms, echo, attribution, ghosts, accounts, pre_run } = self;
        let [arms, echo, attribution, ghosts, accounts, pre_run] =
            [arms, echo, attribution, ghosts, accounts, pre_run].map(f64::round);
        Self { arms, echo, attribution, ghosts, accounts, pre_run }
    }

    /// Seconds on one thread, of the pre-run and of the run: impressions, and the tables of every epoch.
    pub fn seconds(&self, setup: &Setup) -> [f64; 2] {
        let scenario = &setup.scenario;
        let [_, pre_run_days] = prerun::effort(scenario);
        let all_tables = arm_days(scenario) + echo_days(scenario) + attribution_days(scenario) + weighted_days(setup);
        let days = all_tables * f64::from(scenario.replicates.count);
        [(self.pre_run, pre_run_days), (self.run(), days)]
            .map(|(impressions, days)| impressions * impression(scenario) + days * tables(setup))
    }
}

/// Seconds of an impression; a request that retrieves candidates shares their cost among its slots.
fn impression(scenario: &Scenario) -> f64 {
    let retrieved = match scenario.feed.engine {
        Engine::Cells => 0.0,
        Engine::Candidates => f64::from(scenario.feed.candidates) / f64::from(scenario.feed.response),
    };
    1.0 / RATE.impressions + retrieved * RATE.candidate
}

/// Seconds for the tables of one arm on a day.
fn tables(setup: &Setup) -> f64 {
    let cells = (setup.shape.stripes * setup.shape.rows() * setup.score.own.values.len()) as f64;
    f64::from(setup.scenario.time.epochs_per_day) * cells * RATE.table_cell
}

/// Days from a day to the end of the run.
fn days_from(scenario: &Scenario, day: i64) -> f64 {
    (i64::from(scenario.time.days) - day) as f64
}

/// Days simulated in a replicate: the baseline all the time, each arm from its fork on.
fn arm_days(scenario: &Scenario) -> f64 {
    let forked: f64 = scenario.arms.iter().map(|arm| days_from(scenario, Plan::fork_day(arm))).sum();
    days_from(scenario, -i64::from(scenario.time.burn_in_days)) + forked
}

/// Days of tables by other value weights than the scenario's in a replicate.
fn weighted_days(setup: &Setup) -> f64 {
    let scenario = &setup.scenario;
    let days = |arm: &Arm| setup.plan.weighted_days(scenario, arm) as f64;
    scenario.arms.iter().map(days).sum()
}

/// Days of the echo arms in a replicate.
fn echo_days(scenario: &Scenario) -> f64 {
    arms::echo_days(scenario).iter().map(|&day| days_from(scenario, day)).sum()
}

/// Days of the arms that tell where a shift comes from, in a replicate.
fn attribution_days(scenario: &Scenario) -> f64 {
    let fork = |&(arm, _): &(usize, Loops)| Plan::fork_day(&scenario.arms[arm]);
    scenario.attribution_arms().iter().map(|part| days_from(scenario, fork(part))).sum()
}

/// Days of all ghosts: in every arm from its fork on, and in the baseline from every fork on.
fn ghost_days(scenario: &Scenario) -> f64 {
    let ghosts = followed(scenario) as f64 * f64::from(scenario.measure.ghosts);
    let forks = scenario.arms.iter().map(Plan::fork_day).chain(fork_days(scenario));
    ghosts * forks.map(|day| days_from(scenario, day)).sum::<f64>()
}

/// Videos that accounts of one name are shown in the baseline.
pub fn shown(account: &Account) -> u64 {
    u64::from(account.count) * u64::from(account.sessions) * u64::from(account.videos_per_session)
}

/// Videos that accounts are shown in a replicate: in the baseline and in every tilted arm in all sessions from its fork on.
fn watched(scenario: &Scenario, account: &Account) -> f64 {
    let sessions = |fork: i64| {
        let before = (fork - i64::from(account.from_day)).max(0) * i64::from(account.sessions_per_day);
        (i64::from(account.sessions) - before).max(0) as f64
    };
    let forks = scenario.arms.iter().map(Plan::fork_day).chain([0]);
    forks.map(sessions).sum::<f64>() * f64::from(account.count) * f64::from(account.videos_per_session)
}
