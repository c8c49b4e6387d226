//! Better variances for many groups with few draws each: every group's own is drawn towards what groups of its mean have.
//!
//! A variance from a dozen draws is off by a third; among a thousand of them many are far too small by chance. Together
//! they tell how variance goes with the mean and how much groups truly scatter about that, so each can borrow from all.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::interval::average;

/// Groups below this mean have too few events to be fitted; theirs is no smaller than a Poisson count's.
const LEAST_MEAN: f64 = 1.0;
/// Fewest groups that a trend is fitted to.
const LEAST_GROUPS: usize = 10;

/// What is known of one group's variance after all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moderated {
    /// The moderated variance.
    pub variance: f64,
    /// Degrees of freedom it is worth; `None` stands for infinitely many.
    pub degrees: Option<f64>,
}

impl Moderated {
    /// Probability that the true variance lies below `bound`: it is degrees · variance ÷ χ².
    ///
    /// Range: 0 to 1. A share of groups with a true variance below some bound is the mean of these; counting moderated
    /// variances below it would miss groups, because those scatter less than the true ones.
    pub fn probability_below(&self, bound: f64) -> f64 {
        match self.degrees.and_then(|degrees| Some((degrees, ChiSquared::new(degrees).ok()?))) {
            Some((degrees, law)) if bound > 0.0 => law.sf(degrees * self.variance / bound),
            _ => f64::from(self.variance < bound),
        }
    }
}

/// Moderated variances of counts: (d·s² + d₀·s₀²)/(d + d₀), one per group, worth d + d₀ degrees of freedom.
///
/// Definition: s² is the group's own variance on d = `degrees` degrees of freedom, s₀² = e^(a + b·ln m) the one expected at
/// its mean m, and d₀ how many degrees of freedom that expectation is worth. a and b are a least-squares line through ln s²,
/// corrected for its own mean error; d₀ solves trigamma(d₀/2) = variance of the residuals − trigamma(d/2), infinite where
/// that is not above 0. Groups with m < 1 stay out of the fit and get max(s², m).
/// Unit: that of `variances`. Shape: one variance and one mean per group. Range: 0 and up.
/// `None`: lengths that differ, no degrees of freedom, or fewer than 10 groups that can be fitted.
/// It misleads where groups of the same mean fall into kinds, or where draws are far from log-normal scatter of variances.
/// Reference: Smyth 2004, *Linear models and empirical Bayes methods for assessing differential expression*; the trend after
/// Sartor et al. 2006.
pub fn moderate(variances: &[f64], means: &[f64], degrees: usize) -> Option<Vec<Moderated>> {
    if variances.len() != means.len() || degrees == 0 {
        return None;
    }
    let half = degrees as f64 / 2.0;
    let off = digamma(half) - libm::log(half);
    let groups = || variances.iter().copied().zip(means.iter().copied());
    let fitted: Vec<[f64; 2]> = groups()
        .filter(|&(variance, mean)| variance > 0.0 && mean >= LEAST_MEAN)
        .map(|(variance, mean)| [libm::log(mean), libm::log(variance) - off])
        .collect();
    if fitted.len() < LEAST_GROUPS {
        return None;
    }
    let line = Line::through(&fitted)?;
    let worth = degrees_for(line.residual_variance - trigamma(half));
    let towards = |variance: f64, mean: f64| {
        let expected = line.at(libm::log(mean));
        let Some(worth) = worth else { return Moderated { variance: libm::exp(expected), degrees: None } };
        let expected = libm::exp(expected + digamma(worth / 2.0) - libm::log(worth / 2.0));
        let all = degrees as f64 + worth;
        Moderated { variance: (degrees as f64 * variance + worth * expected) / all, degrees: Some(all) }
    };
    let moderated = |(variance, mean): (f64, f64)| {
        let rare = Moderated { variance: variance.max(mean), degrees: None };
        if mean < LEAST_MEAN { rare } else { towards(variance, mean) }
    };
    Some(groups().map(moderated).collect())
}

/// y = height + slope·(x − centre), with the variance of the residuals.
struct Line {
    centre: f64,
    height: f64,
    slope: f64,
    residual_variance: f64,
}

impl Line {
    fn through(points: &[[f64; 2]]) -> Option<Self> {
        let column = |place: usize| points.iter().map(|point| point[place]).collect::<Vec<_>>();
        let (centre, height) = (average(&column(0))?, average(&column(1))?);
        let sum = |of: fn(f64, f64) -> f64| points.iter().map(|[x, y]| of(x - centre, y - height)).sum::<f64>();
        let spread = sum(|x, _| x * x);
        let slope = if spread > 0.0 { sum(|x, y| x * y) / spread } else { 0.0 };
        let squares: f64 = points.iter().map(|[x, y]| (y - height - slope * (x - centre)).powi(2)).sum();
        Some(Self { centre, height, slope, residual_variance: squares / (points.len() - 2) as f64 })
    }

    fn at(&self, x: f64) -> f64 {
        self.height + self.slope * (x - self.centre)
    }
}

/// The d with trigamma(d/2) = `excess`; `None` stands for infinity.
fn degrees_for(excess: f64) -> Option<f64> {
    // Falls from 10⁶ to 10⁻⁶ between these ends: beyond them the answer is nothing or everything.
    let (mut low, mut high) = (1e-3, 1e6);
    if excess <= trigamma(high) {
        return None;
    }
    for _ in 0..80 {
        let middle = libm::sqrt(low * high);
        if trigamma(middle) > excess { low = middle } else { high = middle }
    }
    Some(2.0 * low)
}

/// Derivative of ln Γ: ψ(x) = ψ(x + 1) − 1/x, and its series at large x (Abramowitz & Stegun 1964, 6.3.18).
fn digamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 20.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    sum + libm::log(x) - 0.5 / x - square * (1.0 / 12.0 - square * (1.0 / 120.0 - square / 252.0))
}

/// Its derivative: ψ'(x) = ψ'(x + 1) + 1/x² (6.4.12).
fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 20.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    sum + 1.0 / x + 0.5 * square + square / x * (1.0 / 6.0 - square * (1.0 / 30.0 - square / 42.0))
}

#[cfg(test)]
mod tests {
    use super::{Moderated, degrees_for, digamma, moderate, trigamma};

    #[test]
    fn digamma_and_trigamma_match_their_closed_forms() {
        let euler = 0.577_215_664_901_532_9;
        let pi = std::f64::consts::PI;
        assert!((digamma(1.0) + euler).abs() < 1e-12);
        assert!((digamma(0.5) + euler + 2.0 * std::f64::consts::LN_2).abs() < 1e-12);
        assert!((trigamma(1.0) - pi * pi / 6.0).abs() < 1e-12);
        assert!((trigamma(0.5) - pi * pi / 2.0).abs() < 1e-12);
        assert!((degrees_for(pi * pi / 6.0).unwrap() - 2.0).abs() < 1e-9);
        assert_eq!((degrees_for(0.0), degrees_for(-1.0)), (None, None));
    }

    #[test]
    fn variances_that_lie_on_a_line_stay_there() {
        // Scatter below what chance alone makes: everything is borrowed, so only the correction of the mean error moves them.
        let means: Vec<f64> = (1..=40).map(f64::from).collect();
        let variances: Vec<f64> = means.iter().map(|mean| 3.0 * mean).collect();
        let found = moderate(&variances, &means, 15).unwrap();
        let factor = libm::exp(libm::log(7.5) - digamma(7.5));
        for (found, variance) in found.iter().map(|one| one.variance).zip(&variances) {
            assert!((found / variance - factor).abs() < 1e-9, "{found} {variance}");
        }
        assert!((factor - 1.0).abs() < 0.08);
    }

    #[test]
    fn groups_that_truly_differ_keep_most_of_their_own() {
        let means = vec![10.0; 40];
        let variances: Vec<f64> = (0..40).map(|group| if group % 2 == 0 { 1.0 } else { 1_000.0 }).collect();
        let found = moderate(&variances, &means, 15).unwrap();
        assert!(found[0].variance < 5.0 && found[1].variance > 800.0, "{found:?}");
    }

    #[test]
    fn an_outlier_among_many_is_drawn_towards_them() {
        let means = vec![10.0; 400];
        // Chance scatter of 15 degrees of freedom, nearly: ln s² with standard deviation .38.
        let mut variances: Vec<f64> =
            (0..400).map(|g| 10.0 * libm::exp(0.38 * (f64::from(g % 20) - 9.5) / 5.77)).collect();
        variances[0] = 1.0;
        let found = moderate(&variances, &means, 15).unwrap();
        assert!(found[0].variance > 5.0 && found[0].degrees.is_none_or(|degrees| degrees > 100.0), "{:?}", found[0]);
    }

    #[test]
    fn small_means_are_left_out_and_no_surer_than_a_poisson_count() {
        let means: Vec<f64> = (0..30).map(|group| if group < 20 { 5.0 } else { 0.5 }).collect();
        let variances: Vec<f64> = (0..30).map(|group| if group < 20 { 5.0 } else { f64::from(group % 2) }).collect();
        let found = moderate(&variances, &means, 15).unwrap();
        assert_eq!((found[20].variance, found[21].variance), (0.5, 1.0));
        assert_eq!(found[0], found[19]);
        assert!((found[0].variance / 5.0 - 1.0).abs() < 0.08);
    }

    #[test]
    fn the_truth_lies_below_a_bound_as_often_as_chi_square_says() {
        // P(2·1 ÷ χ²₂ < b) = P(χ²₂ > 2/b) = e^(−1/b).
        let known = Moderated { variance: 1.0, degrees: Some(2.0) };
        for bound in [0.3, 1.0, 4.0] {
            assert!((known.probability_below(bound) - libm::exp(-1.0 / bound)).abs() < 1e-12);
        }
        assert_eq!(known.probability_below(0.0), 0.0);
        let sure = Moderated { variance: 1.0, degrees: None };
        assert_eq!((sure.probability_below(0.9), sure.probability_below(1.1)), (0.0, 1.0));
    }

    #[test]
    fn too_few_groups_are_undefined() {
        assert_eq!(moderate(&[1.0; 9], &[2.0; 9], 15), None);
        assert_eq!((moderate(&[1.0; 10], &[2.0; 9], 15), moderate(&[1.0; 10], &[2.0; 10], 0)), (None, None));
        assert_eq!(moderate(&[0.0; 20], &[0.0; 20], 15), None);
    }
}
