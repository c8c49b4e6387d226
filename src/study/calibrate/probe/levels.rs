//! Levels of reactions in people's feeds: all they meet.

use super::{Figures, Moment, Probe, Seen, share};
use crate::trace::Counter;

/// Shortest video whose watch ratio counts, milliseconds: below lie mostly pictures in KuaiRand.
pub(super) const SHORTEST_MS: u32 = 5_000;

/// Sums over impressions of watched people.
#[derive(Debug, Default)]
pub(super) struct Levels {
    count: f64,
    signals: [f64; 6],
    /// Of videos of five seconds and more.
    ratios: Vec<f32>,
    minutes: Option<f64>,
}

impl Probe for Levels {
    fn look(&mut self, moment: &Moment) {
        moment.log.iter().for_each(|seen| self.add(seen));
        self.minutes = minutes(moment);
    }

    fn report(&self, figures: &mut Figures) {
        let names = ["valid plays", "long views", "likes", "comments", "shares", "follows"];
        for (name, sum) in names.into_iter().zip(self.signals) {
            figures.insert(name, share(sum, self.count));
        }
        let ratios: Vec<f64> = self.ratios.iter().map(|&ratio| f64::from(ratio)).collect();
        let part = |holds: &dyn Fn(f64) -> bool| {
            share(ratios.iter().filter(|&&ratio| holds(ratio)).count() as f64, ratios.len() as f64)
        };
        figures.insert("watched to the end", part(&|ratio| ratio >= 1.0));
        figures.insert("watch ratio below .2", part(&|ratio| ratio < 0.2));
        figures.insert("minutes a day", self.minutes);
    }
}

impl Levels {
    fn add(&mut self, seen: &Seen) {
        self.count += 1.0;
        self.signals.iter_mut().zip(seen.signals()).for_each(|(sum, hit)| *sum += f64::from(u8::from(hit)));
        if seen.duration_ms() >= SHORTEST_MS {
            self.ratios.push(seen.ratio() as f32);
        }
    }
}

/// Minutes watched per person and active day so far, from the day table of everybody present.
fn minutes(moment: &Moment) -> Option<f64> {
    let scenario = &moment.world.setup().scenario;
    let epochs = moment.world.next_epoch();
    let days = usize::try_from(epochs / i64::from(scenario.time.epochs_per_day)).ok()?;
    let watched: u64 = moment.world.tally().by_topic(0, Counter::WatchMs, 0, days).iter().sum();
    let person_days = moment.world.people().len() as f64 * days as f64 * scenario.population.daily_active_share;
    share(watched as f64 / 60_000.0, person_days)
}
