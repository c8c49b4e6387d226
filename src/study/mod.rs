//! What is made of runs and measures: the pre-run, experiments over replicates, verification, benchmarks.

pub mod band;
pub mod bench;
pub mod calibrate;
pub mod estimate;
pub mod experiment;
pub mod gain;
pub mod prerun;
pub mod reach;
pub mod structure;
pub mod verify;

pub use experiment::{Experiment, Progress};
pub use prerun::Prepared;
