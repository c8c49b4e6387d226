//! The pre-run: small worlds with their own fixed seed and no shocks, run before every scenario.
//!
//! It stores what a platform has learned after months, the stock from which every world starts, and it solves the topic
//! appeals `b_rk`, where the scenario does not carry them, so that organic exposure meets the scenario's shares.

mod ladder;
mod solve;

pub use solve::{Solver, THOROUGH, USUAL};

use crate::run::{Alone, Replicate, Setup, Stock};
use crate::scenario::Scenario;
use crate::study::reach::Reached;
use ladder::ladder;

/// Most people of a pre-run.
pub const PEOPLE: u32 = 5_000;
/// Most people of the sketch that comes before it.
pub const SKETCH_PEOPLE: u32 = 2_500;
/// Most people of the pre-run and of its sketch.
type People = [u32; 2];
const USUAL_PEOPLE: People = [PEOPLE, SKETCH_PEOPLE];
/// Those of a quick one.
const QUICK: People = [2_000, 1_000];
/// Days of the sketch.
pub const SKETCH_DAYS: u32 = 12;
/// Days whose posts' whole life becomes the stock.
pub const STOCK_DAYS: u32 = 24;
/// Its seed: part of the model, not of the scenario.
const SEED: u64 = 0x0070_7265_7275_6e00;
/// In the sketch profiles learn and forget so many times as fast: of a topic of half a per cent they would learn for months.
const PACE: f64 = 8.0;
/// Highest learning rate of profiles in fast motion; beyond it levels would swing.
const FASTEST: f64 = 0.8;

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

/// Runs it with another solver. The stock always comes from worlds of its own with the appeals as they are carried or were
/// solved, so that a stored scenario starts where the run that solved it started.
pub fn prepare_with(scenario: &Scenario, solver: Solver) -> Prepared {
    let carried = scenario.valid_appeal().map(<[Vec<f64>]>::to_vec);
    let solved_here = carried.is_none();
    let appeal = carried.unwrap_or_else(|| solve::solve(scenario, solver));
    let (stock, reached) = stock(scenario, &appeal);
    Prepared { setup: Setup::new(scenario, &appeal), reached, appeal, solved_here, stock }
}

/// A quick one for fits: appeals are solved roughly while the stock is made, by fewer people, and small topics may be a fifth off
/// their shares.
pub fn prepare_roughly(scenario: &Scenario) -> Prepared {
    let mut appeal = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
    let (stock, reached) = solve::rough(scenario, QUICK, &mut appeal);
    Prepared { setup: Setup::new(scenario, &appeal), reached, appeal, solved_here: true, stock }
}

/// What a platform knows after months, and the shares that it comes to.
fn stock(scenario: &Scenario, appeal: &[Vec<f64>]) -> (Stock, Reached) {
    settled(scenario, USUAL_PEOPLE, appeal, &mut |_, _| {})
}

/// A first idea of it, in fast motion. What is known of people is right on average and noisy.
fn sketch(scenario: &Scenario, people: u32, appeal: &[Vec<f64>]) -> Stock {
    let small = small(scenario, people, SKETCH_DAYS);
    let mut world = Replicate::even(Setup::new(&small, appeal), ladder(scenario), None);
    world.set_pace(PACE.min(FASTEST / scenario.feed.learning_rate).max(1.0));
    live(&mut world, &mut |_, _| {})
}

/// A world that starts from a sketch, without its noise, and lives until a post's whole life has been seen. `after` is called
/// with the world after each day.
fn settled(
    scenario: &Scenario,
    [people, sketch_people]: People,
    appeal: &[Vec<f64>],
    after: &mut dyn FnMut(&mut Replicate, u32),
) -> (Stock, Reached) {
    let small = small(scenario, people, STOCK_DAYS);
    let smooth = sketch(scenario, sketch_people, appeal).without_noise();
    let mut world = Replicate::even(Setup::new(&small, appeal), ladder(scenario), Some(&smooth));
    let stock = live(&mut world, after);
    (stock, Reached::of(&world))
}

/// Runs a world to its end and takes its stock.
fn live(world: &mut Replicate, after: &mut dyn FnMut(&mut Replicate, u32)) -> Stock {
    let born_after = world.next_epoch();
    let (days, epochs) = (world.setup().scenario.time.days, world.setup().scenario.time.epochs_per_day);
    for day in 0..days {
        for _ in 0..epochs {
            world.step(&Alone);
        }
        // Some 250 of 5,000 people give most of the likes: what these are interested in would stand in the counters of whole topics.
        world.hand_on_approval();
        after(world, day);
    }
    world.stock(born_after)
}

/// Person-days that a pre-run simulates, and how many days of the scenario's own tables it compiles.
pub fn effort(scenario: &Scenario) -> [f64; 2] {
    let users = scenario.population.users;
    let stock = [(SKETCH_PEOPLE, SKETCH_DAYS), (PEOPLE, STOCK_DAYS)]
        .map(|(people, days)| [f64::from(users.min(people)) * f64::from(days), f64::from(days)])
        .into_iter()
        .fold([0.0; 2], |sum, part| [sum[0] + part[0], sum[1] + part[1]]);
    if scenario.valid_appeal().is_some() {
        return stock;
    }
    let solving = solve::effort(scenario, USUAL, stock);
    [0, 1].map(|i| stock[i] + solving[i])
}

/// The scenario without arms, on few people, with the pre-run's seed.
fn small(scenario: &Scenario, people: u32, days: u32) -> Scenario {
    let mut small = scenario.clone();
    small.population.users = scenario.population.users.min(people);
    // As many creators as the scenario has: with fewer, single creators would make up whole topics, and the rule that no
    // creator follows themselves would weigh on small topics.
    small.catalogue.creators_per_user *= f64::from(scenario.population.users) / f64::from(small.population.users);
    small.time.burn_in_days = 0;
    small.time.days = days;
    small.arms.clear();
    small.accounts.clear();
    // Appeals belong to the feed as it is asked for, whoever leaves it.
    small.loops.stay = false;
    small.replicates.seed = SEED;
    small
}
