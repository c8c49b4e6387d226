//! How topics' shares wander from week to week.

use super::{Figures, quiet, world};
use crate::run::Alone;
use crate::scenario::Scenario;
use crate::stats::interval::average;
use crate::study::Prepared;
use crate::trace::Counter;

/// Smallest share of a topic that is looked at: of smaller ones a world of this size has too few posts.
const SMALLEST: f64 = 0.02;

/// A world of `size` people and weeks.
pub(super) fn report(
    scenario: &Scenario,
    prepared: &Prepared,
    [people, weeks]: [u32; 2],
    figures: &mut Figures,
    see: &mut dyn FnMut(f64),
) {
    let scenario = quiet(scenario, people, 0, 7 * weeks);
    let mut world = world(&scenario, prepared, 0, people, &prepared.stock);
    let epochs = f64::from(7 * weeks * scenario.time.epochs_per_day);
    let mut done = 0.0;
    while world.step(&Alone).is_some() {
        done += 1.0;
        see(done / epochs);
    }
    let by_week: Vec<Vec<u64>> = (0..weeks as usize)
        .map(|week| world.tally().by_topic(0, Counter::Impressions, 7 * week, 7 * (week + 1)))
        .collect();
    let series = |topic: usize| -> Vec<f64> {
        by_week.iter().map(|week| libm::log(week[topic] as f64 / week.iter().sum::<u64>() as f64)).collect()
    };
    let large = scenario.topics.iter().enumerate().filter(|(_, topic)| topic.share[0] >= SMALLEST);
    let found: Option<Vec<[f64; 2]>> = large.map(|(topic, _)| wandering(&series(topic))).collect();
    let mean = |place: usize| average(&found.as_ref()?.iter().map(|one| one[place]).collect::<Vec<_>>());
    figures.insert("weeks, sd of ln share", mean(0));
    figures.insert("weeks, lag-1 correlation", mean(1));
}

/// Standard deviation and lag-1 autocorrelation of a series about its mean.
fn wandering(series: &[f64]) -> Option<[f64; 2]> {
    let mean = average(series)?;
    let about: Vec<f64> = series.iter().map(|x| x - mean).collect();
    let squares: f64 = about.iter().map(|x| x * x).sum();
    let products: f64 = about.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let found = [libm::sqrt(squares / (series.len() as f64 - 1.0)), products / squares];
    found.iter().all(|x| x.is_finite()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_wanders_as_far_as_its_definition_says() {
        // About the mean 2: −1, 0, 1, 0: squares 2, products 0·−1 + 0·1 + 1·0.
        let [sd, lag] = wandering(&[1.0, 2.0, 3.0, 2.0]).expect("it varies");
        assert!((sd - libm::sqrt(2.0 / 3.0)).abs() < 1e-12 && lag.abs() < 1e-12);
        let [_, lag] = wandering(&[0.0, 0.0, 1.0, 1.0]).expect("it varies");
        assert!((lag - 0.25).abs() < 1e-12);
        assert_eq!(wandering(&[1.0, 1.0]), None);
    }
}
