//! Figures from tallies. Nothing here knows worlds or runs, so a real log's tally would do as well.

pub mod micro;
pub mod settle;
pub mod shift;

pub use micro::UsersEffect;
pub use shift::{Measure, Shift, Window};
