//! Selection: one slot of a response, by adding up over the posts of the stripe.

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::rng::{Decision, Key, below, coin, mix};
use feedtilt::scenario::{Ranker, Scenario, Tilt, TiltKind};

use super::tilts::{Pool, choice, newcomer};
use super::{Cell, Chosen, Fault, ONE, Shelf, Source, Twin, scale};

const ATTEMPTS: u64 = 16;

/// How the filling of a response went.
#[derive(Debug, Default)]
pub(super) struct Went {
    pub rejected: u64,
    pub slow_pool: u64,
    pub slow_whole: u64,
    pub heats: u64,
    pub fell_back: u64,
    pub kept_back: u64,
    pub not_yet_there: u64,
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
    /// By topic, level and tier × 3 + duration class.
    pub units: &'a [Vec<Vec<u64>>],
    pub request: Key,
    /// Tilts that act on the person, and all that act in the arm.
    pub acting: &'a [(&'a Tilt, f64)],
    pub active: &'a [(&'a Tilt, f64)],
    pub ranker: Option<Ranker>,
    pub person: u32,
    /// Region of the person.
    pub region: usize,
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
        let beside = same && !self.twin.planted(Fault::NoCreatorRule);
        !self.seen.contains(&post) && !beside && !self.withheld(post) && !self.kept_back(post)
    }

    /// The same for posts in a pool.
    fn allowed_in_pool(&self, post: usize) -> bool {
        let forgets = self.twin.planted(Fault::ThrottleForgetsPool) && self.kept_back(post)
            || self.twin.planted(Fault::WithheldInPool) && self.withheld(post);
        self.allowed(post) || forgets && !self.seen.contains(&post)
    }

    /// Whether posts of this kind get no place.
    fn withheld(&self, post: usize) -> bool {
        let (twin, from) = (self.twin, self.twin.world.posts[post].region);
        let keeps_out =
            |tilt: &Tilt| twin.keeps_out(tilt, twin.age(post) as i64, from, self.region) && twin.targets(tilt, post);
        self.acting.iter().any(|(tilt, _)| keeps_out(tilt))
    }

    /// Whether a cap that is about to be reached keeps the post from the person.
    fn thinned(&self, post: usize, name: u64) -> bool {
        let person = self.twin.world_key.of(Decision::Throttle).at(u64::from(self.person));
        let person = if self.twin.planted(Fault::ThinnedByThrottle) { person } else { person.at(1) };
        self.shelf.thinned.get(&post).is_some_and(|&keep| person.draw(name) >= keep)
    }

    /// Whether a throttle keeps the post from the person.
    fn kept_back(&self, post: usize) -> bool {
        let name = u64::from(mix(self.twin.world.posts[post].id.0) as u32);
        let day = if self.twin.planted(Fault::ThrottleByDay) { self.twin.day() as u64 } else { 0 };
        let word = self.twin.world_key.of(Decision::Throttle).at(u64::from(self.person)).draw(name ^ day);
        self.acting.iter().any(|(tilt, strength)| match tilt.kind {
            TiltKind::Throttle { keep } => word >= coin(1.0 - (1.0 - keep) * strength) && self.twin.targets(tilt, post),
            _ => false,
        }) || self.thinned(post, name)
    }

    fn without_score(&self) -> bool {
        matches!(self.ranker, Some(Ranker::Random | Ranker::Chronological))
    }

    fn present(&self, topic: usize) -> bool {
        self.before.iter().any(|chosen| self.twin.world.posts[chosen.post].topic == topic)
    }

    fn repeat(&self) -> f64 {
        self.twin.scenario.feed.topic_repeat * if self.twin.planted(Fault::WeakRepeat) { 0.9 } else { 1.0 }
    }

    /// `mass` of a topic under the re-rank factor.
    fn reranked(&self, topic: usize, mass: u64) -> u64 {
        let never = self.without_score() && !self.twin.planted(Fault::RandomWithRepeat);
        if self.present(topic) && !never { scale(mass, libm::round(self.repeat() * ONE as f64) as u64) } else { mass }
    }

    /// Posts of the person's stripe with their cells and units.
    fn posts(&self) -> impl Iterator<Item = (usize, Cell, u64)> {
        self.twin.living.iter().filter_map(|&post| {
            let cell = self.shelf.stands[post].filter(|cell| cell[0] == self.stripe)?;
            let own = usize::from(self.levels[cell[1]]);
            let by_profile = self.twin.planted(Fault::PopularityByProfile);
            let units = match self.ranker {
                Some(Ranker::Random) => 1 << 20,
                Some(Ranker::Popularity) if !by_profile => self.units[cell[1]][128][cell[3] * 3 + cell[4]],
                _ => self.units[cell[1]][own][cell[3] * 3 + cell[4]],
            };
            Some((post, cell, units))
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
        let ordinary = |went: &mut Went| self.ordinary(went).map(|post| Chosen { post, source: Source::Ordinary });
        match self.ranker {
            Some(Ranker::Chronological) => return self.newest(went),
            Some(Ranker::Random) => return ordinary(went),
            _ => {}
        }
        let heat = |went: &mut Went| self.heat(went).map(|post| Chosen { post, source: Source::Heat });
        let cold = |went: &mut Went| self.cold(went).map(|post| Chosen { post, source: Source::ColdStart });
        let reserved = if self.twin.planted(Fault::HeatAfterColdStart) {
            cold(went).or_else(|| heat(went))
        } else {
            heat(went).or_else(|| cold(went))
        };
        reserved.or_else(|| ordinary(went))
    }

    /// The newest post from where the person arrives in the newest epoch.
    fn newest(&self, went: &mut Went) -> Option<Chosen> {
        let born = |post: usize| self.twin.world.posts[post].born;
        let mut posts: Vec<usize> = self.posts().map(|(post, ..)| post).collect();
        posts.sort_by_key(|&post| (-born(post), mix(self.twin.world.posts[post].id.0) as u32));
        let last = posts.first().map(|&post| born(post))?;
        let new = posts.iter().filter(|&&post| born(post) == last).count();
        let top = self.twin.planted(Fault::NewestFromTheTop);
        let from = if top { 0 } else { below(self.request.draw(12), new as u64 + 1) as usize };
        went.not_yet_there += from as u64;
        let post = posts[from..].iter().copied().find(|&post| self.allowed(post))?;
        Some(Chosen { post, source: Source::Ordinary })
    }

    /// A heated slot: one word for all heat, and each kind of heat has its pool of the stripe.
    fn heat(&self, went: &mut Went) -> Option<usize> {
        let heat = |tilt: &Tilt| match tilt.kind {
            TiltKind::Heat { share, .. } => Some(share),
            _ => None,
        };
        let mut pools: Vec<Pool> = Vec::new();
        let pool = |tilt: &Tilt| (choice(tilt), tilt.origin);
        for one in self.active.iter().filter(|(tilt, _)| heat(tilt).is_some()).map(|(tilt, _)| pool(tilt)) {
            if !pools.contains(&one) {
                pools.push(one);
            }
        }
        let mut word = self.word(0, 11);
        for (tilt, strength) in self.acting {
            let Some(share) = heat(tilt) else { continue };
            let own = coin(share * strength);
            if word < own {
                let number = pools.iter().position(|one| *one == pool(tilt))?;
                let of_stripe = self.shelf.cells.iter().filter(|(cell, _)| cell[0] == self.stripe);
                let all = of_stripe.flat_map(|(_, members)| members.iter().copied());
                let pool: Vec<usize> = all.filter(|&post| self.twin.targets(tilt, post)).collect();
                let found = self.pooled(&pool, 64 + 32 * number as u64, &|_| ONE, went);
                went.heats += 1;
                went.fell_back += u64::from(found.is_none());
                return found;
            }
            word -= own;
        }
        None
    }

    /// A reserved slot: a post of the stripe's pool.
    fn cold(&self, went: &mut Went) -> Option<usize> {
        let pool = self.shelf.pools.get(&self.stripe)?;
        if self.word(0, 0) << 32 >= coin(self.twin.scenario.feed.cold_start_share) {
            return None;
        }
        let (twin, topics) = (self.twin, 0..self.twin.scenario.topic_count());
        let of_variants = |topic: usize| {
            let weight = move |variant| newcomer(self.acting, |tilt| twin.caught(tilt, topic, variant));
            twin.variants().into_iter().map(weight)
        };
        let most = topics.flat_map(of_variants).fold(0.0, f64::max);
        let weight = |post: usize| {
            let own = newcomer(self.acting, |tilt| twin.targets(tilt, post));
            let own = if twin.planted(Fault::NewcomersAlike) { most } else { own };
            libm::round(own / most * ONE as f64) as u64
        };
        self.pooled(pool, 32, &weight, went)
    }

    /// A post of a pool by draws numbered from `first`, under the same r and by weights of at most 2³².
    fn pooled(&self, pool: &[usize], first: u64, own: &dyn Fn(usize) -> u64, went: &mut Went) -> Option<usize> {
        if pool.is_empty() {
            return None;
        }
        let topic = |post: usize| self.twin.world.posts[post].topic;
        for attempt in first..first + ATTEMPTS {
            let &post = self.one_of(pool, attempt);
            let kept = !self.present(topic(post)) || self.word(attempt, 9) < coin(self.repeat());
            let weighty = self.word(attempt, 13) >> 32 < own(post);
            if kept && weighty && self.allowed_in_pool(post) {
                return Some(post);
            }
            went.rejected += 1;
            went.kept_back += u64::from(self.kept_back(post));
        }
        let weight = |post: usize| if self.allowed_in_pool(post) { self.reranked(topic(post), own(post)) } else { 0 };
        let weights: Vec<u64> = pool.iter().map(|&post| weight(post)).collect();
        let place = pick(&weights, self.word(first, 10))?;
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
                went.kept_back += u64::from(self.kept_back(post));
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
