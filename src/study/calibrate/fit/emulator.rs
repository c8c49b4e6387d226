//! An emulator: what figures would be at vectors that were not simulated, by quadratic regression on those that were; and vectors
//! drawn where it expects the data to be met.
//!
//! A method for simulators that are expensive, noisy and have no gradient: simulate a few vectors, emulate, draw where the emulator
//! sees no conflict with the data, simulate these, emulate again. What is left is a set, not a point.
//! Reference: history matching, Craig et al. 1997, in *Case Studies in Bayesian Statistics III*; Vernon, Goldstein & Bower 2010,
//! *Bayesian Analysis* 5.

use rand_distr::{Distribution, StandardNormal, StandardUniform};

use crate::rng::Key;

/// Prior precision of linear and of quadratic coefficients in units of a figure's own noise: figures move by some tolerances over a
/// constant's range, and bend by less.
const PRECISION: [f64; 2] = [0.02, 0.2];
/// Misses beyond this many tolerances no longer make a vector weigh less.
const FAR: f64 = 6.0;
/// Standard deviation of a proposed step, of a range of length 2.
const STEP: f64 = 0.3;
/// Proposed steps of a chain, per coordinate.
const SWEEPS: usize = 300;

/// Quadratic functions of places, one for each figure.
#[derive(Debug, Clone)]
pub struct Emulator {
    coefficients: Vec<Vec<f64>>,
}

impl Emulator {
    /// From simulated places, each coordinate between −1 and 1, and their figures in tolerances. Vectors near the data weigh most:
    /// there the emulator is asked.
    pub fn new(places: &[Vec<f64>], misses: &[Vec<f64>]) -> Self {
        let rows: Vec<Vec<f64>> = places.iter().map(|place| terms(place)).collect();
        let weights: Vec<f64> = misses.iter().map(|row| weight(row)).collect();
        let (count, dimensions) = (rows[0].len(), places[0].len());
        let mut gram = vec![vec![0.0; count]; count];
        for (row, weight) in rows.iter().zip(&weights) {
            for i in 0..count {
                (0..=i).for_each(|j| gram[i][j] += weight * row[i] * row[j]);
            }
        }
        let scale = weights.iter().sum::<f64>();
        for (i, row) in gram.iter_mut().enumerate() {
            row[i] += scale * if i <= dimensions { PRECISION[0] / 10.0 } else { PRECISION[1] / 10.0 } + 1e-12;
        }
        let factor = cholesky(&gram);
        let of_figure = |figure: usize| {
            let mut moments = vec![0.0; count];
            for ((row, weight), miss) in rows.iter().zip(&weights).zip(misses) {
                moments.iter_mut().zip(row).for_each(|(sum, term)| *sum += weight * term * miss[figure]);
            }
            solve(&factor, &moments)
        };
        Self { coefficients: (0..misses[0].len()).map(of_figure).collect() }
    }

    /// The figures that it expects at a place.
    pub fn expects(&self, place: &[f64]) -> Vec<f64> {
        let terms = terms(place);
        self.coefficients.iter().map(|of| of.iter().zip(&terms).map(|(a, b)| a * b).sum()).collect()
    }

    /// As many places as there are `starts`, each the end of a Metropolis chain over the `free` coordinates that begins at one: draws
    /// from the posterior of a uniform prior over the ranges and normal errors of the data with standard deviation `error`.
    pub fn draw(&self, starts: &[Vec<f64>], free: &[usize], error: f64, key: Key) -> Vec<Vec<f64>> {
        let loss =
            |place: &[f64]| self.expects(place).iter().map(|miss| miss * miss).sum::<f64>() / (2.0 * error * error);
        let chain = |(number, start): (usize, &Vec<f64>)| {
            let mut stream = key.at(number as u64).stream();
            let (mut place, mut here) = (start.clone(), loss(start));
            for step in 0..SWEEPS * free.len() {
                let i = free[step % free.len()];
                let normal: f64 = StandardNormal.sample(&mut stream);
                let chance: f64 = StandardUniform.sample(&mut stream);
                let old = place[i];
                place[i] += STEP * normal;
                let there = if place[i].abs() <= 1.0 { loss(&place) } else { f64::INFINITY };
                if chance < libm::exp(here - there) {
                    here = there;
                } else {
                    place[i] = old;
                }
            }
            place
        };
        starts.iter().enumerate().map(chain).collect()
    }
}

fn weight(misses: &[f64]) -> f64 {
    let square = |miss: &f64| libm::pow(miss.abs().min(FAR), 2.0);
    1.0 / (1.0 + misses.iter().map(square).sum::<f64>() / misses.len() as f64)
}

/// 1, the coordinates, their products.
fn terms(place: &[f64]) -> Vec<f64> {
    let products = (0..place.len()).flat_map(|i| (i..place.len()).map(move |j| place[i] * place[j]));
    std::iter::once(1.0).chain(place.iter().copied()).chain(products).collect()
}

/// Lower triangle L of A = L·Lᵀ, A by its lower triangle.
fn cholesky(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut lower = vec![vec![0.0; matrix.len()]; matrix.len()];
    for i in 0..matrix.len() {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            lower[i][j] = if i == j { libm::sqrt(matrix[i][i] - known) } else { (matrix[i][j] - known) / lower[j][j] };
        }
    }
    lower
}

/// Solves L·Lᵀ·x = b.
fn solve(lower: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let n = lower.len();
    let mut x = right.to_vec();
    for i in 0..n {
        let known: f64 = (0..i).map(|k| lower[i][k] * x[k]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| lower[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(count: usize, dimensions: usize) -> Vec<Vec<f64>> {
        let key = Key::root(5, 0);
        let coordinate = |m: usize, i: usize| -> f64 {
            let u: f64 = StandardUniform.sample(&mut key.at(m as u64).at(i as u64).stream());
            2.0 * u - 1.0
        };
        (0..count).map(|m| (0..dimensions).map(|i| coordinate(m, i)).collect()).collect()
    }

    #[test]
    fn a_quadratic_function_is_found_again() {
        let of = |x: &[f64]| vec![0.5 + x[0] - 2.0 * x[1] + 0.7 * x[0] * x[1], 1.0 - x[2] * x[2]];
        let simulated = places(4_000, 3);
        let emulator = Emulator::new(&simulated, &simulated.iter().map(|x| of(x)).collect::<Vec<_>>());
        for place in places(50, 3) {
            for (expected, true_one) in emulator.expects(&place).iter().zip(of(&place)) {
                // The prior draws the coefficients a few per cent towards 0.
                assert!((expected - true_one).abs() < 0.2, "{place:?}: {expected} {true_one}");
            }
        }
    }

    #[test]
    fn draws_have_the_posterior_of_a_linear_figure_and_leave_alone_what_is_not_free() {
        // Miss 4·x₀ − 1 with error ½: x₀ is normal about ¼ with standard deviation ⅛; x₁ is uniform; x₂ is not free.
        let emulator = Emulator { coefficients: vec![vec![-1.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]] };
        let starts = places(4_000, 3);
        let drawn = emulator.draw(&starts, &[0, 1], 0.5, Key::root(6, 0));
        let moments = |i: usize| {
            let mean = drawn.iter().map(|x| x[i]).sum::<f64>() / 4e3;
            (mean, drawn.iter().map(|x| (x[i] - mean) * (x[i] - mean)).sum::<f64>() / 4e3)
        };
        // Standard errors: .002 and .0004; .009 and .005.
        let ((mean, variance), (flat, wide)) = (moments(0), moments(1));
        assert!((mean - 0.25).abs() < 0.01 && (variance - 1.0 / 64.0).abs() < 0.002, "{mean} {variance}");
        assert!(flat.abs() < 0.04 && (wide - 1.0 / 3.0).abs() < 0.02, "{flat} {wide}");
        assert!(drawn.iter().zip(&starts).all(|(one, start)| one[2] == start[2] && one[0].abs() <= 1.0));
    }
}
