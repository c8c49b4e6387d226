//! `feedtilt calibrate`: what a scenario shows of the stylised facts.

use std::fs::{create_dir_all, write};

use super::args::CalibrateArguments;
use super::console::{Console, print};
use super::error::{Error, exit};
use super::journal::{Journal, accepted_csv};
use super::progress::{Share, waiting};
use crate::report::facts::{FactRow, json, table};
use crate::report::words::number::plural;
use crate::scenario::{Scenario, TargetSet};
use crate::study::calibrate::accepted::shipped;
use crate::study::calibrate::facts::Use;
use crate::study::calibrate::fit::entry::Entry;
use crate::study::calibrate::fit::{self, Budget};
use crate::study::calibrate::probe::{Extent, figures};
use crate::study::calibrate::wrong::Wrong;
use crate::study::calibrate::{self, Row, score, verdict};
use crate::study::prerun;

/// Carries it out.
pub fn calibrate(arguments: &CalibrateArguments, console: Console) -> Result<u8, Error> {
    let scenario = arguments.load()?;
    arguments.threads.start()?;
    if arguments.fit {
        return fit(&scenario, arguments, console);
    }
    let wrong = Wrong::ALL.into_iter().find(|wrong| arguments.wrong.as_deref() == Some(wrong.name()));
    let model = wrong.map_or_else(|| scenario.clone(), |wrong| wrong.model(&scenario));
    let rows = simulate(&model, arguments, console);
    let [met, decided] = score(&rows, Use::Predicted);
    let facts: Vec<FactRow> = rows.iter().map(|row| fact(&rows, row)).collect();
    if arguments.json {
        print(&json(&facts)?)?;
    } else {
        print(&table(&facts))?;
        let set = scenario.calibrate.target_set.name();
        console.say(format_args!(
            "{met} of {} of the set {set} inside",
            plural(decided as u64, "predicted fact", "predicted facts")
        ));
    }
    let missed = arguments.require.filter(|&least| met < least as usize);
    if let Some(least) = missed {
        console.say(format_args!("--require {least}: {met} are inside"));
    }
    Ok(if missed.is_some() { exit::FAILED_CHECK } else { exit::DONE })
}

fn simulate(scenario: &Scenario, arguments: &CalibrateArguments, console: Console) -> Vec<Row> {
    let prepared = waiting(console, "pre-run: what the platform knows after weeks", || prerun::prepare(scenario));
    let mut extent = Extent::TABLE;
    if let Some(people) = arguments.users {
        (extent.people, extent.present) = (people, people);
        extent.watched = extent.watched.min(people);
    }
    let mut share = Share::new(console, "stylised facts");
    let figures = figures(scenario, &prepared, extent, &mut |done| share.see(done));
    share.finish();
    calibrate::table(scenario.calibrate.target_set, &figures)
}

fn fact(rows: &[Row], row: &Row) -> FactRow {
    FactRow {
        id: row.fact.id,
        figure: row.target.figure,
        target: row.target.value,
        tolerance: row.target.bounds(),
        simulated: row.simulated,
        verdict: row.verdict().name(),
        fact_verdict: verdict(rows, row.fact.id).name(),
        usage: row.fact.usage.letter(),
        what: row.fact.what,
        source: row.fact.source,
    }
}

/// Searches the constants that the facts free.
fn fit(scenario: &Scenario, arguments: &CalibrateArguments, console: Console) -> Result<u8, Error> {
    if scenario.calibrate.target_set == TargetSet::Tiktok && shipped(TargetSet::Kuaishou).is_empty() {
        return Err(Error::Argument {
            argument: "--fit".to_owned(),
            problem: "a fit to \"tiktok\" starts from the accepted set of \"kuaishou\"; found none".to_owned(),
            hint: "fit \"kuaishou\" first and put its accepted.csv into scenarios/accepted-kuaishou.csv".to_owned(),
        });
    }
    let failed = |verb| move |cause| Error::File { path: arguments.out.clone(), verb, cause };
    create_dir_all(&arguments.out).map_err(failed("written"))?;
    let (mut journal, known) = Journal::open(&arguments.out.join("journal.jsonl"))?;
    let budget = Budget {
        members: arguments.members.into(),
        waves: arguments.waves.into(),
        accepted: arguments.accepted.into(),
    };
    if !known.is_empty() {
        console.say(format_args!("going on: {} are known", plural(known.len() as u64, "vector", "vectors")));
    }
    let entries = fit::fit(scenario, budget, &known, &mut |entry: &Entry| {
        if console.shows_progress() {
            let (wave, vector) = (entry.wave + 1, entry.member + 1);
            console.say(format_args!("wave {wave}, vector {vector} of {}", budget.members));
        }
        journal.append(entry)
    })?;
    let accepted = fit::accepted(scenario.calibrate.target_set, &entries);
    let path = arguments.out.join("accepted.csv");
    write(&path, accepted_csv(&accepted)?).map_err(|cause| Error::File {
        path: path.clone(),
        verb: "written",
        cause,
    })?;
    let simulated = plural(entries.len() as u64, "simulated vector", "simulated vectors");
    console.say(format_args!("{} of {simulated} accepted, written to {}", accepted.len(), path.display()));
    Ok(if accepted.len() < budget.accepted { exit::FAILED_CHECK } else { exit::DONE })
}
