//! The score: V = Σ `V_a·P_a` + `V_time·E`[watch s], made positive, on cells of the belief grid.
//!
//! [`value`] is the definition; [`ScoreTable`] holds S(level, tier, duration class)^(1/τ) in integer units, computed once
//! per value vector. It depends on no topic, stripe or epoch and on nobody who is present.

use crate::feed::Grid;
use crate::feed::select::CHUNK;
use crate::scenario::Scenario;
use crate::unit::{LEVEL_ZERO, LEVELS, level_logit, logistic, normal_cdf, normal_quantile};

/// Duration classes.
pub const DURATIONS: usize = 3;
const QUANTILES: usize = 16;

/// What the platform knows of durations and watching: typical durations of each class.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// Log-odds by which a long view is rarer than a valid play, by class and duration quantile.
    long_shift: [[f64; QUANTILES]; DURATIONS],
    seconds: [[f64; QUANTILES]; DURATIONS],
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
                let d = c.duration_median * libm::exp(c.duration_sigma * normal_quantile(p));
                seconds[class][q] = d;
                long_shift[class][q] = -scenario.respond.watch_slope * (libm::log(d.min(18.0)) - libm::log(d.min(7.0)));
            }
        }
        Self { long_shift, seconds }
    }

    /// P(long view) given the log-odds of a valid play.
    pub fn long_view(&self, valid: f64, class: usize) -> f64 {
        self.long_shift[class].iter().map(|shift| logistic(valid + shift)).sum::<f64>() / QUANTILES as f64
    }

    /// Expected seconds watched given the log-odds of a valid play: ∫ P(watched ≥ t) dt up to the cut, by Simpson's rule
    /// on 64 intervals, mean over the class's durations.
    fn watch_seconds(&self, scenario: &Scenario, valid: f64, class: usize) -> f64 {
        let slope = scenario.respond.watch_slope;
        let mut sum = 0.0;
        for &d in &self.seconds[class] {
            let a = valid + slope * (libm::log(d.min(7.0)) - libm::log(7.0));
            let end = scenario.respond.rewatch_max * d;
            let survive = |t: f64| if t == 0.0 { 1.0 } else { logistic(a - slope * libm::log(t / 7.0)) };
            let step = end / 64.0;
            let inner: f64 = (1..64).map(|i| survive(step * f64::from(i)) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
            sum += step / 3.0 * (survive(0.0) + inner + survive(end));
        }
        sum / QUANTILES as f64
    }
}

/// V⁺ for believed log-odds of a valid play and of a like (item and profile together) and a duration class.
pub fn value(scenario: &Scenario, heads: &Heads, attention: f64, approval: f64, class: usize) -> f64 {
    let (v, r) = (&scenario.feed.value, &scenario.respond);
    let signal = |base: f64| logistic(approval + base - r.like);
    let mut total = v.valid_play * logistic(attention)
        + v.long_view * heads.long_view(attention, class)
        + v.like * logistic(approval)
        + v.comment * signal(r.comment)
        + v.share * signal(r.share)
        + v.follow * signal(r.follow)
        // Approval enters "not interested" with the opposite sign.
        + v.not_interested * logistic(r.not_interested - (approval - r.like));
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
    /// Computes it. `capacity` is the largest number of items a stripe may ever hold and `largest_factor` the largest
    /// factor a tilt or freshness may put on a mass; with both at their worst a total stays below 2⁶³.
    pub fn new(scenario: &Scenario, grid: &Grid, capacity: f64, largest_factor: f64) -> Self {
        let heads = Heads::new(scenario);
        let cells = grid.tiers() * DURATIONS;
        let mut values = Vec::with_capacity(LEVELS * cells);
        for level in 0..LEVELS {
            let l = level_logit(level);
            for tier in 0..grid.tiers() {
                let (attention, approval) = grid.middle(tier);
                for class in 0..DURATIONS {
                    let approval = approval + scenario.feed.approval_weight * l;
                    values.push(value(scenario, &heads, attention + l, approval, class));
                }
            }
        }
        let weights: Vec<f64> = values.iter().map(|s| libm::exp(libm::log(*s) / scenario.feed.temperature)).collect();
        let largest = weights.iter().fold(0.0f64, |a, &b| a.max(b));
        // A headroom of 2⁶ at least, so that an arm with a usual tilt leaves the baseline's scale alone.
        let worst = capacity * largest * largest_factor.max(64.0);
        let scale = libm::exp2(libm::floor(63.0 - libm::log2(worst)));
        let units = weights.iter().map(|w| libm::round(w * scale) as u64).chain([0; CHUNK]).collect();
        let attention_row = (0..cells).map(|cell| grid.row_of(cell / DURATIONS) as u8).collect();
        Self { units, cells, scale, capacity, values, attention_row }
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
