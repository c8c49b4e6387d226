//! What a figure would be without the noise of the values it is made of.
//!
//! A figure computed from values that are means of n noisy draws (a percentile of such means, a share of them beyond a
//! bound) is off by about a/n: noise widens a distribution in proportion to its variance. The same figure from halves of the
//! draws is off by about a/h with h = n ÷ 2, so the two tell a.

/// The figure at infinitely many draws: f(n) − (f(h) − f(n))·h ÷ (n − h).
///
/// `whole` is the figure from all n draws, `half` its mean over disjoint parts of h draws each, in its own unit. Exact where
/// the bias is exactly a/n (a variance); otherwise what remains is of the order 1/n². It scatters about twice as much as
/// `whole`, and may leave the range of the figure: the caller clamps.
/// `None`: h is 0 or not below n, or the result is not finite. Reference: Quenouille 1949, *Approximate tests of correlation
/// in time-series*; Miller 1974, *The jackknife: a review*.
pub fn without_noise(whole: f64, draws: usize, half: f64, half_draws: usize) -> Option<f64> {
    if half_draws == 0 || half_draws >= draws {
        return None;
    }
    let weight = half_draws as f64 / (draws - half_draws) as f64;
    Some(whole - (half - whole) * weight).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::without_noise;

    #[test]
    fn a_bias_of_one_over_n_is_taken_out_exactly() {
        let figure = |draws: usize| 3.0 + 4.0 / draws as f64;
        for (draws, half) in [(16, 8), (2, 1), (7, 3), (256, 128)] {
            let found = without_noise(figure(draws), draws, figure(half), half).unwrap();
            assert!((found - 3.0).abs() < 1e-12, "{draws}: {found}");
        }
    }

    #[test]
    fn without_two_sizes_there_is_nothing_to_extrapolate() {
        assert_eq!((without_noise(1.0, 1, 1.0, 0), without_noise(1.0, 4, 1.0, 4)), (None, None));
        assert_eq!(without_noise(1.0, 4, f64::NAN, 2), None);
    }
}
