//! What comes out of the inputs: activity, posts, durations, shares.

use std::collections::BTreeMap;

use super::{Figures, Moment, Probe, share};
use crate::scenario::Scenario;
use crate::stats::interval::{average, variance};
use crate::stats::quantile::quantile;
use crate::study::reach::Reached;
use crate::trace::Counter;

/// Impressions and posts, as counted.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Impressions of each watched person.
    by_person: BTreeMap<u32, u64>,
    days: f64,
    seconds: Vec<f64>,
    posts: BTreeMap<u32, u64>,
    creators: usize,
    impressions_per_post: Option<f64>,
    sensitive: Option<f64>,
    watched: u32,
}

impl Probe for Activity {
    fn look(&mut self, moment: &Moment) {
        let (world, scenario) = (moment.world, &moment.world.setup().scenario);
        self.watched = moment.watched;
        moment.log.iter().for_each(|seen| *self.by_person.entry(seen.shown.user).or_default() += 1);
        let per_day = i64::from(scenario.time.epochs_per_day);
        if world.next_epoch() == 0 {
            self.look_at_posts(moment);
        }
        if world.next_epoch() > 0 && world.next_epoch() % per_day == 0 {
            self.days = (world.next_epoch() / per_day) as f64;
            let by_topic = world.tally().by_topic(0, Counter::Impressions, 0, self.days as usize);
            let all: u64 = by_topic.iter().sum();
            let sensitive = by_topic.iter().zip(&scenario.topics).filter(|(_, topic)| topic.sensitive);
            self.sensitive = share(sensitive.map(|(&count, _)| count as f64).sum(), all as f64);
            let people = world.people().len() as f64 / f64::from(scenario.population.users);
            let posts = posts_since(moment, 0) * people;
            self.impressions_per_post = share(all as f64, posts);
        }
    }

    fn report(&self, figures: &mut Figures) {
        // Who met nothing counts with nothing: a median does not mind.
        let mut a_day: Vec<f64> = self.by_person.values().map(|&count| count as f64 / self.days).collect();
        a_day.resize((self.watched as usize).max(a_day.len()), 0.0);
        figures.insert("impressions a day, median", quantile(&a_day, 0.5));
        let logs: Vec<f64> = a_day.iter().filter(|&&count| count > 0.0).map(|&count| libm::log(count)).collect();
        figures.insert("impressions a day, sd of ln", variance(&logs).map(libm::sqrt));
        figures.insert("views per post", self.impressions_per_post);
        figures.insert("duration, median", quantile(&self.seconds, 0.5));
        figures.insert("duration, 95th percentile", quantile(&self.seconds, 0.95));
        figures.insert("duration, mean", average(&self.seconds));
        figures.insert("sensitive topics", self.sensitive);
        let mut posts: Vec<u64> = self.posts.values().copied().collect();
        posts.resize(self.creators.max(posts.len()), 0);
        figures.insert("posts by the top quarter", crate::stats::concentration::top_share(&posts, 0.25));
    }
}

impl Activity {
    fn look_at_posts(&mut self, moment: &Moment) {
        let catalogue = moment.world.catalogue();
        for slot in catalogue.living() {
            self.seconds.push(f64::from(catalogue.truth(slot as usize).duration) / 10.0);
            if let Some(sight) = catalogue.observed().items[slot as usize] {
                *self.posts.entry(sight.creator).or_default() += 1;
            }
        }
        self.creators = moment.world.creators().region.len();
    }
}

/// Posts born from an epoch on.
fn posts_since(moment: &Moment, epoch: i64) -> f64 {
    let catalogue = moment.world.catalogue();
    let born = |slot: u32| catalogue.observed().items[slot as usize].map_or(i64::MIN, |sight| i64::from(sight.born));
    catalogue.living().filter(|&slot| born(slot) >= epoch).count() as f64
}

/// What the appeals reach in the pre-run, which is a mean over worlds in one: the ratio furthest from 1.
pub(super) fn report(scenario: &Scenario, reached: &Reached, figures: &mut Figures) {
    let ratios = reached.shares.iter().enumerate().flat_map(|(region, row)| {
        row.iter().zip(&scenario.topics).map(move |(&reached, topic)| reached / topic.share[region])
    });
    let worst =
        ratios.filter(|ratio| ratio.is_finite()).max_by(|a, b| libm::fabs(a - 1.0).total_cmp(&libm::fabs(b - 1.0)));
    figures.insert("share over target, worst topic", worst);
}
