//! What single people would have met more or less of.

/// The effect of an arm on single people, for one tracked topic. Undefined is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UsersEffect {
    /// Topic.
    pub topic: usize,
    /// Expected change per week, arm − reference, one per person, videos.
    pub changes: Vec<f64>,
    /// Standard deviation of a week's count, one per person, videos.
    pub own_sd: Vec<f64>,
    /// Median of the changes, videos per week.
    pub median: Option<f64>,
    /// 5th percentile of the changes, videos per week.
    pub p5: Option<f64>,
    /// 95th percentile of the changes, videos per week.
    pub p95: Option<f64>,
    /// Share of the people whose change is smaller than one video per week.
    pub share_below_one_video: Option<f64>,
    /// Median of change ÷ own standard deviation.
    pub signal_to_noise_median: Option<f64>,
    /// Share of the people whose change exceeds 1.96·√2 of their own standard deviation.
    pub noticeable_share: Option<f64>,
    /// Part of the shift that the most affected 1 % of the people bear.
    pub top_1_percent_bears: Option<f64>,
    /// Part of the shift that the most affected 10 % of the people bear.
    pub top_10_percent_bears: Option<f64>,
    /// Lorenz curve of the shift: `[share of the people, share of the shift]`, least affected first, from `[0, 0]` to
    /// `[1, 1]`; empty where undefined.
    pub lorenz: Vec<[f64; 2]>,
}
