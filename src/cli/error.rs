//! What can go wrong on the command line, and the exit code that says so.

use std::io;
use std::path::PathBuf;

use super::journal::JournalError;
use crate::report::ReportError;
use crate::report::folder::FolderError;
use crate::report::words::number::rough;
use crate::scenario::ScenarioError;
use crate::study::calibrate::accepted::AcceptedError;
use crate::study::reach::Missed;

/// Exit codes, as a contract.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// A check that the user asked for failed.
    pub const FAILED_CHECK: u8 = 1;
    /// Something the user can mend: arguments, scenario, folder, disk, memory.
    pub const MENDABLE: u8 = 2;
    /// A fault in feedtilt.
    pub const FAULT: u8 = 3;
}

/// Why a command could not be carried out. The user can mend all of these but [`Error::Report`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The run folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The journal of a fit.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A table could not be made: a fault in feedtilt.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// An argument that only the command itself can judge.
    #[error("error: {argument}: {problem}\nhint: {hint}")]
    Argument {
        /// What was typed.
        argument: String,
        /// What was found and what is expected.
        problem: String,
        /// How to mend it.
        hint: String,
    },
    /// The run would not fit.
    #[error("error: population.users: this scenario needs about {needed} of memory; {free}\nhint: {hint}")]
    Memory {
        /// Estimate.
        needed: String,
        /// What there is, and where.
        free: String,
        /// What would fit.
        hint: String,
    },
    /// No appeal gives a topic the share that is asked for.
    #[error("{}", out_of_reach(.0))]
    OutOfReach(Missed),
    /// A file could not be used.
    #[error("error: {}: could not be {verb}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was tried.
        verb: &'static str,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A table of accepted vectors.
    #[error("error: {}: {cause}", path.display())]
    Accepted {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: AcceptedError,
    },
    /// Standard output could not be written.
    #[error("error: standard output: could not be written: {0}")]
    Output(#[source] io::Error),
}

fn out_of_reach(missed: &Missed) -> String {
    let Missed { topic, region, asked, reached, supply } = missed;
    let place = region.as_ref().map_or_else(String::new, |region| format!(" in {region}"));
    let percent = |share: f64| format!("{} %", rough(share * 100.0));
    let mend = if reached < asked { "raise" } else { "lower" };
    format!(
        "error: topic.{topic}.share: {} of what people see{place} is out of reach; with the best appeal it came to {}\n\
         hint: {mend} topic.{topic}.supply, which is {} of all posts, or ask for a share nearer to it",
        percent(*asked),
        percent(*reached),
        percent(*supply)
    )
}

impl Error {
    /// The exit code that belongs to it.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Report(_) => exit::FAULT,
            _ => exit::MENDABLE,
        }
    }

    /// Whether the reader of standard output has gone: nothing to say, and nobody to say it to.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(cause) if cause.kind() == io::ErrorKind::BrokenPipe)
    }
}
