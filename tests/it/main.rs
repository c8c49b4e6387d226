//! One binary for all integration tests; each file is named after the property it holds.

mod architecture;
mod cli;
mod closed_forms;
mod common;
mod conservation;
mod docs;
mod estimate;
mod levels;
mod measures;
mod prerun;
mod program;
mod quantisation;
mod scenario_files;
mod streams;
mod twin;
mod verify;
mod worlds;
