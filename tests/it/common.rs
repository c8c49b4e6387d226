//! Small worlds for tests.

use feedtilt::run::{Alone, Replicate, Setup};
use feedtilt::scenario::{Override, Scenario, parse};
use feedtilt::study::experiment::trace_hash;

/// A small scenario: the shipped topics, one arm with a 5 % lower score for protest, short days.
pub const SMALL: &str = r#"
schema = 1
name = "small"
question = "Does it hold?"
expectation = "It does."
[population]
users = 240
activity_median = 60
[catalogue]
impressions_per_post = 40
depth_days = 4
[time]
burn_in_days = 1
days = 2
[[arm]]
name = "protest-5"
[[arm.tilt]]
kind = "score"
topic = "protest"
multiply = 0.95
[replicates]
count = 1
"#;

/// [`SMALL`] with overrides `key=value`.
pub fn small(overrides: &[&str]) -> Scenario {
    scenario(SMALL, overrides)
}

/// A scenario from text with overrides `key=value`.
pub fn scenario(text: &str, overrides: &[&str]) -> Scenario {
    let overrides: Vec<Override> = overrides.iter().map(|o| o.parse().expect("key=value")).collect();
    parse("test", text, &overrides).unwrap_or_else(|error| panic!("{error}"))
}

/// Its derived tables, all appeals 0.
pub fn setup(scenario: &Scenario) -> Setup {
    Setup::new(scenario, &vec![vec![0.0; scenario.topic_count()]; scenario.population.regions.len()])
}

/// Its first world, before the first step; nobody is known.
pub fn world(scenario: &Scenario) -> Replicate {
    Replicate::new(setup(scenario), 0, 0..scenario.population.users, None)
}

/// Steps a world to its end and returns the hash of its tally.
pub fn finish(mut world: Replicate) -> String {
    while world.step(&Alone).is_some() {}
    trace_hash(&[world.into_tally()], None, &[])
}

/// Hash of a scenario's first world.
pub fn hash(scenario: &Scenario) -> String {
    finish(world(scenario))
}
