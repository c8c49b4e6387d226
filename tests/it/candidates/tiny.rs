//! A world of a few posts, in which retrieval and selection can be enumerated.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use feedtilt::feed::Counters;
use feedtilt::feed::index::{Index, Tables};
use feedtilt::feed::retrieve::{Ask, Candidates, Retriever};
use feedtilt::feed::rules::Rules;
use feedtilt::feed::select::{Lane, View, leaf_order};
use feedtilt::rng::{Decision, Key};
use feedtilt::run::Setup;
use feedtilt::scenario::{Choice, TiltKind};
use feedtilt::unit::normal_quantile;
use feedtilt::world::{ItemTruth, Named, Observed, Sight};
use rand_core::TryRng;

use crate::common::{scenario, setup};

/// One post, by the place at which it stands in the list: topic, duration class, creator, region, age in epochs, counters,
/// what chance made of it: 1 the classifier took it for its topic, 2 it is withheld, 16 it may be heated.
pub type Post = (u8, u8, u32, u8, i32, [u32; 3], u8);

/// Seven posts of three topics by four creators from two regions; three are in the cold-start pool.
pub const SEVEN: [Post; 7] = [
    (0, 0, 1, 0, 1, [20, 8, 1], 0),
    (0, 1, 2, 1, 6, [150, 70, 4], 1),
    (1, 2, 1, 0, 3, [90, 20, 2], 1 | 16),
    (1, 0, 3, 1, 20, [900, 400, 20], 0),
    (1, 1, 4, 0, 40, [5_000, 1_200, 30], 1),
    (2, 0, 2, 1, 9, [300, 60, 1], 16),
    (2, 2, 4, 0, 33, [2_500, 1_500, 90], 2),
];

const TEXT: &str = r#"
schema = 1
name = "tiny"
question = "Is it exactly the law?"
expectation = "Yes."
[population]
users = 1
[[population.region]]
id = "here"
share = 0.5
[[population.region]]
id = "there"
share = 0.5
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
engine = "candidates"
trending_share = 0.2
fresh_hours = 42
response = 4
no_repeat_epochs = 1
temperature = 0.7
topic_repeat = 0.6
cold_start = { share = 0.3, until = 200, hours = 48 }
freshness = [1.2, 1.0, 0.9, 0.8]
[[arm]]
name = "tilted"
[[arm.tilt]]
kind = "score"
topic = "b"
multiply = 1.3
classifier = { recall = 0.5, false_positive_rate = 0.1 }
[replicates]
count = 1
"#;

/// Two posts of seven trend: .2 of seven, rounded down, and one.
const TRENDING: usize = 2;
/// 42 hours of a day of four epochs.
const FRESH_EPOCHS: i32 = 7;
/// Region of the person.
const REGION: u8 = 1;

/// A set of posts, one bit each.
pub type Set = u32;
/// Probability by what retrieval has found and what its sources could not fill.
type Found = BTreeMap<(Set, usize), f64>;

pub struct Tiny {
    pub setup: Setup,
    rules: Rules,
    pub tables: Tables<ItemTruth>,
    posts: Vec<Post>,
    profile: Vec<u8>,
    seen: Set,
    throttle: Key,
    /// Posts that may be shown to the person, once they are known.
    open: OnceCell<Set>,
}

impl Tiny {
    /// A world of these posts, of which the person has seen those of a set.
    pub fn new(posts: &[Post], seen: Set, overrides: &[&str]) -> Self {
        let scenario = scenario(TEXT, overrides);
        let setup = setup(&scenario);
        let sight: Vec<Option<Sight>> = posts
            .iter()
            .map(|&(topic, duration_class, creator, region, age, _, flags)| {
                Some(Sight { topic, duration_class, stripe: 0, flags, region, creator, born: -age })
            })
            .collect();
        let known = |slot: u32| {
            let [impressions, valid_plays, likes] = posts[slot as usize].5;
            Counters { impressions, valid_plays, likes }
        };
        let mut index = Index::new(setup.shape);
        let observed = Observed { items: &sight };
        let believed = |slot: u32| (setup.grid.tier(&known(slot)), known(slot).impressions);
        index.refresh(&scenario, observed, 0..posts.len() as u32, believed, 0);
        let rules = setup.plan.compile(&scenario, Some(&scenario.arms[0]), 0);
        let named = |slot: u32| ItemTruth { name: slot, ..ItemTruth::default() };
        let tables = Tables::compile(&index, observed, &setup.score, &rules, named);
        let throttle = Key::root(3, 0).of(Decision::Throttle);
        Self {
            setup,
            rules,
            tables,
            posts: posts.to_vec(),
            profile: vec![128, 140, 110],
            seen,
            throttle,
            open: OnceCell::new(),
        }
    }

    pub fn view(&self) -> View<'_, ItemTruth> {
        View::new(&self.tables, &self.rules, &self.setup.score, 0, 0)
    }

    /// Place in the list of posts of an entry.
    pub fn post_of(&self, entry: u32) -> usize {
        self.tables.slots[entry as usize] as usize
    }

    /// The person, before a request.
    fn lane(&self, request: Key) -> Lane {
        let mut lane = Lane::new();
        lane.profile[..3].copy_from_slice(&self.profile);
        lane.request = request;
        lane.throttle = self.throttle;
        lane.region = REGION;
        self.enter(&mut lane);
        lane
    }

    fn enter(&self, lane: &mut Lane) {
        lane.enter(8);
        for entry in 0..self.posts.len() as u32 {
            if self.seen & 1 << self.post_of(entry) != 0 {
                lane.show(entry, &self.view());
            }
        }
    }

    /// How often each set of candidates was found in so many requests.
    pub fn retrieve(&self, requests: u64) -> BTreeMap<Set, u64> {
        let feed = &self.setup.scenario.feed;
        let retriever = Retriever::new(feed, &[0.5, 0.3, 0.2]);
        let (view, keys) = (self.view(), Key::root(98, 0).of(Decision::Select));
        let mut lane = self.lane(keys);
        let (mut candidates, mut counts) = (Candidates::default(), BTreeMap::new());
        for request in 0..requests {
            lane.request = keys.at(request);
            let found = retriever.retrieve(&Ask { view: &view, lane: &lane }, &mut candidates);
            let left = candidates.numbers().len();
            assert!(found.iter().sum::<u32>() as usize == left || self.rules.is_special() && left < self.posts.len());
            let entry = |number: &u32| view.stripe.lists.entries[*number as usize];
            let set = candidates.numbers().iter().fold(0, |set, number| set | 1 << self.post_of(entry(number)));
            *counts.entry(set).or_default() += 1;
        }
        counts
    }

    /// How often each post stood in each slot; the last place counts empty slots.
    pub fn draw(&self, responses: u64) -> Vec<Vec<u64>> {
        let (view, keys) = (self.view(), Key::root(99, 0).of(Decision::Select));
        let slots = self.setup.selector.slots() as usize;
        let mut counts = vec![vec![0u64; self.posts.len() + 1]; slots];
        // Two lanes at once, so that lanes are checked too; where a tilt puts rules on the arm, one after the other.
        let mut lanes = [self.lane(keys), self.lane(keys)];
        for pair in 0..responses / 2 {
            for (i, lane) in lanes.iter_mut().enumerate() {
                lane.request = keys.at(2 * pair + i as u64);
                self.enter(lane);
            }
            if self.rules.is_special() {
                lanes.iter_mut().for_each(|lane| self.setup.selector.respond_carefully(&view, lane, &mut |_, _| {}));
            } else {
                self.setup.selector.respond(&[view, view], &mut lanes);
            }
            for lane in &lanes {
                for (slot, counts) in counts.iter_mut().enumerate() {
                    let at = lane.chosen().get(slot).map_or(self.posts.len(), |c| self.post_of(c.entry));
                    counts[at] += 1;
                }
            }
        }
        counts
    }

    /// Weight of a post before re-rank, from the definition of the score.
    fn weight(&self, post: usize, is_tilted: bool) -> f64 {
        let (topic, class, _, _, age, [impressions, valid_plays, likes], flags) = self.posts[post];
        let tier = self.setup.grid.tier(&Counters { impressions, valid_plays, likes });
        let score = &self.setup.score.own;
        let value = score.values[self.profile[topic as usize] as usize * score.cells + tier * 3 + class as usize];
        let feed = &self.setup.scenario.feed;
        let days = f64::from(age) / 4.0;
        let fresh = feed.freshness[[1.0, 2.0, 7.0].iter().filter(|&&edge| days >= edge).count()];
        let tilt = if is_tilted && flags & 1 != 0 { 1.3 } else { 1.0 };
        (value * fresh * tilt).powf(1.0 / feed.temperature)
    }

    /// Posts that are such.
    fn all(&self, such: impl Fn(&Post) -> bool) -> Set {
        self.posts.iter().enumerate().filter(|(_, post)| such(post)).fold(0, |set, (i, _)| set | 1 << i)
    }

    /// Posts that may be shown to the person.
    pub fn open(&self) -> Set {
        *self.open.get_or_init(|| self.find_open())
    }

    fn find_open(&self) -> Set {
        let (view, variants) = (self.view(), self.setup.shape.variants.count());
        let is_open = |entry: u32| {
            let row = view.stripe.cell_of(entry) / view.shape.cells;
            assert_eq!(row / variants, self.posts[self.post_of(entry)].0 as usize);
            let name = view.entries[entry as usize].payload.name();
            view.special.admits(row, name, self.throttle)
        };
        let entries = (0..self.posts.len() as u32).filter(|&entry| is_open(entry));
        entries.fold(0, |set, entry| set | 1 << self.post_of(entry)) & !self.seen
    }

    fn trending(&self) -> Set {
        let rate = |post: &Post| f64::from(post.5[0]) / (f64::from(post.4) + 4.0);
        let mut order: Vec<usize> = (0..self.posts.len()).collect();
        order.sort_by(|&a, &b| rate(&self.posts[b]).total_cmp(&rate(&self.posts[a])));
        order[..TRENDING.min(order.len())].iter().fold(0, |set, i| set | 1 << i)
    }

    /// Probability of each set of candidates.
    pub fn retrieval_law(&self, quotas: [usize; 6]) -> BTreeMap<Set, f64> {
        let (open, unseen) = (self.open(), self.all(|_| true) & !self.seen);
        if self.posts.len() <= quotas.iter().sum() {
            return BTreeMap::from([(open, 1.0)]);
        }
        let uniform = |list: Set| move |post: usize| if list & unseen & 1 << post != 0 { 1.0 } else { 0.0 };
        let [interest, trending, fresh, region, all, explore] = quotas;
        let mut found = self.add_interest(interest, unseen);
        found = self.add(found, trending, uniform(self.trending()));
        found = self.add(found, fresh, uniform(self.all(|post| post.4 < FRESH_EPOCHS)));
        found = self.add(found, region, uniform(self.all(|post| post.3 == REGION)));
        found = self.add(found, all, |post| if unseen & 1 << post != 0 { self.weight(post, false) } else { 0.0 });
        let mut law = BTreeMap::new();
        for ((set, missing), p) in found {
            let rest = self.add(BTreeMap::from([((set, 0), p)]), explore + missing, uniform(unseen));
            for ((set, _), p) in rest {
                // What is kept from the person is dropped at the end, and nothing takes its place.
                *law.entry(set & open).or_default() += p;
            }
        }
        law
    }

    /// Adds `quota` posts, one after the other, in proportion to weights.
    fn add(&self, found: Found, quota: usize, weight: impl Fn(usize) -> f64) -> Found {
        let mut found = found;
        for _ in 0..quota {
            let mut next = Found::new();
            for ((set, missing), p) in found {
                let weights: Vec<f64> =
                    (0..self.posts.len()).map(|post| if set & 1 << post == 0 { weight(post) } else { 0.0 }).collect();
                let total: f64 = weights.iter().sum();
                if total == 0.0 {
                    *next.entry((set, missing + 1)).or_default() += p;
                    continue;
                }
                for (post, weight) in weights.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0) {
                    *next.entry((set | 1 << post, missing)).or_default() += p * weight / total;
                }
            }
            found = next;
        }
        found
    }

    /// Shares the quota out among topics down the tree, rounded up or down, and draws uniformly in each.
    fn add_interest(&self, quota: usize, unseen: Set) -> Found {
        let mass = |topic: usize| -> f64 {
            let posts = (0..self.posts.len()).filter(|&post| self.posts[post].0 as usize == topic);
            posts.map(|post| self.weight(post, false)).sum()
        };
        let mut found = Found::new();
        for (places, p) in share_out(&leaf_order(&[0.5, 0.3, 0.2]), quota, &mass) {
            let mut part = Found::from([((0, quota - places.iter().sum::<usize>()), p)]);
            for (topic, &places) in places.iter().enumerate() {
                let list = self.all(|post| post.0 as usize == topic) & unseen;
                part = self.add(part, places, |post| if list & 1 << post != 0 { 1.0 } else { 0.0 });
            }
            for (key, p) in part {
                *found.entry(key).or_default() += p;
            }
        }
        found
    }

    /// Probability of every post in every slot, by enumeration of all candidates and responses; the last place stands for an
    /// empty slot.
    pub fn law(&self, quotas: [usize; 6], repeat: f64) -> Vec<Vec<f64>> {
        let count = self.posts.len();
        let mut law = vec![vec![0.0; count + 1]; self.setup.selector.slots() as usize];
        for (candidates, p) in self.retrieval_law(quotas) {
            let mut running: BTreeMap<Vec<usize>, f64> = BTreeMap::from([(Vec::new(), p)]);
            for law in &mut law {
                let mut next: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
                for (before, p) in running {
                    let slot = self.slot(candidates, &before, repeat);
                    law[count] += p * (1.0 - slot.iter().sum::<f64>());
                    for (post, q) in slot.into_iter().enumerate().filter(|(_, q)| *q > 0.0) {
                        law[post] += p * q;
                        let longer = [&before[..], &[post]].concat();
                        *next.entry(longer).or_default() += p * q;
                    }
                }
                // What has ended leaves the later slots empty.
                running = next;
            }
        }
        for slot in &mut law {
            slot[count] = 1.0 - slot[..count].iter().sum::<f64>();
        }
        law
    }

    /// Law of one slot given the candidates and the slots before.
    fn slot(&self, candidates: Set, before: &[usize], repeat: f64) -> Vec<f64> {
        let normal = |weight: &dyn Fn(usize) -> f64| -> Vec<f64> {
            let raw: Vec<f64> =
                (0..self.posts.len()).map(|post| weight(post) * self.rank(before, post, repeat)).collect();
            let sum: f64 = raw.iter().sum();
            if sum > 0.0 { raw.into_iter().map(|x| x / sum).collect() } else { raw }
        };
        let ordinary = match self.setup.scenario.feed.choice {
            Choice::Softmax => normal(&|post| is_in(candidates, post) * self.weight(post, true)),
            Choice::NoisyTop => panic!("its law is not written down"),
            Choice::EpsilonGreedy => {
                let epsilon = self.setup.scenario.feed.epsilon;
                let worth = |post| is_in(candidates, post) * self.weight(post, true) * self.rank(before, post, repeat);
                let most = (0..self.posts.len()).map(worth).fold(0.0, f64::max);
                let equals = (0..self.posts.len()).filter(|&post| most > 0.0 && worth(post) > most * (1.0 - 1e-6));
                let equals: Vec<usize> = equals.collect();
                let best = |post| if equals.contains(&post) { 1.0 / equals.len() as f64 } else { 0.0 };
                let any = normal(&|post| is_in(candidates, post));
                (0..self.posts.len()).map(|post| epsilon * any[post] + (1.0 - epsilon) * best(post)).collect()
            }
        };
        let reserved = self.reserved(before, repeat);
        let given: f64 = reserved.iter().map(|(share, _)| share).sum();
        (0..self.posts.len())
            .map(|post| {
                let pools: f64 = reserved.iter().map(|(share, pool)| share * pool[post]).sum();
                pools + (1.0 - given) * ordinary[post]
            })
            .collect()
    }

    /// r of a post in the slot after these, 0 where it may not stand there.
    fn rank(&self, before: &[usize], post: usize, repeat: f64) -> f64 {
        let last = before.last().map(|&post| self.posts[post].2);
        let used = self.open() & 1 << post == 0 || before.contains(&post) || Some(self.posts[post].2) == last;
        let present = before.iter().any(|&b| self.posts[b].0 == self.posts[post].0);
        match (used, present) {
            (true, _) => 0.0,
            (false, true) => repeat,
            (false, false) => 1.0,
        }
    }

    /// Share of the slots that go to heated and to new posts, and the law of each.
    fn reserved(&self, before: &[usize], repeat: f64) -> [(f64, Vec<f64>); 2] {
        let normal = |set: Set| -> Vec<f64> {
            let raw: Vec<f64> =
                (0..self.posts.len()).map(|post| is_in(set, post) * self.rank(before, post, repeat)).collect();
            let sum: f64 = raw.iter().sum();
            if sum > 0.0 { raw.into_iter().map(|x| x / sum).collect() } else { raw }
        };
        let pool = self.all(|post| post.5[0] < 200 && post.4 < 8);
        let cold = normal(pool);
        let is_pooled = cold.iter().sum::<f64>() > 0.0;
        let cold_share = if is_pooled { self.setup.scenario.feed.cold_start_share } else { 0.0 };
        let heated = normal(self.all(|post| post.6 & 16 != 0));
        let heats = self.setup.scenario.arms[0].tilts.iter().filter_map(|tilt| match tilt.kind {
            TiltKind::Heat { share, .. } => Some(share),
            _ => None,
        });
        let heat_share = if heated.iter().sum::<f64>() > 0.0 { heats.sum() } else { 0.0 };
        [(heat_share, heated), ((1.0 - heat_share) * cold_share, cold)]
    }

    /// How often each post stands in each slot by the definition of `noisy_top`, carried out with other random numbers; noise of
    /// standard deviation `spread` (1 by the definition) is drawn once for a response, or anew for each slot.
    pub fn bid(&self, quotas: [usize; 6], responses: u64, [repeat, spread]: [f64; 2], is_anew: bool) -> Vec<Vec<u64>> {
        let count = self.posts.len();
        let mut counts = vec![vec![0; count + 1]; self.setup.selector.slots() as usize];
        let sets: Vec<(Set, f64)> = self.retrieval_law(quotas).into_iter().collect();
        let logs: Vec<f64> = (0..count).map(|post| self.weight(post, true).ln()).collect();
        for response in 0..responses {
            let mut words = Key::root(31, 0).at(response).stream();
            let mut uniform = move || (words.try_next_u64().expect("it cannot fail") as f64 + 0.5) / 2f64.powi(64);
            let candidates = sets[draw(sets.iter().map(|set| set.1), uniform()).expect("a set")].0;
            let gumbel_sd = std::f64::consts::PI / 6f64.sqrt();
            let mut noise: Vec<f64> = (0..count).map(|_| spread * gumbel_sd * normal_quantile(uniform())).collect();
            let (mut before, mut has_ended) = (Vec::new(), false);
            for counts in &mut counts {
                if is_anew {
                    noise = (0..count).map(|_| spread * gumbel_sd * normal_quantile(uniform())).collect();
                }
                let reserved = self.reserved(&before, repeat);
                let chosen = match draw(reserved.iter().map(|(share, _)| *share), uniform()) {
                    Some(kind) => draw(reserved[kind].1.iter().copied(), uniform()),
                    None => (0..count)
                        .filter(|&post| candidates & 1 << post != 0 && self.rank(&before, post, repeat) > 0.0)
                        .map(|post| (post, logs[post] + noise[post] + self.rank(&before, post, repeat).ln()))
                        .max_by(|one, other| one.1.total_cmp(&other.1))
                        .map(|(post, _)| post),
                };
                // A slot that nothing is left for ends the response.
                has_ended |= chosen.is_none();
                let chosen = chosen.filter(|_| !has_ended);
                counts[chosen.unwrap_or(count)] += 1;
                before.extend(chosen);
            }
        }
        counts
    }
}

fn is_in(set: Set, post: usize) -> f64 {
    if set & 1 << post != 0 { 1.0 } else { 0.0 }
}

/// Place of a number below 1 among parts; `None` beyond them.
fn draw(parts: impl Iterator<Item = f64>, u: f64) -> Option<usize> {
    let mut sum = 0.0;
    parts
        .enumerate()
        .find(|(_, part)| {
            sum += part;
            u < sum
        })
        .map(|(place, _)| place)
}

/// Places by topic with their probabilities, below a node of the tree.
fn share_out(leaves: &[Option<usize>], places: usize, mass: &dyn Fn(usize) -> f64) -> Vec<([usize; 3], f64)> {
    if leaves.len() == 1 {
        let mut given = [0; 3];
        if let Some(topic) = leaves[0] {
            given[topic] = places;
        }
        return vec![(given, 1.0)];
    }
    let (left, right) = leaves.split_at(leaves.len() / 2);
    let sum = |half: &[Option<usize>]| -> f64 { half.iter().flatten().map(|&topic| mass(topic)).sum() };
    // Where there is no mass there are no places either.
    let expected = if sum(left) > 0.0 { places as f64 * sum(left) / (sum(left) + sum(right)) } else { 0.0 };
    let whole = expected as usize;
    let up = expected - whole as f64;
    let mut all = Vec::new();
    for (goes_left, p) in [(whole, 1.0 - up), (whole + 1, up)].into_iter().filter(|(_, p)| *p > 0.0) {
        for (one, p_one) in share_out(left, goes_left, mass) {
            for (two, p_two) in share_out(right, places - goes_left, mass) {
                all.push((std::array::from_fn(|topic| one[topic] + two[topic]), p * p_one * p_two));
            }
        }
    }
    all
}
