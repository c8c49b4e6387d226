//! Supply: creators react to reach.
//!
//! A creator's posting rate is the drawn one times a factor between 1/bound and bound. Once a day its logarithm moves by
//! γ·ln((views of the day + 1) ÷ (mean views of the seven days before + 1)): one view stands in for none, so that a creator
//! without any stays as it is.
//!
//! All arms choose from the same potential posts. *Plain* ones come at the drawn rates, *spare* ones at `bound` − 1 times these;
//! each has one word. At a factor m a creator publishes a plain post whose word lies below m, and a spare one whose word lies
//! below (m − 1) ÷ (bound − 1). That is a Poisson stream at m times the rate, the same post is there in all arms whose creators
//! would publish it, and with m = 1 everywhere the catalogue is the one that is there without the loop.

use rayon::prelude::*;

use crate::rng::coin;
use crate::scenario;

/// Days of the mean.
const DAYS: usize = 7;
/// Units of the logarithm of a factor.
const UNIT: f64 = 1_048_576.0;

/// What one arm's creators have made of their reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Supply {
    strength: f64,
    bound: f64,
    /// By creator.
    creators: Vec<Creator>,
    /// Days closed.
    days: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Creator {
    /// Logarithm of the factor on the posting rate.
    log: i32,
    /// Views of the running day.
    today: u32,
    /// Views of the seven days before, in any order.
    before: [u32; DAYS],
}

impl Supply {
    /// Bytes of a creator.
    pub const BYTES: u64 = size_of::<Creator>() as u64;

    /// Everybody at the drawn rate.
    pub fn new(settings: scenario::Supply, creators: usize) -> Self {
        let scenario::Supply { strength, bound } = settings;
        Self { strength, bound, creators: vec![Creator::default(); creators], days: 0 }
    }

    /// Counts views of a creator.
    pub fn reached(&mut self, creator: u32, views: u32) {
        let today = &mut self.creators[creator as usize].today;
        *today = today.saturating_add(views);
    }

    /// Once a day: rates move, as soon as seven days lie before.
    pub fn close_day(&mut self) {
        let Self { strength, bound, creators, days } = self;
        let most = libm::round(libm::log(*bound) * UNIT) as i32;
        creators.par_iter_mut().for_each(|creator| {
            if *days >= DAYS {
                let usual = creator.before.iter().map(|&views| u64::from(views)).sum::<u64>() as f64 / DAYS as f64;
                let step = *strength * libm::log((f64::from(creator.today) + 1.0) / (usual + 1.0));
                let moved = f64::from(creator.log) + libm::round(step * UNIT);
                creator.log = moved.clamp(f64::from(-most), f64::from(most)) as i32;
            }
            creator.before[*days % DAYS] = std::mem::take(&mut creator.today);
        });
        *days += 1;
    }

    /// Factor on a creator's posting rate.
    pub fn factor(&self, creator: u32) -> f64 {
        libm::exp(f64::from(self.creators[creator as usize].log) / UNIT)
    }

    /// Whether a creator publishes a potential post with this word.
    pub fn publishes(&self, creator: u32, is_spare: bool, word: u64) -> bool {
        let log = self.creators[creator as usize].log;
        if is_spare {
            log > 0 && word < coin((self.factor(creator) - 1.0) / (self.bound - 1.0))
        } else {
            log >= 0 || word < coin(self.factor(creator))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Key;

    fn supply(views: &[u32]) -> Supply {
        let mut supply = Supply::new(scenario::Supply { strength: 0.5, bound: 2.0 }, 1);
        for &views in views {
            supply.reached(0, views);
            supply.close_day();
        }
        supply
    }

    #[test]
    fn a_rate_moves_by_the_log_of_reach_over_its_own_week() {
        assert_eq!(supply(&[3; 20]).factor(0), 1.0, "as always");
        assert_eq!(supply(&[0; 20]).factor(0), 1.0, "nothing as always");
        assert_eq!(supply(&[1, 9, 2, 8, 3, 7, 900]).factor(0), 1.0, "no week lies before");
        // The week before had a mean of 7: (15 + 1) ÷ (7 + 1) is 2, its root the factor.
        assert!((supply(&[7, 7, 7, 7, 7, 7, 7, 15]).factor(0) - 2f64.sqrt()).abs() < 1e-6);
        // Then the mean is 57 ÷ 7, and (3 + 1) ÷ (57 ÷ 7 + 1) = 7/16.
        let expected = (2.0 * 7.0 / 16.0f64).sqrt();
        assert!((supply(&[7, 7, 7, 7, 7, 7, 7, 15, 3]).factor(0) - expected).abs() < 1e-6);
    }

    #[test]
    fn a_rate_stays_within_its_bound() {
        let grown: Vec<u32> = (0..20).map(|day| 1 << day).collect();
        assert!((supply(&grown).factor(0) - 2.0).abs() < 1e-6);
        let shrunk: Vec<u32> = (0..20).map(|day| 1 << (20 - day)).collect();
        assert!((supply(&shrunk).factor(0) - 0.5).abs() < 1e-6);
    }

    /// 20,000 plain and as many spare posts: at factor m the first are published with probability min(m, 1), the others with
    /// m − 1 above 1 (bound 2); four standard deviations either way.
    #[test]
    fn posts_are_thinned_to_the_factor_and_nested() {
        let of = |log: f64| {
            let mut supply = supply(&[]);
            supply.creators[0].log = libm::round(log * UNIT) as i32;
            let words = |number: u64| Key::root(number, 0).draw(0);
            [false, true]
                .map(|spare| (0..20_000).filter(|&n| supply.publishes(0, spare, words(n))).collect::<Vec<u64>>())
        };
        let mut before = [Vec::new(), Vec::new()];
        for log in [-0.69, -0.3, 0.0, 0.3, 0.69] {
            let m = libm::exp(log);
            let found = of(log);
            for (posts, p) in found.iter().zip([m.min(1.0), (m - 1.0).max(0.0)]) {
                let reach = 4.0 * (20_000.0 * p * (1.0 - p)).sqrt();
                assert!((posts.len() as f64 - 20_000.0 * p).abs() <= reach, "{log}: {} {p}", posts.len());
            }
            for (one, other) in before.iter().zip(&found) {
                assert!(
                    one.iter().all(|post| other.binary_search(post).is_ok()),
                    "a faster creator publishes those too"
                );
            }
            before = found;
        }
        assert_eq!(of(0.0).map(|posts| posts.len()), [20_000, 0]);
    }
}
