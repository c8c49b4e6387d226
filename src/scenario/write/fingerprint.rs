//! Which settings solved topic appeals belong to.

use super::scenario;
use crate::scenario::{Measure, Redraw, Replicates, Scenario, Shocks};

impl Scenario {
    /// 16 hex digits over every setting that can bear on the solved topic appeals.
    ///
    /// Head, number of people, shocks, calendar (but for the epochs in a day), loops, measures, arms, replicates and the
    /// appeals themselves are left out, and of topics the label and flag.
    pub fn appeal_fingerprint(&self) -> String {
        let mut bearing = self.clone();
        let blank = String::new();
        (bearing.name, bearing.question, bearing.expectation) = (blank.clone(), blank.clone(), blank.clone());
        bearing.sources.clear();
        (bearing.population.users, bearing.population.represents) = (0, 0);
        bearing.catalogue.preset = blank;
        for topic in &mut bearing.topics {
            topic.label.clear();
            topic.sensitive = false;
        }
        (bearing.time.burn_in_days, bearing.time.days) = (0, 0);
        bearing.shocks =
            Shocks { demand_sd: 0.0, supply_sd: 0.0, memory: 0.0, burst_probability: 0.0, burst_size: 0.0 };
        (bearing.loops.profile, bearing.loops.popularity) = (true, true);
        bearing.measure = Measure { track: Vec::new(), group_topic: 0 };
        bearing.record.max_rows = 0;
        (bearing.record.by.day, bearing.record.by.region) = (true, true);
        (bearing.record.by.group, bearing.record.by.topic) = (true, true);
        bearing.arms.clear();
        bearing.replicates = Replicates { count: 0, seed: 0, redraw: Redraw::World };
        bearing.solved = None;
        blake3::hash(scenario(&bearing).as_bytes()).to_hex()[..16].to_owned()
    }
}
