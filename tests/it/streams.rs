//! A statistical battery across neighbouring keys: draws whose keys differ in one index only must look independent.
//!
//! Each test is a χ² or a z with false alarm 10⁻⁴; 9 axes × 4 tests: .4 % for one false alarm in all. Seeds are fixed.

use feedtilt::rng::{Decision, Key, Stream};
use feedtilt::stats::chi_square::goodness_of_fit;
use rand_core::Rng;

const DRAWS: u64 = 200_000;
const LIMIT: f64 = 1e-4;

/// Name of an index and the draw at each of its values.
type Axis = (&'static str, Box<dyn Fn(u64) -> u64>);

/// Ways in which the keys of successive draws differ: one index of the chain moves, the others stand still.
fn axes() -> Vec<Axis> {
    let root = Key::root(20_220_624, 0);
    let select = root.of(Decision::Select);
    let request = select.at(17).at_signed(-3).at(5);
    vec![
        ("seed", Box::new(|i| Key::root(i, 0).of(Decision::Select).at(1).draw(0))),
        ("replicate", Box::new(|i| Key::root(1, i as u32).of(Decision::Select).at(1).draw(0))),
        ("user", Box::new(move |i| select.at(i).at_signed(0).at(0).draw(0))),
        ("epoch", Box::new(move |i| select.at(3).at_signed(i as i64 - 100_000).at(0).draw(0))),
        ("request", Box::new(move |i| select.at(3).at_signed(0).at(i).draw(0))),
        ("slot", Box::new(move |i| request.draw(i << 16))),
        ("attempt", Box::new(move |i| request.draw(i << 8))),
        ("draw", Box::new(move |i| request.draw(i))),
        ("post", Box::new(move |i| root.of(Decision::React).at(9).at_signed(2).draw(i.wrapping_mul(0x9e37_79b1)))),
    ]
}

#[test]
fn bytes_are_uniform_along_every_axis() {
    for (axis, draw) in axes() {
        for shift in [0, 24, 56] {
            let mut counts = vec![0u64; 256];
            (0..DRAWS).for_each(|i| counts[(draw(i) >> shift & 255) as usize] += 1);
            let fit = goodness_of_fit(&counts, &[1.0 / 256.0; 256]).expect("defined");
            assert!(fit.p_value > LIMIT / 3.0, "{axis}, bits from {shift}: p = {:e}", fit.p_value);
        }
    }
}

#[test]
fn neighbours_are_uncorrelated_along_every_axis() {
    for (axis, draw) in axes() {
        for lag in [1, 2, 16] {
            let pairs: f64 = (0..DRAWS).map(|i| centred(draw(i)) * centred(draw(i + lag))).sum();
            // Products of centred uniforms have variance 1/144.
            let z = pairs / (DRAWS as f64 / 144.0).sqrt();
            assert!(z.abs() < 4.2, "{axis}, lag {lag}: z = {z:.2}");
        }
    }
}

fn centred(word: u64) -> f64 {
    word as f64 / 18_446_744_073_709_551_616.0 - 0.5
}

#[test]
fn pairs_of_neighbours_fill_the_square_along_every_axis() {
    for (axis, draw) in axes() {
        let mut counts = vec![0u64; 1024];
        (0..DRAWS).for_each(|i| counts[(draw(2 * i) >> 59 << 5 | draw(2 * i + 1) >> 59) as usize] += 1);
        let fit = goodness_of_fit(&counts, &[1.0 / 1024.0; 1024]).expect("defined");
        assert!(fit.p_value > LIMIT, "{axis}: p = {:e}", fit.p_value);
    }
}

#[test]
fn a_moved_index_flips_half_of_the_bits() {
    for (axis, draw) in axes() {
        let flips: u64 = (0..DRAWS).map(|i| u64::from((draw(i) ^ draw(i + 1)).count_ones())).sum();
        let z = (flips as f64 - 32.0 * DRAWS as f64) / (16.0 * DRAWS as f64).sqrt();
        // Overlapping pairs are correlated by at most ½ each way: the true sd is below twice this one.
        assert!(z.abs() < 8.0, "{axis}: z = {z:.2}");
    }
}

#[test]
fn no_two_of_a_million_draws_are_equal() {
    // Expected number of equal pairs among 2⁶⁴ values: 3·10⁻⁸.
    for (axis, draw) in axes() {
        let mut words: Vec<u64> = (0..1_000_000).map(draw).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 1_000_000, "{axis}");
    }
}

#[test]
fn a_stream_is_the_draws_of_its_key_in_order() {
    let key = Key::root(3, 1).of(Decision::Item).at(8);
    let mut stream: Stream = key.stream();
    for i in 0..100 {
        assert_eq!(stream.next_u64(), key.draw(i));
    }
}

#[test]
fn the_battery_catches_a_weak_mix() {
    // A plain Weyl sequence, which a mixing function of too few rounds would resemble.
    let weak = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut counts = vec![0u64; 1024];
    (0..DRAWS).for_each(|i| counts[(weak(2 * i) >> 59 << 5 | weak(2 * i + 1) >> 59) as usize] += 1);
    assert!(goodness_of_fit(&counts, &[1.0 / 1024.0; 1024]).is_none_or(|fit| fit.p_value < LIMIT));
}
