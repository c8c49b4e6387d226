//! The effect on single people, as it stands in `summary.json`.

use serde::Serialize;

use super::columns::significant;
use crate::measure::{UsersEffect, WithoutNoise};
use crate::scenario::Scenario;

/// Effect on single people for one tracked topic. Videos per week unless said otherwise; what is undefined is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsersSummary {
    /// Topic.
    pub topic: String,
    /// People looked at.
    pub people: usize,
    /// Ghosts of each.
    pub ghosts: usize,
    /// Whole weeks compared.
    pub weeks: usize,
    /// Distribution over people of the expected change.
    pub expected_change_per_week: Changes,
    /// Root mean square over people of the standard error that a change has for want of more ghosts.
    pub ghost_error: Option<f64>,
    /// Median over people of the standard deviation of a week's count.
    pub own_weekly_sd: Option<f64>,
    /// Share of the people with a change smaller than one video.
    pub share_below_one_video: Option<f64>,
    /// Median of change ÷ own standard deviation.
    pub signal_to_noise_median: Option<f64>,
    /// Share of the people who would have noticed.
    pub noticeable_share: Option<f64>,
    /// Part of the net shift that the most affected 1 % bear.
    pub top_1_percent_bears: Option<f64>,
    /// Part of the net shift that the most affected 10 % bear.
    pub top_10_percent_bears: Option<f64>,
    /// Part of the net shift that people moved the other way cancel.
    pub cancelled: Option<f64>,
    /// What figures would be at infinitely many ghosts.
    pub without_noise: WithoutNoise,
}

/// Distribution of the changes over people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Changes {
    /// Mean.
    pub mean: Option<f64>,
    /// Its standard error, from people and ghosts.
    pub mean_error: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// 5th percentile.
    pub p5: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// Standard deviation.
    pub spread: Option<f64>,
}

impl UsersSummary {
    /// Sums an effect up.
    pub fn new(scenario: &Scenario, effect: &UsersEffect) -> Self {
        let number = |value: Option<f64>| value.map(significant);
        let noise = effect.without_noise;
        Self {
            topic: scenario.topics[effect.topic].id.clone(),
            people: effect.changes.len(),
            ghosts: effect.ghosts,
            weeks: effect.weeks,
            expected_change_per_week: Changes {
                mean: number(effect.mean),
                mean_error: number(effect.mean_error),
                median: number(effect.median),
                p5: number(effect.p5),
                p95: number(effect.p95),
                spread: number(effect.spread),
            },
            ghost_error: number(effect.ghost_error),
            own_weekly_sd: number(effect.own_sd_median),
            share_below_one_video: number(effect.share_below_one_video),
            signal_to_noise_median: number(effect.signal_to_noise_median),
            noticeable_share: number(effect.noticeable_share),
            top_1_percent_bears: number(effect.top_1_percent_bears),
            top_10_percent_bears: number(effect.top_10_percent_bears),
            cancelled: number(effect.cancelled),
            without_noise: WithoutNoise {
                spread: number(noise.spread),
                p5: number(noise.p5),
                p95: number(noise.p95),
                share_below_one_video: number(noise.share_below_one_video),
                noticeable_share: number(noise.noticeable_share),
                top_1_percent_bears: number(noise.top_1_percent_bears),
                top_10_percent_bears: number(noise.top_10_percent_bears),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    #[test]
    fn every_figure_stands_under_its_own_name() {
        let effect = UsersEffect {
            topic: 1,
            weeks: 2,
            ghosts: 3,
            changes: vec![0.0; 4],
            errors: vec![0.5; 4],
            own_sd: vec![0.25; 4],
            own_sd_median: Some(5.0),
            mean: Some(6.0),
            mean_error: Some(7.0),
            median: Some(8.0),
            p5: Some(9.0),
            p95: Some(10.0),
            spread: Some(11.0),
            ghost_error: Some(12.0),
            share_below_one_video: Some(13.0),
            signal_to_noise_median: Some(14.0),
            noticeable_share: Some(15.0),
            top_1_percent_bears: Some(16.0),
            top_10_percent_bears: Some(17.0),
            cancelled: None,
            lorenz: Vec::new(),
            without_noise: WithoutNoise {
                spread: Some(18.0),
                p5: Some(19.0),
                p95: Some(20.0),
                share_below_one_video: Some(21.0),
                noticeable_share: None,
                top_1_percent_bears: Some(22.0),
                top_10_percent_bears: Some(1.0 / 3.0),
            },
        };
        let text = "schema = 1\nname = 'x'\n[population]\nusers = 10\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\n\
                    share = 0.2\n[[topic]]\nid = 'b'\nshare = 0.8\n";
        let summary = UsersSummary::new(&parse("x.toml", text, &[]).unwrap(), &effect);
        assert_eq!(
            serde_json::to_string(&summary).unwrap(),
            "{\"topic\":\"b\",\"people\":4,\"ghosts\":3,\"weeks\":2,\"expected_change_per_week\":{\"mean\":6.0,\"mean_error\":7.0,\
             \"median\":8.0,\"p5\":9.0,\"p95\":10.0,\"spread\":11.0},\"ghost_error\":12.0,\"own_weekly_sd\":5.0,\
             \"share_below_one_video\":13.0,\"signal_to_noise_median\":14.0,\"noticeable_share\":15.0,\
             \"top_1_percent_bears\":16.0,\"top_10_percent_bears\":17.0,\"cancelled\":null,\"without_noise\":{\"spread\":18.0,\
             \"p5\":19.0,\"p95\":20.0,\"share_below_one_video\":21.0,\"noticeable_share\":null,\"top_1_percent_bears\":22.0,\
             \"top_10_percent_bears\":0.333333333333}}"
        );
    }
}
