//! Common noise: each topic's supply and demand wander and sometimes burst, the same in all arms.

use rand_distr::{Distribution, StandardNormal};

use crate::rng::{Decision, Key, coin};
use crate::scenario::Scenario;
use crate::unit::logit_units;

/// Shock series, by day from the first simulated day.
#[derive(Debug, Clone, PartialEq)]
pub struct Shocks {
    first_day: i64,
    topics: usize,
    /// `[day][topic]`: added to attention, log-odds units.
    demand: Vec<i16>,
    /// `[day][topic]`: factor on the number of new posts.
    supply: Vec<f64>,
}

/// Share of a burst that is left a day later.
const BURST_DECAY: f64 = 0.5;

impl Shocks {
    /// Stationary AR(1) series with rare bursts for days `first_day` … `last_day`.
    pub fn draw(scenario: &Scenario, world: Key, first_day: i64, last_day: i64) -> Self {
        let s = &scenario.shocks;
        let topics = scenario.topic_count();
        let days = (last_day - first_day + 1).max(0) as usize;
        let mut demand = vec![0i16; days * topics];
        let mut supply = vec![1.0; days * topics];
        let innovation = libm::sqrt(1.0 - s.memory * s.memory);
        for k in 0..topics {
            let key = world.of(Decision::Shock).at(k as u64);
            let (mut d, mut q, mut burst) = (0.0, 0.0, 0.0);
            for day in 0..days {
                let today = key.at_signed(first_day + day as i64);
                let mut stream = today.stream();
                let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
                // The first day is drawn from the stationary law, so nothing has to warm up.
                let (keep, fresh) = if day == 0 { (0.0, 1.0) } else { (s.memory, innovation) };
                d = keep * d + fresh * normal();
                q = keep * q + fresh * normal();
                burst *= BURST_DECAY;
                if today.at(0).draw(0) < coin(s.burst_probability) {
                    burst += s.burst_size;
                }
                demand[day * topics + k] = logit_units(s.demand_sd * d + burst);
                // A lognormal factor has mean above 1; taking that out keeps the expected number of posts.
                supply[day * topics + k] = libm::exp(s.supply_sd * q - 0.5 * s.supply_sd * s.supply_sd + burst);
            }
        }
        Self { first_day, topics, demand, supply }
    }

    /// No shocks at all.
    pub fn none(scenario: &Scenario, first_day: i64, last_day: i64) -> Self {
        let topics = scenario.topic_count();
        let days = (last_day - first_day + 1).max(0) as usize;
        Self { first_day, topics, demand: vec![0; days * topics], supply: vec![1.0; days * topics] }
    }

    /// Demand shocks of a day, one per topic, log-odds units.
    pub fn demand(&self, day: i64) -> &[i16] {
        let row = (day - self.first_day) as usize * self.topics;
        &self.demand[row..row + self.topics]
    }

    /// Supply factor of a topic on a day.
    pub fn supply(&self, day: i64, topic: usize) -> f64 {
        self.supply[(day - self.first_day) as usize * self.topics + topic]
    }
}
