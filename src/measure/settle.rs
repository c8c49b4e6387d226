//! Whether the world had settled before day 0.
//!
//! Looked at: the shares of topics, the rate of valid plays, the mean age of posts at exposure, the Gini coefficient of
//! impressions over posts. A quantity is unsettled when its mean relative drift over the burn-in days is 1 % a day or more
//! and stands out from the scatter between replicates (shocks move topic shares by more than that in a single world,
//! without any trend). In a settled run what the headline rests on gives a false warning in 5 % of runs, and so do the
//! other topics together.

use ndarray::Axis;

use crate::stats::drift::drift;
use crate::stats::interval::mean;
use crate::trace::{Counter, Tally};
use crate::warning::Warning;

/// Drift a day that counts as movement.
const LIMIT: f64 = 0.01;
/// Fewest burn-in days that a drift can be read from.
const LEAST_DAYS: usize = 3;

/// Warnings about burn-in; `labels` names the topics.
pub fn warnings(tallies: &[Tally], labels: &[&str], track: &[usize]) -> Vec<Warning> {
    let Some(first) = tallies.first() else { return Vec::new() };
    if first.burn_in < LEAST_DAYS {
        return vec![Warning::BurnInTooShort { days: first.burn_in as u32 }];
    }
    // Two families share out 5 % each: what the headline rests on, and the other topics. One family over all would hardly
    // ever see a drift of the first.
    let headline = 1.0 - 0.05 / (track.len() + 3) as f64;
    let others = 1.0 - 0.05 / labels.len().saturating_sub(track.len()).max(1) as f64;
    let mut warnings = Vec::new();
    let mut look = |quantity: String, level: f64, series: &dyn Fn(&Tally) -> Vec<f64>| {
        let drifts: Option<Vec<f64>> = tallies.iter().map(|t| drift(&series(t))?.relative()).collect();
        let Some(interval) = drifts.and_then(|d| mean(&d, level)) else { return };
        if interval.estimate.abs() >= LIMIT && !interval.contains(0.0) {
            warnings.push(Warning::NotSettled { quantity, per_day: interval.estimate });
        }
    };
    for (k, label) in labels.iter().enumerate() {
        let level = if track.contains(&k) { headline } else { others };
        look(format!("the share of {label}"), level, &|tally| shares(tally, k));
    }
    look("the rate of valid plays".into(), headline, &valid_plays);
    look("the mean age of posts at exposure".into(), headline, &ages);
    look("the Gini coefficient of impressions over posts".into(), headline, &|tally| {
        tally.gini[..tally.burn_in].iter().map(|&g| g as f64).collect()
    });
    warnings
}

fn impressions(tally: &Tally, day: usize) -> Vec<u64> {
    let counts = tally.day(day, 0);
    let by_topic = |k: usize| {
        let (regions, groups) = (counts.shape()[0], counts.shape()[1]);
        (0..regions)
            .flat_map(|r| (0..groups).map(move |g| (r, g)))
            .map(|(r, g)| counts[[r, g, k, Counter::Impressions as usize]])
            .sum()
    };
    (0..tally.topics()).map(by_topic).collect()
}

fn shares(tally: &Tally, topic: usize) -> Vec<f64> {
    (0..tally.burn_in)
        .map(|day| {
            let counts = impressions(tally, day);
            counts[topic] as f64 / counts.iter().sum::<u64>() as f64
        })
        .collect()
}

fn valid_plays(tally: &Tally) -> Vec<f64> {
    let of = |day: usize, counter: Counter| -> u64 {
        let counts = tally.day(day, 0);
        counts.index_axis(Axis(3), counter as usize).sum()
    };
    (0..tally.burn_in).map(|day| of(day, Counter::ValidPlays) as f64 / of(day, Counter::Impressions) as f64).collect()
}

fn ages(tally: &Tally) -> Vec<f64> {
    (0..tally.burn_in)
        .map(|day| tally.age_epochs[day] as f64 / impressions(tally, day).iter().sum::<u64>() as f64)
        .collect()
}
