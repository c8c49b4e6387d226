//! Means, differences and ratios of means over independent repetitions, with Student-t intervals.
//!
//! The unit of repetition is one value (or one pair) of the slice; values inside a pair may depend on each other,
//! different pairs must not. Intervals from fewer than 5 repetitions are defined but wide; the caller warns.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Above this the inverse in `statrs` loses digits (1.827 for 1.960 at 10⁷ degrees of freedom) and a series takes over.
const MANY_DEGREES_OF_FREEDOM: usize = 1_000;

/// A point estimate and the two ends of its interval, in the unit of the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The estimate; inside the interval, but not in its middle when the scale was transformed.
    pub estimate: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Interval {
    /// The symmetric interval `estimate` ± t·`standard_error`, t = [`student_t_quantile`].
    ///
    /// `None`: t is undefined, the standard error is negative, or an end is not finite.
    pub fn symmetric(estimate: f64, standard_error: f64, degrees_of_freedom: usize, level: f64) -> Option<Self> {
        if standard_error < 0.0 {
            return None;
        }
        let reach = student_t_quantile(level, degrees_of_freedom)? * standard_error;
        Self { estimate, lower: estimate - reach, upper: estimate + reach }.finite()
    }

    /// Whether `value` lies in the interval, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }

    fn finite(self) -> Option<Self> {
        [self.estimate, self.lower, self.upper].iter().all(|end| end.is_finite()).then_some(self)
    }
}

/// Two-sided quantile of Student's t: P(|T| ≤ t) = `level`.
///
/// Unit: standard errors. Range: above 0; 2.776 for a level of .95 and 4 degrees of freedom, 1.960 for infinitely many.
/// `None`: no degrees of freedom, or a level not strictly between 0 and 1.
/// Above 1,000 degrees of freedom it is z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν², z the normal quantile.
/// Reference: Student 1908, *The probable error of a mean*; Abramowitz & Stegun 1964, 26.7.5 (the series).
pub fn student_t_quantile(level: f64, degrees_of_freedom: usize) -> Option<f64> {
    if !(level > 0.0 && level < 1.0) {
        return None;
    }
    let (probability, degrees) = (0.5 + 0.5 * level, degrees_of_freedom as f64);
    let quantile = if degrees_of_freedom > MANY_DEGREES_OF_FREEDOM {
        let z = Normal::standard().inverse_cdf(probability);
        let (first, second) = (z.powi(3) + z, 5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z);
        z + first / (4.0 * degrees) + second / (96.0 * degrees * degrees)
    } else {
        StudentsT::new(0.0, 1.0, degrees).ok()?.inverse_cdf(probability)
    };
    Some(quantile).filter(|t| t.is_finite())
}

/// Arithmetic mean Σx/n, in the unit of `values`.
///
/// `None`: no values, or a mean that is not finite.
pub fn average(values: &[f64]) -> Option<f64> {
    Some(values.iter().sum::<f64>() / values.len() as f64).filter(|mean| mean.is_finite())
}

/// Variance of a sample, Σ(x − x̄)²/(n − 1), in the squared unit of `values`.
///
/// Range: 0 (all values equal) and up. `None`: fewer than 2 values, or a result that is not finite.
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let mean = average(values)?;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some(squares / (values.len() - 1) as f64).filter(|variance| variance.is_finite())
}

/// Standard error of the mean, √(variance/n), in the unit of `values`.
///
/// Range and `None` as for [`variance`].
pub fn standard_error(values: &[f64]) -> Option<f64> {
    variance(values).map(|variance| libm::sqrt(variance / values.len() as f64))
}

/// Standard error of the mean of values that come in independent groups, and may be alike within one:
/// `√(G ÷ (G − 1) · Σ_g (Σ_{i in g} (xᵢ − x̄))²) ÷ n`, in the unit of `values`. With groups of equal size it is the standard error
/// of the mean of their means. Student's t for it has G − 1 degrees of freedom.
///
/// Shape: one group per value. Range: 0 and up.
/// `None`: fewer than 2 groups, lengths that differ, or values that are not finite.
/// Reference: Liang & Zeger 1986; Cameron & Miller 2015, section II.
pub fn clustered_error(values: &[f64], groups: &[u32]) -> Option<f64> {
    let mean = average(values).filter(|_| values.len() == groups.len())?;
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    values.iter().zip(groups).for_each(|(value, &group)| *sums.entry(group).or_default() += value - mean);
    let count = sums.len() as f64;
    let squares: f64 = sums.values().map(|sum| sum * sum).sum();
    (sums.len() > 1).then(|| libm::sqrt(count / (count - 1.0) * squares) / values.len() as f64)
}

/// Mean with its Student-t interval: x̄ ± t₍ₙ₋₁₎·√(s²/n).
///
/// Unit: that of `values`, one independent repetition each. `level`: coverage, e.g. .95.
/// Range: any; the interval has length 0 when all values are equal.
/// `None`: fewer than 2 values, a level outside 0 to 1, or values that are not finite.
/// Reference: Student 1908.
pub fn mean(values: &[f64], level: f64) -> Option<Interval> {
    Interval::symmetric(average(values)?, standard_error(values)?, values.len().checked_sub(1)?, level)
}

/// Mean of the paired differences `values[r]` − `references[r]` with its Student-t interval on R − 1 degrees of
/// freedom.
///
/// Unit: that of the values. Range: any. What the two sides of a pair share cancels; that is its whole advantage over
/// two separate means. `None`: lengths that differ, else as for [`mean`].
/// Reference: Law 2015, *Simulation Modeling and Analysis*, paired-t comparison of two systems.
pub fn paired_difference(values: &[f64], references: &[f64], level: f64) -> Option<Interval> {
    if values.len() != references.len() {
        return None;
    }
    let differences: Vec<f64> = values.iter().zip(references).map(|(value, reference)| value - reference).collect();
    mean(&differences, level)
}

/// Relative change of the mean, ȳ/x̄ − 1: the point without an interval, defined from one pair on.
///
/// Unit: 1 (.01 is one per cent). Range: above −1. `None`: lengths that differ, a mean that is not above 0, or values
/// that are not finite.
pub fn relative_change(values: &[f64], references: &[f64]) -> Option<f64> {
    if values.len() != references.len() {
        return None;
    }
    let (value, reference) = (average(values)?, average(references)?);
    Some((value - reference) / reference).filter(|change| value > 0.0 && reference > 0.0 && change.is_finite())
}

/// Ratio of means of R pairs, minus one, with an interval formed on the log scale.
///
/// Definition: exp(ln(ȳ/x̄) ± t₍R₋₁₎·se) − 1, the linearised (delta) standard error being
/// se = √(Σd²/(R − 1)/R) with d = y/ȳ − x/x̄ (whose mean is 0). Equal pairs give exactly 0, 0, 0.
/// Unit: 1. Range: above −1; the lower end is never farther from the estimate than the upper one.
/// `None`: lengths that differ, fewer than 2 pairs, a mean that is not above 0, a level outside 0 to 1, or values that
/// are not finite. It misleads when a mean is known only to within about a fifth of itself: linearising fails there.
/// Reference: Cochran 1977, *Sampling Techniques*, ch. 6 (linearised ratio); Casella & Berger 2002, 5.5.4 (delta
/// method).
pub fn ratio_of_means(values: &[f64], references: &[f64], level: f64) -> Option<Interval> {
    let change = relative_change(values, references)?;
    let (value_mean, reference_mean) = (average(values)?, average(references)?);
    let parts = values.iter().zip(references);
    let residuals: Vec<f64> = parts.map(|(value, reference)| value / value_mean - reference / reference_mean).collect();
    let degrees_of_freedom = values.len().checked_sub(1)?;
    let log = Interval::symmetric(libm::log1p(change), standard_error(&residuals)?, degrees_of_freedom, level)?;
    Interval { estimate: change, lower: libm::expm1(log.lower), upper: libm::expm1(log.upper) }.finite()
}

/// Ratio of means of R pairs, ȳ/x̄, with Fieller's interval: all ρ for which the mean of y − ρx is not told from 0.
///
/// Definition: the roots of `(x̄² − t²·v_xx)·ρ² − 2·(x̄ȳ − t²·v_xy)·ρ + (ȳ² − t²·v_yy)`, v being the (co)variances of the means and t
/// of R − 1 degrees of freedom. Unit: 1. Range: any; both may have either sign.
/// `None`: the interval of x̄ includes 0 (then the set is not bounded), lengths that differ, fewer than 2 pairs, a level outside 0
/// to 1, or values that are not finite.
/// Reference: Fieller 1954, *Some problems in interval estimation*.
pub fn fieller(values: &[f64], references: &[f64], level: f64) -> Option<Interval> {
    let (y, x) = (average(values)?, average(references).filter(|_| values.len() == references.len())?);
    let t = student_t_quantile(level, values.len().checked_sub(1)?)?;
    let scale = t * t / (values.len() - 1) as f64 / values.len() as f64;
    let pairs = || values.iter().zip(references).map(|(value, reference)| (value - y, reference - x));
    let yy: f64 = pairs().map(|(y, _)| y * y).sum();
    let xy: f64 = pairs().map(|(y, x)| x * y).sum();
    let xx: f64 = pairs().map(|(_, x)| x * x).sum();
    let (square, linear, constant) = (x * x - scale * xx, x * y - scale * xy, y * y - scale * yy);
    if square.is_nan() || square <= 0.0 {
        return None;
    }
    let reach = libm::sqrt((linear * linear - square * constant).max(0.0));
    Interval { estimate: y / x, lower: (linear - reach) / square, upper: (linear + reach) / square }.finite()
}

#[cfg(test)]
mod tests {
    use super::{
        Interval, average, clustered_error, fieller, mean, paired_difference, ratio_of_means, relative_change,
        standard_error, student_t_quantile,
    };

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
    }

    #[test]
    fn groups_of_equal_size_count_by_their_means() {
        let values = [1.0, 3.0, 2.0, 6.0, 5.0, 4.0];
        let found = clustered_error(&values, &[0, 0, 1, 1, 2, 2]).unwrap();
        assert!((found - standard_error(&[2.0, 4.0, 4.5]).unwrap()).abs() < 1e-12);
        // Every value a group of its own.
        let single = clustered_error(&values, &[5, 4, 3, 2, 1, 0]).unwrap();
        assert!((single - standard_error(&values).unwrap()).abs() < 1e-12);
        assert_eq!(clustered_error(&values, &[7; 6]), None);
        assert_eq!(clustered_error(&values, &[0, 1]), None);
    }

    #[test]
    fn groups_of_different_sizes_count_by_their_sums() {
        // Mean 3; sums about it −2 and 2: √(2/1 · (4 + 4)) ÷ 3.
        let found = clustered_error(&[1.0, 2.0, 6.0], &[0, 1, 1]).unwrap();
        assert!((found - 4.0 / 3.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn t_quantiles_match_the_printed_table() {
        let table = [(0.95, 1, 12.706), (0.95, 4, 2.776), (0.95, 9, 2.262), (0.99, 4, 4.604), (0.90, 10, 1.812)];
        for (level, degrees_of_freedom, expected) in table {
            close(student_t_quantile(level, degrees_of_freedom).unwrap(), expected, 0.0006);
        }
        assert_eq!(student_t_quantile(0.95, 0), None);
        assert!([0.0, 1.0, -1.0, f64::NAN].iter().all(|&level| student_t_quantile(level, 4).is_none()));
    }

    #[test]
    fn t_quantiles_run_on_smoothly_to_the_normal_one() {
        close(student_t_quantile(0.95, 10_000_000).unwrap(), 1.959964, 1e-6);
        for level in [0.5, 0.95, 0.9999] {
            let (below, above) = (student_t_quantile(level, 1_000).unwrap(), student_t_quantile(level, 1_001).unwrap());
            assert!(above < below && below - above < 2e-5, "{level}: {below} {above}");
        }
    }

    #[test]
    fn the_mean_of_one_to_five_has_the_textbook_interval() {
        let interval = mean(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95).unwrap();
        assert_eq!(interval.estimate, 3.0);
        close(interval.upper - 3.0, 2.776445105 * libm::sqrt(0.5), 1e-8);
        close(3.0 - interval.lower, interval.upper - 3.0, 1e-14);
        assert!(interval.contains(3.0) && !interval.contains(5.0));
    }

    #[test]
    fn what_pairs_share_cancels() {
        let (values, references) = ([11.0, 102.0, 1003.0], [10.0, 100.0, 1000.0]);
        assert_eq!(paired_difference(&values, &references, 0.95), mean(&[1.0, 2.0, 3.0], 0.95));
        let same = ratio_of_means(&references, &references, 0.95);
        assert_eq!(same, Some(Interval { estimate: 0.0, lower: 0.0, upper: 0.0 }));
        let tripled = ratio_of_means(&[3.0, 6.0, 12.0], &[1.0, 2.0, 4.0], 0.95).unwrap();
        for end in [tripled.estimate, tripled.lower, tripled.upper] {
            close(end, 2.0, 1e-12);
        }
    }

    #[test]
    fn the_ratio_interval_follows_the_worked_formula() {
        // ȳ = 3, x̄ = 2, d = (−1/6, 1/6), se = 1/6; t for one degree of freedom at level .5 is 1.
        let interval = ratio_of_means(&[1.0, 5.0], &[1.0, 3.0], 0.5).unwrap();
        close(interval.estimate, 0.5, 1e-15);
        close(interval.lower, 1.5 * libm::exp(-1.0 / 6.0) - 1.0, 1e-9);
        close(interval.upper, 1.5 * libm::exp(1.0 / 6.0) - 1.0, 1e-9);
    }

    /// Means 2 below and 3 above; variances of the means ¼ and 1, covariance ½, and t = 1 for one degree of freedom at level .5:
    /// 3.75 ρ² − 11 ρ + 8 = 0.
    #[test]
    fn fiellers_interval_follows_the_worked_formula() {
        let interval = fieller(&[2.0, 4.0], &[1.5, 2.5], 0.5).unwrap();
        close(interval.estimate, 1.5, 1e-15);
        close(interval.lower, (11.0 - 1.0) / 7.5, 1e-9);
        close(interval.upper, (11.0 + 1.0) / 7.5, 1e-9);
        // Pairs in one ratio leave no doubt about it, whatever their sign.
        let same = fieller(&[-7.0, -8.0, -9.0], &[14.0, 16.0, 18.0], 0.95).unwrap();
        [same.estimate, same.lower, same.upper].iter().for_each(|&end| close(end, -0.5, 1e-7));
        // Without scatter below, it is the interval of the mean above, divided.
        let (fixed, above) = (fieller(&[1.0, 2.0, 4.0], &[-2.0; 3], 0.9), mean(&[1.0, 2.0, 4.0], 0.9).unwrap());
        close(fixed.unwrap().lower, above.upper / -2.0, 1e-12);
        close(fixed.unwrap().upper, above.lower / -2.0, 1e-12);
    }

    #[test]
    fn fiellers_interval_is_none_where_that_of_the_lower_mean_includes_zero() {
        for references in [[1.0, 2.0, 3.0], [0.1, 2.0, 4.0], [0.0, 0.0, 0.0], [5.0, 6.0, 7.0], [-3.0, -3.2, -3.1]] {
            let includes = mean(&references, 0.95).unwrap().contains(0.0);
            assert_eq!(fieller(&[1.0, 2.0, 2.5], &references, 0.95).is_none(), includes, "{references:?}");
        }
        assert_eq!((fieller(&[1.0], &[1.0], 0.95), fieller(&[1.0, 2.0], &[1.0], 0.95)), (None, None));
        assert_eq!(fieller(&[1.0, 2.0], &[1.0, f64::NAN], 0.95), None);
    }

    /// 4,000 experiments of 5 pairs with true ratio .3 and a mean below that is known to a fifth of itself. If coverage is exactly
    /// .95, the bound of 4 standard deviations (±.0138) gives a false alarm in about 6 of 100,000 choices of the seed; the rare
    /// samples without an interval are counted as covered, as an unbounded set would. The planted fault, linearising with a
    /// normal quantile, must fall outside.
    #[test]
    fn fiellers_interval_covers_the_truth_as_often_as_it_says() {
        let (experiments, mut covered, mut by_fault, mut without) = (4_000, 0.0, 0.0, 0.0);
        let mut normals = Normals(11);
        for _ in 0..experiments {
            let references: Vec<f64> = (0..5).map(|_| 1.0 + 0.45 * normals.next()).collect();
            let values: Vec<f64> = references.iter().map(|x| 0.3 + 0.5 * (x - 1.0) + 0.3 * normals.next()).collect();
            let Some(interval) = fieller(&values, &references, 0.95) else {
                (covered, by_fault, without) = (covered + 1.0, by_fault + 1.0, without + 1.0);
                continue;
            };
            covered += f64::from(interval.contains(0.3));
            let ratio = interval.estimate;
            let residuals: Vec<f64> = values.iter().zip(&references).map(|(y, x)| y - ratio * x).collect();
            let reach = 1.960 * standard_error(&residuals).unwrap() / average(&references).unwrap();
            by_fault += f64::from((ratio - 0.3).abs() <= reach);
        }
        let all = f64::from(experiments);
        close(covered / all, 0.95, 0.0138);
        assert!(by_fault / all < 0.95 - 0.0138 && without / all < 0.15, "{by_fault} {without}");
    }

    #[test]
    fn undefined_intervals_are_none() {
        let two = [1.0, 2.0];
        assert_eq!((average(&[]), mean(&[], 0.95), mean(&[1.0], 0.95)), (None, None, None));
        assert_eq!((mean(&two, 1.0), mean(&[1.0, f64::NAN], 0.95), mean(&[f64::MAX; 2], 0.95)), (None, None, None));
        assert_eq!((paired_difference(&two, &[1.0], 0.95), ratio_of_means(&two, &[1.0], 0.95)), (None, None));
        assert_eq!((ratio_of_means(&[2.0], &[1.0], 0.95), relative_change(&[2.0], &[1.0])), (None, Some(1.0)));
        for bad in [[0.0, 0.0], [-1.0, 1.0], [-1.0, -2.0], [f64::INFINITY, 1.0]] {
            assert_eq!((ratio_of_means(&two, &bad, 0.95), ratio_of_means(&bad, &two, 0.95)), (None, None));
        }
        assert_eq!(Interval::symmetric(0.0, -1.0, 4, 0.95), None);
    }

    /// `SplitMix64` with, on top of it, a normal as a sum of twelve uniforms.
    struct Normals(u64);

    impl Normals {
        fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        }

        fn next(&mut self) -> f64 {
            (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
        }
    }

    /// 4,000 experiments of 5 pairs with true ratio 1.1 and a large common part. If coverage is exactly .95, the bound
    /// of 4 standard deviations (±.0138) gives a false alarm in about 6 of 100,000 choices of the seed. The planted
    /// fault, a normal quantile in place of t, must fall outside it (its coverage is near .88).
    #[test]
    fn the_ratio_interval_covers_the_truth_as_often_as_it_says() {
        let (experiments, mut covered, mut covered_by_fault) = (4_000, 0.0, 0.0);
        let mut normals = Normals(7);
        for _ in 0..experiments {
            let common: Vec<f64> = (0..5).map(|_| 100.0 + 5.0 * normals.next()).collect();
            let values: Vec<f64> = common.iter().map(|base| 1.1 * base + normals.next()).collect();
            let references: Vec<f64> = common.iter().map(|base| base + normals.next()).collect();
            let interval = ratio_of_means(&values, &references, 0.95).unwrap();
            covered += f64::from(interval.contains(0.1));
            let reach = (libm::log1p(interval.upper) - libm::log1p(interval.estimate)) * 1.960 / 2.776;
            let miss = libm::log1p(interval.estimate) - libm::log1p(0.1);
            covered_by_fault += f64::from(miss.abs() <= reach);
        }
        close(covered / f64::from(experiments), 0.95, 0.0138);
        assert!(covered_by_fault / f64::from(experiments) < 0.95 - 0.0138);
    }
}
