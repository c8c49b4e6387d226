//! Tilts: when, on whom and on which posts they act, and what that does to weights.

use feedtilt::rng::{Decision, coin};
use feedtilt::scenario::{Classifier, Scenario, Tilt, TiltKind};

use super::{Fault, ONE, Twin, power, scale};

impl<'a> Twin<'a> {
    /// Tilts that act in this arm now on this person, with what each multiplies the score by.
    pub(super) fn acting(&self, arm: usize, person: usize) -> Vec<(&'a Tilt, f64)> {
        let Some(arm) = arm.checked_sub(1) else { return Vec::new() };
        let tilts = self.scenario.arms[arm].tilts.iter();
        tilts
            .filter(|tilt| self.strength(tilt) > 0.0 && self.in_audience(tilt, person))
            .filter_map(|tilt| match tilt.kind {
                TiltKind::Score { multiply } => Some((tilt, libm::exp(libm::log(multiply) * self.strength(tilt)))),
                _ => None,
            })
            .collect()
    }

    pub(super) fn strength(&self, tilt: &Tilt) -> f64 {
        let since = self.epoch - i64::from(tilt.schedule.from_day) * self.per_day();
        let late = i64::from(self.planted(Fault::LateEnd));
        if since < 0 || self.day() >= i64::from(tilt.schedule.until_day) + late {
            return 0.0;
        }
        let ramp = tilt.schedule.ramp_days * self.per_day() as f64;
        if ramp == 0.0 { 1.0 } else { ((since + 1) as f64 / ramp).min(1.0) }
    }

    pub(super) fn in_audience(&self, tilt: &Tilt, person: usize) -> bool {
        let person = &self.world.people[person];
        let word = self.world_key.of(Decision::Audience).draw(u64::from(person.id));
        tilt.audience.regions[person.region] && (tilt.audience.share >= 1.0 || word < coin(tilt.audience.share))
    }

    /// Whether a tilt takes posts of this topic and these flags for the ones it means.
    pub(super) fn caught(&self, tilt: &Tilt, topic: usize, flags: usize) -> bool {
        let Some(target) = tilt.topic else { return true };
        match self.classifiers.iter().position(|one| *one == (target, tilt.classifier)) {
            Some(bit) => (flags >> bit) % 2 == 1,
            None => topic == target,
        }
    }

    /// Factors on weights by topic and variant, 2⁻³².
    pub(super) fn factors(&self, arm: usize, person: usize) -> Vec<Vec<u64>> {
        let acting = self.acting(arm, person);
        let tau = self.scenario.feed.temperature;
        let factor = |topic: usize, variant: usize| {
            let (age, flags) = (variant / self.flag_values(), variant % self.flag_values());
            let fresh = if self.ages_differ() { power(self.scenario.feed.freshness[age], tau) } else { ONE };
            let caught = acting.iter().filter(|(tilt, _)| self.caught(tilt, topic, flags));
            caught.fold(fresh, |product, &(_, multiply)| scale(product, power(multiply, tau)))
        };
        let variants = self.flag_values() * if self.ages_differ() { 4 } else { 1 };
        let topics = 0..self.scenario.topic_count();
        topics.map(|topic| (0..variants).map(|variant| factor(topic, variant)).collect()).collect()
    }
}

/// Imperfect classifiers in the order in which tilts name them first.
pub(super) fn classifiers(scenario: &Scenario) -> Vec<(usize, Classifier)> {
    let mut all = Vec::new();
    for tilt in scenario.arms.iter().flat_map(|arm| &arm.tilts) {
        let Some(topic) = tilt.topic else { continue };
        let one = (topic, tilt.classifier);
        let perfect = tilt.classifier.recall == 1.0 && tilt.classifier.false_positive_rate == 0.0;
        if !perfect && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}
