//! One binary for all integration tests; each file is named after the property it holds.

mod common;
mod scenario_files;
mod twin;
mod worlds;
