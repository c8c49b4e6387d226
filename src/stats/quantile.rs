//! Quantiles of a list of numbers.

/// Quantile of type 7, the default of R, `NumPy` and spreadsheets.
///
/// Definition: with x₍₀₎ ≤ … ≤ x₍ₙ₋₁₎ sorted and h = (n − 1)·`probability`, the value is
/// x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎).
/// Unit: that of `values`, in any order. Range: smallest to largest value.
/// `None`: no values, a value that is not finite, or `probability` outside 0 to 1.
/// Reference: Hyndman & Fan 1996, *Sample quantiles in statistical packages*, definition 7.
pub fn quantile(values: &[f64], probability: f64) -> Option<f64> {
    quantiles(values, &[probability])?.first().copied()
}

/// Several quantiles of the same values, sorted once: one result per probability, in the order given.
///
/// Definition, unit, range and reference as for [`quantile`]. `None` as soon as one of them is undefined.
pub fn quantiles(values: &[f64], probabilities: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    probabilities.iter().map(|&probability| of_sorted(&sorted, probability)).collect()
}

fn of_sorted(sorted: &[f64], probability: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let position = (sorted.len() - 1) as f64 * probability;
    let below = position as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let value = sorted[below] + (position - below as f64) * (sorted[above] - sorted[below]);
    Some(value).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::{quantile, quantiles};

    #[test]
    fn quantiles_follow_definition_seven() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantiles(&values, &[0.0, 0.25, 0.5, 0.75, 1.0]), Some(vec![1.0, 1.75, 2.5, 3.25, 4.0]));
        let hundred: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(quantiles(&hundred, &[0.05, 0.95]), Some(vec![5.0, 95.0]));
        assert_eq!(quantile(&[7.0], 0.3), Some(7.0));
    }

    #[test]
    fn undefined_quantiles_are_none() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[1.0, f64::NAN], 0.5), None);
        assert_eq!(quantile(&[1.0, f64::INFINITY], 0.5), None);
        for probability in [-0.1, 1.1, f64::NAN] {
            assert_eq!(quantile(&[1.0, 2.0], probability), None);
        }
    }
}
