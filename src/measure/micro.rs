//! What single people would have met more or less of: the distribution behind the mean.
//!
//! Rests on *expected* exposure: for each person the mean over ghosts, in the arm and in its reference, of the topic's
//! probability at every played slot; people are those in the audience of the arm or its reference. One realised course would depend on how random numbers are coupled.

use std::collections::BTreeSet;

use super::drawn::Drawn;
use super::noise::{Noisy, WithoutNoise, resolved, share};
use crate::stats::interval::{average, clustered_error, standard_error, student_t_quantile};
use crate::stats::lorenz;
use crate::stats::quantile::quantile;
use crate::trace::Micro;
use crate::trace::micro::WEEK;

/// Standard deviations of a difference of two weeks that somebody would notice: a two-sided test at 5 %, which the change
/// then passes with a probability above one half.
pub const NOTICEABLE: f64 = 1.96 * std::f64::consts::SQRT_2;
/// Coverage of the interval around 0 that the mean change must leave before its parts are shared out.
const TOLD_FROM_ZERO: f64 = 0.95;

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

/// The effect of an arm on the single people in its audience, for one tracked topic. Undefined is `None`; without a whole week all of it is.
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
    /// Standard error of the mean, videos per week: from the scatter between replicates, so that what worlds and courses owe to
    /// chance is in it; with a single replicate from people and ghosts alone.
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
    let effect = |(tracked, &topic): (usize, &usize)| {
        UsersEffect::new(topic, weeks, &Drawn::new([arm, reference, baseline], &micro.replicates, weeks, tracked))
    };
    track.iter().enumerate().map(effect).collect()
}

impl UsersEffect {
    fn new(topic: usize, weeks: usize, drawn: &Drawn) -> Self {
        let (changes, own_sd, errors) = (drawn.means(), drawn.own_sd(), drawn.errors());
        let mean = average(&changes);
        let found = Noisy::new(&changes, mean);
        let least = drawn.resolution();
        let signals: Vec<f64> = changes.iter().zip(&own_sd).map(|(change, sd)| change / sd.max(least)).collect();
        // Who bears a shift is told where there is one, and where people differ by more than their ghosts' noise.
        let told = mean.is_some_and(|mean| mean.abs() > reach(drawn, &changes, &errors)) && resolved(drawn);
        let towards = mean.filter(|_| told).map(|mean| directed(&changes, mean));
        let lorenz = towards.as_deref().and_then(lorenz::curve).unwrap_or_default();
        Self {
            topic,
            weeks,
            ghosts: drawn.ghosts(),
            mean,
            mean_error: clustered_error(&changes, drawn.replicates()).or_else(|| standard_error(&changes)),
            median: quantile(&changes, 0.5),
            p5: found.p5,
            p95: found.p95,
            spread: found.variance.map(libm::sqrt),
            ghost_error: mean_square(&errors).map(libm::sqrt),
            share_below_one_video: found.share_below_one_video,
            signal_to_noise_median: quantile(&signals, 0.5),
            noticeable_share: share(&signals, |signal| signal.abs() > NOTICEABLE),
            top_1_percent_bears: found.top_1_percent_bears.filter(|_| told),
            top_10_percent_bears: found.top_10_percent_bears.filter(|_| told),
            cancelled: lorenz.iter().map(|point| -point[1]).reduce(f64::max),
            without_noise: WithoutNoise::new(drawn, &own_sd, mean, told),
            own_sd_median: quantile(&own_sd, 0.5),
            lorenz,
            changes,
            errors,
            own_sd,
        }
    }
}

/// Changes counted positive in the direction of `mean`.
pub(super) fn directed(changes: &[f64], mean: f64) -> Vec<f64> {
    changes.iter().map(|change| if mean < 0.0 { -change } else { *change }).collect()
}

/// What the mean change must exceed to be told from zero: by Student's t between replicates; with a single one by the noise of
/// its ghosts, which is independent between people.
fn reach(drawn: &Drawn, changes: &[f64], errors: &[f64]) -> f64 {
    let replicates = drawn.replicates().iter().collect::<BTreeSet<_>>().len();
    let between = clustered_error(changes, drawn.replicates()).zip(student_t_quantile(TOLD_FROM_ZERO, replicates - 1));
    let ghosts = || mean_square(errors).map(|square| 1.96 * libm::sqrt(square / errors.len() as f64));
    between.map(|(error, t)| t * error).or_else(ghosts).unwrap_or(f64::INFINITY)
}

fn mean_square(values: &[f64]) -> Option<f64> {
    average(&values.iter().map(|value| value * value).collect::<Vec<_>>())
}
