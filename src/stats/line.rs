//! Straight lines through points, from sums.

/// Weighted sums over points (x, y). Lines of several groups, each through its own means, can have a slope in common.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line {
    weight: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

impl Line {
    /// Adds a point.
    pub fn add(&mut self, weight: f64, x: f64, y: f64) {
        self.weight += weight;
        self.x += weight * x;
        self.y += weight * y;
        self.xx += weight * x * x;
        self.xy += weight * x * y;
    }

    /// Slope that leans on the slope of a wider group as if `weight` points of variance `variance` lay on that.
    pub fn leaning_slope(&self, wider: f64, weight: f64, variance: f64) -> Option<f64> {
        let [squares, products] = self.about_means();
        divided(products + weight * variance * wider, squares + weight * variance)
    }

    /// Sums of squares of x and of products about the means.
    fn about_means(&self) -> [f64; 2] {
        if self.weight > 0.0 {
            [self.xx - self.x * self.x / self.weight, self.xy - self.x * self.y / self.weight]
        } else {
            [0.0; 2]
        }
    }
}

/// Slope by least squares that lines have in common, each through its own means.
pub fn common_slope<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Option<f64> {
    let sums = lines.into_iter().map(Line::about_means);
    let [squares, products] = sums.fold([0.0; 2], |sum, line| [sum[0] + line[0], sum[1] + line[1]]);
    divided(products, squares)
}

fn divided(products: f64, squares: f64) -> Option<f64> {
    let slope = products / squares;
    (squares > 0.0 && slope.is_finite()).then_some(slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[[f64; 3]]) -> Line {
        let mut line = Line::default();
        points.iter().for_each(|&[weight, x, y]| line.add(weight, x, y));
        line
    }

    #[test]
    fn lines_share_a_slope_and_keep_their_means() {
        // y = 2 x + 1 and y = 2 x − 5: one slope, far from that through all points at once.
        let lines = [line(&[[1.0, 0.0, 1.0], [1.0, 2.0, 5.0]]), line(&[[3.0, 4.0, 3.0], [1.0, 6.0, 7.0]])];
        assert!((common_slope(&lines).expect("x varies") - 2.0).abs() < 1e-12);
    }

    #[test]
    fn weights_are_repetitions() {
        let weighted = line(&[[2.0, 0.0, 0.0], [1.0, 1.0, 3.0], [1.0, 2.0, 1.0]]);
        let repeated = line(&[[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 3.0], [1.0, 2.0, 1.0]]);
        assert_eq!(common_slope([&weighted]), common_slope([&repeated]));
        // By hand: means .75 and 1; Σ(x − x̄)² = 2.75, Σ(x − x̄)(y − ȳ) = 2.
        assert!((common_slope([&weighted]).expect("x varies") - 2.0 / 2.75).abs() < 1e-12);
    }

    #[test]
    fn a_line_leans_on_the_wider_one_by_weight() {
        let two = line(&[[1.0, -1.0, -3.0], [1.0, 1.0, 3.0]]);
        // Squares 2 at slope 3 against 6 of variance 1 at slope 1: (6 + 6) ÷ (2 + 6).
        assert!((two.leaning_slope(1.0, 6.0, 1.0).expect("x varies") - 1.5).abs() < 1e-12);
        let alone = Line::default().leaning_slope(0.7, 6.0, 1.0).expect("the wider one has a slope");
        assert!((alone - 0.7).abs() < 1e-12);
    }

    #[test]
    fn a_slope_without_variation_is_undefined() {
        assert_eq!(common_slope([&Line::default(), &line(&[[1.0, 2.0, 3.0]])]), None);
        assert_eq!(Line::default().leaning_slope(0.7, 0.0, 1.0), None);
    }
}
