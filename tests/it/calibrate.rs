//! Calibration: targets against the logs they come from, probes against the facts that need them, and models that are wrong.

mod defaults;
mod kuairand;
mod probes;
mod wrong;
