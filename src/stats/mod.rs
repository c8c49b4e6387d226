//! Pure statistics: numbers in, numbers out, in reading order from a list of values to a test.
//!
//! This layer knows nothing of users, topics, arms or feeds, reads no file and keeps no state. One rule holds
//! throughout: what is undefined is `None`, never 0 and never NaN; so is everything computed from values that are not
//! finite. Distribution functions come from `statrs`, logarithms and roots from `libm`.

pub mod agreement;
pub mod chi_square;
pub mod concentration;
pub mod divergence;
pub mod drift;
pub mod extrapolate;
pub mod interval;
pub mod lean;
pub mod line;
pub mod lorenz;
pub mod moderate;
pub mod quantile;
pub mod ranking;
pub mod spread;
