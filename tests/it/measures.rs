//! Measures against closed forms, counts by hand and planted faults. Each example is chosen so that the formulas one might
//! write by mistake give another value; where that is not plain, the test names them.

mod documented;
mod dose_response;
mod floors;
mod kinds;
mod known_values;
mod noise;
mod people;
mod tables;
mod untilted;

use feedtilt::measure::shift::Sides;
use feedtilt::measure::{Comparison, Measure, Part, Shift, Window};
use feedtilt::trace::{Counter, Tally};

/// What a topic counts in an arm: impressions and milliseconds watched.
pub type Counts = [u64; 2];

/// One replicate of one day: counts by arm and topic, all of them of region 0 and group 0.
pub fn tally(arms: &[&[Counts]]) -> Tally {
    let mut tally = Tally::new(0, 1, arms.len(), 1, 9, arms[0].len(), 0);
    for (arm, topics) in arms.iter().enumerate() {
        for (topic, counts) in topics.iter().enumerate() {
            tally.exposure[[0, arm, 0, 0, topic, Counter::Impressions as usize]] = counts[0];
            tally.exposure[[0, arm, 0, 0, topic, Counter::WatchMs as usize]] = counts[1];
        }
    }
    tally
}

/// Impressions alone.
pub fn shown<const N: usize>(impressions: [u64; N]) -> [Counts; N] {
    impressions.map(|n| [n, 0])
}

/// Shifts of a measure in arm 1 against arm 0.
pub fn shifts(tallies: &[Tally], tilted: &[usize], measure: &Measure) -> Vec<Shift> {
    let sides = Sides { arm: 1, reference: 0, echo: None, tilted, track: &[] };
    Comparison::new(tallies, sides, Window { from: 0, until: 1 }, Part::Everybody).shifts(measure)
}

/// A value up to rounding.
pub fn close(found: Option<f64>, expected: f64) {
    let found = found.expect("defined");
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "found {found}, expected {expected}");
}

/// The same numbers each time: `SplitMix64`.
pub struct Numbers(pub u64);

impl Numbers {
    /// 64 random bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normal with mean 0 and standard deviation 1, nearly: a sum of twelve.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
