//! On whom a tilt acts: people fall into policy classes, region × band of the audience hash.
//!
//! Every hashed share uses the same hash, so a smaller audience lies within a larger one and a roll-out from 1 to 10 %
//! keeps its first people.

use crate::rng::coin;
use crate::scenario::{Audience, Scenario};

/// Policy classes of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    regions: usize,
    /// Inner borders of the bands, ascending.
    borders: Vec<f64>,
}

impl Classes {
    /// From every audience of every tilt.
    pub fn new(scenario: &Scenario) -> Self {
        let shares = scenario.arms.iter().flat_map(|arm| &arm.tilts).map(|tilt| tilt.audience.share);
        let mut borders: Vec<f64> = shares.filter(|&share| share > 0.0 && share < 1.0).collect();
        borders.sort_by(f64::total_cmp);
        borders.dedup();
        Self { regions: scenario.population.regions.len(), borders }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.regions * (self.borders.len() + 1)
    }

    /// Class of a person of `region` whose audience hash is `word`.
    pub fn of(&self, region: usize, word: u64) -> u8 {
        let band = self.borders.iter().filter(|&&border| word >= coin(border)).count();
        (region * (self.borders.len() + 1) + band) as u8
    }

    /// Region of the people of a class.
    pub fn region(&self, class: usize) -> usize {
        class / (self.borders.len() + 1)
    }

    /// Whether a class belongs to an audience.
    pub fn within(&self, class: usize, audience: &Audience) -> bool {
        let bands = self.borders.len() + 1;
        let upper = self.borders.get(class % bands).copied().unwrap_or(1.0);
        audience.regions[class / bands] && upper <= audience.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_audience_lies_within_a_larger_one() {
        let classes = Classes { regions: 2, borders: vec![0.1, 0.5] };
        let audience = |share: f64| Audience { regions: vec![true, false], share };
        let members = |share: f64| (0..6).filter(|&c| classes.within(c, &audience(share))).collect::<Vec<_>>();
        assert_eq!(members(0.1), [0]);
        assert_eq!(members(0.5), [0, 1]);
        assert_eq!(members(1.0), [0, 1, 2]);
        assert_eq!(members(0.0), Vec::<usize>::new());
    }
}
