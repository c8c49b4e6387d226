//! Which posts a tilt has picked: shares by hash and imperfect classifiers as they come out in a world.

use crate::run::Replicate;
use crate::scenario::Tilt;
use crate::trace::Picked;

impl Replicate {
    /// Notes which posts the tilts mean whose last day this is, of those that are there.
    pub(super) fn note_picked(&mut self, day: i64) {
        let Self { setup, catalogue, tally, .. } = &*self;
        let count = |arm: usize, tilt: &Tilt| {
            let catch = setup.plan.marks.catch(tilt);
            let there = self.published(self.arms[arm + 1].as_ref());
            let mut count = Picked::default();
            for slot in catalogue.living().filter(|&slot| there.is_none_or(|there| there[slot as usize])) {
                let Some(sight) = catalogue.observed().items[slot as usize] else { continue };
                let is_meant = u64::from(catch.holds_post(&sight));
                let from_there = tilt.origin.has(sight.region.into());
                if from_there && tilt.topic.is_none_or(|topic| topic == usize::from(sight.topic)) {
                    count.posts += 1;
                    count.picked += is_meant;
                } else {
                    count.besides += is_meant;
                }
            }
            count
        };
        let mut picked = tally.picked.clone();
        for (arm, counts) in picked.iter_mut().enumerate() {
            for (tilt, counted) in setup.scenario.arms[arm].tilts.iter().zip(counts) {
                if i64::from(tilt.schedule.until_day) == day + 1 {
                    *counted = count(arm, tilt);
                }
            }
        }
        self.tally.picked = picked;
    }
}
