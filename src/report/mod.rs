//! What a run leaves on disk and what it says: tables, summary, words.
//!
//! Everything is made from tallies and measures; nothing here knows how a world is simulated. Files are made in memory
//! first ([`Results::files`]) and written by [`folder`] alone.

pub mod accounts;
pub mod attribution;
pub mod bytes;
#[cfg(feature = "charts")]
pub mod chart;
pub mod columns;
pub mod dose_response;
pub mod exposure;
pub mod facts;
pub mod figures;
pub mod folder;
pub mod manifest;
pub mod markdown;
#[cfg(feature = "tables")]
mod parquet;
pub mod persistence;
pub mod shift;
pub mod shift_by_group;
pub mod structure;
pub mod summary;
pub mod table;
pub mod users;
pub mod users_summary;
pub mod warnings;
pub mod words;

use std::collections::BTreeMap;

use crate::scenario::Scenario;
use crate::trace::{Micro, Public, Tally};
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
    /// A picture that could not be drawn.
    #[error("error: {file}: could not be drawn: {cause}")]
    Chart {
        /// Name of the file.
        file: String,
        /// What the drawing says.
        cause: String,
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
    /// Counts of single people, where they were kept.
    pub micro: Option<&'a Micro>,
    /// What injected accounts were shown, one entry per replicate; empty without accounts.
    pub public: &'a [Public],
    /// Comparisons by arm.
    pub figures: Figures,
    /// The summary.
    pub summary: Summary,
}

impl<'a> Results<'a> {
    /// Measures the tallies of all replicates and the people followed; `known` are the warnings that could be given
    /// beforehand.
    pub fn new(
        scenario: &'a Scenario,
        tallies: &'a [Tally],
        micro: Option<&'a Micro>,
        trace_hash: &str,
        known: &[Warning],
    ) -> Self {
        let figures = Figures::new(scenario, tallies, micro);
        let summary = Summary::new(scenario, tallies, &figures, trace_hash, known);
        Self { scenario, tallies, micro, public: &[], figures, summary }
    }

    /// The same with what injected accounts were shown.
    #[must_use]
    pub fn with_accounts(self, public: &'a [Public]) -> Self {
        Self { public, ..self }
    }

    /// The tables and summaries of the run folder: name and content. The same run gives the same bytes anywhere.
    pub fn files(&self) -> Result<BTreeMap<&'static str, Vec<u8>>, ReportError> {
        let (scenario, figures) = (self.scenario, &self.figures);
        let mut files = BTreeMap::from([
            (exposure::FILE, exposure::columns(scenario, self.tallies).encode(exposure::FILE)?),
            (SHIFT, shift::columns(scenario, figures).csv(SHIFT)?),
            (shift_by_group::FILE, shift_by_group::columns(scenario, figures).csv(shift_by_group::FILE)?),
            (SUMMARY, self.summary.json()?.into_bytes()),
            (SUMMARY_PAGE, markdown::page(scenario, figures, &self.summary).into_bytes()),
        ]);
        if let Some(doses) = dose_response::columns(scenario, figures) {
            files.insert(dose_response::FILE, doses.csv(dose_response::FILE)?);
        }
        if let Some(structures) = structure::columns(scenario) {
            files.insert(structure::FILE, structures.csv(structure::FILE)?);
        }
        if let Some(parts) = attribution::columns(scenario, figures) {
            files.insert(attribution::FILE, parts.csv(attribution::FILE)?);
        }
        if let Some(left) = persistence::columns(scenario, figures) {
            files.insert(persistence::FILE, left.csv(persistence::FILE)?);
        }
        if let Some(micro) = self.micro {
            files.insert(users::FILE, users::columns(scenario, micro).encode(users::FILE)?);
        }
        if !self.public.is_empty() {
            files.insert(accounts::FILE, accounts::columns(scenario, self.public).encode(accounts::FILE)?);
        }
        Ok(files)
    }

    /// The pictures of the run folder: path and content; none without a tilted arm.
    #[cfg(feature = "charts")]
    pub fn charts(&self) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
        chart::files(self)
    }

    /// The pictures of the run folder: none in a build without the feature `charts`.
    #[cfg(not(feature = "charts"))]
    pub fn charts(&self) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
        Ok(BTreeMap::new())
    }
}
