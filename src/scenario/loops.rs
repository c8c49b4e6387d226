//! Loops: what answers to a tilt and by that moves what is shown, and the sets of them that a shift is decomposed by.

use super::Scenario;

/// One loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loop {
    /// The platform's profiles of people.
    Profile,
    /// The platform's counters of posts.
    Popularity,
    /// How long people stay.
    Stay,
    /// What creators post.
    Supply,
    /// What people are interested in.
    Interest,
}

impl Loop {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Profile, Self::Popularity, Self::Stay, Self::Supply, Self::Interest];

    /// As in the scenario file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Popularity => "popularity",
            Self::Stay => "stay",
            Self::Supply => "supply",
            Self::Interest => "interest",
        }
    }
}

#[allow(clippy::struct_excessive_bools, reason = "a loop is there or not")]
/// Which loops respond to the tilt. A loop that is off is replayed from the baseline's course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loops {
    /// The platform's profiles of people.
    pub profile: bool,
    /// The platform's counters of items.
    pub popularity: bool,
    /// How long people stay; off, nobody leaves early in any arm.
    pub stay: bool,
    /// What creators post; off, they post at the drawn rates in every arm.
    pub supply: bool,
    /// What people are interested in; off, interests stand still in every arm.
    pub interest: bool,
}

impl Loops {
    /// No loop.
    pub const NONE: Self = Self { profile: false, popularity: false, stay: false, supply: false, interest: false };

    /// Whether a loop is among them.
    pub const fn has(self, one: Loop) -> bool {
        match one {
            Loop::Profile => self.profile,
            Loop::Popularity => self.popularity,
            Loop::Stay => self.stay,
            Loop::Supply => self.supply,
            Loop::Interest => self.interest,
        }
    }

    /// The same with one loop on or off.
    #[must_use]
    pub const fn with(mut self, one: Loop, live: bool) -> Self {
        match one {
            Loop::Profile => self.profile = live,
            Loop::Popularity => self.popularity = live,
            Loop::Stay => self.stay = live,
            Loop::Supply => self.supply = live,
            Loop::Interest => self.interest = live,
        }
        self
    }

    /// The loops in the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Loop> {
        Loop::ALL.into_iter().filter(move |&one| self.has(one))
    }

    /// The smaller sets that a shift with these loops is decomposed by: none of them, each alone, all but each; every set
    /// once, and not the whole.
    pub fn parts(self) -> Vec<Self> {
        let mut parts = Vec::new();
        let alone = self.iter().map(|one| Self::NONE.with(one, true));
        let but_one = self.iter().map(|one| self.with(one, false));
        for part in [Self::NONE].into_iter().chain(alone).chain(but_one) {
            if part != self && !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }
}

impl Scenario {
    /// Arms that are simulated beside the named ones to tell where a shift comes from, in order: the index of the arm whose
    /// tilts they have, and the loops that are live in them.
    pub fn attribution_arms(&self) -> Vec<(usize, Loops)> {
        let arms = 0..if self.measure.attribution { self.arms.len() } else { 0 };
        arms.flat_map(|arm| self.loops.parts().into_iter().map(move |live| (arm, live))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_decomposed_by_nothing_each_alone_and_all_but_each() {
        let set = |loops: &[Loop]| loops.iter().fold(Loops::NONE, |set, &one| set.with(one, true));
        let (a, b, c) = (Loop::Profile, Loop::Popularity, Loop::Stay);
        assert_eq!(set(&[]).parts(), []);
        assert_eq!(set(&[a]).parts(), [Loops::NONE]);
        assert_eq!(set(&[a, c]).parts(), [Loops::NONE, set(&[a]), set(&[c])]);
        let three = [&[][..], &[a], &[b], &[c], &[b, c], &[a, c], &[a, b]].map(set);
        assert_eq!(set(&[a, b, c]).parts(), three);
        assert!(Loop::ALL.iter().all(|&one| set(&[one]).iter().eq([one])));
    }
}
