//! Solves the topic appeals `b_rk`: those with which the mean share of each topic over worlds is what the scenario says.
//!
//! First on the first day of one wide world, which knows small topics well and is quick; at last on settled days of worlds as the
//! scenario's own, for what a world learns in its first days moves topics by a tenth and more.

use super::{People, SEED, STOCK_DAYS, USUAL_PEOPLE, ladder, settled, small, stock};
use crate::run::{Alone, Replicate, Setup, Stock};
use crate::scenario::{Engine, Scenario};
use crate::study::reach::Reached;
use crate::trace::Counter;
use crate::world::people::GROUPS;

/// How appeals are solved: roughly while a stock is made, then in passes. A pass looks, round after round, at one day of a
/// world that starts from a stock and has the posts of many worlds.
#[derive(Debug, Clone, Copy)]
pub struct Solver {
    /// Stocks that are made.
    pub passes: u32,
    /// Days looked at with each stock.
    pub rounds: u32,
    /// Most people of the wide world.
    pub people: u32,
    /// Its posts, about.
    pub posts: f64,
    /// Rounds in worlds of the scenario's own size, each with a stock of its own.
    pub settled_rounds: u32,
    /// People of these worlds together, about; see [`settled_worlds`].
    pub settled_people: u32,
}

/// For scenarios that carry no appeals. With one pass a topic of 2 % in a small world was 10 % off, because profiles of small
/// topics settle anew with every change of appeal.
pub const USUAL: Solver =
    Solver { passes: 2, rounds: 3, people: 20_000, posts: 500_000.0, settled_rounds: 3, settled_people: 30_000 };
/// For files that are to carry them.
pub const THOROUGH: Solver =
    Solver { passes: 2, rounds: 3, people: 60_000, posts: 1_500_000.0, settled_rounds: 4, settled_people: 120_000 };

/// Days of a world of the last rounds, and how many of them pass before its shares count: chance in what is known of posts is
/// corrected within three.
const SETTLED_DAYS: u32 = 8;
const UNSETTLED_DAYS: u32 = 3;
/// Most worlds of a round.
const MOST_WORLDS: u32 = 16;

/// Larger worlds than this are solved as if they had so many people: they differ by little, and the same appeals serve them.
const LARGE: f64 = 30_000.0;
/// The wide world has at most so many times the scenario's people.
const PEOPLE_TIMES: u32 = 16;
/// Most stripes that a world can have.
const MOST_STRIPES: f64 = 256.0;
/// Days of a stock on which appeals follow the shares; then they rest.
const ROUGH_DAYS: u32 = STOCK_DAYS * 2 / 3;
/// Of these the first, on which the gain is full and no average is taken.
const ROUGH_WARM: u32 = ROUGH_DAYS / 2;
/// Log-odds per relative miss of a share on a rough day, at first.
const ROUGH_GAIN: f64 = 0.25;
/// Log-odds per log miss of a share and unit of temperature in a round: shares move by up to 1 ÷ τ per log-odds. With twice as much, which
/// was right for a flatter ranking, rounds swung to and fro, and a topic of .8 % ended up 40 % off.
const FINE_GAIN: f64 = 1.0;
/// Most that a round moves, log-odds.
const LONGEST_STEP: f64 = 0.5;

/// Appeals by region and topic, log-odds.
pub fn solve(scenario: &Scenario, solver: Solver) -> Vec<Vec<f64>> {
    let mut appeal = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
    let (rough, _) = rough(scenario, USUAL_PEOPLE, &mut appeal);
    refine(scenario, solver, &rough, &mut appeal);
    for _ in 1..solver.passes {
        refine(scenario, solver, &stock(scenario, &appeal).0, &mut appeal);
    }
    let mut before = appeal.clone();
    for _ in 0..solver.settled_rounds {
        before.clone_from(&appeal);
        settle(scenario, solver, &mut appeal);
    }
    // Stocks of nearly the same appeals differ by chance, and each round answers to its own.
    appeal.iter_mut().flatten().zip(before.iter().flatten()).for_each(|(b, before)| *b = 0.5 * (*b + before));
    // Three decimals: finer than the solution is known, and short enough to be read in a file. No −0 either.
    for b in appeal.iter_mut().flatten() {
        *b = libm::round(*b * 1000.0) / 1000.0 + 0.0;
    }
    appeal
}

/// Stochastic approximation while a stock is made: each day every appeal moves by gain × (1 − observed ÷ target). What stays
/// is the average of the later days, because a single day's shares scatter.
pub(super) fn rough(scenario: &Scenario, people: People, appeal: &mut [Vec<f64>]) -> (Stock, Reached) {
    let start = appeal.to_vec();
    let mut average = zeros(appeal);
    settled(scenario, people, &start, &mut |world, day| {
        if day >= ROUGH_DAYS {
            return;
        }
        let gain = caution(scenario) * ROUGH_GAIN * (f64::from(ROUGH_WARM) / f64::from(day.max(ROUGH_WARM)));
        for (region, row) in appeal.iter_mut().enumerate() {
            // Linear in the share and not in its logarithm: shares of small topics are skewed by single good posts.
            adjust(row, &shares(world, day, region), scenario, region, &|ratio| gain * (1.0 - ratio).max(-1.0));
        }
        if day >= ROUGH_WARM {
            let weight = 1.0 / f64::from(ROUGH_DAYS - ROUGH_WARM);
            average.iter_mut().flatten().zip(appeal.iter().flatten()).for_each(|(sum, b)| *sum += weight * b);
        }
        if day == ROUGH_DAYS - 1 {
            appeal.clone_from_slice(&average);
        }
        world.set_appeal(appeal);
    })
}

/// Retrieval by interest, by what trends, and the draw among candidates all follow the appeal, so that a share moves several
/// times as far: at .35 and above, worlds of a few topics swung to and fro.
fn caution(scenario: &Scenario) -> f64 {
    match scenario.feed.engine {
        Engine::Cells => 1.0,
        Engine::Candidates => 0.2,
    }
}

/// What an appeal moves by, given the ratio of the share to its target.
fn fine_step(scenario: &Scenario, ratio: f64) -> f64 {
    let step = -caution(scenario) * FINE_GAIN * scenario.feed.temperature * libm::log(ratio.max(1e-9));
    step.clamp(-LONGEST_STEP, LONGEST_STEP)
}

/// A pass: what the wide world shows with these appeals moves them, with the same draws in every round.
fn refine(scenario: &Scenario, solver: Solver, stock: &Stock, appeal: &mut [Vec<f64>]) {
    let wide = wide(scenario, solver);
    for _ in 0..solver.rounds {
        // The stock moves with the appeals: its donors know what they were worth when it was taken.
        let mut world = Replicate::even(Setup::new(&wide, appeal), ladder(scenario), Some(stock));
        while world.step(&Alone).is_some() {}
        for (region, row) in appeal.iter_mut().enumerate() {
            adjust(row, &shares(&world, 0, region), scenario, region, &|ratio| fine_step(scenario, ratio));
        }
    }
}

/// A last round: what even worlds of the scenario's size show once they have settled moves the appeals.
fn settle(scenario: &Scenario, solver: Solver, appeal: &mut [Vec<f64>]) {
    let stock = stock(scenario, appeal).0;
    let ([people, worlds], mut mean) = (settled_worlds(scenario, solver), zeros(appeal));
    let weight = 1.0 / f64::from(worlds * (SETTLED_DAYS - UNSETTLED_DAYS));
    for number in 0..worlds {
        let mut small = small(scenario, people, SETTLED_DAYS);
        // Other posts and people than those of the pre-run.
        small.replicates.seed = SEED + 1 + u64::from(number);
        let mut world = Replicate::even(Setup::new(&small, appeal), ladder(scenario), Some(&stock));
        while world.step(&Alone).is_some() {}
        for (region, mean) in mean.iter_mut().enumerate() {
            for day in UNSETTLED_DAYS..SETTLED_DAYS {
                mean.iter_mut().zip(shares(&world, day, region)).for_each(|(mean, share)| *mean += weight * share);
            }
        }
    }
    for (region, (row, mean)) in appeal.iter_mut().zip(&mean).enumerate() {
        adjust(row, mean, scenario, region, &|ratio| fine_step(scenario, ratio));
    }
}

/// People of a world of a last round, and how many worlds.
fn settled_worlds(scenario: &Scenario, solver: Solver) -> [u32; 2] {
    let people = scenario.population.users.min(LARGE as u32).max(1);
    [people, solver.settled_people.div_ceil(people).clamp(1, MOST_WORLDS)]
}

fn zeros(appeal: &[Vec<f64>]) -> Vec<Vec<f64>> {
    appeal.iter().map(|row| vec![0.0; row.len()]).collect()
}

/// One day of a world with so many posts that no topic's share hangs on single ones. A stripe holds what it holds in a world of
/// the scenario's size, so that people run out of a topic's posts as they do there; there are many more of them.
fn wide(scenario: &Scenario, solver: Solver) -> Scenario {
    let mut wide = small(scenario, solver.people, 1);
    let users = scenario.population.users;
    wide.population.users = users.saturating_mul(PEOPLE_TIMES).min(solver.people);
    let people = f64::from(wide.population.users);
    wide.catalogue.creators_per_user = scenario.catalogue.creators_per_user * f64::from(users) / people;
    let depth = f64::from(scenario.catalogue.depth_days);
    let (stripes, many) = stripes(scenario, solver);
    let posts = world_posts(scenario) * many / stripes;
    wide.feed.no_repeat_epochs = many as u32;
    wide.catalogue.impressions_per_post = wide.impressions_per_day() * depth / posts.min(1.5 * solver.posts);
    wide
}

/// Posts of one world of the scenario.
fn world_posts(scenario: &Scenario) -> f64 {
    let size = (LARGE / f64::from(scenario.population.users)).min(1.0);
    size * scenario.posts_per_day() * f64::from(scenario.catalogue.depth_days)
}

/// Stripes of the scenario's world and of the wide one.
fn stripes(scenario: &Scenario, solver: Solver) -> (f64, f64) {
    let stripes = f64::from(scenario.feed.no_repeat_epochs);
    (stripes, libm::round(stripes * solver.posts / world_posts(scenario)).clamp(1.0, MOST_STRIPES))
}

/// Person-days of all worlds that are simulated, and how many days of the scenario's own tables they compile. `stock`: the same
/// of one stock.
pub fn effort(scenario: &Scenario, solver: Solver, stock: [f64; 2]) -> [f64; 2] {
    let people = f64::from(wide(scenario, solver).population.users);
    let (stripes, many) = stripes(scenario, solver);
    let [passes, rounds, settled] = [solver.passes, solver.rounds, solver.settled_rounds].map(f64::from);
    let [people_there, worlds] = settled_worlds(scenario, solver).map(f64::from);
    let days = worlds * f64::from(SETTLED_DAYS);
    let of = |stock: f64, wide: f64, last: f64| passes * (stock + rounds * wide) + settled * (stock + last);
    [of(stock[0], people, days * people_there), of(stock[1], many / stripes, days)]
}

/// Moves each appeal of a region by a `step` of the ratio of the observed share to its target.
fn adjust(row: &mut [f64], observed: &[f64], scenario: &Scenario, region: usize, step: &dyn Fn(f64) -> f64) {
    for ((b, topic), &seen) in row.iter_mut().zip(&scenario.topics).zip(observed) {
        *b += step(seen / topic.share[region]);
    }
    // Only differences between topics matter for shares; the mean stays with `respond.attention`.
    let mean: f64 = row.iter().zip(&scenario.topics).map(|(b, topic)| b * topic.share[region]).sum();
    row.iter_mut().for_each(|b| *b -= mean);
}

/// Exposure shares of a region on a day.
fn shares(world: &Replicate, day: u32, region: usize) -> Vec<f64> {
    let counts = world.tally().day(day as usize, 0);
    let of = |k: usize| -> u64 { (0..GROUPS).map(|g| counts[[region, g, k, Counter::Impressions as usize]]).sum() };
    let by_topic: Vec<u64> = (0..world.setup().scenario.topic_count()).map(of).collect();
    let all: u64 = by_topic.iter().sum();
    by_topic.into_iter().map(|n| n as f64 / (all as f64).max(1.0)).collect()
}
