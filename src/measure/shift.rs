//! What a tilt moved: an arm against its reference, per topic, over the tilted days.
//!
//! 1. Definition: difference of replicate means, arm − reference; relative shift is a ratio of means on the log scale.
//! 2. Range: shares in [0, 1], relative shift above −1.
//! 3. With no tilt: exactly 0, with an interval of width 0.
//! 4. Needs: the tally of both arms; hidden from outsiders, who see one world only.
//! 5. Misleads when few replicates, an unsettled burn-in or an absolute threshold stand behind it; the interval is about
//!    simulation noise alone, never about the model.
//! 6. Reference: `docs/measures.md`; ratio interval by linearisation on the log scale.

use ndarray::Array2;

use crate::stats::interval::{Interval, average, paired_difference, ratio_of_means, relative_change};
use crate::stats::quantile::quantile;
use crate::trace::{Counter, Tally};

/// Days over which two arms are compared, counted from day 0; `until` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: usize,
    /// First day after.
    pub until: usize,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Topic's share of all impressions.
    ExposureShare,
    /// Mean over requests of the topic's mass ÷ total mass: less noisy than the share, blind to re-rank and cold start.
    /// Tracked topics only, and only for a window of all measured days, because it is summed from day 0 on.
    ExpectedShare,
    /// Topic's share of all watch time.
    WatchShare,
    /// A count, summed over the window.
    Count(Counter),
}

impl Measure {
    /// All measures of `shift.csv`, in its order.
    pub const ALL: [Self; 9] = [
        Self::ExposureShare,
        Self::ExpectedShare,
        Self::WatchShare,
        Self::Count(Counter::Impressions),
        Self::Count(Counter::WatchMs),
        Self::Count(Counter::ValidPlays),
        Self::Count(Counter::LongViews),
        Self::Count(Counter::Likes),
        Self::Count(Counter::Reached),
    ];

    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExposureShare => "exposure_share",
            Self::ExpectedShare => "expected_share",
            Self::WatchShare => "watch_share",
            Self::Count(Counter::Impressions) => "impressions",
            Self::Count(Counter::WatchMs) => "watch_ms",
            Self::Count(Counter::ValidPlays) => "valid_plays",
            Self::Count(Counter::LongViews) => "long_views",
            Self::Count(Counter::Likes) => "likes",
            Self::Count(Counter::Reached) => "reached_users",
        }
    }

    /// Value for every topic in one arm of one replicate; `None` where undefined.
    fn values(self, tally: &Tally, arm: usize, window: Window, track: &[usize]) -> Vec<Option<f64>> {
        let sums = |counter| tally.by_topic(arm, counter, window.from, window.until);
        match self {
            Self::ExposureShare => shares(&sums(Counter::Impressions)),
            Self::WatchShare => shares(&sums(Counter::WatchMs)),
            Self::ExpectedShare => {
                let mut values = vec![None; tally.topics()];
                let all_days = window.from == 0 && window.until + tally.burn_in == tally.exposure.shape()[0];
                for (t, &topic) in track.iter().enumerate().filter(|_| all_days && tally.asked[arm] > 0) {
                    values[topic] = Some(tally.expected[arm][t] as f64 / 4096.0 / tally.asked[arm] as f64);
                }
                values
            }
            // Reached is cumulative: the last day of the window says it all.
            // It began on day 0, so it says nothing of a tilt that began later.
            Self::Count(Counter::Reached) if window.from > 0 => vec![None; tally.topics()],
            Self::Count(Counter::Reached) => {
                let last = window.until - 1;
                let reached = tally.by_topic(arm, Counter::Reached, last, window.until);
                reached.into_iter().map(|n| Some(n as f64)).collect()
            }
            Self::Count(counter) => sums(counter).into_iter().map(|n| Some(n as f64)).collect(),
        }
    }
}

fn shares(counts: &[u64]) -> Vec<Option<f64>> {
    let all: u64 = counts.iter().sum();
    counts.iter().map(|&n| (all > 0).then(|| n as f64 / all as f64)).collect()
}

/// One measure of one topic in one arm against its reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// Mean over replicates in the reference.
    pub reference: Option<f64>,
    /// Mean over replicates in the arm.
    pub arm: Option<f64>,
    /// Arm − reference.
    pub difference: Option<f64>,
    /// Paired 95 % interval of the difference; `None` with fewer than five replicates.
    pub difference_ci95: Option<[f64; 2]>,
    /// Ratio of means − 1.
    pub relative: Option<f64>,
    /// 95 % interval of the ratio of means − 1.
    pub relative_ci95: Option<[f64; 2]>,
    /// 95th percentile of absolute differences between baseline replicates: what someone without a paired world must
    /// beat. `None` with one replicate.
    pub floor_worlds: Option<f64>,
    /// 95th percentile over replicates of absolute differences between the echo arm and the baseline: what two courses of
    /// one world differ by. `None` without an echo arm.
    pub floor_fork: Option<f64>,
    /// Whether arm and reference agree to the last bit in every replicate.
    pub identical: bool,
}

/// Least number of replicates that an interval is given for.
pub const LEAST_REPLICATES: usize = 5;

impl Shift {
    /// Compares `arm` with `reference` by topic; `tallies` holds one tally per replicate.
    pub fn by_topic(
        tallies: &[Tally],
        measure: Measure,
        arm: usize,
        reference: usize,
        window: Window,
        track: &[usize],
    ) -> Vec<Self> {
        let of = |arm: usize| -> Vec<Vec<Option<f64>>> {
            tallies.iter().map(|tally| measure.values(tally, arm, window, track)).collect()
        };
        let (arm, reference, baseline) = (of(arm), of(reference), of(0));
        let topics = tallies.first().map_or(0, Tally::topics);
        (0..topics).map(|k| Self::of_topic(&column(&arm, k), &column(&reference, k), &column(&baseline, k))).collect()
    }

    fn of_topic(arm: &[f64], reference: &[f64], baseline: &[f64]) -> Self {
        let enough = arm.len() >= LEAST_REPLICATES;
        let pair = |interval: Option<Interval>| interval.filter(|_| enough).map(|i| [i.lower, i.upper]);
        let (mean_arm, mean_reference) = (average(arm), average(reference));
        Self {
            reference: mean_reference,
            arm: mean_arm,
            difference: mean_arm.zip(mean_reference).map(|(a, b)| a - b),
            difference_ci95: pair(paired_difference(arm, reference, 0.95)),
            relative: relative_change(arm, reference),
            relative_ci95: pair(ratio_of_means(arm, reference, 0.95)),
            floor_worlds: floor(baseline),
            floor_fork: None,
            identical: !arm.is_empty() && arm == reference,
        }
    }

    /// ln(arm ÷ reference) ÷ ln `multiply`; `None` where |ln `multiply`| < .001.
    pub fn elasticity(&self, multiply: f64) -> Option<f64> {
        let strength = multiply.ln();
        let moved = (1.0 + self.relative?).ln();
        (strength.abs() >= 0.001 && moved.is_finite()).then(|| moved / strength)
    }
}

/// Values of one topic over replicates; empty where any is undefined.
fn column(values: &[Vec<Option<f64>>], topic: usize) -> Vec<f64> {
    values.iter().map(|row| row[topic]).collect::<Option<Vec<f64>>>().unwrap_or_default()
}

/// 95th percentile of |difference| over all pairs.
fn floor(values: &[f64]) -> Option<f64> {
    let n = values.len();
    let pairs = Array2::from_shape_fn((n, n), |(i, j)| (values[i] - values[j]).abs());
    let upper: Vec<f64> = pairs.indexed_iter().filter(|((i, j), _)| i < j).map(|(_, &d)| d).collect();
    quantile(&upper, 0.95)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five replicates of two topics with known counts in two arms.
    fn tallies() -> Vec<Tally> {
        (0..5)
            .map(|r| {
                let mut tally = Tally::new(0, 1, 2, 1, 1, 2, 0);
                for (arm, first) in [(0, 100 + 10 * r), (1, 80 + 8 * r)] {
                    tally.exposure[[0, arm, 0, 0, 0, 0]] = first;
                    tally.exposure[[0, arm, 0, 0, 1, 0]] = 1_000 - first;
                }
                tally
            })
            .collect()
    }

    #[test]
    fn shares_ratios_and_floors_come_out_as_counted_by_hand() {
        let window = Window { from: 0, until: 1 };
        let shifts = Shift::by_topic(&tallies(), Measure::ExposureShare, 1, 0, window, &[]);
        let first = &shifts[0];
        assert!((first.reference.unwrap() - 0.12).abs() < 1e-12);
        assert!((first.arm.unwrap() - 0.096).abs() < 1e-12);
        // Every replicate has the same ratio, so the interval of the ratio has width 0.
        let [low, high] = first.relative_ci95.unwrap();
        assert!((low + 0.2).abs() < 1e-12 && (high + 0.2).abs() < 1e-12);
        // Differences of .01 four times, .02 three times, .03 twice, .04 once: type-7 quantile at .95 lies at .0355.
        assert!((first.floor_worlds.unwrap() - 0.0355).abs() < 1e-12);
        assert!((first.elasticity(0.95).unwrap() - 0.8f64.ln() / 0.95f64.ln()).abs() < 1e-12);
        assert_eq!(first.elasticity(1.0), None);
    }

    #[test]
    fn four_replicates_give_points_without_intervals() {
        let window = Window { from: 0, until: 1 };
        let shifts = Shift::by_topic(&tallies()[..4], Measure::ExposureShare, 1, 0, window, &[]);
        assert!(shifts[0].relative.is_some());
        assert_eq!(shifts[0].relative_ci95, None);
        assert_eq!(shifts[0].difference_ci95, None);
    }
}
