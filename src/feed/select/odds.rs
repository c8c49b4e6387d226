//! The odds of a slot: the probability of each topic given all that stands before it, for people who are followed closely.
//!
//! Rejection makes a slot's law that of what is allowed, so the odds are masses less what is not: posts seen in this epoch,
//! posts by the creator of the slot before, posts that a tilt keeps from the person. They are sums of the same integers that
//! selection draws from, divided once. With the engine `candidates` the masses of an ordinary slot are those of the response's
//! candidates: which posts were retrieved belongs to what stands before the slot. Of noisy bids there are no odds given the slots
//! before, which say something of the noise: see [`Selector::has_odds`].

use crate::feed::Chosen;
use crate::feed::candidates::Scored;
use crate::feed::choose::Outlook;
use crate::feed::index::Membership;
use crate::feed::rules::{ONE, scale};
use crate::feed::select::lane::{Lane, View};
use crate::feed::select::tree::MAX_LEAVES;
use crate::feed::select::{MOST_SLOTS, Selector};
use crate::rng::share_of_words;
use crate::scenario::{Choice, Ranker};
use crate::unit::LEVELS;
use crate::world::Named;

/// A post that was shown in this epoch.
#[derive(Debug, Clone, Copy)]
struct Shown {
    cell: u32,
    creator: u32,
    pools: Membership,
}

/// What is not allowed, by topic; made anew for each visit.
#[derive(Debug, Clone)]
pub struct Odds {
    shown: Vec<Shown>,
    /// Posts that tilts keep from the person, by cell.
    barred: Vec<(u32, u32)>,
    /// The same by pool and row.
    barred_pools: Vec<Vec<u32>>,
    /// Mass of posts shown or barred, by row, at the levels of this request and before factors: subtracted before anything is
    /// rounded, so that of a topic of which all is out nothing is left.
    mass: Vec<u64>,
    /// Number of posts shown or barred, by pool and row.
    pools: Vec<Vec<u32>>,
    noted: usize,
    /// What is out of one slot, by row; kept for its room.
    theirs: Vec<u64>,
    /// Mass of all posts, by row, at the levels of this request: in the tables they lie far apart.
    base: Vec<u64>,
    /// Creator of each candidate of the response.
    creators: Vec<u32>,
    /// Weight of each candidate that is not in the response yet.
    weights: Vec<u64>,
    /// The same by topic.
    left: [u64; MAX_LEAVES],
}

impl Default for Odds {
    fn default() -> Self {
        Self {
            shown: Vec::new(),
            barred: Vec::new(),
            barred_pools: Vec::new(),
            mass: Vec::new(),
            pools: Vec::new(),
            noted: 0,
            theirs: Vec::new(),
            base: Vec::new(),
            creators: Vec::new(),
            weights: Vec::new(),
            left: [0; MAX_LEAVES],
        }
    }
}

/// Weights of topics in one way of filling a slot.
struct Law {
    weight: [u64; MAX_LEAVES],
    total: u64,
}

impl Odds {
    /// Begins a visit: nothing is shown yet; what tilts keep from the person is looked up once.
    pub fn enter<P: Copy + Named>(&mut self, view: &View<P>, lane: &Lane) {
        self.shown.clear();
        self.barred.clear();
        self.noted = 0;
        self.barred_pools.clear();
        self.barred_pools.resize(1 + view.stripe.heated.len(), vec![0; view.shape.rows()]);
        if !view.bars() {
            return;
        }
        let barred = |entry: &u32| !view.is_open(*entry, lane.throttle);
        let mut entries: Vec<u32> = view.doubtful().filter(barred).collect();
        if !view.stripe.thinned.is_empty() {
            entries.sort_unstable();
            entries.dedup();
        }
        for entry in entries {
            let cell = view.stripe.cell_of(entry) as u32;
            match self.barred.last_mut() {
                Some(last) if last.0 == cell => last.1 += 1,
                _ => self.barred.push((cell, 1)),
            }
        }
        let pools = std::iter::once(&view.stripe.pool).chain(&view.stripe.heated);
        for (counts, pool) in self.barred_pools.iter_mut().zip(pools) {
            for post in pool.iter().filter(|post| barred(&post.entry)) {
                counts[view.stripe.cell_of(post.entry) / view.shape.cells] += 1;
            }
        }
    }

    /// Adds to `out` the probability that the next slot shows each of the topics in `track`, in 2⁻²⁴. Called before every
    /// slot of a response, with the response's candidates where posts are retrieved first.
    pub fn look<P: Copy + Named>(
        &mut self,
        selector: &Selector,
        view: &View<P>,
        lane: &Lane,
        scored: Option<&Scored>,
        track: &[usize],
        out: &mut [u64],
    ) {
        if lane.filled == 0 {
            self.note_all(view, lane);
            if let Some(scored) = scored {
                self.note_candidates(view, scored);
            }
        }
        let noted = self.noted;
        self.note(view, lane);
        if let Some(scored) = scored {
            self.strike(view, lane, scored, noted);
        }
        let ranker = view.special.ranker;
        let reserved = !matches!(ranker, Some(Ranker::Random | Ranker::Chronological));
        let mut rest = 1.0;
        let mut add = |law: Law, part: f64| {
            for (out, &topic) in out.iter_mut().zip(track) {
                *out += (law.weight[topic] as f64 / law.total as f64 * part * f64::from(1u32 << 24)) as u64;
            }
        };
        for heat in view.special.heats.iter().filter(|_| reserved) {
            let law = self.pooled(selector, view, lane, 1 + heat.pool);
            if law.total > 0 {
                let part = share_of_words(heat.coin);
                add(law, part);
                rest -= part;
            }
        }
        if reserved && !view.stripe.pool.is_empty() {
            let law = self.pooled(selector, view, lane, 0);
            if law.total > 0 {
                let part = rest * share_of_words(selector.cold_coin);
                add(law, part);
                rest -= part;
            }
        }
        if let Some(scored) = scored.filter(|_| selector.choice == Choice::EpsilonGreedy) {
            let Outlook { any, best } = selector.outlook(view, lane, scored);
            let epsilon = share_of_words(selector.epsilon_coin);
            for (weight, part) in [(any, rest * epsilon), (best, rest * (1.0 - epsilon))] {
                let total = weight.iter().sum();
                if total > 0 {
                    add(Law { weight, total }, part);
                }
            }
            return;
        }
        let law = match scored {
            Some(scored) => self.among_candidates(selector, lane, scored),
            None => self.ordinary(selector, view, lane),
        };
        if law.total > 0 {
            add(law, rest);
        }
    }

    /// Ends a response: its last slot is noted.
    pub fn close<P: Copy + Named>(&mut self, view: &View<P>, lane: &Lane) {
        self.note(view, lane);
        self.noted = 0;
    }

    /// What was shown since the last look.
    fn note<P: Copy + Named>(&mut self, view: &View<P>, lane: &Lane) {
        for &Chosen { entry, .. } in &lane.chosen()[self.noted..] {
            let cell = view.stripe.cell_of(entry) as u32;
            let creator = view.entries[entry as usize].creator;
            let shown = Shown { cell, creator, pools: view.stripe.membership(view.shape, view.entries, entry) };
            self.exclude(view, lane, shown);
            self.shown.push(shown);
        }
        self.noted = lane.chosen().len().min(MOST_SLOTS);
    }

    /// Everything shown or barred, at the levels of a new request.
    fn note_all<P: Copy>(&mut self, view: &View<P>, lane: &Lane) {
        self.noted = 0;
        self.mass.clear();
        self.mass.resize(view.shape.rows(), 0);
        self.pools.clone_from(&self.barred_pools);
        self.base.clear();
        self.base.extend((0..view.shape.rows()).map(|row| {
            let level = lane.profile[row / view.shape.variants.count()];
            view.base[row * LEVELS + level as usize]
        }));
        for &(cell, count) in &self.barred {
            let (row, mass) = unit(view, lane, cell as usize);
            self.mass[row] += u64::from(count) * mass;
        }
        for i in 0..self.shown.len() {
            self.exclude(view, lane, self.shown[i]);
        }
    }

    fn exclude<P: Copy>(&mut self, view: &View<P>, lane: &Lane, shown: Shown) {
        let (row, mass) = unit(view, lane, shown.cell as usize);
        self.mass[row] += mass;
        for (pool, counts) in self.pools.iter_mut().enumerate() {
            counts[row] += u32::from(shown.pools.is_in(pool));
        }
    }

    /// Masses of what is allowed in an ordinary slot.
    fn ordinary<P: Copy + Named>(&mut self, selector: &Selector, view: &View<P>, lane: &Lane) -> Law {
        let mut out = std::mem::take(&mut self.theirs);
        out.clone_from(&self.mass);
        self.of_creator(view, lane, |cell, count| {
            let (row, mass) = unit(view, lane, cell as usize);
            out[row] = out[row].wrapping_add((count as u64).wrapping_mul(mass));
        });
        let repeat = view.special.repeat(selector.repeat);
        let variants = view.shape.variants.count();
        let mut law = Law { weight: [0; MAX_LEAVES], total: 0 };
        for (row, (&out, &base)) in out.iter().zip(&self.base).enumerate() {
            let topic = row / variants;
            let tilted = scale(base.saturating_sub(out), view.factors[row]);
            let present = lane.present & (1 << topic) != 0;
            law.weight[topic] += if present { scale(tilted, repeat) } else { tilted };
        }
        law.total = law.weight.iter().sum();
        self.theirs = out;
        law
    }

    /// The candidates of a new response.
    fn note_candidates<P>(&mut self, view: &View<P>, scored: &Scored) {
        let creator = |&number: &u32| view.entries[view.stripe.lists.entries[number as usize] as usize].creator;
        self.creators.clear();
        self.creators.extend(scored.numbers().iter().map(creator));
        self.weights.clear();
        self.weights.extend(scored.weights().iter().map(|&weight| weight as u64));
        self.left = [0; MAX_LEAVES];
        for (&topic, weight) in scored.topics().iter().zip(&self.weights) {
            self.left[topic as usize] += weight;
        }
    }

    /// Takes posts of the response from slot `from` on out of its candidates.
    fn strike<P>(&mut self, view: &View<P>, lane: &Lane, scored: &Scored, from: usize) {
        for chosen in &lane.chosen()[from..] {
            let number = view.stripe.lists.number(chosen.entry);
            if let Some(at) = scored.numbers().iter().position(|&candidate| candidate == number) {
                self.left[chosen.topic as usize] -= std::mem::take(&mut self.weights[at]);
            }
        }
    }

    /// Masses of the candidates that are allowed in an ordinary slot.
    fn among_candidates(&self, selector: &Selector, lane: &Lane, scored: &Scored) -> Law {
        let mut law = Law { weight: self.left, total: 0 };
        if lane.filled > 0 {
            let theirs = self.creators.iter().enumerate().filter(|(_, creator)| **creator == lane.creator);
            theirs.for_each(|(at, _)| law.weight[scored.topics()[at] as usize] -= self.weights[at]);
        }
        for (topic, weight) in law.weight.iter_mut().enumerate() {
            *weight = if lane.present & (1 << topic) == 0 { *weight } else { scale(*weight, selector.repeat) };
            law.total += *weight;
        }
        law
    }

    /// Cells and numbers of posts by the creator of the slot before that are neither shown nor barred: first all that are not
    /// barred, then, less one each, those shown. A creator may have posts in very many cells.
    fn of_creator<P: Copy + Named>(&self, view: &View<P>, lane: &Lane, mut see: impl FnMut(u32, i64)) {
        if lane.filled == 0 {
            return;
        }
        let throttled = |cell: u32| {
            let row = cell as usize / view.shape.cells;
            !view.stripe.thinned.is_empty() || view.special.throttles.iter().any(|throttle| throttle.rows[row])
        };
        for (cell, count) in view.stripe.cells_of_creator(view.shape, view.entries, lane.creator) {
            let barred = if !self.barred.is_empty() && throttled(cell) {
                let theirs = view.stripe.by_creator(view.entries, lane.creator);
                let here = theirs.filter(|&entry| view.stripe.cell_of(entry) == cell as usize);
                here.filter(|&entry| !view.is_open(entry, lane.throttle)).count()
            } else {
                0
            };
            see(cell, i64::from(count) - barred as i64);
        }
        self.shown.iter().filter(|shown| shown.creator == lane.creator).for_each(|shown| see(shown.cell, -1));
    }

    /// Numbers of allowed posts of a pool by topic, times their weight in it and r.
    fn pooled<P: Copy + Named>(&self, selector: &Selector, view: &View<P>, lane: &Lane, number: usize) -> Law {
        let mut theirs: Vec<usize> = Vec::new();
        if lane.filled > 0 {
            for entry in view.stripe.pooled_by_creator(view.shape, view.entries, number, lane.creator) {
                // What was shown, or is barred, is out already.
                if !lane.seen.contains(entry) && (!view.bars() || view.is_open(entry, lane.throttle)) {
                    theirs.push(view.stripe.cell_of(entry) / view.shape.cells);
                }
            }
        }
        let counts = view.stripe.pool_rows(view.shape, view.entries, number);
        let variants = view.shape.variants.count();
        let mut law = Law { weight: [0; MAX_LEAVES], total: 0 };
        for (row, (&count, &out)) in counts.iter().zip(&self.pools[number]).enumerate() {
            let topic = row / variants;
            let out = out as usize + theirs.iter().filter(|&&other| other == row).count();
            let factor = if lane.present & (1 << topic) == 0 { ONE } else { selector.repeat };
            let factor = if number == 0 { scale(factor, view.special.newcomer(row)) } else { factor };
            let weight = (u64::from(count)).saturating_sub(out as u64) * factor;
            law.weight[topic] += weight;
            law.total += weight;
        }
        law
    }
}

/// Row of a cell and the mass of one post in it, before factors.
#[inline(always)]
fn unit<P>(view: &View<P>, lane: &Lane, cell: usize) -> (usize, u64) {
    let row = cell / view.shape.cells;
    let topic = row / view.shape.variants.count();
    (row, view.score_of(topic).row(lane.profile[topic])[cell % view.shape.cells])
}
