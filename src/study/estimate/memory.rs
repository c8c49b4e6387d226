//! Bytes that a run needs, counted from the sizes of its state.

use std::mem::size_of;

use super::{fork_days, person_arm_bytes, work};
use crate::run::Setup;
use crate::run::arms::echo_days;
use crate::scenario::{Engine, Scenario};
use crate::trace::{Counter, Shown};
use crate::world::people::GROUPS;
use crate::world::{ItemTruth, People, Sight, Supply};

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
const PROGRAM_BYTES: u64 = 20_000_000;
/// Bytes of a row of the exposure table while it is made into a file.
const ROW_BYTES: u64 = 200;
/// Bytes of a ghost or an injected account beside its profile, which has one per topic.
const GHOST_BYTES: u64 = 16;
/// Bytes of a row of the table of accounts while it is made into a file: its place, its cells and their text.
const RECORD_ROW_BYTES: u64 = 240;
/// Bytes of a ghost's exposure to a tracked topic in a week: what was expected and what was met.
const COURSE_BYTES: u64 = (size_of::<u64>() + size_of::<u32>()) as u64;
/// Bytes of a candidate while a response is made, in each thread.
const CANDIDATE_BYTES: u64 = 32;
/// Bytes of a post in the lists that candidates come from, in each arm: number, entry, row and cell, and its places in lists.
const SOURCE_BYTES: u64 = 20;

/// Bytes, by what needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Memory {
    /// The program, and the tallies and tables of results.
    pub program: u64,
    /// People, posts and creators as all arms share them.
    pub world: u64,
    /// What the baseline and the tilted arms hold of their own.
    pub arms: u64,
    /// What echo arms hold of their own.
    pub echo: u64,
    /// What arms that tell where a shift comes from hold of their own; those that replay hold less.
    pub attribution: u64,
    /// Ghosts of the people who are followed, and their courses.
    pub micro: u64,
    /// Injected accounts.
    pub accounts: u64,
    /// Retrieval of candidates.
    pub candidates: u64,
}

impl Memory {
    /// Of a scenario whose tables `setup` has; the number of people is the scenario's own.
    pub fn new(setup: &Setup, scenario: &Scenario, threads: u64) -> Self {
        let population = &scenario.population;
        let users = u64::from(population.users);
        let topics = scenario.topic_count();
        let potential = if scenario.loops.supply { scenario.supply.bound } else { 1.0 };
        let posts = (potential * scenario.posts_per_day() * f64::from(scenario.catalogue.depth_days + 1)) as u64;
        let creators = (f64::from(population.users) * scenario.catalogue.creators_per_user) as u64;
        let (arms, echoes) = (1 + scenario.arms.len() as u64, echoes(scenario));
        let partial = scenario.attribution_arms().len() as u64;
        let all = arms + echoes + partial;
        let arm = users * person_arm_bytes(scenario)
            + posts * (POST_ARM_BYTES + POST_THREAD_BYTES * threads)
            + tables(setup)
            + if scenario.loops.supply { posts + creators * Supply::BYTES } else { 0 };
        let weighted = setup.plan.weighted_tables(scenario) as u64 * tables(setup);
        let scores = setup.score.all().count() as u64 * (16 * setup.score.own.values.len()) as u64;
        let days = u64::from(scenario.time.burn_in_days + scenario.time.days) * u64::from(scenario.replicates.count);
        let tally = days * (population.regions.len() * GROUPS * topics * Counter::ALL.len() * 8) as u64;
        Self {
            program: PROGRAM_BYTES + scores + tally * all + scenario.exposure_rows() * ROW_BYTES,
            world: users * People::bytes_each(topics) as u64 + posts * POST_BYTES + creators * CREATOR_BYTES,
            arms: arm * arms + weighted,
            echo: arm * echoes,
            attribution: arm * partial,
            micro: micro(scenario),
            accounts: accounts(scenario, arms),
            candidates: candidates(scenario, posts * all, threads),
        }
    }

    /// Bytes in all.
    pub const fn total(&self) -> u64 {
        let Self { program, world, arms, echo, attribution, micro, accounts, candidates } = *self;
        program + world + arms + echo + attribution + micro + accounts + candidates
    }
}

/// How many echo arms there are.
pub fn echoes(scenario: &Scenario) -> u64 {
    echo_days(scenario).len() as u64
}

/// Tables of an arm in an epoch.
fn tables(setup: &Setup) -> u64 {
    let levels = setup.score.own.values.len() / setup.score.own.cells;
    let rows = (setup.shape.stripes * setup.shape.rows() * levels) as u64;
    rows * (TABLE_BYTES + 8 * setup.plan.classes.count() as u64)
}

/// People who are followed, nobody where no topic is tracked.
pub(super) fn followed(scenario: &Scenario) -> u64 {
    if scenario.measure.track.is_empty() { 0 } else { scenario.measure.micro_users.into() }
}

/// Every arm has a set of ghosts from its fork on, and so has the baseline from every fork; courses of all replicates are kept.
fn micro(scenario: &Scenario) -> u64 {
    let forks = fork_days(scenario);
    let all = followed(scenario) * u64::from(scenario.measure.ghosts);
    let at_a_time = all.div_ceil(scenario.replicates.count.into());
    let sets = (scenario.arms.len() + forks.len()) as u64;
    let weeks = forks.first().map_or(0, |first| (i64::from(scenario.time.days) - first) / 7) as u64;
    let course = weeks * scenario.measure.track.len() as u64 * COURSE_BYTES;
    sets * (at_a_time * (scenario.topic_count() as u64 + GHOST_BYTES + course) + all * course)
}

/// Profiles of one replicate at a time, and the records of all of them until the end.
fn accounts(scenario: &Scenario, arms: u64) -> u64 {
    let count: u64 = scenario.accounts.iter().map(|account| u64::from(account.count)).sum();
    let shown: u64 = scenario.accounts.iter().map(work::shown).sum();
    let records = shown * u64::from(scenario.replicates.count) * (size_of::<Shown>() as u64 + RECORD_ROW_BYTES);
    (count * (scenario.topic_count() as u64 + GHOST_BYTES) + records) * arms
}

fn candidates(scenario: &Scenario, posts_of_arms: u64, threads: u64) -> u64 {
    match scenario.feed.engine {
        Engine::Cells => 0,
        Engine::Candidates => {
            threads * u64::from(scenario.feed.candidates) * CANDIDATE_BYTES + posts_of_arms * SOURCE_BYTES
        }
    }
}
