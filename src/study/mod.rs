//! What is made of runs and measures: the pre-run, experiments over replicates, verification, benchmarks.

pub mod experiment;
pub mod prerun;

pub use experiment::{Experiment, Progress};
pub use prerun::Prepared;
