//! What tilts compile to: factors on the masses of a topic's variants, per policy class.
//!
//! The hot loop reads masses alone, so it never sees a tilt, and a tilt that is not used costs nothing.

use crate::rng::Key;
use crate::scenario::{Ranker, Scenario};
use crate::world::Sight;

/// A factor of 1 in 32-bit fixed point.
pub const ONE: u64 = 1 << 32;

/// Age classes of `feed.freshness`: under 1, 1 to 2, 2 to 7, 7 days and over.
pub const AGE_CLASSES: usize = 4;

/// The rows a topic is split into: age class × classifier flags, as far as the scenario tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variants {
    ages: usize,
    flags: usize,
}

impl Variants {
    /// `flag_bits` imperfect classifiers; ages count only where freshness differs.
    pub fn new(scenario: &Scenario, flag_bits: u32) -> Self {
        let flat = scenario.feed.freshness.iter().all(|&f| f == scenario.feed.freshness[0]);
        Self { ages: if flat { 1 } else { AGE_CLASSES }, flags: 1 << flag_bits }
    }

    /// Number of rows per topic.
    pub const fn count(self) -> usize {
        self.ages * self.flags
    }

    /// The row of a post within its topic.
    pub fn of(self, sight: &Sight, age_days: f64) -> usize {
        let age = match age_days {
            _ if self.ages == 1 => 0,
            d if d < 1.0 => 0,
            d if d < 2.0 => 1,
            d if d < 7.0 => 2,
            _ => 3,
        };
        age * self.flags + (sight.flags as usize & (self.flags - 1))
    }

    /// Age class and flags of a row.
    pub const fn parts(self, variant: usize) -> (usize, usize) {
        (variant / self.flags, variant % self.flags)
    }
}

/// What tilts put on one arm in one epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// `[class][topic × variants + variant]`, 32-bit fixed point.
    pub factors: Vec<Vec<u64>>,
    /// `[class]`: topics of which some variant has another factor than 1, one bit each.
    pub touched: Vec<u64>,
    /// The same row of factors for a feed without tilts.
    pub plain: Vec<u64>,
    /// By class: which value weights its feed is scored by: 0 the scenario's, n the set n − 1 of [`Scores::tilted`].
    ///
    /// [`Scores::tilted`]: crate::feed::Scores::tilted
    pub weights: Vec<u16>,
    /// By class: what masses cannot express.
    pub special: Vec<Special>,
    /// Which posts may fill heated slots, by pool.
    pub pools: Vec<Catch>,
}

/// Which posts are meant: those of a topic (`None`: of any) or those with a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catch {
    /// Topic index.
    pub topic: Option<usize>,
    /// Bit of [`Sight::flags`]; stands for the topic where it is given.
    pub flag: Option<u32>,
}

impl Catch {
    /// Whether a post of `topic` with these flags is meant.
    pub fn holds(self, topic: usize, flags: u8) -> bool {
        match self.flag {
            Some(bit) => flags & (1 << bit) != 0,
            None => self.topic.is_none_or(|meant| meant == topic),
        }
    }
}

/// Rules of one class beyond factors on masses. An arm in which nobody has any is filled in stages and never asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Special {
    /// Rows that get no place in the feed, pools included; empty where there are none.
    pub withheld: Vec<bool>,
    /// Posts kept from some people.
    pub throttles: Vec<Throttle>,
    /// Slots that go to chosen posts.
    pub heats: Vec<Heat>,
    /// What ranks instead of the score.
    pub ranker: Option<Ranker>,
    /// Whether topics are scored by different value weights: then a level alone does not say what a post weighs.
    pub split: bool,
}

/// Posts of some rows are shown to a person with a probability, drawn once per person and post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Throttle {
    /// By row.
    pub rows: Vec<bool>,
    /// The word below which a post is shown.
    pub keep: u64,
}

/// A share of the slots goes to the posts of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heat {
    /// Words that make a slot a heated one, counted from where those of the heating before end.
    pub coin: u64,
    /// Index in [`Rules::pools`].
    pub pool: usize,
}

impl Special {
    /// Whether any rule can keep a post from a person.
    pub const fn bars(&self) -> bool {
        !self.withheld.is_empty() || !self.throttles.is_empty()
    }

    /// Whether a post of `row` called `name` may be shown to the person whose throttle key is `key`.
    pub fn admits(&self, row: usize, name: u32, key: Key) -> bool {
        let withheld = self.withheld.get(row).is_some_and(|&withheld| withheld);
        // One word for all throttles: what a weaker one lets through, a stronger one may still keep.
        !withheld && self.throttles.iter().all(|t| !t.rows[row] || key.draw(u64::from(name)) < t.keep)
    }

    /// Rows that a throttle acts on.
    pub fn throttled_rows(&self) -> impl Iterator<Item = usize> + '_ {
        let rows = self.throttles.first().map_or(0, |throttle| throttle.rows.len());
        (0..rows).filter(|&row| self.throttles.iter().any(|throttle| throttle.rows[row]))
    }

    /// Whether the engine `candidates` retrieves first: feeds without a score draw from the whole stripe.
    #[inline(always)]
    pub const fn retrieves(&self) -> bool {
        !matches!(self.ranker, Some(Ranker::Random | Ranker::Chronological))
    }

    /// The re-rank factor where the usual one is `usual`: feeds without a score have none.
    #[inline(always)]
    pub const fn repeat(&self, usual: u64) -> u64 {
        match self.ranker {
            Some(Ranker::Random | Ranker::Chronological) => ONE,
            _ => usual,
        }
    }
}

impl Rules {
    /// No tilt: freshness alone.
    pub fn untilted(scenario: &Scenario, classes: usize, variants: Variants) -> Self {
        let row: Vec<u64> = (0..scenario.topic_count() * variants.count())
            .map(|row| {
                let (age, _) = variants.parts(row % variants.count());
                if variants.ages == 1 { ONE } else { power(scenario.feed.freshness[age], scenario.feed.temperature) }
            })
            .collect();
        let mut rules = Self {
            factors: vec![row.clone(); classes],
            touched: Vec::new(),
            weights: vec![0; classes],
            plain: row,
            special: vec![Special::default(); classes],
            pools: Vec::new(),
        };
        rules.note_touched(scenario.topic_count());
        rules
    }

    /// Notes which topics have factors, when all of them are known.
    pub fn note_touched(&mut self, topics: usize) {
        let touched = |factors: &Vec<u64>| {
            let rows = factors.chunks_exact(factors.len() / topics).enumerate();
            rows.filter(|(_, row)| row.iter().any(|&factor| factor != ONE))
                .fold(0, |bits, (topic, _)| bits | 1 << topic)
        };
        self.touched = self.factors.iter().map(touched).collect();
    }

    /// Whether anybody's slots must be filled one draw after the other.
    pub fn is_special(&self) -> bool {
        self.special.iter().any(|special| *special != Special::default())
    }

    /// Takes some rows of a class out of the feed.
    pub fn withhold(&mut self, class: usize, row: usize) {
        let rows = self.factors[class].len();
        self.factors[class][row] = 0;
        self.special[class].withheld.resize(rows, false);
        self.special[class].withheld[row] = true;
    }

    /// Multiplies the score of some rows of a class by `multiply`.
    pub fn multiply_score(&mut self, scenario: &Scenario, class: usize, row: usize, multiply: f64) {
        let factor = power(multiply, scenario.feed.temperature);
        let old = self.factors[class][row];
        self.factors[class][row] = scale(old, factor);
    }
}

/// `multiply`^(1/τ) in 32-bit fixed point: what a factor on the score does to a weight.
pub fn power(multiply: f64, temperature: f64) -> u64 {
    libm::round(libm::exp(libm::log(multiply) / temperature) * ONE as f64) as u64
}

/// `mass` × `factor`, rounded down once.
#[inline(always)]
pub const fn scale(mass: u64, factor: u64) -> u64 {
    ((mass as u128 * factor as u128) >> 32) as u64
}
