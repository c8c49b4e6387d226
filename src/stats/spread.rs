//! The logistic function averaged over people who differ.

/// People whose log-odds are spread normally about a mean: what the logistic function is on average over them. By the trapezoidal rule on steps
/// of half a standard deviation, exact to 10⁻⁶ of the value up to a deviation of 3, and tabulated; between places of the table the
/// logarithm is interpolated, to 10⁻⁴ of the value.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread(Vec<f64>);

/// Largest log-odds of the table of a [`Spread`]; beyond, its logarithm goes on in a straight line.
const FARTHEST: i32 = 32;
/// Places of the table per unit of log-odds.
const PLACES: i32 = 32;

impl Spread {
    /// With this standard deviation.
    pub fn new(sd: f64) -> Self {
        let nodes: Vec<[f64; 2]> = match sd {
            0.0 => vec![[0.0, 1.0]],
            _ => (-16..=16).map(|i| 0.5 * f64::from(i)).map(|z| [sd * z, libm::exp(-0.5 * z * z)]).collect(),
        };
        let total: f64 = nodes.iter().map(|[_, weight]| weight).sum();
        let mean =
            |x: f64| nodes.iter().map(|[shift, weight]| weight / (1.0 + libm::exp(-(x + shift)))).sum::<f64>() / total;
        let places = -FARTHEST * PLACES..=FARTHEST * PLACES;
        Self(places.map(|place| libm::log(mean(f64::from(place) / f64::from(PLACES)))).collect())
    }

    /// Mean of the logistic function about a mean of `x`.
    pub fn logistic(&self, x: f64) -> f64 {
        let place = (x + f64::from(FARTHEST)) * f64::from(PLACES);
        let below = (place.max(0.0) as usize).min(self.0.len() - 2);
        let [low, high] = [self.0[below], self.0[below + 1]];
        libm::exp((low + (high - low) * (place - below as f64)).min(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against steps of a thousandth of a deviation, and alike people against the logistic function itself.
    #[test]
    fn a_spread_of_people_averages_the_logistic_function() {
        let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        let alike = Spread::new(0.0);
        for x in [-50.0, -30.0, -9.01, 0.3, 4.0, 40.0] {
            let found = alike.logistic(x);
            assert!((found / logistic(x) - 1.0).abs() < 1e-4, "{found} at {x}");
        }
        for (x, sd) in [(-33.0, 1.0), (-9.0, 2.6), (-3.01, 1.0), (0.7, 3.0), (40.0, 2.0)] {
            let steps = (-10_000..=10_000).map(|i| 0.001 * f64::from(i)).map(|z| [z, libm::exp(-0.5 * z * z)]);
            let [sum, weight] =
                steps.fold([0.0, 0.0], |[sum, weight], [z, w]| [sum + w * logistic(x + sd * z), weight + w]);
            let found = Spread::new(sd).logistic(x);
            assert!((found * weight / sum - 1.0).abs() < 1e-4, "{found} for {}: {x}, {sd}", sum / weight);
        }
    }
}
