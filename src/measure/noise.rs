//! What the figures of single people would be at infinitely many ghosts.
//!
//! A person's change is a mean over few ghosts. Their noise widens the distribution over people, so that its tails, the
//! noticeable share and the part that the most affected bear all come out too large. So does the noticeable share because
//! own standard deviations are estimated from the same few ghosts. Halves of the ghosts tell by how much:
//! `stats::extrapolate`.

use super::micro::Noisy;
use crate::stats::extrapolate;

/// Fewest ghosts in a half for a noticeable share: own standard deviations of fewer are too rough to extrapolate from.
const LEAST_HALF: usize = 4;

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
    /// Share of the people whose change is noticeable; `None` below eight ghosts.
    pub noticeable_share: Option<f64>,
    /// Part of the net shift that the most affected 1 % bear.
    pub top_1_percent_bears: Option<f64>,
    /// Part of the net shift that the most affected 10 % bear.
    pub top_10_percent_bears: Option<f64>,
}

impl WithoutNoise {
    /// From the figures of all ghosts and of each half of them; without a shift `told` from zero nobody bears it.
    pub(super) fn new(ghosts: usize, whole: Noisy, halves: [Noisy; 2], told: bool) -> Self {
        let figure = |of: fn(&Noisy) -> Option<f64>| {
            let half = 0.5 * (of(&halves[0])? + of(&halves[1])?);
            extrapolate::without_noise(of(&whole)?, ghosts, half, ghosts / 2)
        };
        let share = |of| figure(of).map(|share| share.clamp(0.0, 1.0));
        let borne = |of, least: f64| figure(of).filter(|_| told).map(|part| part.max(least));
        // 0 is the spread of changes that do not differ at all, noise included; a difference that noise explains is none.
        let unspread = whole.variance == Some(0.0);
        Self {
            spread: figure(|noisy| noisy.variance).filter(|&variance| variance > 0.0 || unspread).map(libm::sqrt),
            p5: figure(|noisy| noisy.p5),
            p95: figure(|noisy| noisy.p95),
            share_below_one_video: share(|noisy| noisy.share_below_one_video),
            noticeable_share: share(|noisy| noisy.noticeable_share).filter(|_| ghosts / 2 >= LEAST_HALF),
            top_1_percent_bears: borne(|noisy| noisy.top_1_percent_bears, 0.01),
            top_10_percent_bears: borne(|noisy| noisy.top_10_percent_bears, 0.1),
        }
    }
}
