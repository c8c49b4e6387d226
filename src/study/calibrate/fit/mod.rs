//! The fit: constants that the data free, sought with an ensemble on small worlds. Its result is an accepted set.
//!
//! The first members are points of a scrambled Sobol sequence over the ranges. Each wave simulates its members, one world each,
//! and moves them by a [`smoother`]; the last wave is drawn around what it came to. Every simulated vector is written
//! to a journal at once; a fit that was stopped goes on from it. Accepted is a vector whose fitted figures are inside their tolerances.

pub mod constants;
pub mod entry;
pub mod smoother;

use rayon::prelude::*;

use constants::{CONSTANTS, Vector, from_normal, to_normal, with};
use entry::Entry;

use super::accepted::shipped;
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
    /// Waves that move, the first included.
    pub waves: usize,
    /// Accepted vectors with which the search ends.
    pub accepted: usize,
    /// Most waves that only gather accepted vectors.
    pub gathering: usize,
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

/// Constants that the set `tiktok` frees again: the others stay as they were fitted to `kuaishou`.
const FREED_AGAIN: [&str; 2] = ["respond.attention", "respond.watch_slope"];

/// Runs the waves, but for vectors already `known`, and returns all entries, wave by wave. `keep` is given each new entry as soon
/// as it is known; what it fails with stops the fit.
///
/// After the waves that move come others, drawn around what the last came to, until enough vectors are accepted.
pub fn fit<E>(
    scenario: &Scenario,
    budget: Budget,
    known: &[Entry],
    keep: &mut dyn FnMut(&Entry) -> Result<(), E>,
) -> Result<Vec<Entry>, E> {
    let set = scenario.calibrate.target_set;
    let targets = targets(set);
    let key = Key::root(SEED, 0).of(Decision::Probe);
    let mut places = first(set, budget.members);
    let mut all: Vec<Entry> = Vec::new();
    for wave in 0..budget.waves + budget.gathering {
        let entries = simulated(scenario, wave, &places, known, keep)?;
        let misses: Vec<Vec<f64>> = entries.iter().map(|entry| misses(&targets, &entry.figures())).collect();
        all.extend(entries);
        if wave + 1 < budget.waves {
            let moves = (budget.waves - 1) as f64;
            places = freed(set, &places, &smoother::moved(&places, &misses, ERROR, moves, key.at(wave as u64)));
        } else if accepted(set, &all).len() < budget.accepted {
            places = freed(set, &places, &smoother::redrawn(&places, key.at(wave as u64)));
        } else {
            break;
        }
    }
    Ok(all)
}

/// Entries whose fitted figures are all inside their tolerances, in order.
pub fn accepted(set: TargetSet, entries: &[Entry]) -> Vec<&Entry> {
    let targets = targets(set);
    let inside = |entry: &&Entry| misses(&targets, &entry.figures()).iter().all(|miss| miss.abs() <= 1.0);
    entries.iter().filter(inside).collect()
}

/// Where the first wave stands, on the standard normal scale: points of a scrambled Sobol sequence, but for constants that another set
/// has settled.
fn first(set: TargetSet, members: usize) -> Vec<Vec<f64>> {
    let coordinate = |member: usize, dimension: usize| {
        let u = f64::from(sobol_burley::sample(member as u32, dimension as u32, SEED as u32));
        normal_quantile(u.clamp(1e-3, 1.0 - 1e-3))
    };
    let sobol: Vec<Vec<f64>> =
        (0..members).map(|member| (0..CONSTANTS.len()).map(|i| coordinate(member, i)).collect()).collect();
    match set {
        TargetSet::Kuaishou => sobol,
        TargetSet::Tiktok => {
            let settled = shipped(TargetSet::Kuaishou);
            let from = |member: usize| to_normal(&settled[member % settled.len()].vector);
            freed(set, &(0..members).map(from).collect::<Vec<_>>(), &sobol)
        }
    }
}

/// `moved` in the constants that a set frees, `places` in all others.
fn freed(set: TargetSet, places: &[Vec<f64>], moved: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let is_free = |i: usize| set == TargetSet::Kuaishou || FREED_AGAIN.contains(&CONSTANTS[i].key);
    let mix = |(place, moved): (&Vec<f64>, &Vec<f64>)| {
        (0..CONSTANTS.len()).map(|i| if is_free(i) { moved[i] } else { place[i] }).collect()
    };
    places.iter().zip(moved).map(mix).collect()
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
