//! What the figures of single people would be at infinitely many ghosts.
//!
//! A person's change is a mean over few ghosts. Their noise widens the distribution over people, so that its tails, the
//! noticeable share and the part that the most affected bear all come out too large. Halves of the ghosts tell by how much:
//! [`extrapolate`]. The noticeable share is too large for another and graver reason: own standard deviations from few ghosts
//! are often too small by chance. So each is drawn towards those of other people who meet as much, and what is still not known
//! of it is averaged over: `stats::moderate`.

use super::drawn::Drawn;
use super::micro::{NOTICEABLE, directed};
use crate::stats::interval::variance;
use crate::stats::moderate::Moderated;
use crate::stats::quantile::quantile;
use crate::stats::{extrapolate, lorenz};

/// Least part of the variance of changes that must be people's own.
const OWN: f64 = 0.5;

/// Figures of a distribution of changes that noise distorts.
#[derive(Debug, Clone, Default)]
pub(super) struct Noisy {
    pub variance: Option<f64>,
    pub p5: Option<f64>,
    pub p95: Option<f64>,
    pub share_below_one_video: Option<f64>,
    pub top_1_percent_bears: Option<f64>,
    pub top_10_percent_bears: Option<f64>,
}

impl Noisy {
    /// Of one change per person, borne in the direction of `mean`.
    pub fn new(changes: &[f64], mean: Option<f64>) -> Self {
        let towards = mean.map(|mean| directed(changes, mean)).unwrap_or_default();
        Self {
            variance: variance(changes),
            p5: quantile(changes, 0.05),
            p95: quantile(changes, 0.95),
            share_below_one_video: share(changes, |change| change.abs() < 1.0),
            top_1_percent_bears: lorenz::top(&towards, 0.01),
            top_10_percent_bears: lorenz::top(&towards, 0.1),
        }
    }
}

/// Share of the values that are so.
pub(super) fn share(values: &[f64], is: fn(&f64) -> bool) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().filter(|value| is(value)).count() as f64 / values.len() as f64)
}

/// Figures with the ghosts' noise taken out; ranges are held. Undefined is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct WithoutNoise {
    /// Standard deviation of the changes over people, videos per week; `None` where the noise is as large as the spread.
    pub spread: Option<f64>,
    /// 5th percentile of the changes, videos per week.
    pub p5: Option<f64>,
    /// 95th percentile of the changes, videos per week.
    pub p95: Option<f64>,
    /// Share of the people whose change is smaller than one video per week.
    pub share_below_one_video: Option<f64>,
    /// Share of the people whose change is noticeable; `None` where too few people met the topic.
    pub noticeable_share: Option<f64>,
    /// Part of the net shift that the most affected 1 % bear.
    pub top_1_percent_bears: Option<f64>,
    /// Part of the net shift that the most affected 10 % bear.
    pub top_10_percent_bears: Option<f64>,
}

impl WithoutNoise {
    /// From the figures of all ghosts and of each half of them; without a shift `told` from zero nobody bears it. Where
    /// people's own differences are not [`resolved`], percentiles and what rests on them would be the ghosts' noise.
    pub(super) fn new(drawn: &Drawn, own_sd: &[f64], mean: Option<f64>, told: bool) -> Self {
        let (changes, halves, ghosts) = (drawn.means(), drawn.halves(), drawn.ghosts());
        let extrapolated = |whole: Option<f64>, [one, other]: [Option<f64>; 2]| {
            extrapolate::without_noise(whole?, ghosts, 0.5 * (one? + other?), ghosts / 2)
        };
        let known = drawn.moderated(own_sd);
        let noticed = |changes: &[f64]| Some(noticed(changes, known.as_deref()?, drawn.resolution()));
        let noticed = extrapolated(noticed(&changes), [noticed(&halves[0]), noticed(&halves[1])]);
        let [whole, one, other] = [&changes, &halves[0], &halves[1]].map(|changes| Noisy::new(changes, mean));
        let figure = |of: fn(&Noisy) -> Option<f64>| extrapolated(of(&whole), [of(&one), of(&other)]);
        let resolved = resolved(drawn);
        let own = |of| figure(of).filter(|_| resolved);
        let borne = |of, least: f64| own(of).filter(|_| told).map(|part| part.max(least));
        // 0 is the spread of changes that do not differ at all, noise included; a difference that noise explains is none.
        let alike = whole.variance == Some(0.0);
        Self {
            spread: figure(|noisy| noisy.variance).filter(|&variance| variance > 0.0 || alike).map(libm::sqrt),
            p5: own(|noisy| noisy.p5),
            p95: own(|noisy| noisy.p95),
            share_below_one_video: own(|noisy| noisy.share_below_one_video).map(|share| share.clamp(0.0, 1.0)),
            noticeable_share: noticed.map(|share| share.clamp(0.0, 1.0)),
            top_1_percent_bears: borne(|noisy| noisy.top_1_percent_bears, 0.01),
            top_10_percent_bears: borne(|noisy| noisy.top_10_percent_bears, 0.1),
        }
    }
}

/// Whether the changes differ more by people than by ghosts' noise: at least [`OWN`] of their variance is people's. Beyond
/// that the bias of a percentile is no longer proportional to the noise's variance, which [`extrapolate`] rests on.
pub(super) fn resolved(drawn: &Drawn) -> bool {
    let of = |changes: &[f64]| variance(changes).unwrap_or(0.0);
    let (whole, halves) = (of(&drawn.means()), drawn.halves().map(|half| of(&half)));
    let half = 0.5 * (halves[0] + halves[1]);
    let own = extrapolate::without_noise(whole, drawn.ghosts(), half, drawn.ghosts() / 2);
    whole == 0.0 || own.is_some_and(|own| own >= OWN * whole)
}

/// Expected share of the people whose change exceeds [`NOTICEABLE`] of their true standard deviation, which is no smaller than
/// `least`.
fn noticed(changes: &[f64], known: &[Moderated], least: f64) -> f64 {
    let probability = |(change, known): (&f64, &Moderated)| {
        let bound = change.abs() / NOTICEABLE;
        if bound > least { known.probability_below(bound * bound) } else { 0.0 }
    };
    changes.iter().zip(known).map(probability).sum::<f64>() / changes.len() as f64
}
