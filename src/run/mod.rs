//! The only place where time moves.
//!
//! [`Replicate`] holds one world in all its arms; [`step`] is the loop. A process may simulate a range of people: their
//! draws are keyed by global ids and everything summed across people is an integer that a [`Reduce`] adds up, so many
//! processes give the same bits as one.

mod accounts;
pub mod arms;
mod ghosts;
mod picked;
pub mod reduce;
pub mod replicate;
pub mod setup;
pub mod step;
pub mod stock;
mod watch;

pub use arms::ArmState;
pub use reduce::{Alone, Reduce};
pub use replicate::{Coupling, Replicate};
pub use setup::Setup;
pub use step::Epoch;
pub use stock::Stock;
