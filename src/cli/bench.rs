//! `feedtilt bench`: times a workload, stores the timing, compares it with an earlier one.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::args::BenchArguments;
use super::console::{Console, print};
use super::error::{Error, exit};
use crate::report::ReportError;
use crate::report::words::number::{size, whole};
use crate::study::bench::{Settings, Timing, Workload};

/// Where timings are kept.
const STORE: &str = "output/bench.jsonl";

/// Carries it out.
pub fn bench(arguments: &BenchArguments, console: Console) -> Result<u8, Error> {
    let workload = Workload::find(&arguments.workload).expect("the parser admits known workloads only");
    let settings = Settings { users: arguments.users, epochs: arguments.epochs, seed: arguments.seed };
    let scenario = workload.scenario(settings)?;
    arguments.threads.start()?;
    let earlier = if arguments.compare { stored()? } else { Vec::new() };
    let timing = workload.time(scenario, settings);
    let line = line(&timing)?;
    print(&if arguments.json { line.clone() } else { words(&timing) })?;
    if arguments.append {
        append(&line)?;
    }
    if arguments.compare { compare(&timing, &earlier, arguments.max_loss, console) } else { Ok(exit::DONE) }
}

fn line(timing: &Timing) -> Result<String, Error> {
    let text = serde_json::to_string(timing);
    Ok(text.map_err(|cause| ReportError::Json { file: "bench.jsonl", cause })? + "\n")
}

fn words(timing: &Timing) -> String {
    let Timing { workload, epochs, threads, seconds, pre_run_seconds, build_seconds, .. } = timing;
    format!(
        "{workload}: {} impressions a second, {} candidates a second\n\
         {} people, {} posts, {epochs} epochs on {threads} threads: {} impressions in {seconds:.2} s\n\
         before that: pre-run {pre_run_seconds:.2} s, world {build_seconds:.2} s\n",
        whole(timing.impressions_per_second as u64),
        whole(timing.candidates_per_second as u64),
        whole(timing.users.into()),
        whole(timing.items),
        whole(timing.impressions),
    )
}

fn failed(verb: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |cause| Error::File { path: STORE.into(), verb, cause }
}

/// Timings stored before; lines of other forms are left out.
fn stored() -> Result<Vec<Timing>, Error> {
    match fs::read_to_string(STORE) {
        Ok(text) => Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(cause) => Err(failed("read")(cause)),
    }
}

fn append(line: &str) -> Result<(), Error> {
    if let Some(folder) = Path::new(STORE).parent() {
        fs::create_dir_all(folder).map_err(failed("written"))?;
    }
    let opened = OpenOptions::new().create(true).append(true).open(STORE);
    opened.and_then(|mut file| file.write_all(line.as_bytes())).map_err(failed("written"))
}

fn compare(timing: &Timing, earlier: &[Timing], max_loss: Option<f64>, console: Console) -> Result<u8, Error> {
    let Some(before) = earlier.iter().rev().find(|before| timing.compares_with(before)) else {
        return Err(Error::Argument {
            argument: "--compare".to_owned(),
            problem: format!("{STORE} has no timing of the same workload, size, threads and machine"),
            hint: "--append stores one".to_owned(),
        });
    };
    let loss = timing.loss_against(before);
    let word = if loss > 0.0 { "slower" } else { "faster" };
    console.say(format_args!("{} % {word} than on {} ({})", size(loss * 100.0, -1), before.started, before.version));
    let failed = max_loss.is_some_and(|most| loss > most);
    Ok(if failed { exit::FAILED_CHECK } else { exit::DONE })
}
