//! Whether a short series still moves: the least-squares line through it.

use crate::stats::interval::{Interval, average};

/// The least-squares line through a series of equally spaced values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Change per step, in the unit of the values.
    pub slope: f64,
    /// Standard error of the slope, same unit; 0 when the values lie on a line.
    pub standard_error: f64,
    /// Mean of the values, the height of the line in the middle of the series.
    pub average: f64,
    /// Values less two.
    pub degrees_of_freedom: usize,
}

impl Drift {
    /// Slope as a share of the mean: .01 is one per cent a step. `None` when the mean is not above 0.
    pub fn relative(&self) -> Option<f64> {
        Some(self.slope / self.average).filter(|relative| self.average > 0.0 && relative.is_finite())
    }

    /// Student-t interval of the slope. `None` for a level not strictly between 0 and 1.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        Interval::symmetric(self.slope, self.standard_error, self.degrees_of_freedom, level)
    }
}

/// Fits y = a + b·x to `values` at x = 0, 1, 2, …
///
/// Definition: b = Σ(x − x̄)(y − ȳ)/S, S = Σ(x − x̄)² = n(n² − 1)/12; its standard error is √(Σe²/(n − 2)/S), e the
/// residuals.
/// Unit: that of the values, per step. Range: any. `None`: fewer than 3 values, or values that are not finite.
/// It misleads when neighbouring residuals are alike: the standard error is then too small.
/// Reference: Draper & Smith 1998, *Applied Regression Analysis*, ch. 1.
pub fn drift(values: &[f64]) -> Option<Drift> {
    let degrees_of_freedom = values.len().checked_sub(2).filter(|&degrees| degrees > 0)?;
    let (count, average) = (values.len() as f64, average(values)?);
    let spread = count * (count * count - 1.0) / 12.0;
    let steps = || values.iter().enumerate().map(|(step, value)| (step as f64 - 0.5 * (count - 1.0), value - average));
    let slope = steps().map(|(step, value)| step * value).sum::<f64>() / spread;
    let squares: f64 = steps().map(|(step, value)| (value - slope * step).powi(2)).sum();
    let standard_error = libm::sqrt(squares / degrees_of_freedom as f64 / spread);
    (slope.is_finite() && standard_error.is_finite()).then_some(Drift {
        slope,
        standard_error,
        average,
        degrees_of_freedom,
    })
}

#[cfg(test)]
mod tests {
    use super::{Drift, drift};

    #[test]
    fn a_straight_line_has_its_slope_and_no_error() {
        let line = drift(&[1.0, 3.0, 5.0, 7.0]).unwrap();
        assert_eq!(line, Drift { slope: 2.0, standard_error: 0.0, average: 4.0, degrees_of_freedom: 2 });
        assert_eq!(line.relative(), Some(0.5));
        assert_eq!(drift(&[5.0; 7]).unwrap().relative(), Some(0.0));
    }

    #[test]
    fn slope_and_error_match_the_worked_example() {
        // y = 1, 3, 2, 4 at x = 0…3: S = 5, b = 4/5, residuals −.3, .9, −.9, .3, so se = √(1.8/2/5).
        let worked = drift(&[1.0, 3.0, 2.0, 4.0]).unwrap();
        assert!((worked.slope - 0.8).abs() < 1e-15);
        assert!((worked.standard_error - libm::sqrt(0.18)).abs() < 1e-15);
        let interval = worked.interval(0.95).unwrap();
        assert!((interval.upper - (0.8 + 4.302653 * libm::sqrt(0.18))).abs() < 1e-6);
    }

    #[test]
    fn undefined_drift_is_none() {
        assert_eq!((drift(&[]), drift(&[1.0, 2.0]), drift(&[1.0, f64::NAN, 2.0])), (None, None, None));
        assert_eq!(drift(&[-1.0, 0.0, 1.0]).unwrap().relative(), None);
        assert_eq!(drift(&[1.0, 2.0, 4.0]).unwrap().interval(1.0), None);
    }
}
