//! The score in units, and the weights of topics in f64.

use feedtilt::feed::Grid;
use feedtilt::feed::score::{Believed, Heads, value};
use std::rc::Rc;

use feedtilt::scenario::{Scenario, Tilt, TiltKind, Value};

use super::{ONE, Twin, log_odds, power};

impl Twin<'_> {
    /// Weight of each topic on a stripe in f64, with no table and no integer in between.
    pub fn weights(&self, arm: usize, person: usize, stripe: usize, levels: &[u8]) -> Vec<f64> {
        let heads = Heads::new(self.scenario);
        let tiers = tiers(self.scenario, &heads, &self.grid);
        let acting = self.factors_on_score(arm, person);
        let values = self.values(arm, person);
        let mut weights = vec![0.0; self.scenario.topic_count()];
        for &post in &self.living {
            let Some([at, topic, variant, tier, class]) = self.shelf(arm).stands[post] else { continue };
            if at == stripe {
                let level = log_odds(levels[topic]);
                let mut score = value(self.scenario, &values[topic], &heads, &tiers[tier], level, class);
                score *= if self.ages_differ() { self.scenario.feed.freshness[self.age_class(post)] } else { 1.0 };
                let caught = acting.iter().filter(|(tilt, _)| self.caught(tilt, topic, self.variants()[variant]));
                score *= caught.map(|(_, multiply)| *multiply).product::<f64>();
                weights[topic] += score.powf(1.0 / self.scenario.feed.temperature);
            }
        }
        weights
    }

    /// Units of each topic by the weights of a person's feed; kept, for they last as long as the weights do.
    pub(super) fn units_of(&mut self, arm: usize, person: usize) -> Units {
        let values = self.values(arm, person);
        if let Some((_, units)) = self.units.iter().find(|(known, _)| *known == values) {
            return Rc::clone(units);
        }
        let units = Rc::new(units(self.scenario, &self.grid, &values));
        self.units.push((values, Rc::clone(&units)));
        units
    }
}

/// S^(1/τ) in units by topic, level and tier × 3 + duration class.
pub(super) type Units = Rc<Vec<Vec<Vec<u64>>>>;

/// What is believed of the posts of each tier.
fn tiers(scenario: &Scenario, heads: &Heads, grid: &Grid) -> Vec<Believed> {
    (0..grid.tiers()).map(|tier| heads.believed(scenario, grid.middle(tier))).collect()
}

/// S^(1/τ) by the value weights of each topic, in integer units of one scale: the largest power of 2 that keeps the fullest stripe
/// of the best posts under the largest factor below 2⁶³.
fn units(scenario: &Scenario, grid: &Grid, values: &[Value]) -> Vec<Vec<Vec<u64>>> {
    let heads = Heads::new(scenario);
    let tiers = tiers(scenario, &heads, grid);
    let tau = scenario.feed.temperature;
    let weight = |by: &Value, level: u8, cell: usize| {
        libm::exp(libm::log(value(scenario, by, &heads, &tiers[cell / 3], log_odds(level), cell % 3)) / tau)
    };
    let of_level = |by: &Value, level: u8| (0..3 * grid.tiers()).map(|cell| weight(by, level, cell)).collect();
    let of_topic = |by: &Value| (0..=255).map(|level| of_level(by, level)).collect();
    let weights: Vec<Vec<Vec<f64>>> = values.iter().map(of_topic).collect();
    let largest = weights.iter().flatten().flatten().fold(0.0, |a: f64, &b| a.max(b));
    let worst = most_posts(scenario) * largest * largest_factor(scenario).max(64.0);
    let scale = libm::exp2(libm::floor(63.0 - libm::log2(worst)));
    let rounded = |row: &Vec<f64>| row.iter().map(|weight| libm::round(weight * scale) as u64).collect();
    weights.iter().map(|topic| topic.iter().map(rounded).collect()).collect()
}

/// Posts of a stripe at its fullest.
fn most_posts(scenario: &Scenario) -> f64 {
    let shocks = &scenario.shocks;
    let bursts = if shocks.burst_probability > 0.0 { 2.0 * shocks.burst_size } else { 0.0 };
    let mean = scenario.posts_per_day() * f64::from(scenario.catalogue.depth_days + 1);
    let full = mean * libm::exp(3.0 * shocks.supply_sd + bursts) / f64::from(scenario.feed.no_repeat_epochs);
    full + 6.0 * libm::sqrt(full) + 64.0
}

fn largest_factor(scenario: &Scenario) -> f64 {
    let real = |multiply: f64| power(multiply, scenario.feed.temperature) as f64 / ONE as f64;
    let of_tilt = |tilt: &Tilt| match tilt.kind {
        TiltKind::Score { multiply } | TiltKind::DemoteCreators { multiply, .. } => real(multiply.max(1.0)),
        _ => 1.0,
    };
    let of_arms = scenario.arms.iter().map(|arm| arm.tilts.iter().map(of_tilt).product::<f64>());
    of_arms.fold(1.0, f64::max) * real(scenario.feed.freshness.iter().fold(1.0, |a: f64, &b| a.max(b)))
}
