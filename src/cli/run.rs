//! `feedtilt run`: simulates a scenario, writes its run folder, says what the tilts moved.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::args::RunArguments;
use super::console::{Console, print, strong};
use super::error::{Error, exit};
use super::memory::refuse_too_large;
use super::progress::Share;
use super::simulate::{Simulated, simulate};
use crate::provenance::{COMMIT, Machine, VERSION, peak_memory_bytes};
use crate::report::folder::{self, Draft, Folder, FolderError, Found};
use crate::report::manifest::{Manifest, Seeds, hash, hashes};
use crate::report::words::wrap;
use crate::report::{Results, SUMMARY, bytes, table};
use crate::scenario::{LEAST_VECTORS, Scenario};
use crate::study::band;
use crate::study::calibrate::accepted::{self, Accepted};
use crate::study::estimate::Estimate;
use crate::study::structure;

/// Carries it out.
pub fn run(arguments: &RunArguments, console: Console) -> Result<u8, Error> {
    let mut scenario = arguments.scenario.load()?;
    scenario.uncertainty.band |= arguments.band;
    scenario.uncertainty.structure |= arguments.structure;
    let accepted = accepted_for(&scenario, arguments.accepted.as_deref())?;
    let requested_hash = requested_hash(&scenario, accepted.as_deref().filter(|_| arguments.accepted.is_some()));
    let folder = Folder::new(&folder_path(arguments, &scenario))?;
    if let Some(done) = already_done(&folder, &requested_hash, arguments.force)? {
        show_again(done, folder.path(), arguments.json, console)?;
        return Ok(exit::DONE);
    }
    arguments.threads.start()?;
    let threads = rayon::current_num_threads();
    let memory = Estimate::new(&scenario, threads).memory;
    refuse_too_large(&scenario, &memory, threads, arguments.memory.force_memory)?;
    let draft = folder.begin()?;
    let scenario = with_structures(with_band(scenario, accepted, console), console);
    let simulated = match simulate(scenario, console) {
        Ok(simulated) => simulated,
        Err(error) => return draft.discard().map_err(Error::from).and(Err(error)),
    };
    let results = simulated.results();
    let path = write(draft, &simulated, &results, requested_hash, console)?;
    show(&results, arguments.json, console)?;
    console.say(format_args!("written to {}", path.display()));
    Ok(exit::DONE)
}

/// Accepted vectors for a model band, where one is to be computed.
fn accepted_for(scenario: &Scenario, file: Option<&Path>) -> Result<Option<Vec<Accepted>>, Error> {
    if !scenario.uncertainty.band || scenario.valid_band().is_some() || scenario.arms.is_empty() {
        return Ok(None);
    }
    let target_set = scenario.calibrate.target_set;
    let vectors = match file {
        None => accepted::shipped(target_set),
        Some(path) => {
            let failed = |cause| Error::File { path: path.to_owned(), verb: "read", cause };
            let text = read_to_string(path).map_err(failed)?;
            accepted::read(target_set, &text).map_err(|cause| Error::Accepted { path: path.to_owned(), cause })?
        }
    };
    if vectors.len() < LEAST_VECTORS {
        let set = target_set.name();
        let from = file.map_or_else(|| format!("the set shipped for \"{set}\""), |path| path.display().to_string());
        return Err(Error::Argument {
            argument: "--band".to_owned(),
            problem: format!("found {} accepted vectors in {from}; expected at least {LEAST_VECTORS}", vectors.len()),
            hint: "`feedtilt calibrate --fit` searches more; give its accepted.csv with --accepted".to_owned(),
        });
    }
    Ok(Some(vectors))
}

/// The scenario with its model band, where there are vectors to compute it for.
fn with_band(scenario: Scenario, accepted: Option<Vec<Accepted>>, console: Console) -> Scenario {
    let Some(accepted) = accepted else { return scenario };
    let progress = Mutex::new(Share::new(console, "model band"));
    let lock = || progress.lock().unwrap_or_else(PoisonError::into_inner);
    let bands = band::bands(std::slice::from_ref(&scenario), &accepted, &|done| lock().see(done));
    progress.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    bands.into_iter().fold(scenario, Scenario::with_band)
}

/// The scenario with what other structures say, where it is asked for and the file carries it not.
fn with_structures(scenario: Scenario, console: Console) -> Scenario {
    if !scenario.uncertainty.structure || scenario.valid_structures().is_some() || scenario.arms.is_empty() {
        return scenario;
    }
    let progress = Mutex::new(Share::new(console, "structures"));
    let lock = || progress.lock().unwrap_or_else(PoisonError::into_inner);
    let structures = structure::structures(&scenario, &|done| lock().see(done));
    progress.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
    scenario.with_structures(structures)
}

fn folder_path(arguments: &RunArguments, scenario: &Scenario) -> PathBuf {
    arguments.out.clone().unwrap_or_else(|| Path::new("output").join(&scenario.name))
}

/// Hash of the scenario as asked for: appeals, a band and structures that belong to other settings are not part of it, accepted vectors
/// out of a file are.
fn requested_hash(scenario: &Scenario, accepted: Option<&[Accepted]>) -> String {
    let mut asked = scenario.clone();
    if asked.valid_appeal().is_none() {
        asked.solved = None;
    }
    if asked.valid_band().is_none() {
        asked.band = None;
    }
    if asked.valid_structures().is_none() {
        asked.structures = None;
    }
    match accepted {
        None => asked.hash(),
        Some(vectors) => blake3::hash(format!("{} {vectors:?}", asked.hash()).as_bytes()).to_hex().to_string(),
    }
}

/// The finished run of the same scenario and version, if it stands in the folder; an error if something else does.
fn already_done(folder: &Folder, requested: &str, force: bool) -> Result<Option<Manifest>, Error> {
    let path = || folder.path().to_owned();
    match folder.found()? {
        Found::Nothing => Ok(None),
        _ if force => Ok(None),
        Found::Unfinished => Err(FolderError::Unfinished { path: folder.partial().to_owned() }.into()),
        Found::Finished(manifest) => match difference(&manifest, requested) {
            None => Ok(Some(*manifest)),
            Some(what) => Err(FolderError::AnotherRun { path: path(), what }.into()),
        },
    }
}

/// What a stored run is, if it is not the one that is asked for.
fn difference(manifest: &Manifest, requested: &str) -> Option<String> {
    let (name, version) = (&manifest.scenario, &manifest.feedtilt_version);
    if requested != manifest.requested_hash && requested != manifest.scenario_hash {
        return Some(format!("a run of another scenario, or of {name} with other settings"));
    }
    (version != VERSION).then(|| format!("a run of {name} by feedtilt {version}; this is {VERSION}"))
}

fn write(
    draft: Draft,
    simulated: &Simulated,
    results: &Results<'_>,
    requested_hash: String,
    console: Console,
) -> Result<PathBuf, Error> {
    let (files, charts) = (results.files()?, results.charts()?);
    let scenario = simulated.scenario.to_toml();
    draft.write(folder::SCENARIO, scenario.as_bytes())?;
    let named = files.iter().map(|(name, content)| (*name, content));
    for (name, content) in named.chain(charts.iter().map(|(name, content)| (name.as_str(), content))) {
        draft.write(name, content)?;
        console.detail(format_args!("{name}: {}", bytes::bytes(content.len() as u64)));
    }
    let effort = &simulated.effort;
    let manifest = Manifest {
        feedtilt_version: VERSION.to_owned(),
        commit: COMMIT.map(ToOwned::to_owned),
        scenario: simulated.scenario.name.clone(),
        scenario_hash: hash(scenario.as_bytes()),
        requested_hash,
        seeds: Seeds {
            seed: simulated.scenario.replicates.seed,
            replicates: (0..simulated.scenario.replicates.count).collect(),
        },
        threads: rayon::current_num_threads(),
        machine: Machine::this(),
        started: simulated.started.clone(),
        wall_seconds: effort.total.wall,
        cpu_seconds: effort.total.cpu,
        pre_run_seconds: effort.pre_run.wall,
        impressions: effort.impressions,
        candidates: effort.candidates,
        impressions_per_second: effort.impressions_per_second(),
        peak_memory_bytes: peak_memory_bytes(),
        resumed_from: None,
        trace_hash: simulated.experiment.trace_hash.clone(),
        tables: hashes(&files),
        charts: hashes(&charts),
    };
    Ok(draft.finish(&manifest.json()?)?)
}

fn show(results: &Results<'_>, json: bool, console: Console) -> Result<(), Error> {
    for entry in &results.summary.warnings {
        console.warn(&entry.message);
    }
    if json {
        return print(&results.summary.json()?);
    }
    print(&paragraphs(results.summary.headline.iter().map(String::as_str)))?;
    let table = table::terminal(results.scenario, &results.figures);
    table.map_or(Ok(()), |table| print(&format!("\n{table}\n")))
}

/// Headline of a run that was finished before.
fn show_again(manifest: Manifest, path: &Path, json: bool, console: Console) -> Result<(), Error> {
    let summary = folder::read_table(path, SUMMARY)?;
    let summary = String::from_utf8_lossy(&summary);
    if json {
        print(&summary)?;
    } else {
        let value: serde_json::Value = serde_json::from_str(&summary).unwrap_or_default();
        for entry in value["warnings"].as_array().into_iter().flatten() {
            console.warn(entry["message"].as_str().unwrap_or_default());
        }
        let headline = value["headline"].as_array().into_iter().flatten().filter_map(|text| text.as_str());
        print(&paragraphs(headline))?;
    }
    let (name, path) = (manifest.scenario, path.display());
    console.say(format_args!("{name} is already done, in {path}; --force runs it again"));
    Ok(())
}

/// Paragraphs with the words before the first colon made strong: the names of arms.
fn paragraphs<'a>(headline: impl Iterator<Item = &'a str>) -> String {
    let paragraph = |text: &str| match text.split_once(": ") {
        Some((arm, _)) if !arm.contains(' ') => wrap(text).replacen(arm, &strong(arm), 1),
        _ => wrap(text),
    };
    headline.map(paragraph).collect::<Vec<_>>().join("\n")
}
