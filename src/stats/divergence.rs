//! How far apart two distributions over the same categories are.
//!
//! Every function takes two vectors of non-negative counts or shares, one entry per category in the same order, and
//! divides each by its own sum first: p and q below. All are `None` when the lengths differ, an entry is negative or
//! not finite, or a vector is empty or sums to 0.

/// Total variation distance, ½·Σ|p − q|: the share that would have to move to turn one into the other.
///
/// Unit: share. Range: 0 (same shares) to 1 (no category in common). Symmetric. `None`: see the module.
/// Reference: Levin & Peres 2017, *Markov Chains and Mixing Times*, prop. 4.2.
pub fn total_variation(first: &[f64], second: &[f64]) -> Option<f64> {
    let (first, second) = shares(first, second)?;
    let moved: f64 = first.iter().zip(&second).map(|(p, q)| (p - q).abs()).sum();
    Some((0.5 * moved).min(1.0))
}

/// Kullback-Leibler divergence of `first` from `second`, Σ p·log₂(p/q), terms with p = 0 being 0.
///
/// Unit: bits. Range: 0 (same shares) and up. Not symmetric.
/// `None`: see the module, and whenever a category has p > 0 and q = 0, where the sum is infinite.
/// Reference: Kullback & Leibler 1951, *On information and sufficiency*.
pub fn kullback_leibler(first: &[f64], second: &[f64]) -> Option<f64> {
    let (first, second) = shares(first, second)?;
    Some(relative_entropy(&first, &second)).filter(|bits| bits.is_finite())
}

/// Jensen-Shannon divergence, ½·KL(p‖m) + ½·KL(q‖m) with m = (p + q)/2 (its root is a metric; this is not the root).
///
/// Unit: bits. Range: 0 (same shares) to 1 (no category in common). Symmetric, defined with empty categories.
/// `None`: see the module. Reference: Lin 1991, *Divergence measures based on the Shannon entropy*.
pub fn jensen_shannon(first: &[f64], second: &[f64]) -> Option<f64> {
    let (first, second) = shares(first, second)?;
    let middle: Vec<f64> = first.iter().zip(&second).map(|(p, q)| 0.5 * (p + q)).collect();
    let bits = 0.5 * (relative_entropy(&first, &middle) + relative_entropy(&second, &middle));
    Some(bits).filter(|bits| bits.is_finite()).map(|bits| bits.min(1.0))
}

/// Rounding can leave a sum just below 0, which the divergence never is.
fn relative_entropy(first: &[f64], second: &[f64]) -> f64 {
    let terms = first.iter().zip(second).filter(|(p, _)| **p > 0.0).map(|(p, q)| p * libm::log2(p / q));
    terms.sum::<f64>().max(0.0)
}

fn shares(first: &[f64], second: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    if first.len() == second.len() { normalised(first).zip(normalised(second)) } else { None }
}

fn normalised(weights: &[f64]) -> Option<Vec<f64>> {
    let total: f64 = weights.iter().sum();
    let valid = total > 0.0 && total.is_finite() && weights.iter().all(|&weight| weight >= 0.0);
    valid.then(|| weights.iter().map(|weight| weight / total).collect())
}

#[cfg(test)]
mod tests {
    use super::{jensen_shannon, kullback_leibler, total_variation};

    type Distance = fn(&[f64], &[f64]) -> Option<f64>;
    const ALL: [Distance; 3] = [total_variation, kullback_leibler, jensen_shannon];

    #[test]
    fn the_same_shares_are_at_distance_zero_whatever_the_totals() {
        for distance in ALL {
            assert_eq!(distance(&[1.0, 3.0, 0.0], &[2.0, 6.0, 0.0]), Some(0.0));
        }
    }

    #[test]
    fn disjoint_shares_are_at_the_largest_distance() {
        let (left, right) = ([1.0, 2.0, 0.0], [0.0, 0.0, 5.0]);
        assert_eq!((total_variation(&left, &right), jensen_shannon(&left, &right)), (Some(1.0), Some(1.0)));
        assert_eq!(kullback_leibler(&left, &right), None);
    }

    #[test]
    fn divergences_match_closed_forms() {
        // KL((½, ½) ‖ (¼, ¾)) = 1 − ½·log₂ 3; JS((1, 0), (½, ½)) = 3/2 − ¾·log₂ 3.
        let three = libm::log2(3.0);
        assert_eq!(total_variation(&[1.0, 1.0], &[1.0, 3.0]), Some(0.25));
        assert!((kullback_leibler(&[1.0, 1.0], &[1.0, 3.0]).unwrap() - (1.0 - 0.5 * three)).abs() < 1e-15);
        let found = jensen_shannon(&[1.0, 0.0], &[1.0, 1.0]).unwrap();
        assert!((found - (1.5 - 0.75 * three)).abs() < 1e-15, "{found}");
        assert_eq!(jensen_shannon(&[1.0, 1.0], &[1.0, 0.0]), Some(found));
    }

    #[test]
    fn undefined_divergences_are_none() {
        let good = [1.0, 2.0];
        for distance in ALL {
            for bad in [&[0.0, 0.0][..], &[-1.0, 2.0], &[f64::NAN, 1.0], &[f64::INFINITY, 1.0], &[1.0], &[]] {
                assert_eq!((distance(bad, &good), distance(&good, bad)), (None, None));
            }
            assert_eq!(distance(&[], &[]), None);
        }
    }
}
