//! What a run will take, before it is run: rows, memory, time, and how well the integer weights resolve the scores.
//!
//! Memory is counted from the sizes of the state; time is expected work at a rate measured once ([`RATE`]).

use std::mem::size_of;
use std::ops::Range;

use crate::measure::shift::LEAST_REPLICATES;
use crate::run::{ArmState, Setup};
use crate::scenario::{Feed, Scenario};
use crate::study::prerun;
use crate::tilt::Plan;
use crate::trace::Counter;
use crate::warning::Warning;
use crate::world::people::GROUPS;
use crate::world::{ItemTruth, People, Sight};

/// Speed that times are estimated with; half or double of it is usual on other machines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Impressions per second and thread.
    pub impressions: f64,
    /// Seconds to compile the tables of one arm for an epoch, per cell at one level.
    pub table_cell: f64,
}

/// Measured with `feedtilt bench` on two cores of a server of 2024.
pub const RATE: Rate = Rate { impressions: 5.5e6, table_cell: 0.6e-9 };

/// Share of cells at profile level 0 that may be off by more than 1 % without a warning.
const MOST_COARSE: f64 = 0.01;
/// Bytes of the tables per row and level: one mass and eight running sums.
const TABLE_BYTES: u64 = 72;
/// Bytes of a post that all arms share: truth, sight, name, place in the order of birth.
const POST_BYTES: u64 = (size_of::<ItemTruth>() + size_of::<Option<Sight>>() + 12) as u64;
/// Bytes of a post in each arm: counters, places in index and pool, and its entry in the tables of an epoch.
const POST_ARM_BYTES: u64 = 12 + 20 + 8 + size_of::<ItemTruth>() as u64;
/// Bytes of a post in each arm and thread: counters of an epoch.
const POST_THREAD_BYTES: u64 = 12;
/// Bytes of a creator: region, two parts, home.
const CREATOR_BYTES: u64 = 25;
/// Bytes of the program itself, its threads and the pre-run.
const BASE_BYTES: u64 = 20_000_000;
/// Bytes of a row of the exposure table while it is made into a file.
const ROW_BYTES: u64 = 200;

/// What a run will take.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Rows of the exposure table.
    pub rows: u64,
    /// Bytes per person that all arms share.
    pub person_shared_bytes: u64,
    /// Bytes per person in each arm.
    pub person_arm_bytes: u64,
    /// Bytes in all.
    pub memory_bytes: u64,
    /// Expected impressions, pre-run excluded.
    pub impressions: f64,
    /// Expected impressions of the pre-run.
    pub pre_run_impressions: f64,
    /// Seconds in all, pre-run included.
    pub seconds: f64,
    /// Seconds of the pre-run.
    pub pre_run_seconds: f64,
    /// How well integer weights resolve the scores.
    pub resolution: Resolution,
    /// Warnings that can be given beforehand.
    pub warnings: Vec<Warning>,
}

/// Shares of the score's cells (tier × duration class) that are hardly told apart, at the profile level 0 of somebody of
/// whom nothing is known, and over all 256 levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolution {
    /// At level 0.
    pub usual: CellShares,
    /// Over all levels.
    pub all: CellShares,
}

/// Shares of cells.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct CellShares {
    /// The value lies below `feed.value_floor`: the positive map bends it.
    pub at_the_floor: f64,
    /// The integer weight lies below 2¹⁰.
    pub below_1024: f64,
    /// Rounding to an integer moves the weight by more than 1 %.
    pub off_by_1_percent: f64,
}

impl Estimate {
    /// For a run on so many threads.
    pub fn new(scenario: &Scenario, threads: usize) -> Self {
        let zeros = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
        let setup = Setup::new(scenario, &zeros);
        let (people, pre_run_days) = pre_run(scenario);
        let person_days = f64::from(people) * f64::from(pre_run_days);
        let pre_run_impressions = scenario.impressions_per_day() / f64::from(scenario.population.users) * person_days;
        let impressions = total_impressions(scenario);
        let arm_days = arm_days(scenario) * f64::from(scenario.replicates.count);
        let pre_run_seconds = seconds(&setup, pre_run_impressions, pre_run_days.into()) / threads as f64;
        let run_seconds = seconds(&setup, impressions, arm_days) / threads as f64;
        Self {
            rows: scenario.exposure_rows(),
            person_shared_bytes: People::bytes_each(scenario.topic_count()) as u64,
            person_arm_bytes: ArmState::bytes_each(scenario.topic_count(), scenario.measure.track.len()) as u64,
            memory_bytes: memory(&setup, threads as u64),
            impressions,
            pre_run_impressions,
            seconds: pre_run_seconds + run_seconds,
            pre_run_seconds,
            resolution: Resolution::new(&setup),
            warnings: warnings(&setup),
        }
    }
}

/// Warnings that are known before anything is simulated.
pub fn warnings(setup: &Setup) -> Vec<Warning> {
    let replicates = setup.scenario.replicates.count;
    let few = (replicates as usize) < LEAST_REPLICATES;
    let share = Resolution::new(setup).usual.off_by_1_percent;
    let warnings = [
        few.then_some(Warning::TooFewReplicates { replicates }),
        (share > MOST_COARSE).then_some(Warning::CoarseMass { share }),
        engine_not_fitted(&setup.scenario.feed),
    ];
    warnings.into_iter().flatten().collect()
}

fn engine_not_fitted(feed: &Feed) -> Option<Warning> {
    let (engine, fitted) = (feed.engine.name().to_owned(), feed.fitted_engine.name().to_owned());
    (feed.engine != feed.fitted_engine).then_some(Warning::EngineNotFitted { engine, fitted })
}

/// People and days of the pre-run.
fn pre_run(scenario: &Scenario) -> (u32, u32) {
    // Solving is followed by a stock, and then by the stock that counts.
    let solving = if scenario.valid_appeal().is_none() { prerun::USUAL.days } else { 0 };
    (scenario.population.users.min(prerun::PEOPLE), solving + prerun::STOCK_DAYS)
}

/// Expected impressions of a run: the baseline all the time, each arm from its fork on.
fn total_impressions(scenario: &Scenario) -> f64 {
    arm_days(scenario) * scenario.impressions_per_day() * f64::from(scenario.replicates.count)
}

/// Days simulated in a replicate, over all arms.
fn arm_days(scenario: &Scenario) -> f64 {
    let days = i64::from(scenario.time.days);
    let forked: i64 = scenario.arms.iter().map(|arm| days - Plan::fork_day(arm)).sum();
    (i64::from(scenario.time.burn_in_days) + days + forked) as f64
}

/// Seconds on one thread: impressions, and the tables of every epoch.
fn seconds(setup: &Setup, impressions: f64, arm_days: f64) -> f64 {
    let cells = (setup.shape.stripes * setup.shape.rows() * setup.score.values.len()) as f64;
    let epochs = arm_days * f64::from(setup.scenario.time.epochs_per_day);
    impressions / RATE.impressions + epochs * cells * RATE.table_cell
}

fn memory(setup: &Setup, threads: u64) -> u64 {
    let scenario = &setup.scenario;
    let population = &scenario.population;
    let (users, arms) = (u64::from(population.users), 1 + scenario.arms.len() as u64);
    let (topics, tracked) = (scenario.topic_count(), scenario.measure.track.len());
    let people = users * (People::bytes_each(topics) as u64 + ArmState::bytes_each(topics, tracked) as u64 * arms);
    let posts = (scenario.posts_per_day() * f64::from(scenario.catalogue.depth_days + 1)) as u64;
    let posts = posts * (POST_BYTES + (POST_ARM_BYTES + POST_THREAD_BYTES * threads) * arms);
    let creators = (f64::from(population.users) * scenario.catalogue.creators_per_user) as u64 * CREATOR_BYTES;
    let levels = setup.score.values.len() / setup.score.cells;
    let table_rows = (setup.shape.stripes * setup.shape.rows() * levels) as u64;
    let tables = table_rows * (TABLE_BYTES + 8 * setup.plan.classes.count() as u64) * arms;
    let days = u64::from(scenario.time.burn_in_days + scenario.time.days) * u64::from(scenario.replicates.count);
    let tallies = days * arms * (population.regions.len() * GROUPS * topics * Counter::ALL.len() * 8) as u64;
    BASE_BYTES + people + posts + creators + tables + tallies + scenario.exposure_rows() * ROW_BYTES
}

impl Resolution {
    fn new(setup: &Setup) -> Self {
        let cells = setup.score.cells;
        let all = setup.score.values.len();
        // Levels lie evenly around 0, which is the first of the upper half.
        let zero = all / cells / 2 * cells;
        Self { usual: CellShares::new(setup, zero..zero + cells), all: CellShares::new(setup, 0..all) }
    }
}

impl CellShares {
    fn new(setup: &Setup, cells: Range<usize>) -> Self {
        let (feed, score) = (&setup.scenario.feed, &setup.score);
        // The map of a value at the floor: V⁺(v₀) = v₀·ln(1 + e).
        let floor = feed.value_floor * libm::log1p(std::f64::consts::E);
        let exact = |cell: usize| libm::exp(libm::log(score.values[cell]) / feed.temperature) * score.scale;
        let error = |cell: usize| (score.units[cell] as f64 / exact(cell) - 1.0).abs();
        let share =
            |is: &dyn Fn(usize) -> bool| cells.clone().filter(|&cell| is(cell)).count() as f64 / cells.len() as f64;
        Self {
            at_the_floor: share(&|cell| score.values[cell] < floor),
            below_1024: share(&|cell| score.units[cell] < 1 << 10),
            off_by_1_percent: share(&|cell| error(cell) > 0.01),
        }
    }
}
