//! Drift: interests follow what is shown beyond what the baseline shows.
//!
//! Interests are at rest where the baseline leaves them. Once a week `x_uk` moves by κ·(share of topic k in what person u was shown in
//! the arm − the same in the baseline): what both share, a shock or a good week, moves nobody, and without a tilt nothing moves.

use crate::rng::Key;
use crate::unit::INTEREST;

/// Days after which interests move.
pub const WEEK: i64 = 7;

/// 2⁻³² of a unit of interest.
const ONE: i64 = 1 << 32;

/// Moves a person's interests. `seen` and `usual` count the week's videos by topic in the arm and in the baseline; with no video
/// in one of them there is no share, and nothing moves. Steps are rounded at random by `key`, one word per topic, so that
/// steps far below a unit add up on average.
pub fn drift(interests: &mut [i8], seen: &[u16], usual: &[u16], strength: f64, key: Key) {
    let sum = |counts: &[u16]| counts.iter().map(|&count| u64::from(count)).sum::<u64>() as f64;
    let (all, usually) = (sum(seen), sum(usual));
    if all == 0.0 || usually == 0.0 {
        return;
    }
    for (topic, x) in interests.iter_mut().enumerate() {
        let more = f64::from(seen[topic]) / all - f64::from(usual[topic]) / usually;
        if more != 0.0 {
            let step = (more * strength * f64::from(INTEREST) * ONE as f64) as i64;
            let whole = (step + (key.draw(topic as u64) >> 32) as i64).div_euclid(ONE);
            *x = (i64::from(*x) + whole).clamp(i8::MIN.into(), i8::MAX.into()) as i8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(x: i8, seen: [u16; 2], usual: [u16; 2], strength: f64, seed: u64) -> i8 {
        let mut interests = [x, 0];
        drift(&mut interests, &seen, &usual, strength, Key::root(seed, 0));
        interests[0]
    }

    #[test]
    fn equal_shares_move_nothing_and_large_steps_go_where_they_should() {
        for seed in 0..50 {
            assert_eq!(moved(5, [30, 70], [15, 35], 100.0, seed), 5, "half of both");
            assert_eq!(moved(5, [0, 0], [15, 35], 100.0, seed), 5, "nothing was shown");
            // A quarter more of all: κ = 8 makes two of log-odds, 32 units, exactly.
            assert_eq!(moved(5, [50, 50], [25, 75], 8.0, seed), 37);
            assert_eq!(moved(5, [25, 75], [50, 50], 8.0, seed), -27);
            assert_eq!((moved(5, [1, 0], [0, 1], 100.0, seed), moved(5, [0, 1], [1, 0], 100.0, seed)), (127, -128));
        }
    }

    /// One hundredth more with κ = 2 is .02 of log-odds, .32 units. In 20,000 draws the mean lies within .0132 of it (4 standard
    /// deviations); rounding to nearest would give 0.
    #[test]
    fn steps_below_a_unit_add_up() {
        let draws = 20_000;
        for (seen, expected) in [([26, 74], 0.32), ([24, 76], -0.32)] {
            let sum: i64 = (0..draws).map(|seed| i64::from(moved(0, seen, [25, 75], 2.0, seed))).sum();
            let mean = sum as f64 / draws as f64;
            assert!((mean - expected).abs() < 0.0132, "{mean}");
        }
    }
}
