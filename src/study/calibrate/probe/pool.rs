//! What happens among the videos most viewed before: concentration, alikeness of outcomes, levels of rare signals.

use std::collections::{BTreeMap, BTreeSet};

use super::random::most_viewed;
use super::watching::Watching;
use super::{Figures, Moment, Probe, Seen, share};
use crate::rng::mix;
use crate::run::Replicate;
use crate::stats::agreement::{Concentration, intraclass_correlation};
use crate::stats::concentration::{gini, top_share};
use crate::stats::interval::{average, variance};
use crate::stats::quantile::quantile;
use crate::trace::Counter;

/// Share of the posts that make up the pool: KuaiRand-Pure's 7,583 of about 4.4 million.
const POOL: f64 = 7_583.0 / 4.4e6;
/// Share of the posts among which outcomes are compared. In a simulated world [`POOL`] is a few hundred posts, of which the most viewed alone
/// would decide how alike outcomes are.
const WIDE_POOL: f64 = 0.02;
/// Most videos of a person whose topics count, drawn from all of them: KuaiRand-Pure's histories have 50 exposures, long views and likes,
/// spread over two weeks. Of the last ones here most would be of one stripe.
const MOST: usize = 50;
/// Fewest of them.
const LEAST: u64 = 5;
/// Fewest impressions of a video whose rates count.
const LEAST_SEEN: f64 = 100.0;

/// Outcomes of a group: impressions, long views, likes.
type Outcomes = [u64; 3];

/// Sums over impressions of pool videos by watched people.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// Identity and views before, in the order of identities.
    members: Vec<(u64, u32)>,
    /// Identities in the wide pool, in order.
    wide: Vec<u64>,
    /// Views since, by place among the members.
    views: Vec<u64>,
    count: f64,
    valid_plays: f64,
    watching: Watching,
    comments: f64,
    shares: f64,
    /// Outcomes in the wide pool.
    by_video: BTreeMap<u64, Outcomes>,
    finished: BTreeMap<u64, f64>,
    by_person: BTreeMap<u32, Outcomes>,
    by_topic: BTreeMap<u16, Outcomes>,
    by_person_and_topic: BTreeMap<(u32, u16), Outcomes>,
    /// Videos of each person in the wide pool, each once, by a hash, with their topics: met, long viewed, liked.
    met: [BTreeMap<u32, BTreeSet<(u64, u16)>>; 3],
    topics: usize,
    likes_by_topic: Vec<[u64; 2]>,
}

impl Probe for Pool {
    fn look(&mut self, moment: &Moment) {
        if moment.world.next_epoch() == 0 {
            self.fill(moment.world);
        }
        for seen in moment.log {
            if self.members.binary_search_by_key(&seen.shown.item, |one| one.0).is_ok() {
                self.add(seen);
            }
            if self.wide.binary_search(&seen.shown.item).is_ok() {
                self.add_outcomes(seen);
            }
        }
        self.count_views(moment.world);
        self.likes_by_topic = likes_by_topic(moment.world);
    }

    fn report(&self, figures: &mut Figures) {
        figures.insert("comments, pool", share(self.comments, self.count));
        figures.insert("shares, pool", share(self.shares, self.count));
        figures.insert("pool exposures, Gini", gini(&self.views));
        figures.insert("pool exposures, top 1 %", top_share(&self.views, 0.01));
        figures.insert("pool exposures, top 10 %", top_share(&self.views, 0.1));
        figures.insert("valid plays, pool", share(self.valid_plays, self.count));
        self.watching.report(figures);
        self.report_pairs(figures);
        self.report_topics(figures);
        figures.insert("ln like rate against ln completion rate", self.likes_against_completion());
        let rates: Vec<f64> = self
            .likes_by_topic
            .iter()
            .filter(|n| n[1] > 0)
            .map(|&[n, likes]| libm::log(likes as f64 / n as f64))
            .collect();
        figures.insert("sd of ln like rate across topics", variance(&rates).map(libm::sqrt));
    }
}

impl Pool {
    fn fill(&mut self, world: &Replicate) {
        let items = world.arm(0).and_then(|arm| arm.items.as_ref()).expect("the baseline keeps its own counters");
        let member = |slot: u32| (world.catalogue().id(slot as usize).0, items.counters[slot as usize].impressions);
        self.members = most_viewed(world, POOL).into_iter().map(member).collect();
        self.members.sort_unstable();
        self.wide = most_viewed(world, WIDE_POOL).iter().map(|&slot| world.catalogue().id(slot as usize).0).collect();
        self.wide.sort_unstable();
        self.views = vec![0; self.members.len()];
        self.topics = world.setup().scenario.topic_count();
    }

    fn add(&mut self, seen: &Seen) {
        let [valid, _, _, comment, shared, _] = seen.signals();
        self.count += 1.0;
        self.valid_plays += f64::from(u8::from(valid));
        self.watching.add(seen);
        self.comments += f64::from(u8::from(comment));
        self.shares += f64::from(u8::from(shared));
    }

    fn add_outcomes(&mut self, seen: &Seen) {
        let [_, long, like, ..] = seen.signals();
        let (person, video, topic) = (seen.shown.user, seen.shown.item, seen.truth.topic);
        let outcome = [1, u64::from(long), u64::from(like)];
        let note = |sums: &mut Outcomes| sums.iter_mut().zip(outcome).for_each(|(sum, one)| *sum += one);
        note(self.by_video.entry(video).or_default());
        note(self.by_person.entry(person).or_default());
        note(self.by_topic.entry(topic).or_default());
        note(self.by_person_and_topic.entry((person, topic)).or_default());
        *self.finished.entry(video).or_default() += f64::from(u8::from(seen.is_finished()));
        for (met, hit) in self.met.iter_mut().zip([true, long, like]) {
            let kept = met.entry(person).or_default();
            if hit && kept.insert((mix(video ^ mix(person.into())), topic)) && kept.len() > MOST {
                kept.pop_last();
            }
        }
    }

    /// Views of everybody since the pool was filled; of a video that has left, those up to then.
    fn count_views(&mut self, world: &Replicate) {
        let Some(items) = world.arm(0).and_then(|arm| arm.items.as_ref()) else { return };
        for slot in world.catalogue().living() {
            let id = world.catalogue().id(slot as usize).0;
            if let Ok(place) = self.members.binary_search_by_key(&id, |one| one.0) {
                let all = items.counters[slot as usize].impressions;
                self.views[place] = u64::from(all - self.members[place].1);
            }
        }
    }

    fn report_pairs(&self, figures: &mut Figures) {
        let of = |sums: Vec<&Outcomes>, outcome: usize| {
            intraclass_correlation(sums.iter().map(|s| [s[0], s[outcome]]).collect::<Vec<_>>())
        };
        let (videos, people) = (|| self.by_video.values().collect(), || self.by_person.values().collect());
        figures.insert("long views, same video", of(videos(), 1));
        figures.insert("long views, same person", of(people(), 1));
        figures.insert("long views, same topic", of(self.by_topic.values().collect(), 1));
        figures.insert("long views, same person and topic", of(self.by_person_and_topic.values().collect(), 1));
        figures.insert("likes, same video", of(videos(), 2));
        figures.insert("likes, same person", of(people(), 2));
    }

    fn report_topics(&self, figures: &mut Figures) {
        let names = ["topic concentration, exposures", "topic concentration, long views", "topic concentration, likes"];
        for (name, met) in names.into_iter().zip(&self.met) {
            let found = Concentration::of(&self.holders(met), LEAST);
            figures.insert(name, found.and_then(|found| found.dirichlet()));
        }
        let found = Concentration::of(&self.holders(&self.met[0]), LEAST);
        let median = |holds: &dyn Fn(f64) -> bool| {
            let found = found.as_ref()?;
            let of: Vec<f64> = found
                .by_category
                .iter()
                .zip(&found.shares)
                .filter(|(_, p)| holds(**p))
                .filter_map(|(rho, _)| *rho)
                .collect();
            quantile(&of, 0.5)
        };
        figures.insert("topic correlation, topics below 1 %", median(&|p| p > 0.0 && p < 0.01));
        figures.insert("topic correlation, topics above 3 %", median(&|p| p > 0.03));
    }

    fn holders(&self, met: &BTreeMap<u32, BTreeSet<(u64, u16)>>) -> Vec<Vec<u32>> {
        let counts = |videos: &BTreeSet<(u64, u16)>| {
            let mut counts = vec![0; self.topics];
            videos.iter().for_each(|&(_, topic)| counts[topic as usize] += 1);
            counts
        };
        met.values().map(counts).collect()
    }

    /// Correlation over videos; those without a like or an end watched have no logarithm.
    fn likes_against_completion(&self) -> Option<f64> {
        let points: Vec<[f64; 2]> = self
            .by_video
            .iter()
            .filter_map(|(video, &[n, _, likes])| {
                let (n, finished) = (n as f64, *self.finished.get(video)?);
                let defined = n >= LEAST_SEEN && likes > 0 && finished > 0.0;
                defined.then(|| [libm::log(likes as f64 / n), libm::log(finished / n)])
            })
            .collect();
        let [x, y] = [0, 1].map(|axis| points.iter().map(|point| point[axis]).collect::<Vec<f64>>());
        let (mean_x, mean_y) = (average(&x)?, average(&y)?);
        let products: Vec<f64> = points.iter().map(|[a, b]| (a - mean_x) * (b - mean_y)).collect();
        let n = products.len() as f64;
        share(average(&products)? * n / (n - 1.0), libm::sqrt(variance(&x)? * variance(&y)?))
    }
}

/// Impressions and likes of everybody on whole days that count, by topic.
fn likes_by_topic(world: &Replicate) -> Vec<[u64; 2]> {
    let days = world.next_epoch() / i64::from(world.setup().scenario.time.epochs_per_day);
    let of = |counter| world.tally().by_topic(0, counter, 0, usize::try_from(days).unwrap_or(0));
    of(Counter::Impressions).into_iter().zip(of(Counter::Likes)).map(|(n, likes)| [n, likes]).collect()
}
