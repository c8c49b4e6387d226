//! The pre-run: a small world with its own fixed seed and no shocks, run before every scenario.
//!
//! It solves the topic appeals `b_rk`, where the scenario does not carry them, so that organic exposure meets the
//! scenario's shares, and it stores what a platform has learned after weeks: the stock from which every world starts.

use crate::run::{Alone, Replicate, Setup, Stock};
use crate::scenario::Scenario;
use crate::study::reach::Reached;
use crate::trace::Counter;
use crate::world::people::GROUPS;

/// Most people of a pre-run.
pub const PEOPLE: u32 = 5_000;
/// Its seed: part of the model, not of the scenario.
const SEED: u64 = 0x0070_7265_7275_6e00;
/// Days whose posts' whole life becomes the stock.
pub const STOCK_DAYS: u32 = 24;

/// How long and how strongly appeals are adjusted.
#[derive(Debug, Clone, Copy)]
pub struct Solver {
    /// Days of adjustment.
    pub days: u32,
    /// Days before the average begins.
    pub warm: u32,
    /// Log-odds per relative miss of a share, at first.
    pub gain: f64,
}

/// For scenarios that carry no appeals.
pub const USUAL: Solver = Solver { days: 36, warm: 14, gain: 0.25 };

/// What every world of a scenario needs to start.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Derived tables, appeals included.
    pub setup: Setup,
    /// Topic appeals by region and topic, log-odds.
    pub appeal: Vec<Vec<f64>>,
    /// Whether they were solved here and not carried by the scenario.
    pub solved_here: bool,
    /// What the appeals gave in the pre-run.
    pub reached: Reached,
    /// Where worlds start from.
    pub stock: Stock,
}

/// Runs it.
pub fn prepare(scenario: &Scenario) -> Prepared {
    prepare_with(scenario, USUAL)
}

/// Runs it with another solver. The stock always comes from a world of its own with the appeals as they are carried or were
/// solved, so that a stored scenario starts where the run that solved it started.
pub fn prepare_with(scenario: &Scenario, solver: Solver) -> Prepared {
    let carried = scenario.valid_appeal().map(<[Vec<f64>]>::to_vec);
    let solved_here = carried.is_none();
    let appeal = carried.unwrap_or_else(|| solve(&pre_scenario(scenario, solver.days), solver));
    let mut world = Replicate::even(Setup::new(&pre_scenario(scenario, STOCK_DAYS), &appeal));
    let born_after = world.next_epoch();
    while world.step(&Alone).is_some() {}
    let stock = world.stock(born_after);
    Prepared { setup: Setup::new(scenario, &appeal), reached: Reached::of(&world), appeal, solved_here, stock }
}

/// The scenario without arms, on few people, with the pre-run's seed.
fn pre_scenario(scenario: &Scenario, days: u32) -> Scenario {
    let mut small = scenario.clone();
    small.population.users = scenario.population.users.min(PEOPLE);
    // As many creators as the scenario has: with fewer, single creators would make up whole topics, and the rule that no
    // creator follows themselves would weigh on small topics.
    small.catalogue.creators_per_user *= f64::from(scenario.population.users) / f64::from(small.population.users);
    small.time.burn_in_days = 0;
    small.time.days = days;
    small.arms.clear();
    small.accounts.clear();
    small.replicates.seed = SEED;
    small
}

/// Stochastic approximation: each day every appeal moves by gain × (1 − observed ÷ target); the average of the later days is
/// the solution, because a single day's shares scatter with the posts that happen to be about.
fn solve(scenario: &Scenario, solver: Solver) -> Vec<Vec<f64>> {
    let per_day = scenario.time.epochs_per_day;
    let mut appeal = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
    let mut average = appeal.clone();
    let mut world = Replicate::even(Setup::new(scenario, &appeal));
    for day in 0..solver.days {
        for _ in 0..per_day {
            world.step(&Alone);
        }
        let gain = solver.gain * (f64::from(solver.warm) / f64::from(day.max(solver.warm)));
        for (region, row) in appeal.iter_mut().enumerate() {
            adjust(row, &shares(&world, day as usize, region), scenario, region, gain);
        }
        world.set_appeal(&appeal);
        if day >= solver.warm {
            let weight = 1.0 / f64::from(solver.days - solver.warm);
            for (sums, row) in average.iter_mut().zip(&appeal) {
                sums.iter_mut().zip(row).for_each(|(sum, b)| *sum += weight * b);
            }
        }
    }
    // Three decimals: finer than the solution is known, and short enough to be read in a file.
    for b in average.iter_mut().flatten() {
        *b = libm::round(*b * 1000.0) / 1000.0;
    }
    average
}

fn adjust(row: &mut [f64], observed: &[f64], scenario: &Scenario, region: usize, gain: f64) {
    for ((b, topic), &seen) in row.iter_mut().zip(&scenario.topics).zip(observed) {
        // Linear in the share and not in its logarithm: the mean share is to meet the target, and shares of small topics are
        // skewed by single good posts.
        *b += gain * (1.0 - seen / topic.share[region]).max(-1.0);
    }
    // Only differences between topics matter for shares; the mean stays with `respond.attention`.
    let mean: f64 = row.iter().zip(&scenario.topics).map(|(b, topic)| b * topic.share[region]).sum();
    row.iter_mut().for_each(|b| *b -= mean);
}

/// Exposure shares of a region on a day.
fn shares(world: &Replicate, day: usize, region: usize) -> Vec<f64> {
    let counts = world.tally().day(day, 0);
    let of = |k: usize| -> u64 { (0..GROUPS).map(|g| counts[[region, g, k, Counter::Impressions as usize]]).sum() };
    let by_topic: Vec<u64> = (0..world.setup().scenario.topic_count()).map(of).collect();
    let all: u64 = by_topic.iter().sum();
    by_topic.into_iter().map(|n| n as f64 / (all as f64).max(1.0)).collect()
}
