//! A catalogue of a few posts whose responses can be enumerated: the law of every slot, written down from the definitions.

use std::collections::BTreeMap;

use feedtilt::feed::index::{Index, Tables};
use feedtilt::feed::rules::Rules;
use feedtilt::feed::score::{Heads, value};
use feedtilt::feed::select::{Lane, Odds, View};
use feedtilt::feed::{Counters, Scores};
use feedtilt::rng::{Decision, Key};
use feedtilt::run::Setup;
use feedtilt::scenario::{Ranker, Value};
use feedtilt::stats::chi_square::goodness_of_fit;
use feedtilt::tilt::reach_cap;
use feedtilt::world::{ItemTruth, Observed, Sight};

use super::arms;
use crate::common::{scenario, setup};

const TINY: &str = r#"
schema = 1
name = "tiny"
[population]
users = 1
[catalogue]
topics = "none"
[[topic]]
id = "a"
share = 0.5
[[topic]]
id = "b"
share = 0.3
[[topic]]
id = "c"
share = 0.2
[time]
burn_in_days = 0
days = 1
[feed]
response = 4
no_repeat_epochs = 1
temperature = 0.7
topic_repeat = 0.6
cold_start = { share = 0.3, until = 200, hours = 48 }
[measure]
echo = false
[replicates]
count = 1
"#;

/// (topic, duration class, creator, born, impressions and valid plays and likes, flags).
pub type Post = (u8, u8, u32, i32, [u32; 3], u8);

/// What the platform is asked to do, and what should come of it.
pub struct Tiny<'a> {
    posts: &'a [Post],
    setup: Setup,
    rules: Rules,
    tables: Tables<ItemTruth>,
    ranker: Option<Ranker>,
    pub profile: Vec<u8>,
    /// Whose throttles are drawn.
    pub person: Key,
}

/// The law of a slot, post by post.
#[derive(Debug, Clone)]
pub struct Law {
    /// Weight in ordinary slots before re-rank.
    pub weights: Vec<f64>,
    /// Whether any slot may hold the post.
    pub open: Vec<bool>,
    /// Share of the slots that go to each list of posts, before the next kind of slot is looked at.
    pub reserved: Vec<(f64, Vec<bool>)>,
    pub cold: f64,
    /// Weights in the pool of new posts.
    pub newcomers: Vec<f64>,
    pub repeat: f64,
}

impl<'a> Tiny<'a> {
    /// One arm with these tilts.
    pub fn new(posts: &'a [Post], tilts: &[&str], edits: &[&str]) -> Self {
        let scenario = scenario(&format!("{TINY}{}", arms(&[("tilted", tilts)])), edits);
        let setup = setup(&scenario);
        let sight: Vec<Option<Sight>> = posts
            .iter()
            .map(|&(topic, duration_class, creator, born, _, flags)| {
                Some(Sight { topic, duration_class, stripe: 0, flags, region: 0, creator, born })
            })
            .collect();
        let mut rules = setup.plan.compile(&scenario, Some(&scenario.arms[0]), 0);
        // Every post was sought a hundred times in the epoch before.
        let known: Vec<Counters> = posts.iter().map(counters).collect();
        reach_cap::act(&mut rules, Observed { items: &sight }, 0..posts.len() as u32, &known, &vec![100; posts.len()]);
        let ranker = rules.special[0].ranker;
        let observed = Observed { items: &sight };
        let mut index = Index::new(setup.shape);
        let believed = |slot: u32| {
            let counters = counters(&posts[slot as usize]);
            (setup.grid.tier(&counters), counters.impressions)
        };
        index.refresh(&scenario, observed, 0..posts.len() as u32, believed, 0);
        // The payload names the post.
        let named = |slot: u32| ItemTruth { name: slot, ..ItemTruth::default() };
        let tables = Tables::compile(&index, observed, score(&setup, ranker), &rules, named);
        Self { posts, setup, rules, tables, ranker, profile: vec![128, 140, 110], person: Key::root(1, 0) }
    }

    /// The law without a tilt, on which tests put what the tilt should do.
    pub fn untilted(&self) -> Law {
        let weight = |post: &Post| self.weight(post, self.profile[post.0 as usize]);
        Law {
            weights: self.posts.iter().map(weight).collect(),
            open: vec![true; self.posts.len()],
            reserved: Vec::new(),
            cold: self.setup.scenario.feed.cold_start_share,
            newcomers: vec![1.0; self.posts.len()],
            repeat: self.setup.scenario.feed.topic_repeat,
        }
    }

    /// S^(1/τ) from the definition of the score.
    pub fn weight(&self, post: &Post, level: u8) -> f64 {
        let (table, tier) = (&self.setup.score.own, self.setup.grid.tier(&counters(post)));
        let value = table.values[level as usize * table.cells + tier * 3 + post.1 as usize];
        value.powf(1.0 / self.setup.scenario.feed.temperature)
    }

    /// The same by other value weights than the scenario's.
    pub fn weight_by(&self, post: &Post, weights: &Value) -> f64 {
        let scenario = &self.setup.scenario;
        let heads = Heads::new(scenario);
        let known = heads.believed(scenario, self.setup.grid.middle(self.setup.grid.tier(&counters(post))));
        let level = (f64::from(self.profile[post.0 as usize]) - 128.0) / 32.0;
        let value = value(scenario, weights, &heads, &known, level, post.1.into());
        value.powf(1.0 / scenario.feed.temperature)
    }

    /// The scenario's value weights.
    pub fn weights(&self) -> Value {
        self.setup.scenario.feed.value
    }

    /// Share of each topic in every slot, by the odds that ghosts read, over `responses` responses.
    pub fn odds(&self, responses: u64) -> Vec<f64> {
        let view = View::new(&self.tables, &self.rules, score(&self.setup, self.ranker), 0, 0);
        let keys = Key::root(98, 0).of(Decision::Select);
        let (mut lane, mut odds) = (Lane::new(), Odds::default());
        let mut looked = [0; 3];
        for response in 0..responses {
            lane.profile[..3].copy_from_slice(&self.profile);
            lane.request = keys.at(response);
            lane.throttle = self.person;
            lane.enter(8);
            odds.enter(&view, &lane);
            self.setup.selector.respond_carefully(&view, &mut lane, &mut |lane, scored| {
                odds.look(&self.setup.selector, &view, lane, scored, &[0, 1, 2], &mut looked);
            });
            odds.close(&view, &lane);
        }
        let unit = (1u64 << 24) as f64 * responses as f64 * f64::from(self.setup.selector.slots());
        looked.iter().map(|&sum| sum as f64 / unit).collect()
    }

    /// Whether the person's word of a post lies below `keep`.
    pub fn is_kept_from(&self, post: usize, keep: u64) -> bool {
        self.person.draw(post as u64) >= keep
    }

    /// Counts of `responses` by slot and post, nothing last.
    pub fn draw(&self, responses: u64) -> Vec<Vec<u64>> {
        let view = View::new(&self.tables, &self.rules, score(&self.setup, self.ranker), 0, 0);
        let slots = self.setup.selector.slots() as usize;
        let mut counts = vec![vec![0u64; self.posts.len() + 1]; slots];
        let keys = Key::root(99, 0).of(Decision::Select);
        let mut lane = Lane::new();
        for response in 0..responses {
            lane.profile[..3].copy_from_slice(&self.profile);
            lane.request = keys.at(response);
            lane.throttle = self.person;
            lane.enter(8);
            self.setup.selector.respond_carefully(&view, &mut lane, &mut |_, _| {});
            for (slot, counts) in counts.iter_mut().enumerate() {
                let post = lane.chosen().get(slot).map(|chosen| self.tables.slots[chosen.entry as usize] as usize);
                counts[post.unwrap_or(self.posts.len())] += 1;
            }
        }
        counts
    }

    /// Probability of every post in every slot, nothing last, by enumeration of all responses.
    pub fn enumerate(&self, law: &Law) -> Vec<Vec<f64>> {
        self.enumerate_by(|before| law.slot(self.posts, before))
    }

    /// The same for any law of a slot given the slots before.
    pub fn enumerate_by(&self, slot: impl Fn(&[usize]) -> Vec<f64>) -> Vec<Vec<f64>> {
        let count = self.posts.len();
        let mut all = vec![vec![0.0; count + 1]; self.setup.selector.slots() as usize];
        let mut open: BTreeMap<Vec<usize>, f64> = BTreeMap::from([(Vec::new(), 1.0)]);
        for law in &mut all {
            let mut next: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
            for (before, p) in open {
                for (post, q) in slot(&before).into_iter().enumerate().filter(|&(_, q)| q > 0.0) {
                    law[post] += p * q;
                    let mut longer = before.clone();
                    longer.push(post);
                    *next.entry(longer).or_default() += p * q;
                }
            }
            law[count] = (1.0 - law[..count].iter().sum::<f64>()).max(0.0);
            open = next;
        }
        all
    }

    /// Smallest p-value over the slots of `responses` responses.
    pub fn fit(&self, laws: &[Vec<f64>], responses: u64) -> f64 {
        let counts = self.draw(responses);
        let fit = |(counts, law): (&Vec<u64>, &Vec<f64>)| goodness_of_fit(counts, law).map_or(1.0, |fit| fit.p_value);
        counts.iter().zip(laws).map(fit).fold(1.0, f64::min)
    }

    /// Posts by slot from the newest on, ties by name.
    pub fn by_age(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.posts.len()).collect();
        all.sort_by_key(|&post| (std::cmp::Reverse(self.posts[post].3), post));
        all
    }
}

impl Law {
    /// Nothing twice, nobody beside themselves, `repeat` for a topic that is in the response.
    fn slot(&self, posts: &[Post], before: &[usize]) -> Vec<f64> {
        let last = before.last().map(|&post| posts[post].2);
        let rank = |post: usize| -> f64 {
            let present = before.iter().any(|&other| posts[other].0 == posts[post].0);
            if !self.open[post] || before.contains(&post) || Some(posts[post].2) == last {
                0.0
            } else if present {
                self.repeat
            } else {
                1.0
            }
        };
        let uniform = |list: &[bool]| normal(list.iter().enumerate().map(|(p, &on)| f64::from(u8::from(on)) * rank(p)));
        let ordinary = normal(self.weights.iter().enumerate().map(|(p, weight)| weight * rank(p)));
        let mut law = vec![0.0; posts.len()];
        let mut add = |share: f64, part: &[f64]| law.iter_mut().zip(part).for_each(|(sum, p)| *sum += share * p);
        let mut left = 1.0;
        for (share, list) in &self.reserved {
            let part = uniform(list);
            if part.iter().sum::<f64>() > 0.0 {
                add(*share, &part);
                left -= share;
            }
        }
        let new: Vec<bool> = posts.iter().map(|post| post.4[0] < 200 && -post.3 < 8).collect();
        let weight = |post: usize| f64::from(u8::from(new[post])) * self.newcomers[post] * rank(post);
        let cold = normal((0..posts.len()).map(weight));
        let share = if cold.iter().sum::<f64>() > 0.0 { self.cold } else { 0.0 };
        add(left * share, &cold);
        add(left * (1.0 - share), &ordinary);
        law
    }
}

fn normal(raw: impl Iterator<Item = f64>) -> Vec<f64> {
    let raw: Vec<f64> = raw.collect();
    let sum: f64 = raw.iter().sum();
    if sum > 0.0 { raw.into_iter().map(|x| x / sum).collect() } else { raw }
}

fn counters(post: &Post) -> Counters {
    Counters { impressions: post.4[0], valid_plays: post.4[1], likes: post.4[2] }
}

fn score(setup: &Setup, ranker: Option<Ranker>) -> &Scores {
    let other = setup.others.iter().find(|(known, _)| Some(*known) == ranker);
    other.map_or(&setup.score, |(_, scores)| scores)
}
