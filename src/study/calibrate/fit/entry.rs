//! What a fit has simulated, vector by vector.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::constants::{CONSTANTS, Vector};
use crate::study::calibrate::facts::FACTS;
use crate::study::calibrate::probe::Figures;

/// A vector and what was simulated with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Wave, from 0.
    pub wave: usize,
    /// Member of the wave, from 0; also the number of the world.
    pub member: usize,
    /// Value of each constant, by key.
    pub constants: BTreeMap<String, f64>,
    /// Figures by name; null where undefined.
    pub figures: BTreeMap<String, Option<f64>>,
}

impl Entry {
    /// Of a simulated vector.
    pub fn new(wave: usize, member: usize, vector: &Vector, figures: &Figures) -> Self {
        let constants =
            CONSTANTS.iter().zip(vector).map(|(constant, &value)| (constant.key.to_owned(), value)).collect();
        let figures = figures.iter().map(|(&name, &value)| (name.to_owned(), value)).collect();
        Self { wave, member, constants, figures }
    }

    /// The vector; `None` where the entry is of other constants.
    pub fn vector(&self) -> Option<Vector> {
        let values: Option<Vec<f64>> =
            CONSTANTS.iter().map(|constant| self.constants.get(constant.key).copied()).collect();
        values.filter(|_| self.constants.len() == CONSTANTS.len())?.try_into().ok()
    }

    /// Whether it is this member of this wave, with this very vector.
    pub fn is(&self, wave: usize, member: usize, vector: &Vector) -> bool {
        self.wave == wave && self.member == member && self.vector().as_ref() == Some(vector)
    }

    /// Figures of the facts.
    pub fn figures(&self) -> Figures {
        let known = FACTS.iter().flat_map(|fact| fact.targets).map(|target| target.figure);
        known.filter_map(|name| Some((name, *self.figures.get(name)?))).collect()
    }
}
