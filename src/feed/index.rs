//! The index: which post stands in which cell, and the masses of one epoch.
//!
//! [`Index`] is membership and lasts: arrays with swap-remove, so that a post that moves disturbs one position.
//! [`Tables`] is made from it once per epoch, laid out in the order in which the hot loop reads.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::feed::lists::{Lists, Material, Wanted};
use crate::feed::rules::{Catch, ONE, Variants, scale};
use crate::feed::score::DURATIONS;
use crate::feed::select::CHUNK;
use crate::feed::trending::{Trending, Viewed};
use crate::feed::{Chosen, Rules, ScoreTable, Scores};
use crate::rng::Key;
use crate::scenario::{Ranker, Scenario};
use crate::trace::Source;
use crate::unit::LEVELS;
use crate::world::{Named, Observed, Sight};

const NOWHERE: u32 = u32::MAX;

/// Words for posts that caps thin hang below a person's throttle key, so that they are other words than those of throttles.
const THINNED: u64 = 1;

/// Shape of the cells of every stripe: (topic × variant) rows of tier × duration cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Stripes.
    pub stripes: usize,
    /// Topics.
    pub topics: usize,
    /// Variants of a topic.
    pub variants: Variants,
    /// Cells in a row: tiers × 3.
    pub cells: usize,
    /// Lists for retrieval, where the engine has it.
    pub lists: Option<Wanted>,
}

impl Shape {
    /// Rows of a stripe.
    pub const fn rows(&self) -> usize {
        self.topics * self.variants.count()
    }

    /// Cells in an eighth of a row.
    #[inline(always)]
    pub const fn eighth(&self) -> usize {
        self.cells.div_ceil(8)
    }

    const fn cells_per_stripe(&self) -> usize {
        self.rows() * self.cells
    }
}

/// Where every post stands.
#[derive(Debug, Clone)]
pub struct Index {
    shape: Shape,
    /// Members (slots) of each cell, stripe by stripe.
    cells: Vec<Vec<u32>>,
    /// Members of each stripe's cold-start pool.
    pools: Vec<Vec<u32>>,
    /// By slot: cell and position in it.
    place: Vec<[u32; 2]>,
    /// By slot: position in its stripe's pool.
    pool_place: Vec<u32>,
    trending: Trending,
    /// Epoch of the last refresh.
    epoch: i64,
}

impl Index {
    /// An index of nothing.
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            cells: vec![Vec::new(); shape.stripes * shape.cells_per_stripe()],
            pools: vec![Vec::new(); shape.stripes],
            place: Vec::new(),
            pool_place: Vec::new(),
            trending: Trending::new(shape.stripes),
            epoch: 0,
        }
    }

    /// The shape.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Whether a post has been put into a cell of the stripe.
    fn is_in(&self, slot: u32, stripe: usize) -> bool {
        self.knows(slot) && self.place[slot as usize][0] as usize / self.shape.cells_per_stripe() == stripe
    }

    /// Whether a post has been put in.
    pub fn knows(&self, slot: u32) -> bool {
        self.place.get(slot as usize).is_some_and(|place| place[0] != NOWHERE)
    }

    /// Takes a post out.
    pub fn remove(&mut self, slot: u32, stripe: usize) {
        let [cell, position] = self.place[slot as usize];
        if cell != NOWHERE {
            take(&mut self.cells[cell as usize], position as usize, |moved| {
                self.place[moved as usize][1] = position;
            });
            self.place[slot as usize] = [NOWHERE, 0];
        }
        self.leave_pool(slot, stripe);
    }

    fn leave_pool(&mut self, slot: u32, stripe: usize) {
        let position = self.pool_place[slot as usize];
        if position != NOWHERE {
            take(&mut self.pools[stripe], position as usize, |moved| self.pool_place[moved as usize] = position);
            self.pool_place[slot as usize] = NOWHERE;
        }
    }

    /// Puts every living post where its tier and age say, in order of birth. `believed` gives the tier and the impressions of
    /// a post.
    pub fn refresh(
        &mut self,
        scenario: &Scenario,
        observed: Observed,
        living: impl Iterator<Item = u32>,
        believed: impl Fn(u32) -> (usize, u32),
        epoch: i64,
    ) {
        self.epoch = epoch;
        self.place.resize(observed.items.len(), [NOWHERE, 0]);
        self.pool_place.resize(observed.items.len(), NOWHERE);
        let per_day = f64::from(scenario.time.epochs_per_day);
        let pool_epochs = scenario.feed.cold_start_hours / 24.0 * per_day;
        let trending = self.shape.lists.map(|wanted| wanted.trending).filter(|&share| share > 0);
        let mut viewed: Vec<Vec<Viewed>> = vec![Vec::new(); if trending.is_some() { self.shape.stripes } else { 0 }];
        for slot in living {
            let Some(sight) = observed.items[slot as usize] else { continue };
            let (tier, impressions) = believed(slot);
            if let Some(viewed) = viewed.get_mut(sight.stripe as usize) {
                let age = (epoch - i64::from(sight.born)) as u64;
                viewed.push(Viewed::new(slot, impressions, age, scenario.time.epochs_per_day));
            }
            let age = (epoch - i64::from(sight.born)) as f64;
            let cell = self.cell_of(&sight, tier, epoch - i64::from(sight.born));
            self.move_to(slot, cell);
            let fresh = age < pool_epochs && impressions < scenario.feed.cold_start_until;
            match (fresh, self.pool_place[slot as usize]) {
                (true, NOWHERE) => {
                    let pool = &mut self.pools[sight.stripe as usize];
                    self.pool_place[slot as usize] = pool.len() as u32;
                    pool.push(slot);
                }
                (false, position) if position != NOWHERE => self.leave_pool(slot, sight.stripe as usize),
                _ => {}
            }
        }
        for (stripe, viewed) in viewed.into_iter().enumerate() {
            self.trending.refresh(stripe, viewed, trending.unwrap_or(0));
        }
    }

    /// The same without some posts, of which nobody knows any more that they are there.
    #[must_use]
    fn without(&self, gone: &[u32], observed: Observed) -> Self {
        let mut index = self.clone();
        for &slot in gone.iter().filter(|&&slot| self.knows(slot)) {
            let stripe = observed.items[slot as usize].map_or(0, |sight| sight.stripe);
            index.remove(slot, stripe.into());
        }
        let Self { trending, place, .. } = &mut index;
        trending.retain(|slot| place[slot as usize][0] != NOWHERE);
        index
    }

    fn cell_of(&self, sight: &Sight, tier: usize, age: i64) -> u32 {
        let variant = self.shape.variants.of(sight, age);
        let row = sight.topic as usize * self.shape.variants.count() + variant;
        let within = row * self.shape.cells + tier * DURATIONS + sight.duration_class as usize;
        (sight.stripe as usize * self.shape.cells_per_stripe() + within) as u32
    }

    fn move_to(&mut self, slot: u32, cell: u32) {
        let [old, position] = self.place[slot as usize];
        if old == cell {
            return;
        }
        if old != NOWHERE {
            take(&mut self.cells[old as usize], position as usize, |moved| {
                self.place[moved as usize][1] = position;
            });
        }
        let members = &mut self.cells[cell as usize];
        self.place[slot as usize] = [cell, members.len() as u32];
        members.push(slot);
    }
}

/// Swap-remove that reports who moved into the gap.
fn take(members: &mut Vec<u32>, position: usize, moved: impl FnOnce(u32)) {
    members.swap_remove(position);
    if let Some(&slot) = members.get(position) {
        moved(slot);
    }
}

/// One post as the hot loop reads it. The payload is not the feed's to read.
#[derive(Debug, Clone, Copy)]
pub struct Entry<P> {
    /// Creator.
    pub creator: u32,
    /// What the simulation needs where people react.
    pub payload: P,
}

/// Masses and members of one arm in one epoch.
#[derive(Debug, Clone)]
pub struct Tables<P> {
    /// Shape of the cells.
    pub shape: Shape,
    /// Posts, cell by cell.
    pub entries: Vec<Entry<P>>,
    /// Slot of each entry.
    pub slots: Vec<u32>,
    /// One per stripe.
    pub stripes: Vec<StripeTable>,
}

/// Running sums over eighths of a row's cells.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub struct Eighths(pub [u64; 8]);

/// One stripe's part of the tables.
#[derive(Debug, Clone)]
pub struct StripeTable {
    /// First entry of each cell, and one past the last.
    pub start: Vec<u32>,
    /// Members of each cell, and [`CHUNK`] zeros behind them for the search that reads by eights.
    pub counts: Vec<u32>,
    /// Masses by the scenario's value weights, then by those of tilts that act in the epoch.
    masses: Vec<Masses>,
    /// By class: which of them.
    masses_of: Vec<u16>,
    /// Posts of the cold-start pool, as they would be chosen.
    pub pool: Vec<Chosen>,
    /// Posts that heated slots may go to, by pool of the rules.
    pub heated: Vec<Vec<Chosen>>,
    /// Entries that only some people are shown, ascending, and the word below which a person is.
    pub thinned: Vec<(u32, u64)>,
    /// Entries from the newest to the oldest post; empty where nobody's feed is chronological.
    pub newest: Vec<u32>,
    /// How many of them were published in the newest epoch.
    pub arrivals: usize,
    /// What retrieval draws from; empty where the engine has none.
    pub lists: Lists,
    /// (creator, entry), sorted; made when a slow path first asks.
    creators: OnceLock<Vec<(u32, u32)>>,
    /// Made when odds are first asked for.
    details: OnceLock<Details>,
}

/// Masses of a stripe under one set of value weights.
#[derive(Debug, Clone)]
pub struct Masses {
    /// Mass before factors `[row][level]`.
    pub base: Vec<u64>,
    /// Running sums of the same masses over eighths of the row's cells `[row][level]`: one cache line finds the eighth.
    pub eighths: Vec<Eighths>,
    /// By class: mass of each topic by level after factors; empty where it equals `base`, and of classes with other weights.
    tilted: Vec<Vec<u64>>,
}

/// What only the odds of a slot ask for.
#[derive(Debug, Clone)]
struct Details {
    /// (creator, cell, posts), sorted.
    creator_cells: Vec<(u32, u32, u32)>,
    /// Pools of each entry of the stripe.
    membership: Vec<Membership>,
    /// By pool: (creator, entry), sorted.
    pool_creators: Vec<Vec<(u32, u32)>>,
    /// By pool: posts of each row.
    pool_rows: Vec<Vec<u32>>,
}

/// Which pools a post is in: the cold-start pool, then those for heated slots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Membership(u8);

impl Membership {
    /// Whether it is in the pool of that number.
    #[inline(always)]
    pub const fn is_in(self, pool: usize) -> bool {
        self.0 & (1 << pool) != 0
    }
}

impl<P: Copy + Default + Named + Send + Sync> Tables<P> {
    /// Compiles the tables of an epoch. `payload` gives the payload of a slot.
    pub fn compile(
        index: &Index,
        observed: Observed,
        scores: &Scores,
        rules: &Rules,
        payload: impl Fn(u32) -> P + Sync,
    ) -> Self {
        let score = &scores.own;
        let rest = (!rules.gone.is_empty()).then(|| index.without(&rules.gone, observed));
        let index = rest.as_ref().unwrap_or(index);
        let shape = index.shape;
        let per_stripe = shape.cells_per_stripe();
        let total: usize = index.cells.iter().map(Vec::len).sum();
        let mut slots = Vec::with_capacity(total);
        let mut starts = Vec::with_capacity(shape.stripes);
        for stripe in 0..shape.stripes {
            let mut start = Vec::with_capacity(per_stripe + 1);
            for members in &index.cells[stripe * per_stripe..(stripe + 1) * per_stripe] {
                start.push(slots.len() as u32);
                slots.extend_from_slice(members);
            }
            start.push(slots.len() as u32);
            starts.push(start);
        }
        let entries: Vec<Entry<P>> = slots
            .par_iter()
            .map(|&slot| {
                let creator = observed.items[slot as usize].map_or(NOWHERE, |sight| sight.creator);
                Entry { creator, payload: payload(slot) }
            })
            .collect();
        let entry_of = |slot: u32| {
            let [cell, position] = index.place[slot as usize];
            starts[cell as usize / per_stripe][cell as usize % per_stripe] + position
        };
        let stripes = (0..shape.stripes)
            .into_par_iter()
            .map(|stripe| {
                let mut table = StripeTable::compile(&shape, starts[stripe].clone(), scores, rules);
                let pool = index.pools[stripe].iter();
                table.pool =
                    pool.map(|&slot| table.describe(&shape, score, entry_of(slot), Source::ColdStart)).collect();
                let sight = |entry: u32| observed.items[slots[entry as usize] as usize];
                table.heat(&shape, score, rules, &sight);
                let here = rules.thinned.iter().filter(|(slot, _)| index.is_in(*slot, stripe));
                table.thinned = here.map(|&(slot, keep)| (entry_of(slot), keep)).collect();
                table.thinned.sort_unstable();
                if rules.special.iter().any(|special| special.ranker == Some(Ranker::Chronological)) {
                    table.order_by_age(&sight, &|entry| entries[entry as usize].payload.name());
                }
                if let Some(wanted) = shape.lists {
                    let trending: Vec<u32> = index.trending.of(stripe).iter().map(|&slot| entry_of(slot)).collect();
                    table.lists = Lists::compile(&Material {
                        shape: &shape,
                        wanted,
                        start: &table.start,
                        base: table.base(),
                        sight: &sight,
                        slots: &slots,
                        trending: &trending,
                        factors: &rules.plain,
                        epoch: index.epoch,
                    });
                }
                table
            })
            .collect();
        Self { shape, entries, slots, stripes }
    }

    /// Entries of a stripe.
    pub fn range(&self, stripe: usize) -> Range<usize> {
        let start = &self.stripes[stripe].start;
        start[0] as usize..start[start.len() - 1] as usize
    }
}

impl StripeTable {
    fn compile(shape: &Shape, start: Vec<u32>, scores: &Scores, rules: &Rules) -> Self {
        let mut counts: Vec<u32> = start.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (posts, capacity) = (counts.iter().sum::<u32>(), scores.own.capacity);
        assert!(f64::from(posts) <= capacity, "a stripe holds {posts} posts, beyond the scale of the masses");
        // Retrieval asks for the scenario's own, whether a class is scored by them or not.
        let mut sets = vec![0];
        sets.extend(rules.weights.iter().copied().filter(|&set| set > 0));
        sets.sort_unstable();
        sets.dedup();
        let masses = sets.iter().map(|&set| Masses::compile(shape, &counts, scores, rules, set)).collect();
        let place = |set: &u16| sets.partition_point(|known| known < set) as u16;
        counts.resize(counts.len() + CHUNK, 0);
        Self {
            start,
            counts,
            masses,
            masses_of: rules.weights.iter().map(place).collect(),
            pool: Vec::new(),
            heated: Vec::new(),
            thinned: Vec::new(),
            newest: Vec::new(),
            arrivals: 0,
            lists: Lists::default(),
            creators: OnceLock::new(),
            details: OnceLock::new(),
        }
    }

    /// Whether the person whose throttle key is `key` is among those who are shown a post that not everybody is shown.
    #[inline(always)]
    pub fn lets_through(&self, entry: u32, name: u32, key: Key) -> bool {
        let place = self.thinned.binary_search_by_key(&entry, |one| one.0);
        place.is_err() || place.is_ok_and(|at| key.at(THINNED).draw(u64::from(name)) < self.thinned[at].1)
    }

    /// Number of posts.
    #[inline(always)]
    pub fn posts(&self) -> usize {
        (self.start[self.start.len() - 1] - self.start[0]) as usize
    }

    /// Cell of an entry.
    #[inline(always)]
    pub fn cell_of(&self, entry: u32) -> usize {
        self.start.partition_point(|&first| first <= entry) - 1
    }

    /// An entry as it would be chosen: topic and attention row come from the cell it lies in.
    pub fn describe(&self, shape: &Shape, score: &ScoreTable, entry: u32, source: Source) -> Chosen {
        let cell = self.cell_of(entry);
        let topic = cell / shape.cells / shape.variants.count();
        Chosen { entry, topic: topic as u8, row: score.attention_row[cell % shape.cells], source }
    }

    /// Entries of a row.
    pub fn row_range(&self, shape: &Shape, row: usize) -> Range<u32> {
        self.start[row * shape.cells]..self.start[(row + 1) * shape.cells]
    }

    /// Collects the posts that heated slots may go to.
    fn heat(&mut self, shape: &Shape, score: &ScoreTable, rules: &Rules, sight: &dyn Fn(u32) -> Option<Sight>) {
        let all = self.start[0]..self.start[self.start.len() - 1];
        let pool = |catch: &Catch| {
            let meant = |entry: &u32| sight(*entry).is_some_and(|sight| catch.holds_post(&sight));
            all.clone().filter(meant).map(|entry| self.describe(shape, score, entry, Source::Heat)).collect()
        };
        self.heated = rules.pools.iter().map(pool).collect();
    }

    /// Orders the posts by age, those of an epoch by their names, which stand in no order.
    fn order_by_age(&mut self, sight: &dyn Fn(u32) -> Option<Sight>, name: &dyn Fn(u32) -> u32) {
        let born = |entry: u32| sight(entry).map_or(i32::MIN, |sight| sight.born);
        let mut entries: Vec<(i32, u32)> =
            (self.start[0]..self.start[self.start.len() - 1]).map(|entry| (born(entry), entry)).collect();
        entries.sort_unstable_by_key(|&(born, entry)| (std::cmp::Reverse(born), name(entry)));
        let newest = entries.first().map_or(i32::MIN, |first| first.0);
        self.arrivals = entries.iter().take_while(|(born, _)| *born == newest).count();
        self.newest = entries.into_iter().map(|(_, entry)| entry).collect();
    }

    fn details<P>(&self, shape: &Shape, entries: &[Entry<P>]) -> &Details {
        self.details.get_or_init(|| {
            let first = self.start[0];
            let mut creator_cells: Vec<(u32, u32, u32)> = Vec::new();
            for (cell, window) in self.start.windows(2).enumerate() {
                creator_cells.extend((window[0]..window[1]).map(|e| (entries[e as usize].creator, cell as u32, 1)));
            }
            creator_cells.sort_unstable();
            creator_cells.dedup_by(|next, kept| {
                let same = (next.0, next.1) == (kept.0, kept.1);
                kept.2 += u32::from(same) * next.2;
                same
            });
            let mut membership = vec![Membership::default(); (self.start[self.start.len() - 1] - first) as usize];
            let (mut pool_creators, mut pool_rows) = (Vec::new(), Vec::new());
            for (number, pool) in std::iter::once(&self.pool).chain(&self.heated).enumerate() {
                let mut rows = vec![0; shape.rows()];
                for post in pool {
                    membership[(post.entry - first) as usize].0 |= 1 << number;
                    rows[self.cell_of(post.entry) / shape.cells] += 1;
                }
                let mut theirs: Vec<(u32, u32)> =
                    pool.iter().map(|post| (entries[post.entry as usize].creator, post.entry)).collect();
                theirs.sort_unstable();
                pool_creators.push(theirs);
                pool_rows.push(rows);
            }
            Details { creator_cells, membership, pool_creators, pool_rows }
        })
    }

    /// Cells of this stripe with posts by a creator, and how many.
    pub fn cells_of_creator<P>(
        &self,
        shape: &Shape,
        entries: &[Entry<P>],
        creator: u32,
    ) -> impl Iterator<Item = (u32, u32)> + '_ {
        let sorted = &self.details(shape, entries).creator_cells;
        let first = sorted.partition_point(|one| one.0 < creator);
        sorted[first..].iter().take_while(move |one| one.0 == creator).map(|one| (one.1, one.2))
    }

    /// Pools that a post is in.
    pub fn membership<P>(&self, shape: &Shape, entries: &[Entry<P>], entry: u32) -> Membership {
        self.details(shape, entries).membership[(entry - self.start[0]) as usize]
    }

    /// Posts of a pool by a creator.
    pub fn pooled_by_creator<P>(
        &self,
        shape: &Shape,
        entries: &[Entry<P>],
        pool: usize,
        creator: u32,
    ) -> impl Iterator<Item = u32> + '_ {
        let sorted = &self.details(shape, entries).pool_creators[pool];
        let first = sorted.partition_point(|one| one.0 < creator);
        sorted[first..].iter().take_while(move |one| one.0 == creator).map(|one| one.1)
    }

    /// Posts of each row in a pool.
    pub fn pool_rows<P>(&self, shape: &Shape, entries: &[Entry<P>], pool: usize) -> &[u32] {
        &self.details(shape, entries).pool_rows[pool]
    }

    /// Entries of this stripe by a creator.
    pub fn by_creator<'a, P>(&'a self, entries: &[Entry<P>], creator: u32) -> impl Iterator<Item = u32> + 'a {
        let sorted = self.creators.get_or_init(|| {
            let all = self.start[0]..self.start[self.start.len() - 1];
            let mut pairs: Vec<(u32, u32)> = all.map(|e| (entries[e as usize].creator, e)).collect();
            pairs.sort_unstable();
            pairs
        });
        let first = sorted.partition_point(|pair| pair.0 < creator);
        sorted[first..].iter().take_while(move |pair| pair.0 == creator).map(|pair| pair.1)
    }

    /// Masses by the scenario's value weights before factors: `[row][level]`.
    #[inline(always)]
    pub fn base(&self) -> &[u64] {
        &self.masses[0].base
    }

    /// The same in running sums.
    #[inline(always)]
    pub fn eighths(&self) -> &[Eighths] {
        &self.masses[0].eighths
    }

    /// Masses by the value weights of a policy class.
    #[inline(always)]
    pub fn weighted(&self, class: usize) -> &Masses {
        &self.masses[self.masses_of[class] as usize]
    }

    /// Topic masses by level for a policy class: `[topic][level]`.
    #[inline(always)]
    pub fn masses(&self, class: usize) -> &[u64] {
        self.weighted(class).of_class(class)
    }
}

impl Masses {
    /// Masses by the set of value weights of that number, as [`Rules::weights`] counts them.
    fn compile(shape: &Shape, counts: &[u32], scores: &Scores, rules: &Rules, set: u16) -> Self {
        let weighted = usize::from(set).checked_sub(1).map(|set| &scores.tilted[set]);
        let mut eighths = vec![Eighths::default(); shape.rows() * LEVELS];
        for (row, of_row) in eighths.chunks_exact_mut(LEVELS).enumerate() {
            let counts = &counts[row * shape.cells..(row + 1) * shape.cells];
            let score = weighted.map_or(&scores.own, |weighted| weighted.of(row / shape.variants.count()));
            if counts.iter().any(|&n| n > 0) {
                for (level, eighths) in of_row.iter_mut().enumerate() {
                    *eighths = running_sums(counts, score.row(level as u8), shape.eighth());
                }
            }
        }
        let base: Vec<u64> = eighths.iter().map(|e| e.0[7]).collect();
        let of_class = |(factors, &own): (&Vec<u64>, &u16)| {
            if own == set { tilted_masses(shape, &base, factors) } else { Vec::new() }
        };
        let tilted = rules.factors.iter().zip(&rules.weights).map(of_class).collect();
        Self { base, eighths, tilted }
    }

    /// Topic masses by level for a policy class that has these weights.
    #[inline(always)]
    pub fn of_class(&self, class: usize) -> &[u64] {
        let tilted = &self.tilted[class];
        if tilted.is_empty() { &self.base } else { tilted }
    }

    /// Whether factors leave them as they are.
    #[inline(always)]
    pub fn is_plain(&self, class: usize) -> bool {
        self.tilted[class].is_empty()
    }
}

/// Σ count × units: exact, so in any order.
#[inline(always)]
pub fn row_mass(counts: &[u32], units: &[u64]) -> u64 {
    counts.iter().zip(units).map(|(&n, &u)| u64::from(n) * u).sum()
}

fn running_sums(counts: &[u32], units: &[u64], size: usize) -> Eighths {
    let mut sums = [0u64; 8];
    let mut sum = 0;
    for (part, (counts, units)) in sums.iter_mut().zip(counts.chunks(size).zip(units.chunks(size))) {
        sum += row_mass(counts, units);
        *part = sum;
    }
    // A short row fills fewer eighths; the last ones repeat its total.
    for part in 1..8 {
        sums[part] = sums[part].max(sums[part - 1]);
    }
    Eighths(sums)
}

/// Topic masses after factors; empty where every factor is 1 and a topic has one row, for then they are `base`.
pub(super) fn tilted_masses(shape: &Shape, base: &[u64], factors: &[u64]) -> Vec<u64> {
    let variants = shape.variants.count();
    if variants == 1 && factors.iter().all(|&f| f == ONE) {
        return Vec::new();
    }
    let mut masses = vec![0u64; shape.topics * LEVELS];
    for (row, of_row) in base.chunks_exact(LEVELS).enumerate() {
        let of_topic = &mut masses[row / variants * LEVELS..(row / variants + 1) * LEVELS];
        for (mass, &base) in of_topic.iter_mut().zip(of_row) {
            *mass += scale(base, factors[row]);
        }
    }
    masses
}
