//! What an oracle ranks by: posts as an average person finds them, and people's own parts.

use super::{Arm, Person, Post, Shelf, Twin, fixed, logistic};

impl Twin<'_> {
    /// Posts of an arm where they stand by the truth, in order of birth.
    pub(super) fn true_shelf(&self, arm: usize) -> Shelf {
        let feed = &self.scenario.feed;
        let known = self.shelf(arm).known.clone();
        let mut shelf = Shelf { stands: vec![None; known.len()], ..Shelf::default() };
        for post in self.posts(arm) {
            let cell = self.cell_of(post, self.true_tier(&self.world.posts[post]));
            shelf.stands[post] = Some(cell);
            shelf.cells.entry(cell).or_default().push(post);
            let young = self.age(post) < feed.cold_start_hours / 24.0 * self.per_day() as f64;
            if young && known[post][0] < feed.cold_start_until {
                shelf.pools.entry(cell[0]).or_default().push(post);
            }
        }
        Shelf { known, ..shelf }
    }

    /// Attention of an average person for a topic, 1/256 of log-odds.
    fn typical(&self, topic: usize) -> i32 {
        let regions = self.world.appeal.iter().zip(&self.scenario.population.regions);
        fixed(self.scenario.respond.attention + regions.map(|(row, region)| row[topic] * region.share).sum::<f64>())
    }

    /// Tier by the log-odds that an average person watches 7 s, or to the end of a shorter post, and likes it.
    fn true_tier(&self, post: &Post) -> usize {
        let (feed, r) = (&self.scenario.feed, &self.scenario.respond);
        let seconds = (f64::from(post.duration) / 10.0).min(7.0);
        let late = r.watch_slope * libm::log(7.0 / seconds.max(r.start_seconds));
        let early = r.start_slope * libm::log(r.start_seconds / seconds.min(r.start_seconds));
        let to_the_end = if post.duration <= 77 { r.end_drop } else { 0.0 };
        let valid = f64::from(self.typical(post.topic) + post.attention) / 256.0 + late + early - to_the_end;
        let like = fixed(r.like) + fixed(self.scenario.topics[post.topic].approval) + post.approval;
        // People's own approval and propensity, in steps of half a deviation.
        let p = &self.scenario.population;
        let sd = libm::hypot(p.approval_sd, p.propensity_sd);
        let among_people = |odds: f64| {
            let parts =
                (-16..=16).map(|i| 0.5 * f64::from(i)).map(|z| (libm::exp(-0.5 * z * z), logistic(odds + sd * z)));
            let [weight, sum] = parts.fold([0.0, 0.0], |[weight, sum], (w, p)| [weight + w, sum + w * p]);
            sum / weight
        };
        let [played, swiped] = [r.played[0], 0.0].map(|more| among_people(f64::from(like) / 256.0 + more));
        let liked = logistic(valid) * played + (1.0 - logistic(valid)) * swiped;
        let square = |odds: f64, range: [f64; 2], squares: u32| {
            let width = (range[1] - range[0]) / f64::from(squares);
            (1..squares).filter(|&i| logistic(odds) >= logistic(range[0] + width * f64::from(i))).count()
        };
        square(valid, feed.attention_range, feed.tiers_attention) * feed.tiers_approval as usize
            + square(libm::log(liked / (1.0 - liked)), feed.approval_range, feed.tiers_approval)
    }

    /// A person's own attention for each topic beyond the average person's, as levels.
    pub(super) fn true_levels(&self, person: &Person) -> Vec<u8> {
        let r = &self.scenario.respond;
        let own = |topic: usize| {
            let interest = i32::from(person.interests[topic]) * libm::round(r.interest_weight * 4096.0) as i32;
            person.attention + fixed(r.attention + self.world.appeal[person.region][topic]) + interest.div_euclid(256)
                - self.typical(topic)
        };
        let level = |topic: usize| ((own(topic) + 4).div_euclid(8) + 128).clamp(0, 255) as u8;
        (0..self.scenario.topic_count()).map(level).collect()
    }
}

impl Arm {
    /// The shelf that a person's feed is filled from, if it is the oracle's.
    pub(super) fn oracle_shelf(&self, is_oracle: bool) -> Option<&Shelf> {
        self.truth.as_ref().filter(|_| is_oracle)
    }
}
