//! One binary for all integration tests; each file is named after the property it holds.

mod scenario_files;
