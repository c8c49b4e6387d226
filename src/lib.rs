//! feedtilt simulates a ranked short-video feed one to one, applies small tilts to it and measures what they move.
//!
//! Modules in reading order; arrows point downwards only (`tests/it/architecture.rs` holds them):
//!
//! - [`id`], [`unit`], [`rng`], [`warning`], [`provenance`]: leaves.
//! - [`stats`]: pure numbers.
//! - [`scenario`]: what a file means.
//! - [`trace`]: the integer results of a run.
//! - [`world`]: the truth.
//! - [`feed`]: the platform.
//! - [`tilt`]: what a scenario changes in it.
//! - [`run`]: the only place where time moves.
//! - [`measure`]: figures from tallies.
//! - [`study`]: experiments made of runs and measures.
//! - [`report`]: tables and words.
//! - [`cli`]: arguments and commands.

pub mod cli;
pub mod feed;
pub mod id;
pub mod measure;
pub mod provenance;
pub mod report;
pub mod rng;
pub mod run;
pub mod scenario;
pub mod stats;
pub mod study;
pub mod tilt;
pub mod trace;
pub mod unit;
pub mod warning;
pub mod world;
