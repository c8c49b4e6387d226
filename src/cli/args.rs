//! What can be typed.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use clap_complete::Shell;

use crate::scenario::{Override, Scenario, ScenarioError, keys, load};
use crate::study::bench::WORKLOADS;
use crate::study::calibrate::wrong::Wrong;

/// Simulates a ranked short-video feed one to one and measures what small tilts of the ranking move.
#[derive(Debug, Parser)]
#[command(name = "feedtilt", version, max_term_width = 100)]
#[command(after_help = "Start with `feedtilt init`, or try `feedtilt run quickstart`.")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to say it.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Arguments of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// No progress, notes or warnings: only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more on the way
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// When to use colour; the environment variable `NO_COLOR` is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// No progress bar and no progress lines
    #[arg(long, global = true)]
    pub no_progress: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented scenario to start from
    Init(InitArguments),
    /// Check a scenario and say what a run will take; simulates at most the loop gain
    ///
    /// Prints the resolved scenario, every key with its value, on standard output; rows, memory and time follow on standard
    /// error.
    Check(CheckArguments),
    /// Run a scenario and write its run folder
    ///
    /// Does all that the file asks for, writes tables and summary to the run folder, and prints what the tilts moved.
    Run(RunArguments),
    /// Repeat a run and compare every table; exit code 1 on a difference
    Verify(VerifyArguments),
    /// Hold a scenario against what was measured on real platforms
    ///
    /// Simulates the scenario without its arms and prints the stylised facts: id, target, tolerance, what is simulated, verdict and use
    /// (I input echoed, F fitted, P predicted).
    Calibrate(CalibrateArguments),
    /// Measure the speed of standard workloads
    #[command(hide = true)]
    Bench(BenchArguments),
    /// Write what editors and shells need to know of feedtilt
    #[command(hide = true)]
    Generate(GenerateArguments),
}

/// Reads a whole number as the scenario file would, `3_000` included, and holds it against the range of a key.
fn of_key<T: TryFrom<i64>>(path: &'static str) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let key = keys::find(path).expect("the arguments name keys of the table, held by a test");
        let number = text.replace('_', "").parse::<i64>().ok().filter(|number| key.kind.allows(*number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| format!("expected {}", key.expected()))
    }
}

/// A scenario and what is changed in it.
#[derive(Debug, Args)]
pub struct ScenarioArguments {
    /// A file, `-` for standard input, or the name of a shipped scenario (`feedtilt init --list`)
    pub scenario: String,
    /// People simulated (population.users)
    #[arg(long, value_name = "N", value_parser = of_key::<u32>("population.users"))]
    pub users: Option<u32>,
    /// Measured days (time.days)
    #[arg(long, value_name = "N", value_parser = of_key::<u32>("time.days"))]
    pub days: Option<u32>,
    /// Repetitions (replicates.count)
    #[arg(long, value_name = "N", value_parser = of_key::<u32>("replicates.count"))]
    pub replicates: Option<u32>,
    /// Seed of all random draws (replicates.seed)
    #[arg(long, value_name = "N", value_parser = of_key::<u64>("replicates.seed"))]
    pub seed: Option<u64>,
    /// Set any key of the scenario, such as arm.protest-5.tilt.0.multiply=0.9; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

impl ScenarioArguments {
    /// Loads the scenario with all changes; `--set` comes last and wins.
    pub fn load(&self) -> Result<Scenario, ScenarioError> {
        let short = |key: &str, value: Option<String>| value.map(|value| Override::new(key, value));
        let shorthands = [
            short("population.users", self.users.map(|users| users.to_string())),
            short("time.days", self.days.map(|days| days.to_string())),
            short("replicates.count", self.replicates.map(|count| count.to_string())),
            short("replicates.seed", self.seed.map(|seed| seed.to_string())),
        ];
        let mut overrides: Vec<Override> = shorthands.into_iter().flatten().collect();
        for text in &self.set {
            overrides.push(text.parse()?);
        }
        load(&self.scenario, &overrides)
    }
}

/// How many threads.
#[derive(Debug, Args)]
pub struct ThreadArguments {
    /// Threads; no result depends on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// How much memory.
#[derive(Debug, Args)]
pub struct MemoryArguments {
    /// Go on where more memory is needed than is free
    #[arg(long)]
    pub force_memory: bool,
}

/// `feedtilt init`
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Name of the new scenario: NAME.toml is written [default: the name of what is copied]
    pub name: Option<String>,
    /// Shipped scenario to copy [default: the one called NAME, else quickstart]
    #[arg(long, value_name = "SHIPPED")]
    pub from: Option<String>,
    /// List the shipped scenarios and their questions
    #[arg(long, conflicts_with_all = ["name", "from"])]
    pub list: bool,
}

/// `feedtilt check`
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// What to check.
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Threads to estimate for.
    #[command(flatten)]
    pub threads: ThreadArguments,
    /// Memory to hold it against.
    #[command(flatten)]
    pub memory: MemoryArguments,
    /// Say in plain language what will be simulated, instead of printing the resolved scenario
    #[arg(long)]
    pub explain: bool,
    /// Simulate small worlds to measure the loop gain: what the profile loop makes of a small permanent tilt in the long run
    #[arg(long)]
    pub gain: bool,
    /// Print everything as JSON
    #[arg(long, conflicts_with = "explain")]
    pub json: bool,
}

/// `feedtilt run`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line, each there or not")]
pub struct RunArguments {
    /// What to run.
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Threads to run on.
    #[command(flatten)]
    pub threads: ThreadArguments,
    /// Memory to run in.
    #[command(flatten)]
    pub memory: MemoryArguments,
    /// Run folder [default: output/<name of the scenario>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Compute the model band where the file carries none (uncertainty.band): a world for each accepted vector of constants
    #[arg(long)]
    pub band: bool,
    /// Accepted vectors of constants, as `feedtilt calibrate --fit` writes them [default: those shipped for the target set]
    #[arg(long, value_name = "FILE", requires = "band")]
    pub accepted: Option<PathBuf>,
    /// Compute what the tilts move when the model is built otherwise, where the file carries it not (uncertainty.structure)
    #[arg(long)]
    pub structure: bool,
    /// Replace a run that is already in the folder
    #[arg(long)]
    pub force: bool,
    /// Print summary.json instead of headline and table
    #[arg(long)]
    pub json: bool,
}

/// `feedtilt verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// Folder of a finished run
    #[arg(value_name = "RUN")]
    pub folder: PathBuf,
    /// Threads to repeat it on.
    #[command(flatten)]
    pub threads: ThreadArguments,
}

/// `feedtilt calibrate`
#[derive(Debug, Args)]
pub struct CalibrateArguments {
    /// A file, `-` for standard input, or the name of a shipped scenario; its arms are left out
    #[arg(default_value = "quickstart")]
    pub scenario: String,
    /// People of the simulated world [default: 200,000; views per post need as many]
    #[arg(long, value_name = "N", value_parser = of_key::<u32>("population.users"))]
    pub users: Option<u32>,
    /// Seed of all random draws (replicates.seed)
    #[arg(long, value_name = "N", value_parser = of_key::<u64>("replicates.seed"))]
    pub seed: Option<u64>,
    /// Set any key of the scenario; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Threads to run on.
    #[command(flatten)]
    pub threads: ThreadArguments,
    /// Search the constants that the facts free, and write the accepted set; goes on where it was stopped
    #[arg(long, conflicts_with_all = ["json", "require", "users"])]
    pub fit: bool,
    /// Vectors simulated in each wave of the fit
    #[arg(long, value_name = "N", default_value_t = 72, requires = "fit", value_parser = value_parser!(u16).range(20..=10_000))]
    pub members: u16,
    /// Most waves of the fit
    #[arg(long, value_name = "N", default_value_t = 20, requires = "fit", value_parser = value_parser!(u16).range(2..=100))]
    pub waves: u16,
    /// Accepted vectors with which the search ends
    #[arg(long, value_name = "N", default_value_t = 60, requires = "fit", value_parser = value_parser!(u16).range(1..=10_000))]
    pub accepted: u16,
    /// Folder of the fit: journal.jsonl and accepted.csv
    #[arg(long, value_name = "DIR", default_value = "output/fit", requires = "fit")]
    pub out: PathBuf,
    /// Hold a model that is wrong on purpose against the facts instead: they should tell
    #[arg(long, value_name = "MODEL", value_parser = PossibleValuesParser::new(Wrong::ALL.map(Wrong::name)), conflicts_with = "fit")]
    pub wrong: Option<String>,
    /// Exit with 1 when fewer predicted facts than this are inside
    #[arg(long, value_name = "N")]
    pub require: Option<u32>,
    /// Print a list of rows as JSON
    #[arg(long)]
    pub json: bool,
}

impl CalibrateArguments {
    /// Loads the scenario with all changes.
    pub fn load(&self) -> Result<Scenario, ScenarioError> {
        let mut overrides: Vec<Override> =
            self.seed.map(|seed| Override::new("replicates.seed", seed.to_string())).into_iter().collect();
        for text in &self.set {
            overrides.push(text.parse()?);
        }
        load(&self.scenario, &overrides)
    }
}

/// `feedtilt generate`
#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// What to write, to standard output.
    #[command(subcommand)]
    pub what: Generated,
}

/// What can be generated.
#[derive(Debug, Subcommand)]
pub enum Generated {
    /// JSON Schema of the scenario file, by which editors complete and check it
    Schema,
    /// Completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Manual page, as roff
    Man {
        /// Command it is about [default: feedtilt itself]
        command: Option<String>,
    },
}

/// `feedtilt bench`
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// What to time
    #[arg(default_value = WORKLOADS[0].name, value_parser = PossibleValuesParser::new(WORKLOADS.map(|one| one.name)))]
    pub workload: String,
    /// People simulated
    #[arg(long, value_name = "N", value_parser = of_key::<u32>("population.users"))]
    pub users: Option<u32>,
    /// Epochs timed
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub epochs: Option<u32>,
    /// Seed of all random draws
    #[arg(long, value_name = "N", value_parser = of_key::<u64>("replicates.seed"))]
    pub seed: Option<u64>,
    /// Threads to run on.
    #[command(flatten)]
    pub threads: ThreadArguments,
    /// Print a JSON line
    #[arg(long)]
    pub json: bool,
    /// Append the JSON line to output/bench.jsonl
    #[arg(long)]
    pub append: bool,
    /// Compare with the last line of output/bench.jsonl for the same workload, size, threads and machine
    #[arg(long)]
    pub compare: bool,
    /// Exit with 1 when the speed has fallen by more than this share
    #[arg(long, value_name = "SHARE", requires = "compare")]
    pub max_loss: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_in_a_scenario_and_held_against_the_range_of_their_key() {
        let users = of_key::<u32>("population.users");
        assert_eq!(users("3_000"), Ok(3000));
        let refusal = "expected a whole number from 1 to 1_000_000_000 (people)";
        for text in ["0", "-3", "3e3", "3.0", "three", "", "2_000_000_000"] {
            assert_eq!(users(text), Err(refusal.to_owned()), "{text}");
        }
        assert_eq!(of_key::<u32>("time.days")("3_650"), Ok(3650));
        assert_eq!(of_key::<u32>("replicates.count")("10_001").ok(), None);
        assert_eq!(of_key::<u64>("replicates.seed")("9223372036854775807"), Ok(i64::MAX as u64));
    }
}
