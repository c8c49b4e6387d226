//! Keyed randomness: every draw is a pure function of what it decides, never of how many draws came before.
//!
//! A [`Key`] is a 64-bit state. [`Key::at`] goes one step down (replicate → decision → user → day …), [`Key::draw`] reads
//! a number. Both are one pass of a 64-bit mixing function over `state + index × odd constant`, so a key's draws are a
//! Weyl sequence under a strong finaliser; `tests/it/streams.rs` holds the battery they pass across neighbouring keys.

use std::convert::Infallible;

use rand_core::TryRng;

/// What a draw decides. Discriminants are part of the trace and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Decision {
    /// Interests, parts and propensities of a person.
    Person = 1,
    /// Where a person stands in every hashed audience.
    Audience = 2,
    /// Home topic, region, rate and parts of a creator.
    Creator = 3,
    /// Number of posts of a topic in an epoch.
    Posts = 4,
    /// Everything about one post.
    Item = 5,
    /// Stripe of a person.
    UserStripe = 6,
    /// Stripe of a post.
    ItemStripe = 7,
    /// Demand and supply shocks.
    Shock = 8,
    /// Whether a person is active on a day, and how much.
    Day = 9,
    /// Number of requests in an epoch.
    Open = 10,
    /// Selection of a response.
    Select = 11,
    /// A person's reaction to a post on a day.
    React = 12,
    /// Stochastic rounding of a profile.
    Learn = 13,
    /// Stochastic rounding of forgetting.
    Forget = 14,
    /// Which donor a post's counters come from.
    StockItem = 15,
    /// Which donor a profile's error comes from.
    StockProfile = 16,
    /// Whether a classifier takes a post for its topic.
    Classifier = 17,
    /// Which posts a tilt on a share of them means.
    Chosen = 18,
    /// Which posts a throttle keeps from a person.
    Throttle = 19,
    /// Whether a person leaves after a response.
    Stay = 20,
    /// Fresh draws of an echo arm.
    Echo = 21,
    /// Which people are followed closely.
    Micro = 22,
    /// Fresh draws of a ghost.
    Ghost = 23,
    /// Everything about injected accounts.
    Account = 24,
    /// Signs of a person's jittered value weights.
    Jitter = 30,
    /// Which creators a tilt on a share of them means.
    ChosenCreator = 31,
    /// What calibration shows to people outside of their feeds.
    Probe = 40,
    /// Stochastic rounding of an interest that moves.
    Drift = 41,
    /// Which potential posts there are, and who publishes them.
    Supply = 42,
}

const WEYL: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bijective 64-bit mix ("moremur", P. Evensen 2019).
#[inline(always)]
pub const fn mix(mut x: u64) -> u64 {
    x ^= x >> 27;
    x = x.wrapping_mul(0x3c79_ac49_2ba7_b653);
    x ^= x >> 33;
    x = x.wrapping_mul(0x1c69_b3f7_4ac4_ae35);
    x ^ (x >> 27)
}

/// A place in the tree of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// Root of one replicate.
    pub const fn root(seed: u64, replicate: u32) -> Self {
        Self(mix(seed ^ WEYL)).at(replicate as u64)
    }

    /// The branch of one kind of decision.
    #[must_use]
    pub const fn of(self, decision: Decision) -> Self {
        self.at(0x00f0_0000_0000_0000 | decision as u64)
    }

    /// The branch of one user, day, epoch, request, ….
    #[must_use]
    #[inline(always)]
    pub const fn at(self, index: u64) -> Self {
        Self(mix(self.0.wrapping_add(index.wrapping_mul(WEYL))) ^ WEYL)
    }

    /// A signed branch, for days and epochs before 0.
    #[must_use]
    #[inline(always)]
    pub const fn at_signed(self, index: i64) -> Self {
        self.at(index as u64)
    }

    /// The `index`-th number at this place, uniform over u64.
    #[inline(always)]
    pub const fn draw(self, index: u64) -> u64 {
        mix(self.0.wrapping_add(index.wrapping_mul(WEYL)))
    }

    /// Uniform in (0, 1), 53 bits, never 0 or 1.
    pub fn uniform(self, index: u64) -> f64 {
        ((self.draw(index) >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    /// A position below `n` by mask and reject: when one member of an array moves, only draws that met it change.
    /// `first` is the index of the first word used at this place. `n` must not be 0.
    #[inline(always)]
    pub const fn position(self, first: u64, n: u32) -> u32 {
        let bits = 32 - (n - 1).leading_zeros();
        let mask = ((1u64 << bits) - 1) as u32;
        if bits <= 21 {
            // Three candidates of the first word without a branch on each.
            let word = self.draw(first);
            let third = (word >> (2 * bits)) as u32 & mask;
            let second = (word >> bits) as u32 & mask;
            let one = word as u32 & mask;
            let late = if second < n { second } else { third };
            let position = if one < n { one } else { late };
            if position < n {
                return position;
            }
        }
        self.position_slowly(first, n, bits, mask)
    }

    #[cold]
    const fn position_slowly(self, first: u64, n: u32, bits: u32, mask: u32) -> u32 {
        let mut word_index = first;
        loop {
            let mut word = self.draw(word_index);
            let mut left = 64 / bits;
            while left > 0 {
                let candidate = word as u32 & mask;
                if candidate < n {
                    return candidate;
                }
                word >>= bits;
                left -= 1;
            }
            word_index += 1;
        }
    }

    /// A generator for `rand_distr`, starting at this place.
    pub const fn stream(self) -> Stream {
        Stream { key: self, next: 0 }
    }
}

/// Uniform below `n` from a uniform word: the high half of their product. Bias below `n` / 2⁶⁴.
#[inline(always)]
pub const fn below(word: u64, n: u64) -> u64 {
    ((word as u128 * n as u128) >> 64) as u64
}

/// The word below which a coin of probability `p` falls on its head.
pub fn coin(p: f64) -> u64 {
    if p >= 1.0 { u64::MAX } else { (p * 18_446_744_073_709_551_616.0) as u64 }
}

/// The probability that a word falls below `coin`.
pub const fn share_of_words(coin: u64) -> f64 {
    if coin == u64::MAX { 1.0 } else { coin as f64 / 18_446_744_073_709_551_616.0 }
}

/// The numbers of one key in order, as a generator of the `rand` family.
#[derive(Debug, Clone)]
pub struct Stream {
    key: Key,
    next: u64,
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let word = self.key.draw(self.next);
        self.next += 1;
        Ok(word)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_is_uniform_below_n() {
        let key = Key::root(7, 0).of(Decision::Select);
        let mut counts = [0u32; 5];
        for i in 0..50_000 {
            counts[key.at(i).position(0, 5) as usize] += 1;
        }
        // χ² with 4 degrees of freedom, false alarm 10⁻⁴: 23.5.
        let chi: f64 = counts.iter().map(|&c| (f64::from(c) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi < 23.5, "{counts:?}");
    }

    #[test]
    fn a_member_that_leaves_moves_only_the_draws_that_met_it() {
        let key = Key::root(7, 0).of(Decision::Select);
        let changed = (0..100_000).filter(|&i| key.at(i).position(0, 40) != key.at(i).position(0, 39)).count();
        // Only draws of position 39 may change: 1 in 40.
        assert!((2_300..2_700).contains(&changed), "{changed}");
    }
}
