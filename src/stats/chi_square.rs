//! Pearson's test of observed counts against probabilities fixed beforehand.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Cells expected to hold less than this are pooled (Cochran 1954, *Some methods for strengthening the common χ²
/// tests*).
pub const MINIMUM_EXPECTATION: f64 = 5.0;

/// Result of [`goodness_of_fit`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquare {
    /// Σ(observed − expected)²/expected over the cells left after pooling; infinite when the impossible was observed.
    pub statistic: f64,
    /// Cells left after pooling, less one.
    pub degrees_of_freedom: usize,
    /// Probability of a statistic at least this large if the probabilities hold.
    pub p_value: f64,
    /// Cells that went into the one pooled cell; 0 when none had to.
    pub pooled: usize,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    expected: f64,
    observed: f64,
}

/// Pearson's χ² of `observed` counts against expected `probabilities`, one of each per cell.
///
/// Definition: X² = Σ(O − N·p)²/(N·p), p-value = P(χ² ≥ X²) on cells − 1 degrees of freedom (no parameter may have been
/// fitted to the same counts). Pooling: cells with N·p < 5 are joined into one; while that one stays below 5, it also
/// takes the smallest of the others. What is pooled depends on expectations alone, never on what was observed. Cells of
/// probability 0 are left out; a count in one of them refutes the probabilities (statistic infinite, p-value 0).
/// Unit: counts of independent draws. Range: statistic 0 and up, p-value 0 to 1.
/// `None`: lengths that differ, no counts, probabilities that are negative or miss the sum 1 by more than 10⁻⁹, or
/// fewer than 2 cells after pooling (a refutation needs none). Reference: Pearson 1900; Cochran 1954.
pub fn goodness_of_fit(observed: &[u64], probabilities: &[f64]) -> Option<ChiSquare> {
    let draws = observed.iter().map(|&count| count as f64).sum::<f64>();
    if observed.len() != probabilities.len() || draws == 0.0 || !is_distribution(probabilities) {
        return None;
    }
    let pairs = observed.iter().zip(probabilities);
    let cells: Vec<Cell> = pairs.map(|(&count, p)| Cell { expected: draws * p, observed: count as f64 }).collect();
    let impossible = cells.iter().any(|cell| cell.expected == 0.0 && cell.observed > 0.0);
    let (cells, pooled) = pool(cells);
    let degrees_of_freedom = cells.len().saturating_sub(1);
    if impossible {
        return Some(ChiSquare { statistic: f64::INFINITY, degrees_of_freedom, p_value: 0.0, pooled });
    }
    let distribution = ChiSquared::new(degrees_of_freedom as f64).ok()?;
    let statistic = cells.iter().map(|cell| (cell.observed - cell.expected).powi(2) / cell.expected).sum::<f64>();
    Some(ChiSquare { statistic, degrees_of_freedom, p_value: distribution.sf(statistic), pooled })
}

fn is_distribution(probabilities: &[f64]) -> bool {
    let total: f64 = probabilities.iter().sum();
    (total - 1.0).abs() <= 1e-9 && probabilities.iter().all(|&probability| probability >= 0.0)
}

/// Possible cells with the small ones joined, and how many were joined.
fn pool(mut cells: Vec<Cell>) -> (Vec<Cell>, usize) {
    cells.retain(|cell| cell.expected > 0.0);
    cells.sort_by(|first, second| first.expected.total_cmp(&second.expected));
    let mut joined = Cell::default();
    let mut count = 0;
    while let Some(cell) = cells.get(count) {
        let pool_is_small = count > 0 && joined.expected < MINIMUM_EXPECTATION;
        if cell.expected >= MINIMUM_EXPECTATION && !pool_is_small {
            break;
        }
        joined.expected += cell.expected;
        joined.observed += cell.observed;
        count += 1;
    }
    let mut kept = cells.split_off(count);
    if count > 0 {
        kept.push(joined);
    }
    (kept, count)
}

#[cfg(test)]
mod tests {
    use super::{ChiSquare, goodness_of_fit};
    use statrs::distribution::{ChiSquared, ContinuousCDF};

    #[test]
    fn tail_probabilities_match_the_printed_table() {
        let table =
            [(1.0, 3.841, 0.05), (10.0, 18.307, 0.05), (4.0, 13.277, 0.01), (1.0, 15.137, 1e-4), (5.0, 25.745, 1e-4)];
        for (degrees_of_freedom, statistic, expected) in table {
            let found = ChiSquared::new(degrees_of_freedom).unwrap().sf(statistic);
            assert!((found / expected - 1.0).abs() < 0.002, "{degrees_of_freedom} {statistic}: {found}");
        }
    }

    #[test]
    fn mendels_peas_fit_nine_three_three_one() {
        let peas = goodness_of_fit(&[315, 108, 101, 32], &[9.0 / 16.0, 3.0 / 16.0, 3.0 / 16.0, 1.0 / 16.0]).unwrap();
        assert!((peas.statistic - 0.470).abs() < 0.0005 && (peas.p_value - 0.925).abs() < 0.0005, "{peas:?}");
        assert_eq!((peas.degrees_of_freedom, peas.pooled), (3, 0));
        let perfect = ChiSquare { statistic: 0.0, degrees_of_freedom: 1, p_value: 1.0, pooled: 0 };
        assert_eq!(goodness_of_fit(&[50, 50], &[0.5, 0.5]), Some(perfect));
    }

    #[test]
    fn small_cells_are_pooled_until_five_are_expected() {
        // Expected 2, 2, 6, 30, 60: the first two make 4, so the 6 joins them.
        let pooled = goodness_of_fit(&[4, 0, 6, 30, 60], &[0.02, 0.02, 0.06, 0.3, 0.6]).unwrap();
        assert_eq!((pooled.degrees_of_freedom, pooled.pooled), (2, 3));
        assert!(pooled.statistic < 1e-12);
    }

    #[test]
    fn a_count_in_an_impossible_cell_refutes() {
        let refuted = goodness_of_fit(&[50, 49, 1], &[0.5, 0.5, 0.0]).unwrap();
        assert_eq!((refuted.statistic, refuted.p_value), (f64::INFINITY, 0.0));
        assert_eq!(goodness_of_fit(&[50, 50, 0], &[0.5, 0.5, 0.0]).unwrap().degrees_of_freedom, 1);
    }

    #[test]
    fn undefined_tests_are_none() {
        assert_eq!(goodness_of_fit(&[], &[]), None);
        assert_eq!(goodness_of_fit(&[0, 0], &[0.5, 0.5]), None);
        assert_eq!(goodness_of_fit(&[9, 9], &[1.0]), None);
        assert_eq!(goodness_of_fit(&[4, 3], &[0.5, 0.5]), None, "everything is pooled into one cell");
        for bad in [[0.5, 0.6], [-0.5, 1.5], [f64::NAN, 1.0]] {
            assert_eq!(goodness_of_fit(&[50, 50], &bad), None);
        }
    }
}
