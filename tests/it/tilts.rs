//! Tilts do what they say and nothing else: each kind counted by hand on a few posts, held against its definition post by post
//! in small worlds, and switched on with no effect.

mod audiences;
mod cold_start;
mod delay;
mod demote_creators;
mod echo;
mod geo_block;
mod head;
mod heat;
mod jitter;
mod laws;
mod limits;
mod no_effect;
mod not_for_feed;
mod order;
mod outside;
mod rankers;
mod reach_cap;
mod self_only;
mod stay;
mod throttle;
mod tiny;

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::id::ItemId;
use feedtilt::run::{Alone, Replicate};
use feedtilt::scenario::{Arm, Scenario};
use feedtilt::trace::{Impression, Source};
use feedtilt::world::Sight;

use crate::common::{scenario, world};

/// Two regions and five topics of unequal size.
const WORLD: &str = r#"
schema = 1
name = "tilts"
[population]
users = 150
activity_median = 60
[[population.region]]
id = "de"
share = 0.7
[[population.region]]
id = "at"
share = 0.3
[catalogue]
topics = "none"
impressions_per_post = 15
depth_days = 4
[[topic]]
id = "news"
share = 0.1
[[topic]]
id = "politics"
share = 0.15
[[topic]]
id = "music"
share = 0.3
[[topic]]
id = "sport"
share = 0.25
[[topic]]
id = "rest"
share = 0.2
[time]
burn_in_days = 1
days = 2
[feed.cold_start]
share = 0.2
until = 20
[measure]
echo = false
track = ["music", "news"]
[replicates]
count = 1
"#;

const MUSIC: usize = 2;

/// A finished run and every impression of it.
struct Ran {
    world: Replicate,
    log: Vec<Impression>,
    /// Every post that ever was there.
    posts: BTreeMap<u64, Sight>,
}

/// Arms in TOML from `[(name, tilts)]`; a tilt is the inside of an inline table.
fn arms(all: &[(&str, &[&str])]) -> String {
    let arm = |(name, tilts): &(&str, &[&str])| {
        let tilts: Vec<String> = tilts.iter().map(|tilt| format!("    {{ {tilt} }},\n")).collect();
        format!("[[arm]]\nname = \"{name}\"\ntilt = [\n{}]\n", tilts.concat())
    };
    all.iter().map(arm).collect()
}

/// Runs [`WORLD`] with these arms to its end.
fn ran(all: &[(&str, &[&str])], edits: &[&str]) -> Ran {
    let mut world = world(&scenario(&format!("{WORLD}{}", arms(all)), edits));
    world.logging = true;
    let mut posts = BTreeMap::new();
    while world.step(&Alone).is_some() {
        let catalogue = world.catalogue();
        let sight = |slot: u32| Some((catalogue.id(slot as usize).0, catalogue.observed().items[slot as usize]?));
        posts.extend(catalogue.living().filter_map(sight));
    }
    let log = world.take_log();
    Ran { world, log, posts }
}

impl Ran {
    fn scenario(&self) -> &Scenario {
        &self.world.setup().scenario
    }

    /// A tilted arm, counted from 1 as in the log.
    fn arm(&self, arm: usize) -> &Arm {
        &self.scenario().arms[arm - 1]
    }

    /// Impressions of an arm from day 0 on.
    fn shown(&self, arm: usize) -> impl Iterator<Item = &Impression> {
        self.log.iter().filter(move |one| one.arm as usize == arm && one.epoch >= 0)
    }

    fn of_topic(&self, arm: usize, topic: usize) -> impl Iterator<Item = &Impression> {
        self.shown(arm).filter(move |one| topic_of(one) == topic)
    }

    /// The post of an impression.
    fn post(&self, one: &Impression) -> Sight {
        self.posts[&one.item]
    }

    /// Region of the person of an impression.
    fn region(&self, one: &Impression) -> usize {
        self.world.people().region[one.user as usize].into()
    }

    /// Impressions of an arm as if it were the baseline.
    fn course(&self, arm: usize) -> Vec<Impression> {
        self.shown(arm).map(|one| Impression { arm: 0, ..*one }).collect()
    }

    /// Slots that were filled, and those that nothing was left for, all days.
    fn slots(&self, arm: usize) -> [u64; 2] {
        let of_arm = self.world.tally().slots.index_axis(ndarray::Axis(1), arm).to_owned();
        [0, 1].map(|kind| of_arm.index_axis(ndarray::Axis(3), kind).sum())
    }

    /// Other posts take the slots: as many are asked for as in the baseline, and hardly any stays empty.
    fn fills_all_slots(&self, arm: usize) {
        let [served, unserved] = self.slots(arm);
        assert_eq!(served + unserved, self.slots(0).iter().sum::<u64>(), "arm {arm}");
        assert!(unserved * 100 < served, "arm {arm}: {unserved} empty slots beside {served}");
    }

    fn sources(&self, arm: usize, topic: usize) -> BTreeSet<Source> {
        self.of_topic(arm, topic).map(|one| one.source).collect()
    }

    /// What an arm's run differs in from the baseline's, down to the last bit.
    fn difference(&self, arm: usize) -> Option<&'static str> {
        let own = self.world.arm(arm)?;
        let baseline = self.world.arm(0)?;
        let first = self.log.iter().find(|one| one.arm as usize == arm).map_or(i64::MAX, |one| one.epoch);
        let course = |arm: usize| -> Vec<Impression> {
            let of_arm = self.log.iter().filter(|one| one.arm as usize == arm && one.epoch >= first);
            of_arm.map(|one| Impression { arm: 0, ..*one }).collect()
        };
        let tally = self.world.tally();
        let days = 0..tally.exposure.shape()[0];
        let items = |state: &feedtilt::run::ArmState| state.items.as_ref().map(|items| items.counters.clone());
        let same = [
            ("impressions", !course(arm).is_empty() && course(arm) == course(0)),
            ("profiles", own.profile.is_none() || own.profile == baseline.profile),
            ("counters of posts", own.items.is_none() || items(own) == items(baseline)),
            ("topics met", own.reach == baseline.reach && own.met == baseline.met),
            ("expected exposure", own.expected == baseline.expected && tally.expected[arm] == tally.expected[0]),
            ("exposure", days.into_iter().all(|day| tally.day(day, arm) == tally.day(day, 0))),
            ("slots", tally.slots.index_axis(ndarray::Axis(1), arm) == tally.slots.index_axis(ndarray::Axis(1), 0)),
            ("sums", tally.item_impressions[arm] == tally.item_impressions[0] && tally.asked[arm] == tally.asked[0]),
            ("acceptance", tally.acceptance[arm] == tally.acceptance[0]),
        ];
        same.into_iter().find(|(_, same)| !same).map(|(what, _)| what)
    }
}

fn topic_of(impression: &Impression) -> usize {
    ItemId(impression.item).topic()
}

/// Standard deviations by which a binomial count misses its mean.
fn z(count: usize, of: usize, p: f64) -> f64 {
    let of = of as f64;
    (count as f64 - of * p) / (of * p * (1.0 - p)).sqrt()
}
