//! Fixed-point units. State and draws are integers, so that no result depends on order, threads or machine.

/// Units of log-odds: 256 to 1.
pub const LOGIT: i32 = 256;

/// A profile level ℓ is a byte; 128 is 0 and a step is 1/32 of log-odds.
pub const LEVEL_ZERO: u8 = 128;
/// Log-odds units in one step of a profile level.
pub const LEVEL_STEP: i32 = LOGIT / 32;
/// Number of levels.
pub const LEVELS: usize = 256;

/// Units of a stored interest (i8): 16 to 1 of log-odds.
pub const INTEREST: i32 = 16;

/// `x` in log-odds units, rounded to nearest, held within ±127.
pub fn logit_units(x: f64) -> i16 {
    libm::round(x * f64::from(LOGIT)).clamp(-32512.0, 32512.0) as i16
}

/// Log-odds of a profile level.
pub fn level_logit(level: usize) -> f64 {
    (level as f64 - f64::from(LEVEL_ZERO)) * f64::from(LEVEL_STEP) / f64::from(LOGIT)
}

/// Profile level nearest to `units` of log-odds.
pub fn level_of(units: i32) -> u8 {
    let steps = (units + LEVEL_STEP / 2).div_euclid(LEVEL_STEP) + i32::from(LEVEL_ZERO);
    steps.clamp(0, 255) as u8
}

/// Logistic function.
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Log-odds of a probability.
pub fn logit(p: f64) -> f64 {
    libm::log(p / (1.0 - p))
}

/// Distribution function of the standard normal.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Quantile of the standard normal, `p` in (0, 1), on `libm`: the system's functions, which statistics crates use, differ in
/// their last bits between machines. A rational start (Abramowitz & Stegun 26.2.23) and three steps of Halley's method.
pub fn normal_quantile(p: f64) -> f64 {
    let tail = p.min(1.0 - p);
    let t = libm::sqrt(-2.0 * libm::log(tail));
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = above / below - t;
    for _ in 0..3 {
        let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
        let step = (normal_cdf(z) - tail) / density;
        z -= step / (1.0 + 0.5 * z * step);
    }
    if p < 0.5 { z } else { -z }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantile_meets_tabled_values() {
        for (p, z) in [(0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.001, -3.090_232_306_167_814)] {
            assert!((normal_quantile(p) - z).abs() < 1e-12);
        }
        for z in (-500..=500).map(|i| 0.01 * f64::from(i)) {
            assert!((normal_quantile(normal_cdf(z)) - z).abs() < 1e-9, "{z}");
        }
    }

    #[test]
    fn level_and_logit_are_inverse_on_the_whole_byte() {
        for level in 0..LEVELS {
            assert_eq!(level_of(i32::from(logit_units(level_logit(level)))), level as u8);
        }
    }
}
