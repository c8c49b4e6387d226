//! What tilts compile to: factors on the masses of a topic's variants, per policy class.
//!
//! The hot loop reads masses alone, so it never sees a tilt, and a tilt that is not used costs nothing.

use crate::scenario::Scenario;
use crate::world::Sight;

/// A factor of 1 in 32-bit fixed point.
pub const ONE: u64 = 1 << 32;

/// Age classes of `feed.freshness`: under 1, 1 to 2, 2 to 7, 7 days and over.
pub const AGE_CLASSES: usize = 4;

/// The rows a topic is split into: age class × classifier flags, as far as the scenario tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variants {
    ages: usize,
    flags: usize,
}

impl Variants {
    /// `flag_bits` imperfect classifiers; ages count only where freshness differs.
    pub fn new(scenario: &Scenario, flag_bits: u32) -> Self {
        let flat = scenario.feed.freshness.iter().all(|&f| f == scenario.feed.freshness[0]);
        Self { ages: if flat { 1 } else { AGE_CLASSES }, flags: 1 << flag_bits }
    }

    /// Number of rows per topic.
    pub const fn count(self) -> usize {
        self.ages * self.flags
    }

    /// The row of a post within its topic.
    pub fn of(self, sight: &Sight, age_days: f64) -> usize {
        let age = match age_days {
            _ if self.ages == 1 => 0,
            d if d < 1.0 => 0,
            d if d < 2.0 => 1,
            d if d < 7.0 => 2,
            _ => 3,
        };
        age * self.flags + sight.flags as usize
    }

    /// Age class and flags of a row.
    pub const fn parts(self, variant: usize) -> (usize, usize) {
        (variant / self.flags, variant % self.flags)
    }
}

/// Factors on masses in one arm and epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// `[class][topic × variants + variant]`, 32-bit fixed point.
    pub factors: Vec<Vec<u64>>,
}

impl Rules {
    /// No tilt: freshness alone.
    pub fn untilted(scenario: &Scenario, classes: usize, variants: Variants) -> Self {
        let row: Vec<u64> = (0..scenario.topic_count() * variants.count())
            .map(|row| {
                let (age, _) = variants.parts(row % variants.count());
                if variants.ages == 1 { ONE } else { power(scenario.feed.freshness[age], scenario.feed.temperature) }
            })
            .collect();
        Self { factors: vec![row; classes] }
    }

    /// Multiplies the score of some rows of a class by `multiply`.
    pub fn multiply_score(&mut self, scenario: &Scenario, class: usize, row: usize, multiply: f64) {
        let factor = power(multiply, scenario.feed.temperature);
        let old = self.factors[class][row];
        self.factors[class][row] = scale(old, factor);
    }
}

/// `multiply`^(1/τ) in 32-bit fixed point: what a factor on the score does to a weight.
pub fn power(multiply: f64, temperature: f64) -> u64 {
    libm::round(libm::exp(libm::log(multiply) / temperature) * ONE as f64) as u64
}

/// `mass` × `factor`, rounded down once.
#[inline(always)]
pub const fn scale(mass: u64, factor: u64) -> u64 {
    ((mass as u128 * factor as u128) >> 32) as u64
}
