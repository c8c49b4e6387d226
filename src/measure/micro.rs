//! What single people would have met more or less of: the distribution behind the mean.
//!
//! Rests on *expected* exposure: for each person the mean over ghosts, in the arm and in its reference, of the topic's
//! probability at every played slot. One realised course would depend on how random numbers are coupled.

use super::noise::WithoutNoise;
use crate::stats::interval::{average, standard_error, variance};
use crate::stats::lorenz;
use crate::stats::quantile::{quantile, quantiles};
use crate::trace::micro::{EXPECTED_UNIT, WEEK};
use crate::trace::{GhostCourse, Micro};

/// Standard deviations of a difference of two weeks that somebody would notice: a two-sided test at 5 %, which the change
/// then passes with a probability above one half.
pub const NOTICEABLE: f64 = 1.96 * std::f64::consts::SQRT_2;
/// Standard errors of the mean change, from ghosts alone, that it must exceed before its parts are shared out.
const TOLD_FROM_ZERO: f64 = 1.96;

/// Names of the figures in `summary.json`, each with its section in `docs/measures.md`.
pub const FIGURES: [&str; 9] = [
    "expected_change_per_week",
    "own_weekly_sd",
    "share_below_one_video",
    "signal_to_noise_median",
    "noticeable_share",
    "top_1_percent_bears",
    "top_10_percent_bears",
    "ghost_error",
    "without_noise",
];

/// The effect of an arm on single people, for one tracked topic. Undefined is `None`; without a whole week all of it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UsersEffect {
    /// Topic.
    pub topic: usize,
    /// Whole weeks compared.
    pub weeks: usize,
    /// Ghosts per person.
    pub ghosts: usize,
    /// Expected change per week, arm − reference, one per person, videos.
    pub changes: Vec<f64>,
    /// Standard error of each change that comes from having so many ghosts and no more, videos.
    pub errors: Vec<f64>,
    /// Standard deviation of a week's count over baseline ghosts, one per person, videos.
    pub own_sd: Vec<f64>,
    /// Median of `own_sd`.
    pub own_sd_median: Option<f64>,
    /// Mean of the changes, videos per week.
    pub mean: Option<f64>,
    /// Standard error of the mean, from people and ghosts, in this one world, videos per week.
    pub mean_error: Option<f64>,
    /// Median of the changes, videos per week.
    pub median: Option<f64>,
    /// 5th percentile of the changes, videos per week.
    pub p5: Option<f64>,
    /// 95th percentile of the changes, videos per week.
    pub p95: Option<f64>,
    /// Standard deviation of the changes over people, videos per week; the ghosts' noise is in it.
    pub spread: Option<f64>,
    /// Root mean square of `errors`.
    pub ghost_error: Option<f64>,
    /// Share of the people whose change is smaller than one video per week.
    pub share_below_one_video: Option<f64>,
    /// Median of change ÷ own standard deviation.
    pub signal_to_noise_median: Option<f64>,
    /// Share of the people whose change exceeds [`NOTICEABLE`] of their own standard deviation.
    pub noticeable_share: Option<f64>,
    /// Part of the net shift that the 1 % of the people with the largest changes in its direction bear.
    pub top_1_percent_bears: Option<f64>,
    /// Part of the net shift that the 10 % of the people with the largest changes in its direction bear.
    pub top_10_percent_bears: Option<f64>,
    /// Part of the net shift that people moved the other way cancel: 0 where all move one way.
    pub cancelled: Option<f64>,
    /// Lorenz curve of the net shift: `[share of the people, share of the shift]`, least affected first, from `[0, 0]` to
    /// `[1, 1]`, below 0 where people move the other way; empty where undefined.
    pub lorenz: Vec<[f64; 2]>,
    /// What figures would be at infinitely many ghosts.
    pub without_noise: WithoutNoise,
}

/// Which ghosts are compared. Arms are counted as in the tally, 0 being the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ghosts {
    /// The arm.
    pub arm: usize,
    /// The arm it is compared with; its ghosts must have been forked on the same day.
    pub reference: usize,
    /// First tilted day, on which the ghosts were forked.
    pub fork_day: i64,
    /// Days from then on over which the arm is compared.
    pub days: usize,
}

/// The effect on people by tracked topic, in the order of `track`. Without courses of both arms, or without a whole week,
/// nothing in it is defined.
pub fn users_effect(micro: &Micro, ghosts: Ghosts, track: &[usize]) -> Vec<UsersEffect> {
    let course = |arm: usize| micro.course(arm, ghosts.fork_day);
    let Some(((arm, reference), baseline)) = course(ghosts.arm).zip(course(ghosts.reference)).zip(course(0)) else {
        return track.iter().map(|&topic| UsersEffect { topic, ..UsersEffect::default() }).collect();
    };
    let weeks = (ghosts.days / WEEK).min(arm.weeks()).min(reference.weeks());
    let drawn =
        |(tracked, &topic): (usize, &usize)| Drawn::new([arm, reference, baseline], weeks, tracked).effect(topic);
    track.iter().enumerate().map(drawn).collect()
}

/// What was drawn for one topic: per person and ghost the mean weekly change, and weekly counts in the baseline.
struct Drawn {
    weeks: usize,
    ghosts: usize,
    /// `[person][ghost]`: videos per week, arm − reference.
    changes: Vec<Vec<f64>>,
    /// `[person][ghost][week]`: videos met in the baseline.
    met: Vec<Vec<Vec<f64>>>,
}

/// Figures that the ghosts' noise distorts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Noisy {
    pub variance: Option<f64>,
    pub p5: Option<f64>,
    pub p95: Option<f64>,
    pub share_below_one_video: Option<f64>,
    pub noticeable_share: Option<f64>,
    pub top_1_percent_bears: Option<f64>,
    pub top_10_percent_bears: Option<f64>,
}

impl Drawn {
    fn new([arm, reference, baseline]: [&GhostCourse; 3], weeks: usize, tracked: usize) -> Self {
        let (people, ghosts) = (arm.expected.shape()[0], arm.ghosts());
        let change = |person: usize, ghost: usize| {
            let expected = |course: &GhostCourse| -> i64 {
                (0..weeks).map(|week| course.expected[[person, ghost, week, tracked]] as i64).sum()
            };
            (expected(arm) - expected(reference)) as f64 * EXPECTED_UNIT / weeks as f64
        };
        let met = |person: usize, ghost: usize| -> Vec<f64> {
            (0..weeks).map(|week| f64::from(baseline.met[[person, ghost, week, tracked]])).collect()
        };
        let people = if weeks == 0 { 0 } else { people };
        Self {
            weeks,
            ghosts,
            changes: (0..people).map(|person| (0..ghosts).map(|ghost| change(person, ghost)).collect()).collect(),
            met: (0..people).map(|person| (0..ghosts).map(|ghost| met(person, ghost)).collect()).collect(),
        }
    }

    fn effect(&self, topic: usize) -> UsersEffect {
        let all = 0..self.ghosts;
        let (changes, own_sd) = (self.means(0, all.end), self.own_sd(0, all.end));
        let errors: Vec<f64> = self.changes.iter().filter_map(|ghosts| standard_error(ghosts)).collect();
        let mean = average(&changes);
        let noisy = self.noisy(0, all.end, mean);
        let told = mean.filter(|mean| mean.abs() > TOLD_FROM_ZERO * error_of_mean(&errors));
        let towards = told.map(|mean| directed(&changes, mean));
        let borne = |share: f64| towards.as_deref().and_then(|towards| lorenz::top(towards, share));
        let lorenz = towards.as_deref().and_then(lorenz::curve).unwrap_or_default();
        let ends = quantiles(&changes, &[0.05, 0.5, 0.95]).unwrap_or_default();
        UsersEffect {
            topic,
            weeks: self.weeks,
            ghosts: self.ghosts,
            mean,
            mean_error: standard_error(&changes),
            median: ends.get(1).copied(),
            p5: ends.first().copied(),
            p95: ends.get(2).copied(),
            spread: noisy.variance.map(libm::sqrt),
            ghost_error: mean_square(&errors).map(libm::sqrt),
            share_below_one_video: noisy.share_below_one_video,
            signal_to_noise_median: quantile(&self.signals(&changes, &own_sd, all.end), 0.5),
            noticeable_share: noisy.noticeable_share,
            top_1_percent_bears: borne(0.01),
            top_10_percent_bears: borne(0.1),
            cancelled: lorenz.iter().map(|point| -point[1]).reduce(f64::max),
            without_noise: WithoutNoise::new(self.ghosts, noisy, self.halves(mean), told.is_some()),
            own_sd_median: quantile(&own_sd, 0.5),
            lorenz,
            changes,
            errors,
            own_sd,
        }
    }

    /// Mean change per person over the ghosts `from`, `from` + step, … that [`Self::chosen`] picks.
    fn means(&self, from: usize, count: usize) -> Vec<f64> {
        let chosen = self.chosen(from, count);
        self.changes
            .iter()
            .filter_map(|ghosts| average(&chosen.iter().map(|&g| ghosts[g]).collect::<Vec<_>>()))
            .collect()
    }

    /// `count` ghosts: all of them, or every second one from `from` on.
    fn chosen(&self, from: usize, count: usize) -> Vec<usize> {
        let step = if count == self.ghosts { 1 } else { 2 };
        (from..self.ghosts).step_by(step).take(count).collect()
    }

    fn own_sd(&self, from: usize, count: usize) -> Vec<f64> {
        let chosen = self.chosen(from, count);
        let variance = |ghosts: &Vec<Vec<f64>>, week: usize| {
            variance(&chosen.iter().map(|&g| ghosts[g][week]).collect::<Vec<_>>())
        };
        let of_person = |ghosts: &Vec<Vec<f64>>| {
            let weeks: Option<Vec<f64>> = (0..self.weeks).map(|week| variance(ghosts, week)).collect();
            average(&weeks?).map(libm::sqrt)
        };
        self.met.iter().filter_map(of_person).collect()
    }

    /// The least own standard deviation that so many ghosts can show other than 0: one video in one week of one ghost.
    /// Nobody's week is surer than that on their word.
    fn resolution(&self, ghosts: usize) -> f64 {
        1.0 / libm::sqrt((ghosts * self.weeks) as f64)
    }

    fn signals(&self, changes: &[f64], own_sd: &[f64], ghosts: usize) -> Vec<f64> {
        let least = self.resolution(ghosts);
        changes.iter().zip(own_sd).map(|(change, sd)| change / sd.max(least)).collect()
    }

    /// Figures from `count` ghosts, towards the direction of `mean`.
    fn noisy(&self, from: usize, count: usize, mean: Option<f64>) -> Noisy {
        let (changes, own_sd) = (self.means(from, count), self.own_sd(from, count));
        let signals = self.signals(&changes, &own_sd, count);
        let towards = mean.map(|mean| directed(&changes, mean)).unwrap_or_default();
        Noisy {
            variance: variance(&changes),
            p5: quantile(&changes, 0.05),
            p95: quantile(&changes, 0.95),
            share_below_one_video: share(&changes, |change| change.abs() < 1.0),
            noticeable_share: share(&signals, |signal| signal.abs() > NOTICEABLE),
            top_1_percent_bears: lorenz::top(&towards, 0.01),
            top_10_percent_bears: lorenz::top(&towards, 0.1),
        }
    }

    /// The same figures from each half of the ghosts.
    fn halves(&self, mean: Option<f64>) -> [Noisy; 2] {
        [0, 1].map(|from| self.noisy(from, self.ghosts / 2, mean))
    }
}

/// Changes counted positive in the direction of `mean`.
fn directed(changes: &[f64], mean: f64) -> Vec<f64> {
    changes.iter().map(|change| if mean < 0.0 { -change } else { *change }).collect()
}

/// Standard error of the mean change that ghosts alone are to blame for: people's errors are independent.
fn error_of_mean(errors: &[f64]) -> f64 {
    mean_square(errors).map_or(f64::INFINITY, |square| libm::sqrt(square / errors.len() as f64))
}

fn mean_square(values: &[f64]) -> Option<f64> {
    average(&values.iter().map(|value| value * value).collect::<Vec<_>>())
}

fn share(values: &[f64], is: fn(&f64) -> bool) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().filter(|value| is(value)).count() as f64 / values.len() as f64)
}
