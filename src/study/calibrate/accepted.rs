//! The accepted set: constants with which the model agrees with the fitted facts, as shipped with feedtilt.

use super::fit::constants::{CONSTANTS, Vector, ranges};
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

/// Why a table of accepted vectors could not be read.
#[derive(Debug, thiserror::Error)]
pub enum AcceptedError {
    /// A column is missing.
    #[error("found no column \"{0}\"; expected a table as `feedtilt calibrate --fit` writes it")]
    Column(String),
    /// It is no CSV.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// A field is no number, or lies outside of the range of its constant.
    #[error("line {line}: {column}: found \"{found}\"; expected a number from {low} to {high}")]
    Field {
        /// Line, the header being the first.
        line: usize,
        /// Column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
}

/// Vectors that are shipped for a set, in the order of the table; none where none are.
pub fn shipped(set: TargetSet) -> Vec<Accepted> {
    let text = match set {
        TargetSet::Kuaishou => KUAISHOU,
        TargetSet::Tiktok => TIKTOK,
    };
    read(set, text).expect("the shipped tables can be read, held by a test")
}

/// Reads a table of a set.
pub fn read(set: TargetSet, text: &str) -> Result<Vec<Accepted>, AcceptedError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers()?.clone();
    let place = |key: &str| {
        columns.iter().position(|column| column == key).ok_or_else(|| AcceptedError::Column(key.to_owned()))
    };
    let accuracy = place(ACCURACY)?;
    let places = CONSTANTS.iter().map(|constant| place(constant.key)).collect::<Result<Vec<usize>, _>>()?;
    let ranges = ranges(set);
    let accepted = |(number, record): (usize, Result<csv::StringRecord, csv::Error>)| {
        let record = record?;
        let field = |place: usize, column: &'static str, [low, high]: [f64; 2]| {
            let found = record.get(place).unwrap_or_default();
            let value = found.parse().ok().filter(|value| (low..=high).contains(value));
            value.ok_or_else(|| AcceptedError::Field { line: number + 2, column, found: found.to_owned(), low, high })
        };
        let mut vector = [0.0; CONSTANTS.len()];
        for (i, value) in vector.iter_mut().enumerate() {
            *value = field(places[i], CONSTANTS[i].key, ranges[i])?;
        }
        Ok(Accepted { vector, accuracy: field(accuracy, ACCURACY, [0.0, 1.0])? })
    };
    reader.records().enumerate().map(accepted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_tables_can_be_read() {
        for set in [TargetSet::Kuaishou, TargetSet::Tiktok] {
            assert!(shipped(set).iter().all(|accepted| (0.5..1.0).contains(&accepted.accuracy)), "{}", set.name());
        }
    }

    #[test]
    fn what_a_table_lacks_is_named() {
        let keys: Vec<&str> = CONSTANTS.iter().map(|constant| constant.key).collect();
        let middle: Vec<String> = CONSTANTS.iter().map(|c| (0.5 * (c.range[0] + c.range[1])).to_string()).collect();
        let text = format!("{},{ACCURACY}\n{},0.7\n", keys.join(","), middle.join(","));
        let found = read(TargetSet::Kuaishou, &text).expect("a table");
        assert!(found.len() == 1 && found[0].accuracy == 0.7 && found[0].vector[0].to_string() == middle[0]);
        let say = |text: &str| read(TargetSet::Kuaishou, text).expect_err("no table").to_string();
        assert!(say("wave\n1\n").starts_with("found no column \"AUC within people\""));
        assert!(say(&text.replacen("feed.temperature", "heat", 1)).starts_with("found no column \"feed.temperature\""));
        assert_eq!(
            say(&text.replacen(",0.7", ",good", 1)),
            "line 2: AUC within people: found \"good\"; expected a number from 0 to 1"
        );
    }
}
