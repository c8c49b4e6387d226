//! Selection: one slot of a response, by adding up over the posts of the stripe.

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::rng::{Key, below, coin};
use feedtilt::scenario::Scenario;

use super::{Cell, Chosen, Fault, ONE, Shelf, Twin, scale};

const ATTEMPTS: u64 = 16;

/// How the filling of a response went.
#[derive(Debug, Default)]
pub(super) struct Went {
    pub rejected: u64,
    pub slow_pool: u64,
    pub slow_whole: u64,
    /// Topic masses before the first slot.
    pub first: Vec<u64>,
}

/// One slot to be filled.
pub(super) struct Slot<'a> {
    pub twin: &'a Twin<'a>,
    pub shelf: &'a Shelf,
    pub stripe: usize,
    pub levels: &'a [u8],
    pub factors: &'a [Vec<u64>],
    pub request: Key,
    pub seen: &'a BTreeSet<usize>,
    pub before: &'a [Chosen],
}

impl Slot<'_> {
    fn place(&self, attempt: u64, what: u64) -> u64 {
        (self.before.len() as u64) * 65_536 + attempt * 256 + what
    }

    fn word(&self, attempt: u64, what: u64) -> u64 {
        self.request.draw(self.place(attempt, what))
    }

    fn one_of<'b>(&self, members: &'b [usize], attempt: u64) -> &'b usize {
        &members[self.request.position(self.place(attempt, 16), members.len() as u32) as usize]
    }

    fn allowed(&self, post: usize) -> bool {
        let creator = |post: usize| self.twin.world.posts[post].creator;
        let same = self.before.last().is_some_and(|last| creator(last.post) == creator(post));
        !self.seen.contains(&post) && (!same || self.twin.planted(Fault::NoCreatorRule))
    }

    fn present(&self, topic: usize) -> bool {
        self.before.iter().any(|chosen| self.twin.world.posts[chosen.post].topic == topic)
    }

    fn repeat(&self) -> f64 {
        self.twin.scenario.feed.topic_repeat * if self.twin.planted(Fault::WeakRepeat) { 0.9 } else { 1.0 }
    }

    /// `mass` of a topic under the re-rank factor.
    fn reranked(&self, topic: usize, mass: u64) -> u64 {
        if self.present(topic) { scale(mass, libm::round(self.repeat() * ONE as f64) as u64) } else { mass }
    }

    /// Posts of the person's stripe with their cells and units.
    fn posts(&self) -> impl Iterator<Item = (usize, Cell, u64)> {
        self.twin.living.iter().filter_map(|&post| {
            let cell = self.shelf.stands[post].filter(|cell| cell[0] == self.stripe)?;
            let level = usize::from(self.levels[cell[1]]);
            Some((post, cell, self.twin.units[level][cell[3] * 3 + cell[4]]))
        })
    }

    /// Mass of each topic and variant over posts to `keep`, after factors.
    pub(super) fn rows(&self, keep: impl Fn(usize) -> bool) -> Vec<Vec<u64>> {
        let mut rows: Vec<Vec<u64>> = self.factors.iter().map(|factors| vec![0; factors.len()]).collect();
        for (_, [_, topic, variant, ..], units) in self.posts().filter(|&(post, ..)| keep(post)) {
            rows[topic][variant] += units;
        }
        for (masses, factors) in rows.iter_mut().zip(self.factors) {
            masses.iter_mut().zip(factors).for_each(|(mass, &factor)| *mass = scale(*mass, factor));
        }
        rows
    }

    pub(super) fn topics(&self, rows: &[Vec<u64>]) -> Vec<u64> {
        rows.iter().enumerate().map(|(topic, masses)| self.reranked(topic, masses.iter().sum())).collect()
    }

    pub(super) fn fill(&self, went: &mut Went) -> Option<Chosen> {
        let cold = self.cold(went).map(|post| Chosen { post, cold: true });
        cold.or_else(|| self.ordinary(went).map(|post| Chosen { post, cold: false }))
    }

    /// A reserved slot: a post of the stripe's pool.
    fn cold(&self, went: &mut Went) -> Option<usize> {
        let pool = self.shelf.pools.get(&self.stripe).filter(|pool| !pool.is_empty())?;
        if self.word(0, 0) << 32 >= coin(self.twin.scenario.feed.cold_start_share) {
            return None;
        }
        let topic = |post: usize| self.twin.world.posts[post].topic;
        for attempt in 32..32 + ATTEMPTS {
            let &post = self.one_of(pool, attempt);
            let kept = !self.present(topic(post)) || self.word(attempt, 9) < coin(self.repeat());
            if kept && self.allowed(post) {
                return Some(post);
            }
            went.rejected += 1;
        }
        let weight = |post: usize| if self.allowed(post) { self.reranked(topic(post), ONE) } else { 0 };
        let weights: Vec<u64> = pool.iter().map(|&post| weight(post)).collect();
        let place = pick(&weights, self.word(32, 10))?;
        went.slow_pool += 1;
        Some(pool[place])
    }

    /// Topic, variant, cell, post, with rejection that begins with the topic anew.
    fn ordinary(&self, went: &mut Went) -> Option<usize> {
        let rows = self.rows(|_| true);
        let topics = self.topics(&rows);
        if topics.iter().sum::<u64>() > 0 {
            for attempt in 0..ATTEMPTS {
                let topic = self.descend(&topics, attempt)?;
                let variant = pick(&rows[topic], self.word(attempt, 7))?;
                let cell = self.draw_cell(topic, variant, self.word(attempt, 0) >> 32 << 32, |_| true)?;
                let &post = self.one_of(&self.shelf.cells[&cell], attempt);
                if self.allowed(post) {
                    return Some(post);
                }
                went.rejected += 1;
            }
        }
        self.slow(went)
    }

    /// A leaf of the topic tree: at each fork the half that the draw falls into.
    fn descend(&self, topics: &[u64], attempt: u64) -> Option<usize> {
        let mut leaves = &self.twin.leaves[..];
        let mut depth = 0;
        while leaves.len() > 1 {
            let (left, right) = leaves.split_at(leaves.len() / 2);
            let mass = |half: &[Option<usize>]| -> u64 { half.iter().flatten().map(|&topic| topics[topic]).sum() };
            // Two levels share a word: the upper takes its low half, the lower its high half.
            let word = self.word(attempt, 1 + depth / 2);
            let half = if depth % 2 == 0 { word << 32 } else { word >> 32 << 32 };
            let target = below(half, mass(leaves));
            leaves = if target < mass(left) { left } else { right };
            depth += 1;
        }
        leaves[0]
    }

    /// A cell of a topic and variant in proportion to the units of its posts to `keep`.
    fn draw_cell(&self, topic: usize, variant: usize, word: u64, keep: impl Fn(usize) -> bool) -> Option<Cell> {
        let mut cells: BTreeMap<Cell, u64> = BTreeMap::new();
        for (_, cell, units) in self.posts().filter(|&(post, ..)| keep(post)) {
            if cell[1] == topic && cell[2] == variant {
                *cells.entry(cell).or_default() += units;
            }
        }
        let place = pick(&cells.values().copied().collect::<Vec<u64>>(), word)?;
        cells.keys().nth(place).copied()
    }

    /// The same law over what is left, exactly.
    fn slow(&self, went: &mut Went) -> Option<usize> {
        let rows = self.rows(|post| self.allowed(post));
        let all: Vec<(usize, usize, u64)> = rows
            .iter()
            .enumerate()
            .flat_map(|(topic, masses)| masses.iter().enumerate().map(move |(variant, &mass)| (topic, variant, mass)))
            .collect();
        let plain = self.twin.planted(Fault::SlowWithoutRepeat);
        let masses: Vec<u64> =
            all.iter().map(|&(topic, _, mass)| if plain { mass } else { self.reranked(topic, mass) }).collect();
        let (topic, variant, _) = all[pick(&masses, self.word(0, 10))?];
        went.slow_whole += 1;
        let cell = self.draw_cell(topic, variant, self.word(1, 10), |post| self.allowed(post))?;
        let left: Vec<usize> = self.shelf.cells[&cell].iter().copied().filter(|&post| self.allowed(post)).collect();
        Some(left[below(self.word(2, 10), left.len() as u64) as usize])
    }
}

/// Place of the weight that a word falls on; nothing where all are 0.
fn pick(weights: &[u64], word: u64) -> Option<usize> {
    let target = below(word, weights.iter().sum());
    let mut sum = 0;
    weights.iter().position(|weight| {
        sum += weight;
        target < sum
    })
}

/// Topics along the leaves of the tree: level by level the largest share beside the smallest, inwards; an odd one beside
/// nothing.
pub(super) fn leaves(scenario: &Scenario) -> Vec<Option<usize>> {
    let regions = &scenario.population.regions;
    let share = |topic: usize| -> f64 {
        scenario.topics[topic].share.iter().zip(regions).map(|(share, region)| share * region.share).sum()
    };
    let mut groups: Vec<(f64, Vec<Option<usize>>)> =
        (0..scenario.topic_count()).map(|topic| (share(topic), vec![Some(topic)])).collect();
    while groups.len() > 1 {
        groups.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let (count, nothing) = (groups.len(), (0.0, vec![None; groups[0].1.len()]));
        let pair = |i: usize| {
            let other = if count - 1 - i == i { &nothing } else { &groups[count - 1 - i] };
            (groups[i].0 + other.0, [&groups[i].1[..], &other.1[..]].concat())
        };
        groups = (0..count.div_ceil(2)).map(pair).collect();
    }
    groups.remove(0).1
}
