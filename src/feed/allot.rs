//! Shares out places among topics in proportion to their masses.

use crate::feed::select::{MAX_LEAVES, leaf_order};
use crate::rng::Key;

/// Shares out places down a binary tree over the topics. Each node passes n · left ÷ mass of its n places to the left,
/// rounded up or down at random so that the mean is met. So every topic gets its expected number but for rounding, and a
/// small change of one mass moves few places.
#[derive(Debug, Clone)]
pub struct Allotment {
    /// Topic of each leaf; [`NONE`] where there is none.
    order: Vec<u8>,
}

const NONE: u8 = u8::MAX;

impl Allotment {
    /// For topics with these organic shares.
    pub fn new(shares: &[f64]) -> Self {
        Self { order: leaf_order(shares).into_iter().map(|topic| topic.map_or(NONE, |topic| topic as u8)).collect() }
    }

    /// Places by topic, none where there is no mass at all. The rounding at node n hangs on the low (n even) or high half of
    /// word n ÷ 2.
    #[inline(always)]
    pub fn share_out(&self, places: u32, mass_of: impl Fn(usize) -> u64, key: Key) -> [u32; MAX_LEAVES] {
        const UNIT: f64 = 1.0 / 4_294_967_296.0;
        let leaves = self.order.len();
        let mut mass = [0.0; 2 * MAX_LEAVES];
        for (mass, &topic) in mass[leaves..].iter_mut().zip(&self.order) {
            *mass = if topic == NONE { 0.0 } else { mass_of(topic as usize) as f64 };
        }
        for node in (1..leaves).rev() {
            mass[node] = mass[2 * node] + mass[2 * node + 1];
        }
        let mut chance = [0.0; MAX_LEAVES];
        for (word, pair) in chance.as_chunks_mut::<2>().0[..leaves.div_ceil(2)].iter_mut().enumerate() {
            let word = key.draw(word as u64);
            *pair = [(word & 0xffff_ffff) as f64 * UNIT, (word >> 32) as f64 * UNIT];
        }
        let mut given = [0.0; 2 * MAX_LEAVES];
        given[1] = if mass[1] > 0.0 { f64::from(places) } else { 0.0 };
        for node in 1..leaves {
            let left = given[node] * (mass[2 * node] / mass[node].max(1.0)) + chance[node];
            given[2 * node] = floor(left).min(given[node]);
            given[2 * node + 1] = given[node] - given[2 * node];
        }
        let mut places = [0; MAX_LEAVES];
        for (&given, &topic) in given[leaves..].iter().zip(&self.order) {
            if topic != NONE {
                places[topic as usize & (MAX_LEAVES - 1)] = given as u32;
            }
        }
        places
    }
}

/// The whole part of a number from 0 to 2⁵¹, by basic operations alone.
#[inline(always)]
fn floor(x: f64) -> f64 {
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let near = (x + WHOLE) - WHOLE;
    if near > x { near - 1.0 } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Decision;

    const MASSES: [u64; 6] = [400, 300, 150, 100, 40, 10];

    fn allotment() -> Allotment {
        Allotment::new(&MASSES.map(|mass| mass as f64 / 1000.0))
    }

    /// 100,000 times 7 places; a topic's places have a variance below 1 a time, so five standard errors are below .016: false
    /// alarm 3·10⁻⁶ for six topics.
    #[test]
    fn every_topic_gets_its_expected_places_and_all_places_are_given() {
        let key = Key::root(3, 0).of(Decision::Select);
        let mut sums = [0u64; 6];
        for i in 0..100_000 {
            let places = allotment().share_out(7, |topic| MASSES[topic], key.at(i));
            assert_eq!(places.iter().sum::<u32>(), 7);
            for (sum, &n) in sums.iter_mut().zip(&places) {
                *sum += u64::from(n);
            }
        }
        for (sum, mass) in sums.iter().zip(MASSES) {
            let (mean, expected) = (*sum as f64 / 1e5, mass as f64 * 7.0 / 1000.0);
            assert!((mean - expected).abs() < 0.016, "{mean} {expected}");
        }
    }

    #[test]
    fn the_whole_part_is_that_of_the_library() {
        for x in [0.0, 0.25, 0.5, 0.999_999_999, 1.0, 1.5, 2.5, 79.999_999_999_999, 80.0, 2_000.75] {
            assert_eq!(floor(x), libm::floor(x), "{x}");
        }
    }

    #[test]
    fn a_topic_without_mass_gets_no_place_and_no_mass_at_all_gives_none() {
        let key = Key::root(3, 0).of(Decision::Select);
        let places = allotment().share_out(50, |topic| if topic == 0 { 0 } else { MASSES[topic] }, key);
        assert_eq!((places[0], places.iter().sum::<u32>()), (0, 50));
        assert_eq!(allotment().share_out(50, |_| 0, key), [0; MAX_LEAVES]);
    }

    /// 20,000 times 80 places: where a topic's mass falls by 5 %, few places move; the least that could is the difference of the
    /// expected numbers, 80 · .04 · .05 · .96 = .15 a time.
    #[test]
    fn a_small_change_of_one_mass_moves_few_places() {
        let key = Key::root(4, 0).of(Decision::Select);
        let mut moved = 0;
        for i in 0..20_000 {
            let one = allotment().share_out(80, |topic| MASSES[topic] * 100, key.at(i));
            let two =
                allotment().share_out(80, |topic| if topic == 4 { 3_800 } else { MASSES[topic] * 100 }, key.at(i));
            moved += one.iter().zip(&two).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
        }
        let each = moved as f64 / 2.0 / 20_000.0;
        assert!((0.14..0.45).contains(&each), "{each}");
    }
}
