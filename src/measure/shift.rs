//! What a tilt moved: a measure in an arm against its reference over the tilted days, with its interval over replicates and
//! the two floors.
//!
//! The estimand is a mean over worlds. Values of one replicate are paired: arm, reference, baseline and echo share people,
//! catalogue and luck up to the fork. Intervals are about simulation noise alone, never about the model.

use super::registry::Values;
use super::{Course, Law, Measure, Part, Window};
use crate::stats::interval::{
    Interval, average, mean, paired_difference, ratio_of_means, relative_change, student_t_quantile, variance,
};
use crate::stats::quantile::quantile;
use crate::trace::Tally;

/// One measure of one topic, or of the whole feed, in one arm against its reference.
///
/// A measure that is a contrast of two arms by itself (a divergence) has no value in a single arm: `reference`, `arm` and
/// `relative` are `None`, and `difference` is the contrast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shift {
    /// Mean over replicates in the reference.
    pub reference: Option<f64>,
    /// Mean over replicates in the arm.
    pub arm: Option<f64>,
    /// Arm − reference.
    pub difference: Option<f64>,
    /// Paired 95 % interval of the difference; `None` with fewer than five replicates.
    pub difference_ci95: Option<[f64; 2]>,
    /// Ratio of means − 1.
    pub relative: Option<f64>,
    /// 95 % interval of the ratio of means − 1.
    pub relative_ci95: Option<[f64; 2]>,
    /// 95th percentile of absolute differences between baseline replicates: what someone without a paired world must
    /// beat. `None` with one replicate.
    pub floor_worlds: Option<f64>,
    /// 95th percentile over replicates of absolute differences between the echo arm and the baseline: what two courses of
    /// one world differ by. `None` without an echo arm.
    pub floor_fork: Option<f64>,
    /// Whether arm and reference agree to the last bit in every replicate.
    pub identical: bool,
}

/// Names of what is read off a shift, each with its section in `docs/measures.md`.
pub const FIGURES: [&str; 3] = ["elasticity", "floor_worlds", "floor_fork"];
/// Least number of replicates that an interval is given for.
pub const LEAST_REPLICATES: usize = 5;
/// Part of the differences that a floor is not below.
const FLOOR: f64 = 0.95;

/// Which courses are compared. Arms are counted as in the tally, 0 being the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides<'a> {
    /// The arm.
    pub arm: usize,
    /// The arm it is compared with.
    pub reference: usize,
    /// The baseline continued with fresh draws from the arm's fork on, if it was simulated.
    pub echo: Option<usize>,
    /// The topics that are tilted in the arm or in its reference.
    pub tilted: &'a [usize],
    /// Tracked topics.
    pub track: &'a [usize],
}

/// The courses of all replicates, one entry each.
#[derive(Debug, Clone)]
pub struct Comparison {
    arm: Vec<Course>,
    reference: Vec<Course>,
    baseline: Vec<Course>,
    echo: Option<Vec<Course>>,
    tilted: Vec<usize>,
}

impl Comparison {
    /// Reads one tally per replicate.
    pub fn new(tallies: &[Tally], sides: Sides<'_>, window: Window, part: Part) -> Self {
        let of = |arm: usize| -> Vec<Course> {
            tallies.iter().map(|tally| Course::new(tally, arm, window, part, sides.track)).collect()
        };
        Self {
            arm: of(sides.arm),
            reference: of(sides.reference),
            baseline: of(0),
            echo: sides.echo.map(of),
            tilted: sides.tilted.to_vec(),
        }
    }

    /// One shift per topic, or a single one for a measure of the whole feed.
    pub fn shifts(&self, measure: &Measure) -> Vec<Shift> {
        match measure.law {
            Law::Level(values) => self.levels(values),
            Law::Contrast(values) => self.contrasts(values),
        }
    }

    fn levels(&self, values: fn(&Course) -> Values) -> Vec<Shift> {
        let of = |courses: &Vec<Course>| columns(courses.iter().map(values));
        let (arm, reference, baseline) = (of(&self.arm), of(&self.reference), of(&self.baseline));
        let echo = self.echo.as_ref().map(of);
        (0..arm.len())
            .map(|k| {
                Shift::of_levels(&arm[k], &reference[k], &baseline[k], echo.as_ref().map(|echo| echo[k].as_slice()))
            })
            .collect()
    }

    fn contrasts(&self, values: fn(&Course, &Course, &[usize]) -> Values) -> Vec<Shift> {
        let of = |courses: &[Course], others: &[Course]| -> Vec<Vec<f64>> {
            columns(courses.iter().zip(others).map(|(one, other)| values(one, other, &self.tilted)))
        };
        let found = of(&self.arm, &self.reference);
        let worlds = columns(pairs(&self.baseline).map(|(one, other)| values(one, other, &self.tilted)));
        let echo = self.echo.as_ref().map(|echo| of(echo, &self.baseline));
        (0..found.len())
            .map(|k| {
                let worlds = worlds.get(k).map_or(&[][..], Vec::as_slice);
                Shift::of_contrasts(&found[k], worlds, echo.as_ref().map(|echo| echo[k].as_slice()))
            })
            .collect()
    }
}

impl Shift {
    /// Of one count by replicate, without floors.
    pub fn between(arm: &[f64], reference: &[f64]) -> Self {
        Self { floor_worlds: None, ..Self::of_levels(arm, reference, reference, None) }
    }

    fn of_levels(arm: &[f64], reference: &[f64], baseline: &[f64], echo: Option<&[f64]>) -> Self {
        let (mean_arm, mean_reference) = (average(arm), average(reference));
        Self {
            reference: mean_reference,
            arm: mean_arm,
            difference: mean_arm.zip(mean_reference).map(|(a, b)| a - b),
            difference_ci95: ends(arm.len(), paired_difference(arm, reference, 0.95)),
            relative: relative_change(arm, reference),
            relative_ci95: ends(arm.len(), ratio_of_means(arm, reference, 0.95)),
            floor_worlds: between_worlds(baseline),
            floor_fork: echo.and_then(|echo| from_zero(echo, baseline)),
            identical: !arm.is_empty() && arm == reference,
        }
    }

    fn of_contrasts(found: &[f64], worlds: &[f64], echo: Option<&[f64]>) -> Self {
        Self {
            difference: average(found),
            difference_ci95: ends(found.len(), mean(found, 0.95)),
            floor_worlds: floor(worlds),
            floor_fork: echo.and_then(floor),
            identical: !found.is_empty() && found.iter().all(|&value| value == 0.0),
            ..Self::default()
        }
    }

    /// The interval of the difference, where the shift cannot be told from zero: where this interval or that of the relative
    /// change includes it. At the margin one of them may leave it out; what is said then rests on the one that does not.
    pub fn untold(&self) -> Option<[f64; 2]> {
        let of_relative =
            self.relative_ci95.zip(self.reference).map(|(ends, reference)| ends.map(|end| end * reference));
        let includes_zero = |ends: &[f64; 2]| ends[0] <= 0.0 && 0.0 <= ends[1];
        [self.difference_ci95, of_relative].into_iter().flatten().find(includes_zero)
    }

    /// ln(arm ÷ reference) ÷ ln `multiply`; `None` where |ln `multiply`| < .001.
    pub fn elasticity(&self, multiply: f64) -> Option<f64> {
        let strength = multiply.ln();
        let moved = (1.0 + self.relative?).ln();
        (strength.abs() >= 0.001 && strength.is_finite() && moved.is_finite()).then(|| moved / strength)
    }
}

/// The ends of an interval, where there are replicates enough for one.
fn ends(replicates: usize, interval: Option<Interval>) -> Option<[f64; 2]> {
    interval.filter(|_| replicates >= LEAST_REPLICATES).map(|interval| [interval.lower, interval.upper])
}

/// By topic, the values of all replicates; empty where any is undefined.
fn columns(rows: impl Iterator<Item = Values>) -> Vec<Vec<f64>> {
    let rows: Vec<Values> = rows.collect();
    let width = rows.first().map_or(0, Vec::len);
    (0..width).map(|k| rows.iter().map(|row| row[k]).collect::<Option<Vec<f64>>>().unwrap_or_default()).collect()
}

/// Every pair of two replicates, once.
fn pairs<T>(replicates: &[T]) -> impl Iterator<Item = (&T, &T)> {
    let later = |(place, one)| replicates[place + 1..].iter().map(move |other| (one, other));
    replicates.iter().enumerate().flat_map(later)
}

/// What two more worlds differ by in 19 of 20 pairs: t·s·√2, with n − 1 degrees of freedom. A percentile of the few
/// differences at hand would be passed by one pair in six at five replicates.
fn between_worlds(levels: &[f64]) -> Option<f64> {
    let t = student_t_quantile(FLOOR, levels.len().checked_sub(1)?)?;
    Some(t * libm::sqrt(2.0 * variance(levels)?))
}

/// What one more echo differs by from its world in 19 of 20 pairs: t·√(Σd²/n), with n degrees of freedom, because the
/// difference of two equal laws has mean 0.
fn from_zero(echo: &[f64], baseline: &[f64]) -> Option<f64> {
    let squares: Vec<f64> = echo.iter().zip(baseline).map(|(echo, baseline)| (echo - baseline).powi(2)).collect();
    Some(student_t_quantile(FLOOR, squares.len())? * libm::sqrt(average(&squares)?))
}

/// 95th percentile of the sizes of contrasts, whose law is not known; biased downwards with few replicates.
fn floor(differences: &[f64]) -> Option<f64> {
    let sizes: Vec<f64> = differences.iter().map(|difference| difference.abs()).collect();
    quantile(&sizes, FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{divergence, moved, share};

    const SIDES: Sides<'static> = Sides { arm: 1, reference: 0, echo: Some(2), tilted: &[0], track: &[] };

    /// Five replicates of two topics with known counts in baseline, arm and echo.
    fn tallies() -> Vec<Tally> {
        (0..5)
            .map(|r| {
                let mut tally = Tally::new(0, 1, 3, 1, 1, 2, 0);
                for (arm, first) in
                    [(0, 100 + 10 * r), (1, 80 + 8 * r), (2, 100 + 10 * r + [1, -2, 3, 0, -1][r as usize])]
                {
                    tally.exposure[[0, arm, 0, 0, 0, 0]] = first as u64;
                    tally.exposure[[0, arm, 0, 0, 1, 0]] = 1_000 - first as u64;
                }
                tally
            })
            .collect()
    }

    fn of(tallies: &[Tally], sides: Sides<'_>, measure: &Measure) -> Vec<Shift> {
        Comparison::new(tallies, sides, Window { from: 0, until: 1 }, Part::Everybody).shifts(measure)
    }

    fn close(found: Option<f64>, expected: f64) {
        assert!((found.expect("defined") - expected).abs() < 1e-12, "found {found:?}, expected {expected}");
    }

    #[test]
    fn shares_ratios_and_floors_come_out_as_counted_by_hand() {
        let first = &of(&tallies(), SIDES, &share::EXPOSURE)[0];
        close(first.reference, 0.12);
        close(first.arm, 0.096);
        // Every replicate has the same ratio, so the interval of the ratio has width 0.
        let [low, high] = first.relative_ci95.unwrap();
        assert!((low + 0.2).abs() < 1e-12 && (high + 0.2).abs() < 1e-12);
        // .10, .11, .12, .13, .14: variance .00025; t(4) = 2.776.
        let near = |found: Option<f64>, expected: f64| (found.expect("defined") - expected).abs() < 1e-10;
        assert!(near(first.floor_worlds, 2.776_445_105 * libm::sqrt(2.0 * 0.00025)), "{:?}", first.floor_worlds);
        // 1, −2, 3, 0, −1 thousandths: a mean square of 3; t(5) = 2.571.
        assert!(near(first.floor_fork, 2.570_581_836 * 0.001 * libm::sqrt(3.0)), "{:?}", first.floor_fork);
        close(first.elasticity(0.95), 0.8f64.ln() / 0.95f64.ln());
        assert_eq!(first.elasticity(1.0), None);
    }

    #[test]
    fn a_shift_is_told_where_neither_interval_includes_zero() {
        let told = |difference: [f64; 2], relative: [f64; 2]| {
            Shift {
                reference: Some(0.02),
                difference_ci95: Some(difference),
                relative_ci95: Some(relative),
                ..Shift::default()
            }
            .untold()
        };
        assert_eq!(told([0.01, 0.02], [0.4, 1.2]), None);
        // Each of them may include zero alone: the one that does is told.
        assert_eq!(told([-0.001, 0.02], [0.1, 1.2]), Some([-0.001, 0.02]));
        assert_eq!(told([0.001, 0.02], [-0.5, 1.0]), Some([-0.01, 0.02]));
        assert_eq!(Shift::default().untold(), None, "points without intervals");
    }

    #[test]
    fn without_an_echo_there_is_no_floor_of_forks() {
        for measure in [share::EXPOSURE, divergence::TOTAL_VARIATION] {
            let shifts = of(&tallies(), Sides { echo: None, ..SIDES }, &measure);
            assert!(shifts[0].floor_fork.is_none() && shifts[0].floor_worlds.is_some());
        }
    }

    #[test]
    fn a_contrast_is_its_own_difference_with_interval_and_floors() {
        let shifts = of(&tallies(), SIDES, &divergence::TOTAL_VARIATION);
        let [only] = shifts.as_slice() else { panic!("one value for the whole feed") };
        // Shares differ by .020, .022, … .028: mean .024, sd .00316, t(4) = 2.776.
        close(only.difference, 0.024);
        let half = 2.776_445_105 * libm::sqrt(1e-5 / 5.0);
        assert!((only.difference_ci95.unwrap()[0] - (0.024 - half)).abs() < 1e-10, "{:?}", only.difference_ci95);
        // Differences of .01 four times, .02 three times, .03 twice, .04 once: type-7 quantile at .95 lies at .0355.
        close(only.floor_worlds, 0.0355);
        // Sizes 0, 1, 1, 2, 3 thousandths: at .95 it lies four fifths of the way from 2 to 3.
        close(only.floor_fork, 0.0028);
        assert_eq!((only.arm, only.reference, only.relative, only.identical), (None, None, None, false));
        close(of(&tallies(), SIDES, &moved::IMPRESSIONS)[0].difference, 24.0);
    }

    #[test]
    fn floors_are_the_baselines_whatever_is_compared() {
        for measure in Measure::ALL {
            let turned = Sides { arm: 0, reference: 1, ..SIDES };
            for (one, other) in of(&tallies(), SIDES, measure).iter().zip(of(&tallies(), turned, measure)) {
                assert_eq!((one.floor_worlds, one.floor_fork), (other.floor_worlds, other.floor_fork));
            }
        }
    }

    #[test]
    fn an_arm_against_itself_is_identical() {
        for measure in Measure::ALL {
            for shift in of(&tallies(), Sides { arm: 0, ..SIDES }, measure) {
                assert!(shift.identical == shift.difference.is_some() && shift.difference.unwrap_or(0.0) == 0.0);
            }
        }
    }

    #[test]
    fn four_replicates_give_points_without_intervals() {
        for measure in [share::EXPOSURE, divergence::TOTAL_VARIATION] {
            let first = of(&tallies()[..4], SIDES, &measure).remove(0);
            assert!(first.difference.is_some());
            assert_eq!((first.relative_ci95, first.difference_ci95), (None, None));
        }
    }
}
