//! Solves the topic appeals `b_rk`: which appeals make the mean share of a topic over worlds what the scenario says.

use super::{STOCK_DAYS, ladder, settled, sketch, small, stock};
use crate::run::{Alone, Replicate, Setup};
use crate::scenario::Scenario;
use crate::trace::Counter;
use crate::world::people::GROUPS;

/// How appeals are solved: roughly while the sketch runs, then in passes. A pass takes a stock and looks at one day of a
/// world that starts from it and has posts for many worlds, round after round.
#[derive(Debug, Clone, Copy)]
pub struct Solver {
    /// Stocks.
    pub passes: u32,
    /// Days looked at with each stock.
    pub rounds: u32,
    /// Most people of the wide world.
    pub people: u32,
    /// Its posts, about.
    pub posts: f64,
}

/// For scenarios that carry no appeals.
pub const USUAL: Solver = Solver { passes: 1, rounds: 3, people: 20_000, posts: 500_000.0 };
/// For files that carry them.
pub const THOROUGH: Solver = Solver { passes: 3, rounds: 3, people: 100_000, posts: 2_000_000.0 };

/// Log-odds per relative miss of a share while the sketch runs, at first.
const ROUGH_GAIN: f64 = 0.25;
/// Log-odds per log miss of a share and unit of temperature in a round: a share moves by about .5 ÷ τ per log-odds.
const FINE_GAIN: f64 = 2.1;
/// Most that a round moves.
const LONGEST_STEP: f64 = 0.5;
/// Most stripes that a world can have.
const MOST_STRIPES: f64 = 256.0;

/// Appeals by region and topic, log-odds.
pub fn solve(scenario: &Scenario, solver: Solver) -> Vec<Vec<f64>> {
    let t = std::time::Instant::now();
    let mut appeal = vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()];
    let zeros = appeal.clone();
    let first = sketch(scenario, &zeros);
    let mut first = Some(settled(scenario, &zeros, &first, &mut follow(scenario, &mut appeal, STOCK_DAYS * 2 / 3)));
    eprintln!("rough {:.1} s {appeal:?}", t.elapsed().as_secs_f64());
    let wide = wide(scenario, solver);
    for _ in 0..solver.passes {
        let from = appeal.clone();
        let stock = first.take().unwrap_or_else(|| stock(scenario, &appeal));
        eprintln!("stock {:.1} s", t.elapsed().as_secs_f64());
        for _ in 0..solver.rounds {
            let stock = stock.with_gain(gains(scenario, &from, &appeal));
            let mut world = Replicate::even(Setup::new(&wide, &appeal), ladder(scenario), Some(&stock));
            while world.step(&Alone).is_some() {}
            for (region, row) in appeal.iter_mut().enumerate() {
                let step = |ratio: f64| {
                    let step = -FINE_GAIN * scenario.feed.temperature * libm::log(ratio.max(1e-9));
                    step.clamp(-LONGEST_STEP, LONGEST_STEP)
                };
                let s = shares(&world, 0, region);
                eprintln!("{:.1} s {:?}", t.elapsed().as_secs_f64(), s.iter().zip(&scenario.topics).map(|(s, t)| (s / t.share[region] * 1000.0).round() / 1000.0).collect::<Vec<_>>());
                adjust(row, &shares(&world, 0, region), scenario, region, &step);
            }
        }
    }
    // Three decimals: finer than the solution is known, and short enough to be read in a file.
    for b in appeal.iter_mut().flatten() {
        *b = libm::round(*b * 1000.0) / 1000.0;
    }
    appeal
}

/// Stochastic approximation while a world lives: each day every appeal moves by gain × (1 − observed ÷ target), until on the
/// day `until` it becomes the average of the later days, because a single day's shares scatter.
fn follow<'a>(
    scenario: &'a Scenario,
    appeal: &'a mut Vec<Vec<f64>>,
    until: u32,
) -> impl FnMut(&mut Replicate, u32) + 'a {
    let warm = until / 2;
    let mut sums: Vec<Vec<f64>> = appeal.iter().map(|row| vec![0.0; row.len()]).collect();
    move |world, day| {
        if day > until {
            return;
        }
        let gain = ROUGH_GAIN * (f64::from(warm) / f64::from(day.max(warm)));
        for (region, row) in appeal.iter_mut().enumerate() {
            // Linear in the share: shares of small topics are skewed by single good posts.
            adjust(row, &shares(world, day as usize, region), scenario, region, &|ratio| gain * (1.0 - ratio).max(-1.0));
        }
        if day >= warm {
            let weight = 1.0 / f64::from(until + 1 - warm);
            sums.iter_mut().flatten().zip(appeal.iter().flatten()).for_each(|(sum, b)| *sum += weight * b);
        }
        if day == until {
            appeal.clone_from(&sums);
        }
        world.set_appeal(appeal);
    }
}

/// One day of a world with so many posts that a topic's share does not hang on single ones. Each stripe holds what a world of
/// the scenario's size holds in one, and there are many, so nobody runs out of a topic's posts earlier or later than there.
fn wide(scenario: &Scenario, solver: Solver) -> Scenario {
    let mut wide = small(scenario, solver.people, 1);
    let users = f64::from(scenario.population.users);
    let people = users.min(f64::from(solver.people));
    let posts = scenario.posts_per_day() * f64::from(scenario.catalogue.depth_days);
    let stripes = f64::from(scenario.feed.no_repeat_epochs);
    let many = libm::round(stripes * solver.posts / posts).clamp(1.0, MOST_STRIPES);
    let times = (many / stripes).min(solver.posts / posts);
    wide.feed.no_repeat_epochs = many as u32;
    wide.catalogue.impressions_per_post *= people / users / times;
    wide
}

/// By topic: mean over regions, by exposure, of what appeals have gained.
fn gains(scenario: &Scenario, from: &[Vec<f64>], to: &[Vec<f64>]) -> Vec<f64> {
    let regions = &scenario.population.regions;
    let mean = |k: usize| {
        let weight = |r: usize| regions[r].share * scenario.topics[k].share[r];
        let all: f64 = (0..regions.len()).map(weight).sum();
        (0..regions.len()).map(|r| weight(r) / all * (to[r][k] - from[r][k])).sum()
    };
    (0..scenario.topic_count()).map(mean).collect()
}

/// Moves each appeal by a `step` of the share's ratio to its target.
fn adjust(row: &mut [f64], observed: &[f64], scenario: &Scenario, region: usize, step: &dyn Fn(f64) -> f64) {
    for ((b, topic), &seen) in row.iter_mut().zip(&scenario.topics).zip(observed) {
        *b += step(seen / topic.share[region]);
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
