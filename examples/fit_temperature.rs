//! The default temperature of the engine `candidates`: that at which people of the scenario `quickstart` watch as large a share
//! of their videos, without any tilt, as with the engine `cells` at its default.
//!
//! `cargo run --release --locked --no-default-features --example fit_temperature [-- KEY=VALUE …]`
//!
//! Each engine's world has its own solved appeals and starts from its own stock; people, posts and reactions are the same
//! in all of them, so the rates differ by what is selected and hardly by chance. To be repeated whenever defaults of `[respond]`,
//! `[feed]` or `[catalogue]` move; the result goes into `CANDIDATES_TEMPERATURE`.

use feedtilt::run::{Alone, Replicate};
use feedtilt::scenario::{Override, Scenario, ScenarioError, load};
use feedtilt::study::prerun::prepare;
use feedtilt::trace::Counter;

/// Fewer people and days than the scenario has: 10,000 people watch some ten million videos.
const SMALLER: [(&str, &str); 6] = [
    ("arm", "[]"),
    ("population.users", "10_000"),
    ("population.represents", "10_000"),
    ("time.burn_in_days", "2"),
    ("time.days", "3"),
    ("measure.micro_users", "0"),
];
/// Temperatures between which the answer lies.
const SHARPEST: f64 = 0.23;
const FLATTEST: f64 = 0.36;
/// Relative miss of the rate that is left.
const CLOSE: f64 = 0.004;
/// Most temperatures that are tried between the ends.
const TRIES: u32 = 8;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let edits: Vec<Override> = std::env::args().skip(1).map(|edit| edit.parse()).collect::<Result<_, _>>()?;
    let scenario = |own: &[(&str, &str)]| -> Result<Scenario, ScenarioError> {
        let fixed = SMALLER.iter().chain(own).map(|(key, value)| Override::new(*key, *value));
        load("quickstart", &fixed.chain(edits.iter().cloned()).collect::<Vec<_>>())
    };
    let target = valid_plays(&scenario(&[("feed.engine", "cells")])?);
    println!("cells at its default: {target:.4} valid plays per impression");
    let miss = |temperature: f64| -> Result<f64, ScenarioError> {
        let temperature = format!("{temperature:.3}");
        let own = [("feed.engine", "candidates"), ("feed.temperature", &temperature)];
        let rate = valid_plays(&scenario(&own)?);
        println!("candidates at {temperature}: {rate:.4}, {:+.2} %", (rate / target - 1.0) * 100.0);
        Ok(rate / target - 1.0)
    };
    let (mut low, mut high) = ((SHARPEST, miss(SHARPEST)?), (FLATTEST, miss(FLATTEST)?));
    for _ in 0..TRIES {
        let between = low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1);
        let missed = miss(between)?;
        if missed.abs() < CLOSE {
            println!("feed.temperature of the engine candidates: {between:.2}");
            return Ok(());
        }
        // The sharper the draw, the more is watched.
        if missed > 0.0 { low = (between, missed) } else { high = (between, missed) }
    }
    Err("no temperature between the two ends gives the same rate of valid plays".into())
}

/// Valid plays per impression on the measured days of the first world.
fn valid_plays(scenario: &Scenario) -> f64 {
    let prepared = prepare(scenario);
    let mut world = Replicate::new(prepared.setup, 0, 0..scenario.population.users, Some(&prepared.stock));
    while world.step(&Alone).is_some() {}
    let sum = |counter| world.tally().by_topic(0, counter, 0, scenario.time.days as usize).iter().sum::<u64>() as f64;
    sum(Counter::ValidPlays) / sum(Counter::Impressions)
}
