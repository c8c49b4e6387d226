//! The loop gain: how much the profile loop makes of a small permanent tilt in the long run, in units of what the tilt does at
//! once.
//!
//! Two arms have the same tilt from day 0 on. In one only the profile loop is live; in the other everything is replayed from the
//! baseline, so that its shift stays what the tilt does at once, on whatever day it is taken. Both are taken over the last week,
//! where the first has settled, and their ratio is the gain. Where profiles learn nothing the arms are the same, and it is 1.

use rayon::prelude::*;

use super::prerun;
use crate::measure::shift::LEAST_REPLICATES;
use crate::measure::{Course, Part, Window};
use crate::run::{Alone, Replicate, Setup, Stock};
use crate::scenario::{Arm, Audience, Classifier, Loops, RegionSet, Scenario, Schedule, Tilt, TiltKind};
use crate::stats::interval::{Interval, fieller};
use crate::trace::{Counter, Tally};

/// Days that the tilt is on for.
const DAYS: u32 = 28;
/// Days over which shifts are taken, the last ones.
const LAST: u32 = 7;
/// People of each world, no more than the scenario has.
const USERS: u32 = 4_000;
/// The tilt's factor on the score.
const MULTIPLY: f64 = 0.95;
/// Above this a scenario has no place among the shipped ones.
pub const MOST: f64 = 2.0;

/// The loop gain of a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// The topic that was tilted.
    pub topic: usize,
    /// Long-run ÷ immediate shift, with its 95 % simulation interval; `None` where the immediate shift is not told from none.
    pub gain: Option<Interval>,
    /// People of each world.
    pub users: u32,
    /// Worlds.
    pub replicates: u32,
    /// Days simulated with the tilt.
    pub days: u32,
}

/// Measures it in small worlds of the scenario, for the topic of its groups.
pub fn gain(scenario: &Scenario) -> Gain {
    let small = small(scenario);
    let prepared = prerun::prepare(&small);
    let topic = small.measure.group_topic;
    let gain = ratio(&worlds(&prepared.setup, Some(&prepared.stock)), topic);
    Gain { topic, gain, users: small.population.users, replicates: LEAST_REPLICATES as u32, days: DAYS }
}

/// Counts of finished worlds.
fn worlds(setup: &Setup, stock: Option<&Stock>) -> Vec<Tally> {
    let tally = |number: u32| -> Tally {
        let mut world = Replicate::new(setup.clone(), number, 0..setup.scenario.population.users, stock);
        while world.step(&Alone).is_some() {}
        world.into_tally()
    };
    (0..LEAST_REPLICATES as u32).into_par_iter().map(tally).collect()
}

/// Of worlds with three arms: the baseline, the live loop, everything replayed.
fn ratio(tallies: &[Tally], topic: usize) -> Option<Interval> {
    let window = Window { from: (DAYS - LAST) as usize, until: DAYS as usize };
    let share = |tally: &Tally, arm: usize| {
        Some(Course::new(tally, arm, window, Part::Everybody, &[]).shares(Counter::Impressions)?[topic])
    };
    let shifts = |arm: usize| -> Option<Vec<f64>> {
        tallies.iter().map(|tally| Some(share(tally, arm)? - share(tally, 0)?)).collect()
    };
    fieller(&shifts(1)?, &shifts(2)?, 0.95)
}

/// The scenario with nothing but the tilt, its arm with the profile loop alone and the one with none.
fn small(scenario: &Scenario) -> Scenario {
    let mut small = scenario.clone();
    let topic = small.measure.group_topic;
    small.population.users = small.population.users.min(USERS);
    small.time.days = DAYS;
    small.accounts.clear();
    small.loops = Loops { profile: true, ..Loops::NONE };
    small.measure.track = vec![topic];
    (small.measure.micro_users, small.measure.echo, small.measure.persistence) = (0, false, false);
    small.measure.attribution = true;
    small.arms = vec![Arm {
        name: "gain".to_owned(),
        against: None,
        tilts: vec![Tilt {
            kind: TiltKind::Score { multiply: MULTIPLY },
            topic: Some(topic),
            origin: RegionSet::ALL,
            schedule: Schedule { from_day: 0, until_day: DAYS, ramp_days: 0.0 },
            audience: Audience { regions: vec![true; small.population.regions.len()], share: 1.0 },
            classifier: Classifier { recall: 1.0, false_positive_rate: 0.0 },
        }],
    }];
    small
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    /// With profiles that learn nothing both arms are the same, and the gain is 1 to the last bit; with profiles that learn it is not.
    #[test]
    fn profiles_that_learn_nothing_have_a_gain_of_one() {
        let text = "schema = 1\nname = 'x'\n[population]\nusers = 100\nactivity_median = 40\n[catalogue]\ntopics = 'none'\n\
                    impressions_per_post = 20\ndepth_days = 3\n[[topic]]\nid = 'a'\nshare = 0.3\n[[topic]]\nid = 'b'\nshare = 0.7\n\
                    [time]\nburn_in_days = 1\n[feed]\nlearning_rate = ";
        let of = |rate: &str| {
            let small =
                small(&parse("x.toml", &format!("{text}{rate}\n"), &[]).unwrap_or_else(|error| panic!("{error}")));
            ratio(&worlds(&Setup::new(&small, &[vec![0.0; 2]]), None), 0).expect("a shift that is told from none")
        };
        let none = of("0");
        assert!(none.estimate == 1.0 && none.upper - none.lower < 1e-6, "{none:?}");
        assert!(of("0.1").estimate != 1.0);
    }

    /// Shares of 1,000 impressions on the last day: baseline 100, live 100 − 3·n, replayed 100 − 2·n.
    #[test]
    fn it_is_the_long_run_shift_in_units_of_the_immediate_one() {
        let tally = |n: u64| {
            let mut tally = Tally::new(0, DAYS as usize, 3, 1, 1, 2, 0);
            for (arm, count) in [(0, 100), (1, 100 - 3 * n), (2, 100 - 2 * n)] {
                for day in 0..DAYS as usize {
                    // Before the last week all are alike.
                    let count = if day + (LAST as usize) < DAYS as usize { 100 } else { count };
                    tally.exposure[[day, arm, 0, 0, 0, 0]] = count;
                    tally.exposure[[day, arm, 0, 0, 1, 0]] = 1_000 - count;
                }
            }
            tally
        };
        let found = ratio(&[10, 11, 12, 10, 11].map(tally), 0).expect("told from none");
        // Without scatter about the ratio its interval is as narrow as roots of rounding errors are.
        for end in [found.lower, found.estimate, found.upper] {
            assert!((end - 1.5).abs() < 1e-6, "{found:?}");
        }
        assert_eq!(ratio(&[0; 5].map(tally), 0), None);
    }
}
