//! The accepted set: constants with which the model agrees with the fitted facts, as shipped with feedtilt.

use super::fit::constants::{CONSTANTS, Vector};
use crate::scenario::TargetSet;

/// Tables of accepted vectors, made by `feedtilt calibrate --fit`: a column per constant, then what was simulated with them.
const KUAISHOU: &str = include_str!("../../../scenarios/accepted-kuaishou.csv");
const TIKTOK: &str = include_str!("../../../scenarios/accepted-tiktok.csv");
/// Column of the ranker's accuracy.
const ACCURACY: &str = "AUC within people";

/// An accepted vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accepted {
    /// The constants.
    pub vector: Vector,
    /// How well the score tells long views from others with them (AUC within people).
    pub accuracy: f64,
}

/// Vectors of a set, in the order of the table.
pub fn shipped(set: TargetSet) -> Vec<Accepted> {
    read(match set {
        TargetSet::Kuaishou => KUAISHOU,
        TargetSet::Tiktok => TIKTOK,
    })
}

fn read(text: &str) -> Vec<Accepted> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().expect("the shipped tables have headers, held by a test").clone();
    let place =
        |key: &str| columns.iter().position(|column| column == key).expect("all columns are there, held by a test");
    let (accuracy, places) = (place(ACCURACY), CONSTANTS.map(|constant| place(constant.key)));
    let accepted = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.expect("the shipped tables are CSV, held by a test");
        let number = |place: usize| record[place].parse().expect("columns hold numbers, held by a test");
        Accepted { vector: places.map(number), accuracy: number(accuracy) }
    };
    reader.records().map(accepted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_sets_are_whole_and_within_their_ranges() {
        for set in [TargetSet::Kuaishou, TargetSet::Tiktok] {
            let all = shipped(set);
            assert!(all.len() >= 50, "{}: {}", set.name(), all.len());
            for accepted in &all {
                assert!((0.5..1.0).contains(&accepted.accuracy));
                for (value, constant) in accepted.vector.iter().zip(&CONSTANTS) {
                    assert!((constant.range[0]..=constant.range[1]).contains(value), "{}: {value}", constant.key);
                }
            }
        }
    }
}
