//! Figures from tallies. Nothing here knows worlds or runs, so a real log's tally would do as well.

pub mod settle;
pub mod shift;

pub use shift::{Measure, Shift, Window};
