//! The score: V = Σ `V_a·P_a` + `V_time·E`[watch s], made positive, on cells of the belief grid.
//!
//! [`value`] is the definition; [`ScoreTable`] holds S(level, tier, duration class)^(1/τ) in integer units, computed once
//! per value vector. It depends on no topic, stripe or epoch and on nobody who is present. [`Scores`] has the scenario's and those
//! of tilts on value weights.

use crate::feed::Grid;
use crate::feed::select::CHUNK;
use crate::scenario::{Scenario, Spread, VALID_SECONDS, Value};
use crate::unit::{LEVEL_ZERO, LEVELS, level_logit, logistic, normal_cdf, normal_quantile};

/// Duration classes.
pub const DURATIONS: usize = 3;
const QUANTILES: usize = 16;
/// Seconds that are watched in any case where expected seconds are summed up.
const MOMENT: f64 = 0.01;

/// What the platform knows of durations, watching and people: typical durations of each class, and how approval is spread.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// Log-odds by which a long view is rarer than a valid play, by class and duration quantile.
    long_shift: [[f64; QUANTILES]; DURATIONS],
    seconds: [[f64; QUANTILES]; DURATIONS],
    people: Spread,
}

/// What the platform believes of a post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Believed {
    /// Log-odds of a valid play by an average person.
    pub attention: f64,
    /// Approval that its likes tell of, once how many played it and how people differ are accounted for.
    pub approval: f64,
}

impl Heads {
    /// From the catalogue's duration distribution.
    pub fn new(scenario: &Scenario) -> Self {
        let c = &scenario.catalogue;
        let z = |seconds: f64| libm::log(seconds / c.duration_median) / c.duration_sigma;
        let borders = [0.0, normal_cdf(z(c.duration_edges[0])), normal_cdf(z(c.duration_edges[1])), 1.0];
        let mut seconds = [[0.0; QUANTILES]; DURATIONS];
        let mut long_shift = seconds;
        for class in 0..DURATIONS {
            for q in 0..QUANTILES {
                let part = (q as f64 + 0.5) / QUANTILES as f64;
                let p = borders[class] + part * (borders[class + 1] - borders[class]);
                let d = c.seconds(normal_quantile(p));
                seconds[class][q] = d;
                let fall = |seconds: f64| scenario.respond.fall_within(d.min(seconds), d);
                long_shift[class][q] = fall(VALID_SECONDS) - fall(18.0);
            }
        }
        Self { long_shift, seconds, people: scenario.approval_spread() }
    }

    /// From the log-odds of a valid play and of a like.
    pub fn believed(&self, scenario: &Scenario, (attention, like): (f64, f64)) -> Believed {
        let respond = &scenario.respond;
        let swiped = respond.swiped(0, logistic(attention), logistic(like), &self.people);
        Believed { attention, approval: swiped - respond.like }
    }

    /// P(long view) given the log-odds of a valid play.
    pub fn long_view(&self, valid: f64, class: usize) -> f64 {
        self.long_shift[class].iter().map(|shift| logistic(valid + shift)).sum::<f64>() / QUANTILES as f64
    }

    /// Expected seconds watched given the log-odds of a valid play: ∫ P(watched ≥ t) dt up to the cut, mean over the class's
    /// durations. By Simpson's rule on log t, 32 intervals up to the last tenth and 32 from there on.
    fn watch_seconds(&self, scenario: &Scenario, valid: f64, class: usize) -> f64 {
        let respond = &scenario.respond;
        let mut sum = 0.0;
        for &d in &self.seconds[class] {
            let a = valid + respond.fall_within(d.min(VALID_SECONDS), d);
            let part = |from: f64, until: f64, drop: f64| {
                let step = libm::log(until / from) / 32.0;
                let at = |i: i32| {
                    let t = from * libm::exp(step * f64::from(i));
                    t * logistic(a - respond.fall(t) - drop)
                };
                let inner: f64 = (1..32).map(|i| at(i) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
                step / 3.0 * (at(0) + inner + at(32))
            };
            let late = 0.9 * d;
            // Everybody sees the first moment.
            sum += MOMENT + part(MOMENT, late, 0.0) + part(late, respond.rewatch_max * d, respond.end_drop);
        }
        sum / QUANTILES as f64
    }
}

/// V⁺ by these weights of a post to a person of this profile level (log-odds), for a duration class. How much a person likes at all is
/// not known: heads of approval are averages over people.
pub fn value(scenario: &Scenario, v: &Value, heads: &Heads, post: &Believed, level: f64, class: usize) -> f64 {
    let r = &scenario.respond;
    let attention = post.attention + level;
    let valid = logistic(attention);
    let approval = post.approval + scenario.feed.approval_weight * level;
    let head = |weight: f64, signal: usize, odds: f64| {
        if weight == 0.0 { 0.0 } else { weight * r.rate(signal, valid, odds, &heads.people) }
    };
    let mut total = v.valid_play * valid
        + v.long_view * heads.long_view(attention, class)
        + head(v.like, 0, r.like + approval)
        + head(v.comment, 1, r.comment + approval)
        + head(v.share, 2, r.share + approval)
        + head(v.follow, 3, r.follow + approval)
        // Approval enters "not interested" with the opposite sign.
        + head(v.not_interested, 4, r.not_interested - approval);
    if v.watch_second != 0.0 {
        total += v.watch_second * heads.watch_seconds(scenario, attention, class);
    }
    positive(total, scenario.feed.value_floor)
}

/// V⁺ = v₀·ln(1 + e^(V/v₀)): positive and monotone; far above v₀ it is V itself.
pub fn positive(value: f64, floor: f64) -> f64 {
    let x = value / floor;
    if x > 30.0 { value + floor * libm::exp(-x) } else { floor * libm::log1p(libm::exp(x)) }
}

/// What the scale of masses must have room for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Most posts that a stripe may ever hold.
    pub capacity: f64,
    /// The largest factor that tilts and freshness may put on a mass.
    pub largest_factor: f64,
}

/// All scores of one ranker: one for each set of value weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// By the scenario's weights.
    pub own: ScoreTable,
    /// By the weights of tilts, in the order of the plan's sets.
    pub tilted: Vec<Weighted>,
}

/// Value weights of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// By topic.
    pub by_topic: Vec<Value>,
    /// Whether topics may differ in them.
    pub is_split: bool,
}

/// The score by weights that may differ between topics.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    tables: Vec<ScoreTable>,
    /// Table of each topic.
    of_topic: Vec<u8>,
    is_split: bool,
}

impl Scores {
    /// Computes them. What can never meet in one feed has a scale of its
    /// own: the weights of a tilt do not move the baseline's.
    pub fn new(scenario: &Scenario, grid: &Grid, sets: &[Weights], bounds: Bounds) -> Self {
        let weighted = |set: &Weights| {
            let mut vectors: Vec<Value> = Vec::new();
            let mut place = |value: &Value| {
                vectors.iter().position(|known| known == value).unwrap_or_else(|| {
                    vectors.push(*value);
                    vectors.len() - 1
                }) as u8
            };
            let of_topic = set.by_topic.iter().map(&mut place).collect();
            Weighted { tables: ScoreTable::of_all(scenario, grid, &vectors, bounds), of_topic, is_split: set.is_split }
        };
        let mut own = ScoreTable::of_all(scenario, grid, &[scenario.feed.value], bounds);
        Self { own: own.swap_remove(0), tilted: sets.iter().map(weighted).collect() }
    }

    /// Every table.
    pub fn all(&self) -> impl Iterator<Item = &ScoreTable> {
        std::iter::once(&self.own).chain(self.tilted.iter().flat_map(|weighted| &weighted.tables))
    }

    /// Changes every table.
    #[must_use]
    pub fn map(&self, change: impl Fn(&ScoreTable) -> ScoreTable) -> Self {
        let weighted = |weighted: &Weighted| Weighted {
            tables: weighted.tables.iter().map(&change).collect(),
            of_topic: weighted.of_topic.clone(),
            is_split: weighted.is_split,
        };
        Self { own: change(&self.own), tilted: self.tilted.iter().map(weighted).collect() }
    }
}

impl Weighted {
    /// The score of a topic's posts.
    #[inline(always)]
    pub fn of(&self, topic: usize) -> &ScoreTable {
        &self.tables[self.of_topic[topic] as usize]
    }

    /// One for each value vector.
    pub fn tables(&self) -> &[ScoreTable] {
        &self.tables
    }

    /// Whether topics may differ.
    #[inline(always)]
    pub const fn is_split(&self) -> bool {
        self.is_split
    }
}

/// S^(1/τ) in integer units by level, tier and duration class.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreTable {
    /// `[level][tier × 3 + duration]`, and [`CHUNK`] zeros behind them for the search that reads by eights.
    pub units: Vec<u64>,
    /// Cells per level: tiers × 3.
    pub cells: usize,
    /// Units of weight 1.
    pub scale: f64,
    /// Most posts that a stripe may hold.
    pub capacity: f64,
    /// V⁺, same shape.
    pub values: Vec<f64>,
    /// Attention row of the grid, by cell.
    pub attention_row: Vec<u8>,
}

impl ScoreTable {
    /// Tables of some value vectors that may meet in one feed, and so on one scale. With a stripe at its fullest, every post
    /// the best of the best vector and the largest factor on all of them a total stays below 2⁶³.
    fn of_all(scenario: &Scenario, grid: &Grid, vectors: &[Value], bounds: Bounds) -> Vec<Self> {
        let heads = Heads::new(scenario);
        let cells = grid.tiers() * DURATIONS;
        let posts: Vec<Believed> = (0..grid.tiers()).map(|tier| heads.believed(scenario, grid.middle(tier))).collect();
        let values = |vector: &Value| {
            let mut values = Vec::with_capacity(LEVELS * cells);
            for level in 0..LEVELS {
                let l = level_logit(level);
                for post in &posts {
                    values.extend((0..DURATIONS).map(|class| value(scenario, vector, &heads, post, l, class)));
                }
            }
            values
        };
        let weight = |value: f64| libm::exp(libm::log(value) / scenario.feed.temperature);
        let all: Vec<Vec<f64>> = vectors.iter().map(values).collect();
        let largest = all.iter().flatten().fold(0.0f64, |a, &value| a.max(weight(value)));
        // A headroom of 2⁶ at least, so that an arm with a usual tilt leaves the baseline's scale alone.
        let worst = bounds.capacity * largest * bounds.largest_factor.max(64.0);
        let scale = libm::exp2(libm::floor(63.0 - libm::log2(worst)));
        let attention_row: Vec<u8> = (0..cells).map(|cell| grid.row_of(cell / DURATIONS) as u8).collect();
        let table = |values: Vec<f64>| {
            let units =
                values.iter().map(|value| libm::round(weight(*value) * scale) as u64).chain([0; CHUNK]).collect();
            Self { units, cells, scale, capacity: bounds.capacity, values, attention_row: attention_row.clone() }
        };
        all.into_iter().map(table).collect()
    }

    /// The same weight for every cell and level: chance.
    #[must_use]
    pub fn flat(&self) -> Self {
        let mut flat = self.clone();
        let cells = flat.values.len();
        flat.units[..cells].fill(1 << 20);
        flat
    }

    /// Every person ranked for as if nothing were known of them: what pleases all.
    #[must_use]
    pub fn impersonal(&self) -> Self {
        let mut same = self.clone();
        let average = self.row(LEVEL_ZERO).to_vec();
        for row in same.units[..self.values.len()].chunks_exact_mut(self.cells) {
            row.copy_from_slice(&average);
        }
        same
    }

    /// Units of one cell.
    #[inline(always)]
    pub fn row(&self, level: u8) -> &[u64] {
        &self.units[level as usize * self.cells..(level as usize + 1) * self.cells]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positive_map_is_monotone_and_joins_its_branches() {
        let mut last = 0.0;
        for i in -400..400 {
            let v = positive(f64::from(i) * 0.01, 0.05);
            assert!(v > last);
            last = v;
        }
        assert!((positive(1.5001, 0.05) - positive(1.4999, 0.05) - 0.0002).abs() < 1e-9);
    }
}
