//! The filling of one slot, one draw after the other: heated and cold-start slots, rejections, exact enumeration.

use crate::feed::rules::{Heat, ONE, scale};
use crate::feed::select::draw::{self, high, low, place};
use crate::feed::select::lane::{Draft, Lane, View, draw_row};
use crate::feed::select::tree::MAX_LEAVES;
use crate::feed::select::{ATTEMPTS, Chosen, Seen, Selector};
use crate::rng::{Key, below};
use crate::scenario::Ranker;
use crate::trace::Source;
use crate::unit::LEVELS;
use crate::world::Named;

/// One slot of one lane.
pub(in crate::feed) struct Fill<'a, 'b, P> {
    pub selector: &'a Selector,
    pub view: &'a View<'b, P>,
    pub lane: &'a mut Lane,
    pub slot: u64,
}

impl<P: Copy + Named> Fill<'_, '_, P> {
    #[inline(always)]
    fn word(&self, attempt: u64, what: u64) -> u64 {
        self.lane.word(self.slot, attempt, what)
    }

    /// Whether a post may stand in this slot.
    #[inline(always)]
    fn allowed(&self, entry: u32) -> bool {
        let post = &self.view.entries[entry as usize];
        post.creator != self.lane.creator
            && !self.lane.seen.contains(entry)
            && (!self.view.bars() || self.view.is_open(entry, self.lane.throttle))
    }

    #[inline(always)]
    fn is_present(&self, topic: usize) -> bool {
        self.lane.present & (1 << topic) != 0
    }

    /// A post for the slot, with every rule.
    pub fn slot(&mut self) -> Option<Chosen> {
        match self.view.special.ranker {
            Some(Ranker::Chronological) => return self.newest(),
            Some(Ranker::Random) => return self.ordinary(0),
            _ => {}
        }
        self.reserved().or_else(|| self.ordinary(0))
    }

    /// A post of a pool, where the slot is a heated or a cold-start one and the pool has any.
    #[inline(always)]
    pub fn reserved(&mut self) -> Option<Chosen> {
        if let Some(heat) = self.heat() {
            let pool = &self.view.stripe.heated[heat.pool];
            let first = draw::HEAT_POOL + 32 * heat.pool as u64;
            let chosen = self.pooled(pool, first, 0, &[]);
            self.lane.acceptance.heats += 1;
            self.lane.acceptance.unheated += u64::from(chosen.is_none());
            if chosen.is_some() {
                return chosen;
            }
        }
        let pool = &self.view.stripe.pool;
        let cold = !pool.is_empty() && low(self.word(0, draw::COIN_AND_CELL)) < self.selector.cold_coin;
        if cold { self.pooled(pool, draw::POOL, 0, &self.view.special.newcomers) } else { None }
    }

    /// The heating that the slot goes to: one word for all of them, so that none takes from another.
    fn heat(&self) -> Option<&Heat> {
        let heats = &self.view.special.heats;
        let mut word = if heats.is_empty() { return None } else { self.word(0, draw::HEAT) };
        heats.iter().find(|heat| {
            let hit = word < heat.coin;
            word = word.saturating_sub(heat.coin);
            hit
        })
    }

    /// A post other than the draft, which was the first attempt.
    #[inline(never)]
    pub fn again(&mut self, draft: &Draft) -> Option<Chosen> {
        let Draft { drawn, cold, .. } = *draft;
        self.lane.acceptance.rejected += u64::from(drawn);
        match (cold, drawn) {
            (true, _) => self.pooled(&self.view.stripe.pool, draw::POOL, 1, &[]).or_else(|| self.ordinary(0)),
            (false, true) => self.ordinary(1),
            (false, false) => self.slow_ordinary(),
        }
    }

    /// A post of a pool under the same r, uniformly or by the `weights` of rows, 2⁻³² of the largest.
    fn pooled(&mut self, pool: &[Chosen], base: u64, first: u64, weights: &[u64]) -> Option<Chosen> {
        if pool.is_empty() {
            return None;
        }
        for attempt in base + first..base + ATTEMPTS {
            let position = place(self.slot, attempt, draw::POSITION);
            let chosen = pool[self.lane.request.position(position, pool.len() as u32) as usize];
            let repeated = self.is_present(chosen.topic as usize);
            let kept = !repeated || self.word(attempt, draw::REPEAT) < self.selector.repeat_coin;
            let weighty =
                weights.is_empty() || self.word(attempt, draw::WEIGHT) >> 32 < weights[self.row_of(chosen.entry)];
            if kept && weighty && self.allowed(chosen.entry) {
                return Some(chosen);
            }
            self.lane.acceptance.rejected += 1;
        }
        self.slow_pooled(pool, base, weights)
    }

    fn row_of(&self, entry: u32) -> usize {
        self.view.stripe.cell_of(entry) / self.view.shape.cells
    }

    fn ordinary(&mut self, first: u64) -> Option<Chosen> {
        if self.lane.tree.total > 0 {
            for attempt in first..ATTEMPTS {
                let chosen = self.draw_ordinary(attempt);
                if self.allowed(chosen.entry) {
                    return Some(chosen);
                }
                self.lane.acceptance.rejected += 1;
            }
        }
        self.slow_ordinary()
    }

    fn draw_ordinary(&self, attempt: u64) -> Chosen {
        let lane = &*self.lane;
        let branches = &self.selector.branches;
        let topic = if lane.inverse {
            branches.walk_at_once(&lane.tree, self.word(attempt, draw::TREE))
        } else {
            branches.walk(&lane.tree, lane.request, self.slot, attempt)
        };
        draw_from_topic(self.view, &lane.profile, topic, lane.request, [self.slot, attempt])
    }

    /// The newest post that is allowed, as a reader finds it who arrives at a keyed moment of the newest epoch.
    fn newest(&mut self) -> Option<Chosen> {
        let stripe = self.view.stripe;
        let word = self.lane.request.draw(place(0, 0, draw::ARRIVAL));
        let from = below(word, stripe.arrivals as u64 + 1) as usize;
        let entry = stripe.newest[from..].iter().copied().find(|&entry| self.allowed(entry))?;
        Some(stripe.describe(self.view.shape, self.view.score, entry, Source::Ordinary))
    }

    /// Exact enumeration of a pool: integer weights r in 2⁻³².
    #[cold]
    #[inline(never)]
    fn slow_pooled(&mut self, pool: &[Chosen], base: u64, weights: &[u64]) -> Option<Chosen> {
        let weight = |post: &Chosen| -> u64 {
            let own = if weights.is_empty() { ONE } else { weights[self.row_of(post.entry)] };
            match (self.allowed(post.entry), self.is_present(post.topic as usize)) {
                (false, _) => 0,
                (true, true) => scale(self.selector.repeat, own),
                (true, false) => own,
            }
        };
        let weights: Vec<u64> = pool.iter().map(weight).collect();
        let total: u64 = weights.iter().sum();
        if total == 0 {
            return None;
        }
        self.lane.acceptance.slow += 1;
        let at = pick(&weights, below(self.word(base, draw::SLOW), total));
        Some(pool[at])
    }

    /// Exact enumeration of what is left: the masses of allowed posts by row, after factors and re-rank.
    #[cold]
    #[inline(never)]
    fn slow_ordinary(&mut self) -> Option<Chosen> {
        let stripe = self.view.stripe;
        // What is kept from the person, and posts by the creator of the slot before, come out for this slot alone.
        let theirs = stripe.by_creator(self.view.entries, self.lane.creator);
        let (view, key) = (self.view, self.lane.throttle);
        let mut out: Vec<u32> = view.doubtful().filter(|&entry| !view.is_open(entry, key)).chain(theirs).collect();
        out.sort_unstable();
        out.dedup();
        let out: Vec<usize> =
            out.into_iter().filter(|&e| !self.lane.seen.contains(e)).map(|e| stripe.cell_of(e)).collect();
        self.lane.seen.take_stock(stripe, view.shape.cells);
        out.iter().for_each(|&cell| self.lane.seen.left[cell] -= 1);
        let chosen = self.enumerate(&out);
        self.lane.acceptance.slow += u64::from(chosen.is_some());
        out.iter().for_each(|&cell| self.lane.seen.left[cell] += 1);
        chosen
    }

    /// `out`: cells of posts that are out beside those seen.
    fn enumerate(&self, out: &[usize]) -> Option<Chosen> {
        let shape = self.view.shape;
        let Seen { left, cells: seen, .. } = &self.lane.seen;
        let level_of = |row: usize| self.lane.profile[row / shape.variants.count()];
        let units_of = |row: usize| self.view.score_of(row / shape.variants.count()).row(level_of(row));
        // All integers, so the mass of a row less what is out of it is the sum over what is left: far fewer are out than there are cells.
        let mut gone = vec![0u64; shape.rows()];
        let out = out.iter().map(|cell| [cell / shape.cells, cell % shape.cells]);
        for [row, cell] in seen.iter().map(|&[row, cell]| [row as usize, cell as usize]).chain(out) {
            gone[row] += units_of(row)[cell];
        }
        let repeat = self.view.special.repeat(self.selector.repeat);
        let mass = |row: usize| {
            let base = self.view.base[row * LEVELS + level_of(row) as usize] - gone[row];
            let tilted = scale(base, self.view.factors[row]);
            let present = self.is_present(row / shape.variants.count());
            if present { scale(tilted, repeat) } else { tilted }
        };
        let masses: Vec<u64> = (0..shape.rows()).map(mass).collect();
        let total: u64 = masses.iter().sum();
        if total == 0 {
            return None;
        }
        let row = pick(&masses, below(self.word(0, draw::SLOW), total));
        let units = units_of(row);
        let counts = &left[row * shape.cells..(row + 1) * shape.cells];
        let weights: Vec<u64> = counts.iter().zip(units).map(|(&n, &u)| u64::from(n) * u).collect();
        let cell = pick(&weights, below(self.word(1, draw::SLOW), weights.iter().sum()));
        let rank = below(self.word(2, draw::SLOW), u64::from(counts[cell])) as usize;
        let at = row * shape.cells + cell;
        let members = self.view.stripe.start[at]..self.view.stripe.start[at + 1];
        let entry = members.filter(|&entry| self.allowed(entry)).nth(rank)?;
        Some(self.view.stripe.describe(shape, self.view.score, entry, Source::Ordinary))
    }
}

/// Index of the first weight whose running sum exceeds `target`.
pub(in crate::feed) fn pick(weights: &[u64], mut target: u64) -> usize {
    for (i, &w) in weights.iter().enumerate() {
        if target < w {
            return i;
        }
        target -= w;
    }
    weights.len() - 1
}

/// A draw from a topic's posts by mass: row, cell, post.
pub(in crate::feed) fn draw_from_topic<P>(
    view: &View<P>,
    profile: &[u8; MAX_LEAVES],
    topic: usize,
    key: Key,
    [slot, attempt]: [u64; 2],
) -> Chosen {
    let level = profile[topic];
    let row = draw_row(view, key, slot, attempt, topic, level) as u32;
    let target = high(key.draw(place(slot, attempt, draw::COIN_AND_CELL)));
    let mut draft = Draft { row, level, topic: topic as u8, target, ..Draft::default() };
    draft.find_eighth(view);
    (draft.entry, draft.attention_row) = draft.find(view, view.score_of(topic), key, [slot, attempt]);
    draft.chosen()
}
