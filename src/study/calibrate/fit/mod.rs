//! The fit: constants that the data free, sought with an ensemble on small worlds. Its result is an accepted set.
//!
//! The first members are points of a scrambled Sobol sequence over the ranges. Each wave simulates its members, one world each,
//! and moves them by a [`smoother`]; the last wave is drawn around what it came to. Every simulated vector is written
//! to a journal at once; a fit that was stopped goes on from it. Accepted is a vector whose fitted figures are inside their tolerances.

pub mod constants;
pub mod entry;
pub mod smoother;

use rayon::prelude::*;

use constants::{CONSTANTS, Vector, from_normal, with};
use entry::Entry;

use super::facts::{Target, Use, of};
use super::probe::{Extent, Figures, figures};
use crate::rng::{Decision, Key};
use crate::scenario::{Scenario, TargetSet};
use crate::study::prerun::prepare_roughly;
use crate::unit::normal_quantile;

/// Standard deviation of the data about their targets, in tolerances: a tolerance is two of them.
const ERROR: f64 = 0.5;
/// A miss beyond this many tolerances, or an undefined figure, counts as this many.
const FARTHEST: f64 = 8.0;
/// Seed of the design, part of the method.
const SEED: u64 = 0x0066_6974_0000_0001;

/// How much is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Vectors of a wave.
    pub members: usize,
    /// Waves, the first included.
    pub waves: usize,
}

/// Figures that a fit of a set looks at: those of fitted facts that small worlds show.
pub fn targets(set: TargetSet) -> Vec<&'static Target> {
    // Weeks need a year.
    let fitted = of(set).filter(|fact| fact.usage == Use::Fitted && fact.id != "C27");
    fitted.flat_map(|fact| fact.targets).collect()
}

/// How far figures are from their targets, in tolerances.
pub fn misses(targets: &[&Target], figures: &Figures) -> Vec<f64> {
    let miss = |target: &&Target| match figures.get(target.figure).copied().flatten() {
        Some(value) => target.miss(value).clamp(-FARTHEST, FARTHEST),
        None => FARTHEST,
    };
    targets.iter().map(miss).collect()
}

/// Simulates a vector in world `replicate`.
pub fn evaluate(scenario: &Scenario, vector: &Vector, replicate: u32) -> Figures {
    let mut scenario = with(scenario, vector);
    scenario.population.users = Extent::FIT.people;
    let prepared = prepare_roughly(&scenario);
    figures(&scenario, &prepared, Extent { replicate, ..Extent::FIT }, &mut |_| {})
}

/// Runs the waves, but for vectors already `known`, and returns all entries, wave by wave. `keep` is given each new entry as soon
/// as it is known; what it fails with stops the fit.
pub fn fit<E>(
    scenario: &Scenario,
    budget: Budget,
    known: &[Entry],
    keep: &mut dyn FnMut(&Entry) -> Result<(), E>,
) -> Result<Vec<Entry>, E> {
    let targets = targets(scenario.calibrate.target_set);
    let key = Key::root(SEED, 0).of(Decision::Probe);
    let mut places = first(budget.members);
    let mut all = Vec::new();
    for wave in 0..budget.waves {
        let entries = simulated(scenario, wave, &places, known, keep)?;
        let misses: Vec<Vec<f64>> = entries.iter().map(|entry| misses(&targets, &entry.figures())).collect();
        places = smoother::moved(&places, &misses, ERROR, (budget.waves - 1) as f64, key.at(wave as u64));
        all.extend(entries);
    }
    Ok(all)
}

/// Points of a scrambled Sobol sequence, on the standard normal scale.
fn first(members: usize) -> Vec<Vec<f64>> {
    let coordinate = |member: usize, dimension: usize| {
        let u = f64::from(sobol_burley::sample(member as u32, dimension as u32, SEED as u32));
        normal_quantile(u.clamp(1e-3, 1.0 - 1e-3))
    };
    (0..members).map(|member| (0..CONSTANTS.len()).map(|i| coordinate(member, i)).collect()).collect()
}

/// Simulates the members of a wave that are not known.
fn simulated<E>(
    scenario: &Scenario,
    wave: usize,
    places: &[Vec<f64>],
    known: &[Entry],
    keep: &mut dyn FnMut(&Entry) -> Result<(), E>,
) -> Result<Vec<Entry>, E> {
    let vectors: Vec<Vector> = places.iter().map(|place| from_normal(place)).collect();
    let find = |(member, vector): (usize, &Vector)| known.iter().find(|entry| entry.is(wave, member, vector)).cloned();
    let mut entries: Vec<Option<Entry>> = vectors.iter().enumerate().map(find).collect();
    let missing: Vec<usize> = (0..vectors.len()).filter(|&member| entries[member].is_none()).collect();
    // As many at a time as there are threads: each is a run of many small steps, which threads share badly.
    for few in missing.chunks(rayon::current_num_threads()) {
        let simulate = |&member: &usize| {
            Entry::new(wave, member, &vectors[member], &evaluate(scenario, &vectors[member], member as u32))
        };
        let done: Vec<Entry> = few.par_iter().map(simulate).collect();
        for (&member, entry) in few.iter().zip(done) {
            keep(&entry)?;
            entries[member] = Some(entry);
        }
    }
    Ok(entries.into_iter().flatten().collect())
}
