//! Structural sensitivity: a scenario's shifts when the model itself is built otherwise.
//!
//! Engine and rule of choice, rule by which profiles move, one latent or two: each combination with appeals of its own, in small worlds
//! with the scenario's constants. None of them is fitted anew; the table says what a figure owes to how the model is built.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::experiment::Experiment;
use super::prerun::prepare_roughly;
use crate::measure::micro::{Ghosts, UsersEffect, users_effect};
use crate::measure::shift::Sides;
use crate::measure::{Comparison, Part, Shift, Window, share};
use crate::provenance::{VERSION, now};
use crate::scenario::keys::{CANDIDATES_TEMPERATURE, CELLS_TEMPERATURE};
use crate::scenario::{Arm, Choice, Engine, ProfileRule, Scenario, Shifts, Structure, Structures};

/// Worlds of a combination: the fewest that carry an interval.
pub const WORLDS: u32 = 5;
/// People followed in all of them together.
pub const FOLLOWED: u32 = 100;

/// Engines and rules of choice: `cells` draws by mass and knows no other rule.
const CHOICES: [(Engine, Choice); 4] = [
    (Engine::Cells, Choice::Softmax),
    (Engine::Candidates, Choice::Softmax),
    (Engine::Candidates, Choice::NoisyTop),
    (Engine::Candidates, Choice::EpsilonGreedy),
];

/// Every combination, simulated. `see` is called with the part of them that is done.
pub fn structures(scenario: &Scenario, see: &(dyn Fn(f64) + Sync)) -> Structures {
    let (variants, done) = (variants(scenario), AtomicUsize::new(0));
    let one = |variant: &Scenario| {
        let structure = simulate(variant);
        see((done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / variants.len() as f64);
        structure
    };
    Structures {
        fingerprint: scenario.band_fingerprint(),
        version: VERSION.to_owned(),
        date: now()[..10].to_owned(),
        combinations: variants.par_iter().with_max_len(1).map(one).collect(),
    }
}

fn variants(scenario: &Scenario) -> Vec<Scenario> {
    let mut all = Vec::new();
    for (engine, choice) in CHOICES {
        for profile_rule in [ProfileRule::Rate, ProfileRule::Share] {
            for latents in [2, 1] {
                let mut variant = small(scenario);
                (variant.feed.choice, variant.feed.profile_rule) = (choice, profile_rule);
                variant.respond.latents = latents;
                if variant.feed.engine != engine {
                    // Each engine has a temperature of its own.
                    let ratio = CANDIDATES_TEMPERATURE / CELLS_TEMPERATURE;
                    variant.feed.temperature *= if engine == Engine::Candidates { ratio } else { 1.0 / ratio };
                    (variant.feed.engine, variant.feed.fitted_engine) = (engine, engine);
                }
                all.push(variant);
            }
        }
    }
    all
}

fn small(scenario: &Scenario) -> Scenario {
    let mut small = scenario.clone();
    // A cap counts views and means something else among fewer people.
    if !scenario.has_caps() {
        small.population.users = small.population.users.min(small.uncertainty.structure_users);
    }
    small.population.represents = small.population.users.into();
    small.replicates.count = WORLDS;
    small.measure.micro_users = FOLLOWED.min(small.measure.micro_users).min(small.population.users);
    (small.measure.echo, small.measure.attribution, small.measure.persistence) = (false, false, false);
    small.accounts.clear();
    (small.solved, small.band, small.structures) = (None, None, None);
    small
}

fn simulate(variant: &Scenario) -> Structure {
    let experiment = Experiment::run(variant, &prepare_roughly(variant), &mut |_| {});
    let shifts = by_arm(variant, |arm, window| {
        let sides = Sides { arm: arm.0, reference: arm.1, echo: None, tilted: &[], track: &variant.measure.track };
        Comparison::new(&experiment.tallies, sides, window, Part::Everybody).shifts(&share::EXPOSURE)
    });
    let effects = by_arm(variant, |(arm, reference), Window { from, until }| {
        let ghosts = Ghosts { arm, reference, fork_day: from as i64, days: until - from };
        let micro = experiment.micro.as_ref();
        micro.map_or_else(Vec::new, |micro| users_effect(micro, ghosts, &variant.measure.track))
    });
    let track = &variant.measure.track;
    let of_shifts = |figure: fn(&Shift) -> Option<f64>| -> Shifts {
        shifts.iter().map(|row| track.iter().map(|&topic| figure(&row[topic]).map(rounded)).collect()).collect()
    };
    let median = |row: &Vec<UsersEffect>| {
        (0..track.len()).map(|tracked| row.get(tracked).and_then(|effect| effect.median).map(rounded)).collect()
    };
    Structure {
        engine: variant.feed.engine,
        choice: variant.feed.choice,
        profile_rule: variant.feed.profile_rule,
        latents: variant.respond.latents,
        relative: of_shifts(|shift| shift.relative),
        low: of_shifts(|shift| shift.relative_ci95.map(|ends| ends[0])),
        high: of_shifts(|shift| shift.relative_ci95.map(|ends| ends[1])),
        weekly: effects.iter().map(median).collect(),
    }
}

/// What `look` finds of each arm, given its place and that of its reference in the tally, and its tilted days.
fn by_arm<T>(scenario: &Scenario, look: impl Fn((usize, usize), Window) -> T) -> Vec<T> {
    let of_arm = |(index, arm): (usize, &Arm)| {
        let days = arm.tilted_days();
        let window = Window { from: days.start as usize, until: days.end as usize };
        look((index + 1, arm.against.map_or(0, |against| against + 1)), window)
    };
    scenario.arms.iter().enumerate().map(of_arm).collect()
}

/// Five decimals: finer than a few worlds know it.
fn rounded(x: f64) -> f64 {
    libm::round(x * 1e5) / 1e5 + 0.0
}
