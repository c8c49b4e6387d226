//! The model band: a scenario's shifts over the accepted set of constants.
//!
//! Every vector gets a world of its own, smaller than the scenario's, with the appeals that belong to it, in all arms. So the band holds
//! what is not known of the model and, as a small part, what single worlds scatter by.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::calibrate::accepted::Accepted;
use super::calibrate::fit::constants::{Vector, with};
use super::prerun::prepare_roughly;
use crate::measure::shift::Sides;
use crate::measure::{Comparison, Part, Window, share};
use crate::provenance::{VERSION, now};
use crate::run::{Alone, Replicate, Setup};
use crate::scenario::keys::{CANDIDATES_TEMPERATURE, CELLS_TEMPERATURE};
use crate::scenario::{Arm, BandVector, Engine, ModelBand, Scenario, Shifts};

/// Computes the bands of some scenarios. `see` is called with the part of the vectors that is done.
pub fn bands(scenarios: &[Scenario], accepted: &[Accepted], see: &(dyn Fn(f64) + Sync)) -> Vec<ModelBand> {
    let done = AtomicUsize::new(0);
    let one = |(number, of_vector): (usize, &Accepted)| {
        let shifts = shifts(scenarios, &of_vector.vector, number as u32);
        see((done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / accepted.len() as f64);
        shifts
    };
    let by_vector: Vec<Vec<Shifts>> = accepted.par_iter().enumerate().with_max_len(1).map(one).collect();
    let of_scenario = |(place, scenario): (usize, &Scenario)| {
        let vectors = accepted.iter().zip(&by_vector);
        let vector = |(of_vector, shifts): (&Accepted, &Vec<Shifts>)| BandVector {
            accuracy: of_vector.accuracy,
            relative: shifts[place].clone(),
        };
        ModelBand {
            fingerprint: scenario.band_fingerprint(),
            version: VERSION.to_owned(),
            date: now()[..10].to_owned(),
            vectors: vectors.map(vector).collect(),
        }
    };
    scenarios.iter().enumerate().map(of_scenario).collect()
}

/// The shifts of each scenario with one vector of constants, in its world `number`. Scenarios that differ in nothing but arms share
/// a pre-run.
fn shifts(scenarios: &[Scenario], vector: &Vector, number: u32) -> Vec<Shifts> {
    let mut prepared = BTreeMap::new();
    let of_scenario = |scenario: &Scenario| {
        let small = small(scenario, vector);
        let key = (small.appeal_fingerprint(), small.population.users);
        let prepared = prepared.entry(key).or_insert_with(|| prepare_roughly(&small));
        let setup = Setup::new(&small, &prepared.appeal);
        let world = Replicate::new(setup, number, 0..small.population.users, Some(&prepared.stock));
        of_world(&small, world)
    };
    scenarios.iter().map(of_scenario).collect()
}

/// Runs a world to its end; relative shifts of the arms' tracked topics.
fn of_world(small: &Scenario, mut world: Replicate) -> Shifts {
    while world.step(&Alone).is_some() {}
    let tallies = [world.into_tally()];
    let track = &small.measure.track;
    let of_arm = |(index, arm): (usize, &Arm)| {
        let reference = arm.against.map_or(0, |against| against + 1);
        let sides = Sides { arm: index + 1, reference, echo: None, tilted: &[], track };
        let days = arm.tilted_days();
        let window = Window { from: days.start as usize, until: days.end as usize };
        let shifts = Comparison::new(&tallies, sides, window, Part::Everybody).shifts(&share::EXPOSURE);
        // Five decimals: finer than a world knows it.
        track.iter().map(|&topic| shifts[topic].relative.map(|shift| libm::round(shift * 1e5) / 1e5 + 0.0)).collect()
    };
    small.arms.iter().enumerate().map(of_arm).collect()
}

fn small(scenario: &Scenario, vector: &Vector) -> Scenario {
    let mut small = with(scenario, vector);
    if small.feed.engine == Engine::Candidates {
        // The constants were fitted with the engine `cells`; each engine has a temperature of its own.
        small.feed.temperature *= CANDIDATES_TEMPERATURE / CELLS_TEMPERATURE;
    }
    // A cap counts views and means something else among fewer people.
    if !scenario.has_caps() {
        small.population.users = small.population.users.min(small.uncertainty.users);
    }
    small.measure.micro_users = 0;
    (small.measure.echo, small.measure.attribution) = (false, false);
    small.accounts.clear();
    small
}
