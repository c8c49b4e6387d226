//! `manifest.json`: where a run comes from and what it took. Written last, so a folder that has one is complete.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ReportError;
use crate::provenance::{Machine, Spent};

/// Name of the file.
pub const FILE: &str = "manifest.json";

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of feedtilt.
    pub feedtilt_version: String,
    /// Commit it was built from, if the build knew.
    pub commit: Option<String>,
    /// Name of the scenario.
    pub scenario: String,
    /// BLAKE3 of `scenario.toml`, which carries the solved topic appeals.
    pub scenario_hash: String,
    /// BLAKE3 of the resolved scenario as it was asked for, before appeals were solved.
    pub requested_hash: String,
    /// Seeds.
    pub seeds: Seeds,
    /// Threads.
    pub threads: usize,
    /// Machine.
    pub machine: Machine,
    /// When the run began, UTC.
    pub started: String,
    /// Seconds on the clock, pre-run included.
    pub wall_seconds: f64,
    /// Processor seconds over all threads.
    pub cpu_seconds: Option<f64>,
    /// Seconds on the clock that the pre-run took.
    pub pre_run_seconds: f64,
    /// Impressions simulated in all arms, days and replicates.
    pub impressions: u64,
    /// Candidates scored.
    pub candidates: u64,
    /// Impressions per second on the clock, pre-run excluded.
    pub impressions_per_second: f64,
    /// Largest memory held, bytes.
    pub peak_memory_bytes: Option<u64>,
    /// Checkpoint the run went on from; never yet.
    pub resumed_from: Option<String>,
    /// BLAKE3 over the integer tallies, and over what accounts were shown.
    pub trace_hash: String,
    /// BLAKE3 of every table, by name.
    pub tables: BTreeMap<String, String>,
    /// BLAKE3 of every file of pictures, by name. They are no tables: a repetition is not held against them, because pixels
    /// depend on the processor in their last bits, and a build may draw none.
    #[serde(default)]
    pub charts: BTreeMap<String, String>,
}

/// What the random draws are keyed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeds {
    /// `replicates.seed`.
    pub seed: u64,
    /// Replicates draw from (seed, number): their numbers.
    pub replicates: Vec<u32>,
}

/// What a run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// All of it.
    pub total: Spent,
    /// The pre-run.
    pub pre_run: Spent,
    /// Impressions simulated.
    pub impressions: u64,
    /// Candidates scored.
    pub candidates: u64,
}

impl Effort {
    /// Impressions per second on the clock, pre-run excluded.
    pub fn impressions_per_second(&self) -> f64 {
        // A run of no length is a run of a microsecond.
        self.impressions as f64 / (self.total.wall - self.pre_run.wall).max(1e-6)
    }
}

impl Manifest {
    /// The file.
    pub fn json(&self) -> Result<String, ReportError> {
        let text = serde_json::to_string_pretty(self).map_err(|cause| ReportError::Json { file: FILE, cause })?;
        Ok(text + "\n")
    }
}

/// Hashes of files, by name.
pub fn hashes<Name: AsRef<str>>(files: &BTreeMap<Name, Vec<u8>>) -> BTreeMap<String, String> {
    files.iter().map(|(name, content)| (name.as_ref().to_owned(), hash(content))).collect()
}

/// BLAKE3 in hex.
pub fn hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}
