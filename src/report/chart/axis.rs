//! From values to places, and round values to write beside them.

/// An axis: a range of values laid out between two places.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    values: [f64; 2],
    places: [f64; 2],
}

impl Axis {
    /// From `values[0]` at `places[0]` to `values[1]` at `places[1]`. A range of no width is widened.
    pub fn new(values: [f64; 2], places: [f64; 2]) -> Self {
        let [low, high] = values;
        let values = if high > low { values } else { [low - 0.5, low + 0.5] };
        Self { values, places }
    }

    /// Where a value stands.
    pub fn at(&self, value: f64) -> f64 {
        let [low, high] = self.values;
        let part = (value - low) / (high - low);
        self.places[0] + part * (self.places[1] - self.places[0])
    }

    /// The same, at an end of the axis where the value lies beyond it.
    pub fn within(&self, value: f64) -> f64 {
        self.at(value.clamp(self.values[0], self.values[1]))
    }

    /// Round values on the axis, about `count` of them.
    pub fn ticks(&self, count: usize) -> Ticks {
        Ticks::new(self.values, count)
    }

    /// Ends of the range.
    pub const fn values(&self) -> [f64; 2] {
        self.values
    }
}

/// Round values at equal distances.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticks {
    /// The values.
    pub values: Vec<f64>,
    /// Power of ten that they are written to.
    pub power: i32,
}

impl Ticks {
    fn new([low, high]: [f64; 2], count: usize) -> Self {
        let step = round_step((high - low) / count.max(1) as f64);
        let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
        let power = libm::floor(libm::log10(step) + 1e-9) as i32;
        Self { values: (first..=last).map(|number| number as f64 * step).collect(), power: power.min(0) }
    }
}

/// The one of 1, 2, 5, 10 … (and their tenths, tens) that is nearest to `width`, on the log scale.
pub fn round_step(width: f64) -> f64 {
    let unit = libm::pow(10.0, libm::floor(libm::log10(width)));
    // Limits are geometric means of neighbours: √2, √10, √50.
    let limits = [(1.414, 1.0), (3.162, 2.0), (7.071, 5.0)];
    limits.into_iter().find(|(limit, _)| width < limit * unit).map_or(10.0, |(_, digit)| digit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        let steps = [(0.9, 1.0), (1.0, 1.0), (1.6, 2.0), (3.3, 5.0), (8.0, 10.0), (0.0004, 0.0005), (23.0, 20.0)];
        for (width, step) in steps {
            assert!((round_step(width) / step - 1.0).abs() < 1e-12, "{width}: {}", round_step(width));
        }
    }

    #[test]
    fn ticks_are_round_and_hold_zero() {
        let ticks = Axis::new([-16.0, 6.0], [0.0, 1.0]).ticks(4);
        assert_eq!((ticks.values, ticks.power), (vec![-15.0, -10.0, -5.0, 0.0, 5.0], 0));
        let ticks = Axis::new([0.0, 0.9], [0.0, 1.0]).ticks(4);
        assert_eq!((ticks.values.len(), ticks.power), (5, -1));
    }

    #[test]
    fn places_are_in_proportion() {
        let axis = Axis::new([-2.0, 2.0], [100.0, 300.0]);
        assert_eq!((axis.at(0.0), axis.at(1.0), axis.within(9.0)), (200.0, 250.0, 300.0));
        assert!(Axis::new([3.0, 3.0], [0.0, 10.0]).at(3.0) == 5.0);
    }
}
