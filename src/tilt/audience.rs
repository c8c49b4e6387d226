//! On whom a tilt acts: people fall into policy classes, region × band of the audience hash × signs of jittered weights.
//!
//! Every hashed share uses the same hash, so a smaller audience lies within a larger one and a roll-out from 1 to 10 %
//! keeps its first people. Signs hang on a hash of their own.

use crate::rng::coin;
use crate::scenario::{Audience, HEADS, Scenario, TiltKind};

/// Policy classes of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    regions: usize,
    /// Inner borders of the bands, ascending.
    borders: Vec<f64>,
    /// Value weights that some tilt jitters, as they stand in [`HEADS`].
    jittered: Vec<usize>,
}

impl Classes {
    /// From every audience of every tilt.
    pub fn new(scenario: &Scenario) -> Self {
        let shares = scenario.arms.iter().flat_map(|arm| &arm.tilts).map(|tilt| tilt.audience.share);
        let mut borders: Vec<f64> = shares.filter(|&share| share > 0.0 && share < 1.0).collect();
        borders.sort_by(f64::total_cmp);
        borders.dedup();
        let jitters = |head: usize| {
            let mut tilts = scenario.arms.iter().flat_map(|arm| &arm.tilts);
            tilts.any(|tilt| matches!(tilt.kind, TiltKind::Jitter { heads, .. } if heads[head]))
        };
        let jittered = (0..HEADS.len()).filter(|&head| jitters(head)).collect();
        Self { regions: scenario.population.regions.len(), borders, jittered }
    }

    /// How many.
    pub fn count(&self) -> usize {
        (self.regions * (self.borders.len() + 1)) << self.jittered.len()
    }

    /// Class of a person of `region` whose audience hash is `word` and whose sign of each weight is a bit of `signs`.
    pub fn of(&self, region: usize, word: u64, signs: u64) -> u8 {
        let band = self.borders.iter().filter(|&&border| word >= coin(border)).count();
        let own = |class: usize, &head: &usize| class << 1 | (signs >> head & 1) as usize;
        self.jittered.iter().fold(region * (self.borders.len() + 1) + band, own) as u8
    }

    /// Whether people of a class have the larger weight of a jittered head.
    pub fn is_up(&self, class: usize, head: usize) -> bool {
        let place = self.jittered.iter().rev().position(|&one| one == head);
        place.is_some_and(|place| class >> place & 1 == 1)
    }

    /// Region of the people of a class.
    pub fn region(&self, class: usize) -> usize {
        (class >> self.jittered.len()) / (self.borders.len() + 1)
    }

    /// Whether a class belongs to an audience.
    pub fn within(&self, class: usize, audience: &Audience) -> bool {
        let (bands, class) = (self.borders.len() + 1, class >> self.jittered.len());
        let upper = self.borders.get(class % bands).copied().unwrap_or(1.0);
        audience.regions[class / bands] && upper <= audience.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_audience_lies_within_a_larger_one() {
        let classes = Classes { regions: 2, borders: vec![0.1, 0.5], jittered: Vec::new() };
        let audience = |share: f64| Audience { regions: vec![true, false], share };
        let members = |share: f64| (0..6).filter(|&c| classes.within(c, &audience(share))).collect::<Vec<_>>();
        assert_eq!(members(0.1), [0]);
        assert_eq!(members(0.5), [0, 1]);
        assert_eq!(members(1.0), [0, 1, 2]);
        assert_eq!(members(0.0), Vec::<usize>::new());
    }

    #[test]
    fn signs_tell_people_of_a_region_and_audience_apart() {
        let classes = Classes { regions: 2, borders: vec![0.1], jittered: vec![1, 4] };
        assert_eq!(classes.count(), 16);
        let half = coin(0.5);
        // Region 1, outside of the smaller audience: the last four classes.
        assert_eq!([0, 1 << 1, 1 << 4, u64::MAX].map(|signs| classes.of(1, half, signs)), [12, 14, 13, 15]);
        let up = |class: u8| [1, 4].map(|head| classes.is_up(class.into(), head));
        assert_eq!([12, 14, 13, 15].map(up), [[false, false], [true, false], [false, true], [true, true]]);
        assert!(!classes.is_up(15, 0));
        assert!((0..16).all(|class| classes.region(class) == class / 8));
        let small = Audience { regions: vec![true, true], share: 0.1 };
        assert_eq!(
            (0..16).filter(|&class| classes.within(class, &small)).collect::<Vec<_>>(),
            [0, 1, 2, 3, 8, 9, 10, 11]
        );
    }
}
