//! What a run leaves on disk and what it says: tables, summary, words.
//!
//! Everything is made from tallies and measures; nothing here knows how a world is simulated. Files are made in memory
//! first ([`Results::files`]) and written by [`folder`] alone.

pub mod bytes;
pub mod columns;
pub mod exposure;
pub mod figures;
pub mod folder;
pub mod manifest;
pub mod markdown;
#[cfg(feature = "tables")]
mod parquet;
pub mod shift;
pub mod summary;
pub mod table;
pub mod warnings;
pub mod words;

use std::collections::BTreeMap;

use crate::scenario::Scenario;
use crate::trace::Tally;
use crate::warning::Warning;
pub use figures::{ArmFigures, Figures};
pub use summary::Summary;

/// A table that could not be made: a fault in feedtilt, not in what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Text that could not be put together.
    #[error("error: {file}: could not be made: {cause}")]
    Csv {
        /// Name of the file.
        file: &'static str,
        /// What the writer says.
        #[source]
        cause: csv::Error,
    },
    /// JSON that could not be put together.
    #[error("error: {file}: could not be made: {cause}")]
    Json {
        /// Name of the file.
        file: &'static str,
        /// What the writer says.
        #[source]
        cause: serde_json::Error,
    },
    /// Parquet that could not be put together.
    #[error("error: {file}: could not be made: {cause}")]
    Parquet {
        /// Name of the file.
        file: &'static str,
        /// What the writer says.
        cause: String,
    },
}

/// Name of the table of shifts.
pub const SHIFT: &str = "shift.csv";
/// Name of the summary for programs.
pub const SUMMARY: &str = "summary.json";
/// Name of the summary for readers.
pub const SUMMARY_PAGE: &str = "summary.md";

/// Everything a finished run has to say.
#[derive(Debug)]
pub struct Results<'a> {
    /// The scenario, with solved appeals.
    pub scenario: &'a Scenario,
    /// One tally per replicate.
    pub tallies: &'a [Tally],
    /// Comparisons by arm.
    pub figures: Figures,
    /// The summary.
    pub summary: Summary,
}

impl<'a> Results<'a> {
    /// Measures the tallies of all replicates; `known` are the warnings that could be given beforehand.
    pub fn new(scenario: &'a Scenario, tallies: &'a [Tally], trace_hash: &str, known: &[Warning]) -> Self {
        let figures = Figures::new(scenario, tallies);
        let summary = Summary::new(scenario, tallies, &figures, trace_hash, known);
        Self { scenario, tallies, figures, summary }
    }

    /// The tables and summaries of the run folder: name and content. The same run gives the same bytes anywhere.
    pub fn files(&self) -> Result<BTreeMap<&'static str, Vec<u8>>, ReportError> {
        let exposure = exposure::columns(self.scenario, self.tallies);
        Ok(BTreeMap::from([
            (exposure::FILE, exposure::encode(&exposure)?),
            (SHIFT, shift::columns(self.scenario, &self.figures).csv(SHIFT)?),
            (SUMMARY, self.summary.json()?.into_bytes()),
            (SUMMARY_PAGE, markdown::page(self.scenario, &self.figures, &self.summary).into_bytes()),
        ]))
    }
}
