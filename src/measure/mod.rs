//! Figures from tallies and from single people's counts. Nothing here knows worlds or runs, so a real log's tally would do
//! as well.
//!
//! - [`course`]: what measures read.
//! - [`registry`]: every measure that is taken from tallies, one file each.
//! - [`shift`]: a measure in an arm against its reference, over replicates, with intervals and floors.
//! - [`micro`]: what single people would have met.
//! - [`attribution`], [`persistence`]: which loops a shift comes from, how much of it is left when the tilt is over.
//! - [`settle`]: whether the world had settled.

pub mod attribution;
pub mod cannibalisation;
pub mod concentration;
pub mod count;
pub mod course;
pub mod divergence;
mod drawn;
pub mod expected_share;
pub mod micro;
pub mod moved;
pub mod noise;
pub mod persistence;
pub mod reach;
pub mod registry;
pub mod settle;
pub mod share;
pub mod shift;

pub use attribution::Attribution;
pub use course::{Course, Part, Window};
pub use micro::UsersEffect;
pub use noise::WithoutNoise;
pub use persistence::Persistence;
pub use registry::{Law, Measure, Scope};
pub use shift::{Comparison, Shift};
