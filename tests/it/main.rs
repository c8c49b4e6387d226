//! One binary for all integration tests; each file is named after the property it holds.

mod accounts;
mod architecture;
mod attribution;
mod band;
mod calibrate;
mod candidates;
#[cfg(feature = "charts")]
mod charts;
mod cli;
mod closed_forms;
mod common;
mod conservation;
mod docs;
mod estimate;
mod ghosts;
mod latents;
mod levels;
mod measures;
mod prerun;
mod program;
mod quantisation;
mod scenario_files;
mod streams;
mod structure;
mod tilts;
mod twin;
mod verify;
mod worlds;
