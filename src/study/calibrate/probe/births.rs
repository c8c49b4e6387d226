//! How posts' views come about: by age, and how unequally.

use super::{Figures, Moment, Probe, share};
use crate::stats::concentration::gini;
use crate::stats::quantile::quantile;

/// Fewest people for whom views per post are not bounded by how many there are.
const LEAST_PEOPLE: usize = 200_000;
/// Ages at which views are looked at, days.
const AGES: [i64; 3] = [1, 2, 7];

/// Views of the posts born from day −1 on that come to seven days.
#[derive(Debug, Default)]
pub(super) struct Births {
    /// Views of all posts at each age; of posts that come to the last.
    by_age: [u64; 3],
    /// Views after seven days.
    views: Vec<u64>,
    people: usize,
}

impl Probe for Births {
    fn look(&mut self, moment: &Moment) {
        let (world, scenario) = (moment.world, &moment.world.setup().scenario);
        let Some(items) = world.arm(0).and_then(|arm| arm.items.as_ref()) else { return };
        self.people = world.people().len();
        let per_day = i64::from(scenario.time.epochs_per_day);
        let (start, end) = (-i64::from(scenario.time.burn_in_days) * per_day, i64::from(scenario.time.days) * per_day);
        let catalogue = world.catalogue();
        for slot in catalogue.living() {
            let Some(sight) = catalogue.observed().items[slot as usize] else { continue };
            let born = i64::from(sight.born);
            if born < start || born + AGES[2] * per_day > end {
                continue;
            }
            for (place, age) in AGES.into_iter().enumerate() {
                if world.next_epoch() - born == age * per_day {
                    let views = u64::from(items.counters[slot as usize].impressions);
                    self.by_age[place] += views;
                    if place == 2 {
                        self.views.push(views);
                    }
                }
            }
        }
    }

    fn report(&self, figures: &mut Figures) {
        let part = |place: usize| share(self.by_age[place] as f64, self.by_age[2] as f64);
        figures.insert("views by 24 h", part(0));
        figures.insert("views by 48 h", part(1));
        let views: Vec<f64> = self.views.iter().map(|&views| views as f64).collect();
        figures.insert("views, median", quantile(&views, 0.5));
        figures.insert("views, Gini", gini(&self.views).filter(|_| self.people >= LEAST_PEOPLE));
    }
}
