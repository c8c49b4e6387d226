//! Which loops a shift comes from: the same tilt in arms where some loops are live and the others replay the baseline.
//!
//! Δ(S) is a topic's share of exposure in the arm with the loops S live − that in the baseline. Sums are formed world by world,
//! so that what pairs share cancels before intervals are made.

use super::shift::LEAST_REPLICATES;
use super::{Course, Part, Window};
use crate::stats::interval::{average, mean};
use crate::trace::{Counter, Tally};

/// Name of its section in `docs/measures.md`.
pub const FIGURE: &str = "attribution";

/// Arms of a decomposition, counted as in the tally. Where two sets of loops are the same, so are their arms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// All loops live.
    pub all: usize,
    /// None of them.
    pub none: usize,
    /// By loop: live alone, and all but it.
    pub loops: Vec<[usize; 2]>,
}

/// A part of a shift, as a difference of shares.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Component {
    /// Mean over replicates; `None` where a share is undefined in one of them.
    pub value: Option<f64>,
    /// Student-t interval; `None` with fewer than five replicates.
    pub ci95: Option<[f64; 2]>,
}

/// What a loop adds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LoopPart {
    /// Added first: Δ({ℓ}) − Δ(∅).
    pub first: Component,
    /// Added last: Δ(all) − Δ(all without ℓ).
    pub last: Component,
    /// Whether the two agree within their intervals; `None` without intervals.
    pub separable: Option<bool>,
}

/// One topic's shift, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attribution {
    /// Δ(all).
    pub total: Component,
    /// Δ(∅): what the tilt does by itself.
    pub mechanical: Component,
    /// By loop.
    pub loops: Vec<LoopPart>,
    /// What is left.
    pub interaction: Component,
}

/// Takes the shift of every topic apart.
pub fn attribution(tallies: &[Tally], parts: &Parts, window: Window) -> Vec<Attribution> {
    let topics = tallies.first().map_or(0, Tally::topics);
    let shares = |arm: usize| -> Vec<Option<Vec<f64>>> {
        let course = |tally| Course::new(tally, arm, window, Part::Everybody, &[]);
        tallies.iter().map(|tally| course(tally).shares(Counter::Impressions)).collect()
    };
    let baseline = shares(0);
    let of = |arm: usize| -> Vec<Shifts> {
        let shares = shares(arm);
        let shift = |topic: usize| -> Shifts {
            let pairs = shares.iter().zip(&baseline);
            pairs.map(|(arm, baseline)| Some(arm.as_ref()?[topic] - baseline.as_ref()?[topic])).collect()
        };
        (0..topics).map(shift).collect()
    };
    let (all, none) = (of(parts.all), of(parts.none));
    let loops: Vec<[Vec<Shifts>; 2]> = parts.loops.iter().map(|arms| arms.map(&of)).collect();
    (0..topics)
        .map(|topic| {
            let loops: Vec<[&Shifts; 2]> = loops.iter().map(|arms| [&arms[0][topic], &arms[1][topic]]).collect();
            Attribution::new(&all[topic], &none[topic], &loops)
        })
        .collect()
}

/// Differences of a topic's share, one per replicate; `None` where one is undefined.
type Shifts = Option<Vec<f64>>;

impl Attribution {
    fn new(all: &Shifts, none: &Shifts, loops: &[[&Shifts; 2]]) -> Self {
        let firsts: Vec<Shifts> = loops.iter().map(|[alone, _]| minus(alone, none)).collect();
        // What is left is formed from the differences, so that with one loop it is 0 to the last bit.
        let left = firsts.iter().fold(minus(all, none), |left, first| minus(&left, first));
        let part = |(first, [_, without]): (&Shifts, &[&Shifts; 2])| {
            LoopPart::new(Component::new(first), Component::new(&minus(all, without)))
        };
        Self {
            total: Component::new(all),
            mechanical: Component::new(none),
            loops: firsts.iter().zip(loops).map(part).collect(),
            interaction: Component::new(&left),
        }
    }
}

impl LoopPart {
    fn new(first: Component, last: Component) -> Self {
        let meet = |([low, high], [from, to]): ([f64; 2], [f64; 2])| low <= to && from <= high;
        Self { first, last, separable: first.ci95.zip(last.ci95).map(meet) }
    }
}

impl Component {
    fn new(shifts: &Shifts) -> Self {
        let Some(shifts) = shifts else { return Self::default() };
        let interval = mean(shifts, 0.95).filter(|_| shifts.len() >= LEAST_REPLICATES);
        Self { value: average(shifts), ci95: interval.map(|interval| [interval.lower, interval.upper]) }
    }
}

fn minus(one: &Shifts, other: &Shifts) -> Shifts {
    let (one, other) = (one.as_ref()?, other.as_ref()?);
    Some(one.iter().zip(other).map(|(one, other)| one - other).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Window = Window { from: 0, until: 1 };

    /// Two topics; impressions of the first of 1,000, by arm and replicate.
    fn tallies(counts: &[&[u64]]) -> Vec<Tally> {
        let tally = |replicate: usize| {
            let mut tally = Tally::new(0, 1, counts.len(), 1, 1, 2, 0);
            for (arm, counts) in counts.iter().enumerate() {
                tally.exposure[[0, arm, 0, 0, 0, 0]] = counts[replicate];
                tally.exposure[[0, arm, 0, 0, 1, 0]] = 1_000 - counts[replicate];
            }
            tally
        };
        (0..counts[0].len()).map(tally).collect()
    }

    fn close(found: Option<f64>, expected: f64) {
        assert!((found.expect("defined") - expected).abs() < 1e-12, "found {found:?}, expected {expected}");
    }

    /// Baseline 100; nothing live 90, the first alone 84, the second alone 89, both 80, each in five worlds.
    fn two_loops() -> Vec<Tally> {
        tallies(&[&[100, 101, 99, 100, 100], &[80, 81, 79, 80, 80], &[90; 5], &[84; 5], &[89; 5]])
    }

    const TWO: [[usize; 2]; 2] = [[3, 4], [4, 3]];

    #[test]
    fn parts_come_out_as_counted_by_hand_and_add_up() {
        let parts = Parts { all: 1, none: 2, loops: TWO.to_vec() };
        let [first, second] = attribution(&two_loops(), &parts, DAY).try_into().expect("two topics");
        close(first.total.value, -0.020);
        close(first.mechanical.value, -0.010);
        close(first.loops[0].first.value, -0.006);
        close(first.loops[0].last.value, -0.009);
        close(first.loops[1].first.value, -0.001);
        close(first.loops[1].last.value, -0.004);
        close(first.interaction.value, -0.003);
        // Shifts of nothing live scatter as the baseline does: sd .000707, t(4) = 2.776.
        let half = 2.776_445_105 * libm::sqrt(5e-7 / 5.0);
        assert!((first.mechanical.ci95.unwrap()[0] - (-0.010 - half)).abs() < 1e-9, "{:?}", first.mechanical);
        // The first loop alone and nothing live do not scatter against one another.
        assert!(first.loops[0].first.ci95.unwrap().map(|end| (end + 0.006).abs() < 1e-12) == [true; 2]);
        close(second.total.value, 0.020);
    }

    #[test]
    fn a_loop_is_separable_where_first_and_last_agree_within_their_intervals() {
        let parts = Parts { all: 1, none: 2, loops: TWO.to_vec() };
        // Last in has a half-width of .00088 about −.009 and −.004: apart from −.006 and −.001.
        let found = &attribution(&two_loops(), &parts, DAY)[0];
        assert!(found.loops.iter().all(|part| part.separable == Some(false)));
        let mut near = two_loops();
        near.iter_mut()
            .zip([60, 100, 80, 70, 90])
            .for_each(|(tally, count)| tally.exposure[[0, 1, 0, 0, 0, 0]] = count);
        assert!(attribution(&near, &parts, DAY)[0].loops.iter().all(|part| part.separable == Some(true)));
    }

    #[test]
    fn with_one_loop_nothing_is_left_and_with_none_the_tilt_is_all() {
        let tallies = tallies(&[&[100, 107, 93, 111, 98], &[83, 79, 81, 80, 77], &[91, 90, 97, 89, 90]]);
        let one = &attribution(&tallies, &Parts { all: 1, none: 2, loops: vec![[1, 2]] }, DAY)[0];
        assert_eq!((one.interaction.value, one.interaction.ci95), (Some(0.0), Some([0.0; 2])));
        assert_eq!((one.loops[0].first, one.loops[0].separable), (one.loops[0].last, Some(true)));
        let none = &attribution(&tallies, &Parts { all: 1, none: 1, loops: Vec::new() }, DAY)[0];
        assert_eq!((none.total, none.interaction.value), (none.mechanical, Some(0.0)));
    }

    #[test]
    fn few_replicates_give_points_and_an_empty_feed_nothing() {
        let parts = Parts { all: 1, none: 2, loops: TWO.to_vec() };
        let found = &attribution(&two_loops()[..4], &parts, DAY)[0];
        assert!(found.total.value.is_some() && found.total.ci95.is_none() && found.loops[0].separable.is_none());
        let mut empty = two_loops();
        (0..2).for_each(|topic| empty[2].exposure[[0, 3, 0, 0, topic, 0]] = 0);
        let found = &attribution(&empty, &parts, DAY)[0];
        assert_eq!((found.loops[0].first.value, found.interaction.value), (None, None));
        assert!(found.total.value.is_some() && found.loops[1].first.value.is_some());
    }
}
