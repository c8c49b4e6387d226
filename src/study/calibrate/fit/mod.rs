//! The fit: constants that the data free, sought in small worlds. Its result is an accepted set.
//!
//! The first vectors are points of a scrambled Sobol sequence over the ranges. Each wave simulates its vectors, one world each; the
//! next wave's are drawn where an [`emulator`] of all that was simulated expects the data to be met. Every simulated vector is
//! written to a journal at once; a fit that was stopped goes on from it. Accepted is a vector whose fitted figures are inside their
//! tolerances in its own world, but for one that misses by little.

pub mod constants;
pub mod emulator;
pub mod entry;

use rayon::prelude::*;

use constants::{CONSTANTS, FREED_AGAIN, Vector, from_places, to_places, with};
use emulator::Emulator;
use entry::Entry;

use super::accepted::shipped;
use super::facts::{Target, Use, of};
use super::probe::{Extent, Figures, figures};
use crate::rng::{Decision, Key};
use crate::scenario::{Scenario, TargetSet};
use crate::study::prerun::prepare_roughly;

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
    /// Most waves, the first included.
    pub waves: usize,
    /// Accepted vectors with which the search ends before.
    pub accepted: usize,
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
    let set = scenario.calibrate.target_set;
    let key = Key::root(SEED, 0).of(Decision::Probe);
    let mut places = first(set, budget.members);
    let mut all = simulated(scenario, 0, &places, known, keep)?;
    for wave in 1..budget.waves {
        if accepted(set, &all).len() >= budget.accepted {
            break;
        }
        places = next(set, &all, &places, key.at(wave as u64));
        all.extend(simulated(scenario, wave, &places, known, keep)?);
    }
    Ok(all)
}

/// Vectors of the next wave. Chains begin at the vectors that came nearest to the data; with a set that leaves constants as they are,
/// at the places of the wave before.
fn next(set: TargetSet, all: &[Entry], places: &[Vec<f64>], key: Key) -> Vec<Vec<f64>> {
    let targets = targets(set);
    let simulated = |entry: &Entry| {
        let vector = entry.vector().expect("entries of this fit are of its constants");
        (to_places(set, &vector), misses(&targets, &entry.figures()))
    };
    let (known, misses): (Vec<Vec<f64>>, Vec<Vec<f64>>) = all.iter().map(simulated).unzip();
    let emulator = Emulator::new(&known, &misses);
    let starts = match set {
        TargetSet::Tiktok => places.to_vec(),
        TargetSet::Kuaishou => {
            let square = |row: &Vec<f64>| row.iter().map(|miss| miss * miss).sum::<f64>();
            let mut order: Vec<usize> = (0..known.len()).collect();
            order.sort_by(|&a, &b| square(&misses[a]).total_cmp(&square(&misses[b])));
            order.into_iter().take(places.len()).map(|at| known[at].clone()).collect()
        }
    };
    emulator.draw(&starts, &free(set), ERROR, key)
}

/// Places of the constants that a set frees.
fn free(set: TargetSet) -> Vec<usize> {
    let is_free =
        |&i: &usize| set == TargetSet::Kuaishou || FREED_AGAIN.iter().any(|again| again.0 == CONSTANTS[i].key);
    (0..CONSTANTS.len()).filter(is_free).collect()
}

/// Of so many figures one may miss, by less than [`FARTHEST_ACCEPTED`] tolerances.
const ONE_IN: usize = 20;
/// See [`ONE_IN`].
const FARTHEST_ACCEPTED: f64 = 2.0;

/// Entries whose fitted figures are inside their tolerances, in order; of every twenty figures one may miss by little. A small world
/// scatters by up to a tolerance about what a vector means, so among twenty figures one is soon outside by chance, among two it is not.
/// Reference: second-highest implausibility, Vernon, Goldstein & Bower 2010, *Bayesian Analysis* 5.
pub fn accepted(set: TargetSet, entries: &[Entry]) -> Vec<&Entry> {
    let targets = targets(set);
    entries.iter().filter(|entry| is_accepted(&misses(&targets, &entry.figures()))).collect()
}

fn is_accepted(misses: &[f64]) -> bool {
    let outside = misses.iter().filter(|miss| miss.abs() > 1.0);
    outside.clone().count() <= misses.len() / ONE_IN && outside.into_iter().all(|miss| miss.abs() < FARTHEST_ACCEPTED)
}

/// Where the first wave stands: points of a scrambled Sobol sequence, but for constants that another set has settled.
fn first(set: TargetSet, members: usize) -> Vec<Vec<f64>> {
    let coordinate = |member: usize, dimension: usize| {
        2.0 * f64::from(sobol_burley::sample(member as u32, dimension as u32, SEED as u32)) - 1.0
    };
    let sobol = |member: usize| -> Vec<f64> { (0..CONSTANTS.len()).map(|i| coordinate(member, i)).collect() };
    let settled = if set == TargetSet::Tiktok { shipped(TargetSet::Kuaishou) } else { Vec::new() };
    let place = |member: usize| {
        let Some(start) = settled.get(member % settled.len().max(1)) else { return sobol(member) };
        let mut place = to_places(set, &start.vector);
        free(set).into_iter().for_each(|i| place[i] = coordinate(member, i));
        place
    };
    (0..members).map(place).collect()
}

/// Simulates the members of a wave that are not known.
fn simulated<E>(
    scenario: &Scenario,
    wave: usize,
    places: &[Vec<f64>],
    known: &[Entry],
    keep: &mut dyn FnMut(&Entry) -> Result<(), E>,
) -> Result<Vec<Entry>, E> {
    let set = scenario.calibrate.target_set;
    let vectors: Vec<Vector> = places.iter().map(|place| from_places(set, place)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Misses of so many figures, the first of which are given.
    fn of(figures: usize, first: &[f64]) -> Vec<f64> {
        first.iter().copied().chain(std::iter::repeat(0.9)).take(figures).collect()
    }

    #[test]
    fn one_figure_in_twenty_may_miss_by_less_than_two_tolerances() {
        for (figures, first, expected) in [
            (21, &[][..], true),
            (21, &[1.9], true),
            (21, &[-1.9], true),
            (21, &[2.0], false),
            (21, &[1.1, -1.1], false),
            (19, &[1.1], false),
            (2, &[1.1], false),
            (2, &[], true),
        ] {
            assert_eq!(is_accepted(&of(figures, first)), expected, "{first:?} of {figures}");
        }
        assert_eq!([TargetSet::Kuaishou, TargetSet::Tiktok].map(|set| targets(set).len() / ONE_IN), [1, 0]);
    }
}
