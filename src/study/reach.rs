//! Whether solved appeals reach the shares they were solved for.
//!
//! Some shares no appeal can reach: a topic with too few posts for all the people who are to meet it, or one that fills the
//! slots reserved for new posts. The pre-run's own world tells, because its posts are spread evenly and nothing shakes it.

use std::ops::Range;

use ndarray::Axis;

use crate::run::Replicate;
use crate::scenario::{Scenario, Topic};
use crate::trace::{Counter, SlotCounter};
use crate::world::people::GROUPS;

/// Days at the end of the pre-run whose shares count.
const DAYS: usize = 7;
/// A share is missed when what was reached differs by more than this part of it, either way …
const RATIO: f64 = 1.25;
/// … and by more than this of all exposure, because in small worlds a small topic may hang on a single post …
const PART: f64 = 0.03;
/// … and by more than twice what shares scatter by where one of so many posts takes all that is shown: in a world of 200 people and 400
/// posts a topic asked for 20 % came to 26 %.
const POSTS_PER_SEEN: f64 = 5.0;
/// Share of empty slots above which the catalogue counts as having run out: worlds of a few dozen people.
const RUN_OUT: f64 = 0.5;

/// A share that was not reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// Id of the topic.
    pub topic: String,
    /// Id of the region, where there are several.
    pub region: Option<String>,
    /// Organic share the scenario asks for.
    pub asked: f64,
    /// Share that the best appeal gave.
    pub reached: f64,
    /// Share of new posts.
    pub supply: f64,
}

/// The share that was missed by most, if one was missed.
///
/// Where the whole catalogue runs out, people are shown what there is and no share means anything: a run has its own warning
/// for that.
pub fn missed(scenario: &Scenario, reached: &Reached) -> Option<Missed> {
    if reached.unserved > RUN_OUT {
        return None;
    }
    let regions = &scenario.population.regions;
    let all = regions.iter().zip(&reached.shares).enumerate().flat_map(|(r, (region, row))| {
        let of_topic = move |(topic, &reached): (&Topic, &f64)| Missed {
            topic: topic.id.clone(),
            region: (regions.len() > 1).then(|| region.id.clone()),
            asked: topic.share[r],
            reached,
            supply: topic.supply,
        };
        scenario.topics.iter().zip(row).map(of_topic)
    });
    all.filter(|missed| missed.is_far(reached.posts as f64)).max_by(|one, other| one.part().total_cmp(&other.part()))
}

impl Missed {
    fn part(&self) -> f64 {
        (self.reached - self.asked).abs()
    }

    /// Whether it is missed by more than a world of so many posts explains.
    fn is_far(&self, posts: f64) -> bool {
        let near = self.asked / RATIO..=self.asked * RATIO;
        let scatter = libm::sqrt(self.asked * (1.0 - self.asked) * POSTS_PER_SEEN / posts);
        self.part() > PART.max(2.0 * scatter) && !near.contains(&self.reached)
    }
}

/// What the pre-run's world showed people in its last days.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// Exposure shares by region and topic.
    pub shares: Vec<Vec<f64>>,
    /// Share of the slots asked for that stayed empty.
    pub unserved: f64,
    /// Posts that were there at the end.
    pub posts: usize,
}

impl Reached {
    /// Of a world that has come to its end.
    pub fn of(world: &Replicate) -> Self {
        let until = world.setup().scenario.time.days as usize;
        let days = until.saturating_sub(DAYS)..until;
        let regions = 0..world.setup().scenario.population.regions.len();
        Self {
            shares: regions.map(|region| shares(world, days.clone(), region)).collect(),
            unserved: unserved(world, days),
            posts: world.catalogue().living().count(),
        }
    }
}

fn shares(world: &Replicate, days: Range<usize>, region: usize) -> Vec<f64> {
    let mut counts = vec![0u64; world.setup().scenario.topic_count()];
    for day in days {
        let day = world.tally().day(day, 0);
        let of =
            |k: usize| (0..GROUPS).map(|group| day[[region, group, k, Counter::Impressions as usize]]).sum::<u64>();
        counts.iter_mut().enumerate().for_each(|(k, count)| *count += of(k));
    }
    let all: u64 = counts.iter().sum();
    counts.into_iter().map(|count| count as f64 / (all as f64).max(1.0)).collect()
}

fn unserved(world: &Replicate, days: Range<usize>) -> f64 {
    let of_day = |day: usize, counter: SlotCounter| {
        let slots = world.tally().slots.index_axis(Axis(0), day);
        slots.index_axis(Axis(0), 0).index_axis(Axis(2), counter as usize).sum()
    };
    let of = |counter: SlotCounter| days.clone().map(|day| of_day(day, counter)).sum::<u64>() as f64;
    let (served, unserved) = (of(SlotCounter::Served), of(SlotCounter::Unserved));
    unserved / (served + unserved).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{load, parse};

    #[test]
    fn a_share_is_missed_by_a_large_part_of_itself_and_of_all() {
        let missed = |asked: f64, reached: f64| {
            let missed = Missed { topic: "a".into(), region: None, asked, reached, supply: 0.1 };
            missed.is_far(6_000.0)
        };
        assert!(missed(0.6, 0.45) && missed(0.1, 0.2) && missed(0.0, 0.04));
        assert!(!missed(0.6, 0.5) && !missed(0.6, 0.7), "a part of itself");
        assert!(!missed(0.02, 0.0) && !missed(0.01, 0.035), "a part of all");
        let tiny =
            |reached: f64| Missed { topic: "a".into(), region: None, asked: 0.2, reached, supply: 0.2 }.is_far(400.0);
        assert!(!tiny(0.28) && tiny(0.3), "twice √(.2 · .8 · 5 ÷ 400) = .089");
    }

    #[test]
    fn the_worst_of_all_regions_is_named() {
        let scenario = load("tests/scenarios/valid/two-regions.toml", &[]).unwrap_or_else(|error| panic!("{error}"));
        let asked = |region: usize| scenario.topics.iter().map(|topic| topic.share[region]).collect();
        let mut reached = Reached { shares: (0..2).map(asked).collect(), unserved: 0.0, posts: 6_000 };
        assert_eq!(missed(&scenario, &reached), None);
        reached.shares[0][0] -= 0.1;
        reached.shares[1][1] += 0.15;
        let found = missed(&scenario, &reached).expect("two are missed");
        assert_eq!((found.topic.as_str(), found.region.as_deref()), ("games", Some("at")));
        assert!((found.reached - found.asked - 0.15).abs() < 1e-12 && found.supply == scenario.topics[1].supply);
        let alone = parse("x", "schema = 1\n[population]\nusers = 10", &[]).unwrap_or_else(|error| panic!("{error}"));
        let nothing = |unserved: f64| Reached { shares: vec![vec![0.0; 23]], unserved, posts: 6_000 };
        assert!(missed(&alone, &nothing(0.5)).is_some_and(|missed| missed.region.is_none()));
        assert_eq!(missed(&alone, &nothing(0.51)), None, "the catalogue ran out");
    }
}
