//! What a run will take, before it is run: rows, memory, time, and how well the integer weights resolve the scores.
//!
//! Memory is counted from the sizes of the state ([`Memory`]); time is expected work ([`Work`]) at rates measured once
//! ([`RATE`]).

mod memory;
mod work;

use std::ops::Range;

use crate::feed::ScoreTable;
use crate::measure::persistence::WINDOW;
use crate::measure::shift::LEAST_REPLICATES;
use crate::run::{ArmState, Setup};
use crate::scenario::{Arm, Feed, Scenario, Tilt, TiltKind};
use crate::tilt::Plan;
use crate::trace::micro::WEEK;
use crate::warning::Warning;
use crate::world::People;

pub use memory::{Memory, echoes};
pub use work::{RATE, Rate, Work};

/// Share of cells at profile level 0 that may be off by more than 1 % without a warning.
const MOST_COARSE: f64 = 0.01;

/// What a run will take.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Rows of the exposure table.
    pub rows: u64,
    /// Bytes per person that all arms share.
    pub person_shared_bytes: u64,
    /// Bytes per person in each arm.
    pub person_arm_bytes: u64,
    /// Bytes, by what needs them.
    pub memory: Memory,
    /// Expected impressions, by who is shown them.
    pub work: Work,
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
        let work = Work::new(scenario);
        let [pre_run_seconds, run_seconds] = work.seconds(&setup).map(|seconds| seconds / threads as f64);
        Self {
            rows: scenario.exposure_rows(),
            person_shared_bytes: People::bytes_each(scenario.topic_count()) as u64,
            person_arm_bytes: person_arm_bytes(scenario),
            memory: Memory::new(&setup, scenario, threads as u64),
            work,
            seconds: pre_run_seconds + run_seconds,
            pre_run_seconds,
            resolution: Resolution::new(&setup.scenario.feed, &setup.score.own),
            warnings: warnings(&setup),
        }
    }
}

/// Bytes a person takes in an arm.
fn person_arm_bytes(scenario: &Scenario) -> u64 {
    ArmState::bytes_each(scenario.topic_count(), scenario.measure.track.len(), scenario.loops.interest) as u64
}

/// Warnings that are known before anything is simulated.
pub fn warnings(setup: &Setup) -> Vec<Warning> {
    let replicates = setup.scenario.replicates.count;
    let few = (replicates as usize) < LEAST_REPLICATES;
    let of_table = |score: &ScoreTable| Resolution::new(&setup.scenario.feed, score).usual.off_by_1_percent;
    let share = setup.score.all().map(of_table).fold(0.0, f64::max);
    let warnings = [
        few.then_some(Warning::TooFewReplicates { replicates }),
        (share > MOST_COARSE).then_some(Warning::CoarseMass { share }),
        engine_not_fitted(&setup.scenario.feed),
        no_whole_week(&setup.scenario),
        not_scale_free(&setup.scenario),
        nothing_after(&setup.scenario),
    ];
    warnings.into_iter().flatten().collect()
}

/// Arms whose followed people have no whole week in the tilted days.
fn no_whole_week(scenario: &Scenario) -> Option<Warning> {
    let days = |arm: &Arm| {
        let until = arm.tilts.iter().map(|tilt| i64::from(tilt.schedule.until_day)).max().unwrap_or(0);
        until - Plan::fork_day(arm)
    };
    let short = scenario.arms.iter().filter(|arm| memory::followed(scenario) > 0 && days(arm) < WEEK as i64);
    let arms: Vec<String> = short.map(|arm| arm.name.clone()).collect();
    (!arms.is_empty()).then_some(Warning::NoWholeWeek { arms })
}

/// Arms that rest on a threshold in impressions where simulated people stand for more than themselves.
fn not_scale_free(scenario: &Scenario) -> Option<Warning> {
    let rests = |tilt: &Tilt| matches!(tilt.kind, TiltKind::ReachCap { .. } | TiltKind::ColdStart { .. });
    let arms = scenario.arms.iter().filter(|arm| arm.tilts.iter().any(rests));
    let arms: Vec<String> = arms.map(|arm| arm.name.clone()).collect();
    let people_each = scenario.people_each();
    (people_each > 1.0 && !arms.is_empty()).then_some(Warning::NotScaleFree { arms, people_each })
}

/// Arms whose tilt is followed by too few days to tell what is left of the shift.
fn nothing_after(scenario: &Scenario) -> Option<Warning> {
    let late = |arm: &&Arm| arm.tilted_days().end + WINDOW as u32 > scenario.time.days;
    let arms: Vec<String> = scenario.arms.iter().filter(late).map(|arm| arm.name.clone()).collect();
    (scenario.measure.persistence && !arms.is_empty()).then_some(Warning::NothingAfter { arms })
}

fn engine_not_fitted(feed: &Feed) -> Option<Warning> {
    let (engine, fitted) = (feed.engine.name().to_owned(), feed.fitted_engine.name().to_owned());
    (feed.engine != feed.fitted_engine).then_some(Warning::EngineNotFitted { engine, fitted })
}

/// Days, from the first, on which arms leave the baseline: from each on people are followed in the baseline too.
pub fn fork_days(scenario: &Scenario) -> Vec<i64> {
    let mut days: Vec<i64> = scenario.arms.iter().map(Plan::fork_day).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Largest population of the scenario, no larger than its own, that fits into so many bytes; `None` when nobody does.
pub fn largest_population(scenario: &Scenario, threads: usize, bytes: u64) -> Option<u32> {
    let zeros = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
    let setup = Setup::new(scenario, &zeros);
    let mut smaller = scenario.clone();
    let mut fits = |users: u32| {
        smaller.population.users = users;
        smaller.measure.micro_users = scenario.measure.micro_users.min(scenario.replicates.people(users));
        Memory::new(&setup, &smaller, threads as u64).total() <= bytes
    };
    let (mut low, mut high) = (0, scenario.population.users + 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fits(middle) { low = middle } else { high = middle }
    }
    (low > 0).then_some(low)
}

impl Resolution {
    fn new(feed: &Feed, score: &ScoreTable) -> Self {
        let (cells, all) = (score.cells, score.values.len());
        // Levels lie evenly around 0, which is the first of the upper half.
        let zero = all / cells / 2 * cells;
        Self { usual: CellShares::new(feed, score, zero..zero + cells), all: CellShares::new(feed, score, 0..all) }
    }
}

impl CellShares {
    fn new(feed: &Feed, score: &ScoreTable, cells: Range<usize>) -> Self {
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
