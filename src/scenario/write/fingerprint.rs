//! Which settings solved topic appeals belong to.

use super::literal::File;
use super::{
    arm_entry, belief, catalogue, choice, early_loops, head, interest, population, ranking, respond, retrieval, shocks,
    stay, supply, time, topic_entry, value,
};
use crate::scenario::{Choice, Engine, Scenario, Shocks};

impl Scenario {
    /// 16 hex digits over every setting that can bear on the solved topic appeals.
    ///
    /// Head, number of people, shocks, calendar (but for the epochs in a day), loops, measures, arms, accounts, replicates and
    /// the appeals themselves are left out, of topics the label and flag, and of the feed what only the engine `candidates`
    /// reads where that is not the engine.
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
        blake3::hash(text(&bearing).as_bytes()).to_hex()[..16].to_owned()
    }

    /// 16 hex digits over every setting that can bear on the model band.
    ///
    /// Head, number of people (but where views are capped), measures, record, accounts, replicates, appeals and what says how the band is
    /// made are left out, and of topics label and flag.
    pub fn band_fingerprint(&self) -> String {
        let mut bearing = self.clone();
        let blank = String::new();
        (bearing.name, bearing.question, bearing.expectation) = (blank.clone(), blank.clone(), blank.clone());
        bearing.sources.clear();
        bearing.population.represents = 0;
        if !self.has_caps() {
            bearing.population.users = 0;
        }
        bearing.catalogue.preset = blank;
        for topic in &mut bearing.topics {
            topic.label.clear();
            topic.sensitive = false;
        }
        bearing.accounts.clear();
        let mut file = File::default();
        head(&mut file, &bearing);
        file.set("target_set", bearing.calibrate.target_set.name());
        population(&mut file, &bearing.population);
        catalogue(&mut file, &bearing.catalogue);
        bearing.topics.iter().for_each(|topic| topic_entry(&mut file, topic, &bearing.population));
        time(&mut file, &bearing.time);
        shocks(&mut file, &bearing.shocks);
        respond(&mut file, &bearing.respond);
        ranking(&mut file, &bearing.feed);
        file.set("fitted_engine", bearing.feed.fitted_engine.name());
        retrieval(&mut file, &bearing.feed);
        value(&mut file, bearing.feed.value);
        belief(&mut file, &bearing.feed);
        alternatives(&mut file, &bearing);
        early_loops(&mut file, bearing.loops);
        stay(&mut file, bearing.stay);
        // Later loops bear on nothing while they are off, and bands that files carry are to stay valid.
        if bearing.loops.interest {
            interest(&mut file, bearing.interest);
        }
        if bearing.loops.supply {
            supply(&mut file, bearing.supply);
        }
        bearing.arms.iter().for_each(|arm| arm_entry(&mut file, arm, &bearing));
        blake3::hash(file.0.as_bytes()).to_hex()[..16].to_owned()
    }
}

/// The sections that bear on appeals, as the scenario file has them.
fn text(bearing: &Scenario) -> String {
    let mut file = File::default();
    head(&mut file, bearing);
    population(&mut file, &bearing.population);
    catalogue(&mut file, &bearing.catalogue);
    bearing.topics.iter().for_each(|topic| topic_entry(&mut file, topic, &bearing.population));
    time(&mut file, &bearing.time);
    shocks(&mut file, &bearing.shocks);
    respond(&mut file, &bearing.respond);
    ranking(&mut file, &bearing.feed);
    if bearing.feed.engine == Engine::Candidates {
        retrieval(&mut file, &bearing.feed);
    }
    value(&mut file, bearing.feed.value);
    belief(&mut file, &bearing.feed);
    alternatives(&mut file, bearing);
    file.0 + &rest(&bearing.topics[0].id)
}

/// Structural alternatives where they are used: appeals and bands from before there were any stay valid.
fn alternatives(file: &mut File, bearing: &Scenario) {
    if bearing.feed.choice != Choice::Softmax {
        choice(file, &bearing.feed);
    }
}

/// Sections that do not bear on appeals, emptied. They say nothing, but fingerprints were taken with them from the start,
/// and appeals that files carry are to stay valid.
fn rest(first_topic: &str) -> String {
    format!(
        "\n[loops]\nprofile = true\npopularity = true\n\
         \n[measure]\ntrack = []\ngroup_topic = \"{first_topic}\"\n\
         \n[record]\nby = [\"day\", \"region\", \"group\", \"topic\"]\nmax_rows = 0\n\
         \n[replicates]\ncount = 0\nseed = 0\nredraw = \"world\"\n"
    )
}
