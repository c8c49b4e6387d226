//! How much of a shift is left when the tilt is over.
//!
//! P(d) is the shift of a topic's share over three days from the d-th after the last tilted one, divided by that over the last
//! three tilted days.

use super::shift::LEAST_REPLICATES;
use super::{Course, Part, Window};
use crate::stats::interval::{average, fieller, mean};
use crate::trace::{Counter, Tally};

/// Name of its section in `docs/measures.md`.
pub const FIGURE: &str = "persistence";
/// Days that a shift is taken over.
pub const WINDOW: usize = 3;

/// What is left of one topic's shift.
#[derive(Debug, Clone, PartialEq)]
pub struct Persistence {
    /// Mean difference of shares over the last tilted days; `None` where a share is undefined.
    pub tilted: Option<f64>,
    /// By d − 1.
    pub days: Vec<Left>,
}

/// What is left from a day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Left {
    /// First of the three days.
    pub from_day: usize,
    /// Mean difference of shares over them.
    pub difference: Option<f64>,
    /// That divided by the one over the last tilted days; `None` where the interval of the latter includes 0.
    pub part: Option<f64>,
    /// Fieller's interval; `None` with fewer than five replicates.
    pub ci95: Option<[f64; 2]>,
}

/// Every topic's persistence in an arm against its reference, counted as in the tally; no days where fewer than three follow
/// the tilted ones.
pub fn persistence(tallies: &[Tally], [arm, reference]: [usize; 2], tilted: Window) -> Vec<Persistence> {
    let last = Window { from: tilted.from.max(tilted.until.saturating_sub(WINDOW)), until: tilted.until };
    let measured = tallies.first().map_or(0, |tally| tally.exposure.shape()[0] - tally.burn_in);
    let after = tilted.until..(measured + 1).saturating_sub(WINDOW);
    let of = |window: Window| differences(tallies, [arm, reference], window);
    let during = of(last);
    let later: Vec<_> = after.map(|from| (from, of(Window { from, until: from + WINDOW }))).collect();
    let topic = |topic: usize| Persistence {
        tilted: during[topic].as_deref().and_then(average),
        days: later
            .iter()
            .map(|(from, left)| Left::new(*from, left[topic].as_deref(), during[topic].as_deref()))
            .collect(),
    };
    (0..during.len()).map(topic).collect()
}

/// By topic, differences of shares over a window, one per replicate.
fn differences(tallies: &[Tally], [arm, reference]: [usize; 2], window: Window) -> Vec<Option<Vec<f64>>> {
    let topics = tallies.first().map_or(0, Tally::topics);
    let of =
        |tally: &Tally, arm: usize| Course::new(tally, arm, window, Part::Everybody, &[]).shares(Counter::Impressions);
    let pairs: Vec<_> = tallies.iter().map(|tally| of(tally, arm).zip(of(tally, reference))).collect();
    let topic = |topic: usize| {
        pairs.iter().map(|pair| pair.as_ref().map(|(arm, reference)| arm[topic] - reference[topic])).collect()
    };
    (0..topics).map(topic).collect()
}

impl Left {
    fn new(from_day: usize, left: Option<&[f64]>, during: Option<&[f64]>) -> Self {
        let difference = left.and_then(average);
        let undefined = Self { from_day, difference, part: None, ci95: None };
        let Some((left, during)) = left.zip(during) else { return undefined };
        let several = during.len() >= LEAST_REPLICATES;
        if several && mean(during, 0.95).is_none_or(|interval| interval.contains(0.0)) {
            return undefined;
        }
        let part = difference.zip(average(during)).map(|(left, during)| left / during).filter(|part| part.is_finite());
        let interval = fieller(left, during, 0.95).filter(|_| several);
        Self { part, ci95: interval.map(|interval| [interval.lower, interval.upper]), ..undefined }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten measured days after one of burn-in, tilted on days 1 to 4; of 1,000 impressions of topic 0 the arm has so many more
    /// than the reference's 100, by day and replicate.
    fn tallies(more: &[[i64; 10]]) -> Vec<Tally> {
        let tally = |more: &[i64; 10]| {
            let mut tally = Tally::new(1, 10, 2, 1, 1, 2, 0);
            for (day, more) in more.iter().enumerate() {
                for (arm, count) in [(0, 100), (1, 100 + more)] {
                    tally.exposure[[day + 1, arm, 0, 0, 0, 0]] = count as u64;
                    tally.exposure[[day + 1, arm, 0, 0, 1, 0]] = (1_000 - count) as u64;
                }
            }
            tally
        };
        more.iter().map(tally).collect()
    }

    const TILTED: Window = Window { from: 1, until: 5 };

    #[test]
    fn what_is_left_comes_out_as_counted_by_hand() {
        let course = [0, 90, 20, 30, 40, 18, 15, 12, 9, 6];
        let [first, second] = persistence(&tallies(&[course; 5]), [1, 0], TILTED).try_into().expect("two topics");
        // The last three tilted days are 2, 3, 4: a mean of 30 thousandths.
        assert!((first.tilted.unwrap() - 0.030).abs() < 1e-12);
        let expected = [(5, 15.0), (6, 12.0), (7, 9.0)];
        assert_eq!(first.days.len(), 3);
        for ((day, left), found) in expected.into_iter().zip(&first.days) {
            assert_eq!(found.from_day, day);
            assert!((found.difference.unwrap() - left / 1000.0).abs() < 1e-12);
            assert!((found.part.unwrap() - left / 30.0).abs() < 1e-12);
            // No scatter, no width.
            assert!(found.ci95.unwrap().iter().all(|end| (end - left / 30.0).abs() < 1e-6), "{found:?}");
        }
        assert!((second.days[0].part.unwrap() - 0.5).abs() < 1e-12, "the other topic lost what this one gained");
    }

    #[test]
    fn nothing_is_said_where_the_shift_may_have_been_none() {
        let course = |level: i64| [0, level, level, level, level, 5, 5, 5, 5, 5];
        let unclear = persistence(&tallies(&[-20, 30, -10, 25, 5].map(course)), [1, 0], TILTED).remove(0);
        assert!(unclear.tilted.is_some());
        assert!(
            unclear.days.iter().all(|left| left.difference.is_some() && left.part.is_none() && left.ci95.is_none())
        );
        let clear = persistence(&tallies(&[20, 30, 22, 25, 18].map(course)), [1, 0], TILTED).remove(0);
        let [low, high] = clear.days[0].ci95.unwrap();
        assert!(low < 5.0 / 23.0 && 5.0 / 23.0 < high && low > 0.0, "{low} {high}");
        // Few replicates give points; no tilt gives nothing.
        let few = persistence(&tallies(&[20, 30].map(course)), [1, 0], TILTED).remove(0);
        assert!((few.days[0].part.unwrap() - 0.2).abs() < 1e-12 && few.days[0].ci95.is_none());
        let same = persistence(&tallies(&[[0; 10]; 2]), [1, 0], TILTED).remove(0);
        assert_eq!((same.tilted, same.days[0].part), (Some(0.0), None));
    }

    #[test]
    fn fewer_than_three_days_after_the_tilt_say_nothing() {
        let course = [[9; 10]; 5];
        let days =
            |until: usize| persistence(&tallies(&course), [1, 0], Window { from: 1, until }).remove(0).days.len();
        assert_eq!([10, 8, 7, 6].map(days), [0, 0, 1, 2]);
        // Two tilted days are all there are to compare with.
        let short = persistence(&tallies(&course), [1, 0], Window { from: 4, until: 6 }).remove(0);
        assert!((short.tilted.unwrap() - 0.009).abs() < 1e-12);
    }
}
