//! The platform: what it believes, how it scores, how it fills a response.
//!
//! Of the world it sees [`crate::world::Observed`] and the reactions it is told of; what makes a post good or a person
//! interested is out of its sight. It carries an opaque payload for each post that it cannot read.

pub mod allot;
pub mod belief;
pub mod candidates;
pub mod choose;
pub mod index;
pub mod lists;
pub mod race;
pub mod retrieve;
pub mod rules;
pub mod score;
pub mod select;
pub mod trending;

pub use belief::{Counters, Grid, Learner};
pub use index::{Index, Tables};
pub use rules::Rules;
pub use score::{ScoreTable, Scores};
pub use select::{Acceptance, Chosen, Seen, Selector};
