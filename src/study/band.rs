//! The model band: a scenario's shifts over the accepted set of constants.
//!
//! Every vector gets a world of its own, smaller than the scenario's, with the appeals that belong to it, in all arms. So the band holds
//! what is not known of the model and, as a small part, what single worlds scatter by.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::calibrate::accepted::Accepted;
use super::calibrate::fit::constants::{Vector, with};
use super::prerun::prepare_roughly;
use crate::measure::shift::Sides;
use crate::measure::{Comparison, Part, Window, share};
use crate::provenance::{VERSION, now};
use crate::run::{Alone, Replicate};
use crate::scenario::keys::{CANDIDATES_TEMPERATURE, CELLS_TEMPERATURE};
use crate::scenario::{Arm, BandVector, Engine, ModelBand, Scenario, Shifts};

/// Computes the band. `see` is called with the part of the vectors that is done.
pub fn band(scenario: &Scenario, accepted: &[Accepted], see: &(dyn Fn(f64) + Sync)) -> ModelBand {
    let done = AtomicUsize::new(0);
    let one = |(number, accepted_vector): (usize, &Accepted)| {
        let relative = shifts(scenario, &accepted_vector.vector, number as u32);
        see((done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / accepted.len() as f64);
        BandVector { accuracy: accepted_vector.accuracy, relative }
    };
    ModelBand {
        fingerprint: scenario.band_fingerprint(),
        version: VERSION.to_owned(),
        date: now()[..10].to_owned(),
        vectors: accepted.par_iter().enumerate().with_max_len(1).map(one).collect(),
    }
}

/// The scenario's shifts with one vector of constants, in world `number` of as many people as the band is made with.
pub fn shifts(scenario: &Scenario, vector: &Vector, number: u32) -> Shifts {
    let small = small(scenario, vector);
    let prepared = prepare_roughly(&small);
    let mut world = Replicate::new(prepared.setup, number, 0..small.population.users, Some(&prepared.stock));
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
    small.population.users = small.population.users.min(small.uncertainty.users);
    small.measure.micro_users = 0;
    (small.measure.echo, small.measure.attribution) = (false, false);
    small.accounts.clear();
    small
}
