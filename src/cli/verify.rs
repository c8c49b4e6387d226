//! `feedtilt verify`: holds a run folder against its manifest, and against a repetition of the run.

use super::args::VerifyArguments;
use super::console::{Console, print};
use super::error::{Error, exit};
use super::simulate::simulate;
use crate::provenance::VERSION;
use crate::report::folder::{SCENARIO, StoredRun, read};
use crate::report::words::number::plural;
use crate::scenario::parse;
use crate::study::verify::{Difference, content, contents, repetition};

/// Carries it out.
pub fn verify(arguments: &VerifyArguments, console: Console) -> Result<u8, Error> {
    let stored = read(&arguments.folder)?;
    arguments.threads.start()?;
    if stored.manifest.feedtilt_version != VERSION {
        let version = &stored.manifest.feedtilt_version;
        console.warn(format_args!(
            "the run was made by feedtilt {version}, this is {VERSION}: figures may differ for that reason"
        ));
    }
    let mut differences = contents(&stored.manifest.tables, &stored.tables);
    differences.extend(contents(&stored.manifest.charts, &stored.charts));
    match content(SCENARIO, &stored.manifest.scenario_hash, stored.scenario.as_deref()) {
        Some(difference) => differences.push(difference),
        None => differences.extend(repeat(&stored, &differences, console)?),
    }
    say(&differences, &stored, console)
}

/// Runs the stored scenario again and compares.
fn repeat(stored: &StoredRun, known: &[Difference], console: Console) -> Result<Vec<Difference>, Error> {
    let text = String::from_utf8_lossy(stored.scenario.as_deref().unwrap_or_default());
    let again = simulate(parse(SCENARIO, &text, &[])?, console)?;
    let mut differences = repetition(&stored.tables, &again.results().files()?, known);
    if again.experiment.trace_hash != stored.manifest.trace_hash {
        let (stored, repeated) = (stored.manifest.trace_hash.clone(), again.experiment.trace_hash);
        differences.push(Difference::Trace { stored, repeated });
    }
    Ok(differences)
}

fn say(differences: &[Difference], stored: &StoredRun, console: Console) -> Result<u8, Error> {
    if differences.is_empty() {
        let tables = plural(stored.manifest.tables.len() as u64, "table", "tables");
        print(&format!("verified: {tables} are the same, byte for byte\n"))?;
        return Ok(exit::DONE);
    }
    for difference in differences {
        print(&format!("{difference}\n"))?;
    }
    let unrepeated = |difference: &Difference| matches!(difference, Difference::Missing { file } | Difference::Changed { file } if file == SCENARIO);
    if differences.iter().any(unrepeated) {
        console.say("the run was not repeated, because its scenario is not the one it was made from");
    }
    Ok(exit::FAILED_CHECK)
}
