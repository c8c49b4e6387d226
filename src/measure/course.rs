//! What one arm of one world counted over a window of days, in a part of the population: all that measures read.

use ndarray::{Axis, Slice};

use crate::trace::{Counter, Tally};

/// Days over which two arms are compared, counted from day 0; `until` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: usize,
    /// First day after.
    pub until: usize,
}

/// Whose counts are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All people.
    Everybody,
    /// People of one region.
    Region(usize),
    /// People of one group (activity tercile × interest tercile).
    Group(usize),
}

/// Counts of an arm over the days of a window, one entry per topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// By topic: sums over the window in the order of [`Counter`], without people reached.
    pub sums: Vec<[u64; Counter::SUMMED]>,
    /// By topic: people who met it since day 0, as of the last day; `None` where the window begins later, because what
    /// was counted before it says nothing of it.
    pub reached: Vec<Option<u64>>,
    /// By topic: mean part of the scored mass; `None` where it was not summed over just these days and people.
    pub expected_share: Vec<Option<f64>>,
}

impl Course {
    /// Reads a tally. `arm` is counted as there, 0 being the baseline; `track` are the tracked topics.
    pub fn new(tally: &Tally, arm: usize, window: Window, part: Part, track: &[usize]) -> Self {
        let whole =
            part == Part::Everybody && window.from == 0 && window.until + tally.burn_in == tally.exposure.shape()[0];
        Self {
            sums: (0..tally.topics()).map(|topic| sums(tally, arm, window, part, topic)).collect(),
            reached: (0..tally.topics()).map(|topic| reached(tally, arm, window, part, topic)).collect(),
            expected_share: expected_shares(tally, arm, track, whole),
        }
    }

    /// Number of topics.
    pub const fn topics(&self) -> usize {
        self.sums.len()
    }

    /// One counter by topic.
    pub fn counts(&self, counter: Counter) -> Vec<u64> {
        self.sums.iter().map(|sums| sums[counter as usize]).collect()
    }

    /// Shares of a counter's total, by topic; `None` where nothing was counted.
    pub fn shares(&self, counter: Counter) -> Option<Vec<f64>> {
        let counts = self.counts(counter);
        let all: u64 = counts.iter().sum();
        (all > 0).then(|| counts.iter().map(|&n| n as f64 / all as f64).collect())
    }
}

fn sums(tally: &Tally, arm: usize, window: Window, part: Part, topic: usize) -> [u64; Counter::SUMMED] {
    let days = tally.burn_in + window.from..tally.burn_in + window.until;
    std::array::from_fn(|counter| days.clone().map(|day| count(tally, arm, day, part, [topic, counter])).sum())
}

/// Cumulative, so the last day says it all.
fn reached(tally: &Tally, arm: usize, window: Window, part: Part, topic: usize) -> Option<u64> {
    let last = tally.burn_in + window.until.checked_sub(1)?;
    (window.from == 0).then(|| count(tally, arm, last, part, [topic, Counter::Reached as usize]))
}

/// A counter of one topic on one day, over the regions and groups of a part.
fn count(tally: &Tally, arm: usize, day: usize, part: Part, [topic, counter]: [usize; 2]) -> u64 {
    let cells = tally.day(day, arm);
    let cells = cells.index_axis(Axis(3), counter);
    let cells = cells.index_axis(Axis(2), topic);
    let (regions, groups) = match part {
        Part::Everybody => (Slice::from(..), Slice::from(..)),
        Part::Region(region) => (Slice::from(region..=region), Slice::from(..)),
        Part::Group(group) => (Slice::from(..), Slice::from(group..=group)),
    };
    cells.slice_axis(Axis(0), regions).slice_axis(Axis(1), groups).sum()
}

fn expected_shares(tally: &Tally, arm: usize, track: &[usize], whole: bool) -> Vec<Option<f64>> {
    let mut shares = vec![None; tally.topics()];
    for (t, &topic) in track.iter().enumerate().filter(|_| whole && tally.asked[arm] > 0) {
        shares[topic] = Some(tally.expected[arm][t] as f64 / 4096.0 / tally.asked[arm] as f64);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One day of burn-in and two measured days, two arms, two regions, nine groups, two topics; every cell holds a number
    /// of its own.
    fn tally() -> Tally {
        let mut tally = Tally::new(1, 2, 2, 2, 9, 2, 1);
        tally.exposure.iter_mut().zip(1..).for_each(|(cell, number)| *cell = number);
        tally.expected = vec![vec![4096], vec![2048]];
        tally.asked = vec![4, 4];
        tally
    }

    fn by_hand(tally: &Tally, arm: usize, days: &[usize], parts: &[[usize; 2]], topic: usize, counter: usize) -> u64 {
        let cell =
            |day: &usize, [region, group]: &[usize; 2]| tally.exposure[[*day, arm, *region, *group, topic, counter]];
        days.iter().flat_map(|day| parts.iter().map(move |part| cell(day, part))).sum()
    }

    #[test]
    fn sums_are_those_of_the_window_and_the_part() {
        let tally = tally();
        let all: Vec<[usize; 2]> = (0..2).flat_map(|region| (0..9).map(move |group| [region, group])).collect();
        let of = |keep: &dyn Fn(&[usize; 2]) -> bool| -> Vec<[usize; 2]> {
            all.iter().copied().filter(|part| keep(part)).collect()
        };
        let parts = [
            (Part::Everybody, of(&|_| true)),
            (Part::Region(1), of(&|part| part[0] == 1)),
            (Part::Group(4), of(&|part| part[1] == 4)),
        ];
        for (part, cells) in parts {
            for (window, days) in [((0, 2), vec![1, 2]), ((1, 2), vec![2]), ((0, 1), vec![1])] {
                let course = Course::new(&tally, 1, Window { from: window.0, until: window.1 }, part, &[1]);
                for topic in 0..2 {
                    for counter in 0..Counter::SUMMED {
                        let expected = by_hand(&tally, 1, &days, &cells, topic, counter);
                        assert_eq!(course.sums[topic][counter], expected, "{part:?} {window:?} {topic} {counter}");
                    }
                    let last = &days[days.len() - 1..];
                    let reached = by_hand(&tally, 1, last, &cells, topic, Counter::Reached as usize);
                    assert_eq!(course.reached[topic], (window.0 == 0).then_some(reached), "{part:?} {window:?}");
                }
            }
        }
    }

    #[test]
    fn the_expected_share_belongs_to_everybody_on_all_days() {
        let tally = tally();
        let of = |from, until, part| Course::new(&tally, 1, Window { from, until }, part, &[1]).expected_share;
        assert_eq!(of(0, 2, Part::Everybody), [None, Some(0.125)]);
        for (from, until, part) in [(0, 1, Part::Everybody), (1, 2, Part::Everybody), (0, 2, Part::Group(0))] {
            assert_eq!(of(from, until, part), [None, None]);
        }
    }
}
