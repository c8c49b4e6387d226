//! Belief: shrunk rates of posts on a fixed grid, and profiles of people as log-odds in a byte.

use crate::feed::Chosen;
use crate::rng::Key;
use crate::scenario::{Feed, ProfileRule, Scenario};
use crate::unit::{LEVEL_ZERO, LEVELS, level_logit, logistic};

/// What the platform counts of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Impressions.
    pub impressions: u32,
    /// Valid plays.
    pub valid_plays: u32,
    /// Likes.
    pub likes: u32,
}

impl Counters {
    /// Adds what happened in an epoch.
    pub fn add(&mut self, other: Self) {
        self.impressions += other.impressions;
        self.valid_plays += other.valid_plays;
        self.likes += other.likes;
    }
}

/// The fixed grid of believed item log-odds: attention rows × approval columns, independent of values, topic and other
/// items. The midpoint of a square stands for all its items.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    rows: Axis,
    columns: Axis,
    prior_impressions: f64,
    prior_valid: f64,
    prior_likes: f64,
}

#[derive(Debug, Clone, PartialEq)]
struct Axis {
    middles: Vec<f64>,
    /// Rates at the inner borders.
    borders: Vec<f64>,
}

impl Axis {
    fn new(range: [f64; 2], squares: u32) -> Self {
        let width = (range[1] - range[0]) / f64::from(squares);
        Self {
            middles: (0..squares).map(|i| range[0] + width * (f64::from(i) + 0.5)).collect(),
            borders: (1..squares).map(|i| logistic(range[0] + width * f64::from(i))).collect(),
        }
    }

    /// The square of the rate `hits` / `of`, by cross-multiplication.
    fn square(&self, hits: f64, of: f64) -> usize {
        self.borders.iter().filter(|&&border| hits >= border * of).count()
    }
}

impl Grid {
    /// The scenario's grid and prior.
    pub fn new(feed: &Feed) -> Self {
        Self {
            rows: Axis::new(feed.attention_range, feed.tiers_attention),
            columns: Axis::new(feed.approval_range, feed.tiers_approval),
            prior_impressions: feed.prior_impressions,
            prior_valid: feed.prior_impressions * feed.prior_valid_play,
            prior_likes: feed.prior_impressions * feed.prior_like,
        }
    }

    /// Number of tiers.
    pub fn tiers(&self) -> usize {
        self.rows.middles.len() * self.columns.middles.len()
    }

    /// Number of attention rows.
    pub fn attention_rows(&self) -> usize {
        self.rows.middles.len()
    }

    /// Attention row of a tier.
    pub fn row_of(&self, tier: usize) -> usize {
        tier / self.columns.middles.len()
    }

    /// Tier of a post with these counters.
    pub fn tier(&self, counters: &Counters) -> usize {
        let (valid, likes, of) = self.shrunk(counters);
        self.rows.square(valid, of) * self.columns.middles.len() + self.columns.square(likes, of)
    }

    /// Tier of a post whose log-odds of a valid play and of a like are known.
    pub fn tier_at(&self, attention: f64, approval: f64) -> usize {
        let square = |axis: &Axis, odds: f64| axis.square(logistic(odds), 1.0);
        square(&self.rows, attention) * self.columns.middles.len() + square(&self.columns, approval)
    }

    /// Believed log-odds of a valid play and of a like at the midpoint of a tier.
    pub fn middle(&self, tier: usize) -> (f64, f64) {
        let columns = self.columns.middles.len();
        (self.rows.middles[tier / columns], self.columns.middles[tier % columns])
    }

    /// Believed log-odds of a post before they are put on the grid.
    pub fn continuous(&self, counters: &Counters) -> (f64, f64) {
        let (valid, likes, of) = self.shrunk(counters);
        (libm::log(valid / (of - valid)), libm::log(likes / (of - likes)))
    }

    /// Few impressions, little belief: rates are shrunk towards the prior.
    fn shrunk(&self, c: &Counters) -> (f64, f64, f64) {
        (
            f64::from(c.valid_plays) + self.prior_valid,
            f64::from(c.likes) + self.prior_likes,
            f64::from(c.impressions) + self.prior_impressions,
        )
    }
}

/// Moves profiles. All arithmetic that is rounded is integer or plain f64 `+ − × ÷` in a fixed order.
#[derive(Debug, Clone)]
pub struct Learner {
    rule: ProfileRule,
    topics: usize,
    rows: usize,
    /// P(valid play) in 2⁻¹⁶ by level and attention row.
    probability: Vec<i32>,
    /// Level steps per unit of Σ(y − P), 2⁻¹⁶.
    rate: i64,
    /// Level steps per unit of the share rule.
    steps: f64,
    share_floor: f64,
    /// e^ℓ by level.
    odds: Vec<f64>,
    /// λ in 2⁻¹⁶.
    forgetting: i64,
}

/// Level steps are computed in 2⁻³².
const STEP_BITS: u32 = 32;

impl Learner {
    /// From the scenario's profile settings.
    pub fn new(scenario: &Scenario, grid: &Grid) -> Self {
        let feed = &scenario.feed;
        let rows = grid.attention_rows();
        let q16 = |x: f64| libm::round(x * 65_536.0);
        let steps = feed.learning_rate * f64::from(crate::unit::LOGIT / crate::unit::LEVEL_STEP);
        Self {
            rule: feed.profile_rule,
            topics: scenario.topic_count(),
            rows,
            probability: (0..LEVELS * rows)
                .map(|i| q16(logistic(level_logit(i / rows) + grid.rows.middles[i % rows])) as i32)
                .collect(),
            rate: q16(steps) as i64,
            steps,
            share_floor: feed.share_floor,
            odds: (0..LEVELS).map(|level| libm::exp(level_logit(level))).collect(),
            forgetting: q16(feed.forgetting) as i64,
        }
    }

    /// Whether a response moves no level but those of its own topics.
    pub const fn is_local(&self) -> bool {
        matches!(self.rule, ProfileRule::Rate)
    }

    /// The same in fast motion: profiles learn and forget `pace` times as fast.
    #[must_use]
    pub fn at_pace(mut self, pace: f64) -> Self {
        let keep = libm::pow(1.0 - self.forgetting as f64 / 65_536.0, pace);
        self.forgetting = libm::round((1.0 - keep) * 65_536.0) as i64;
        self.rate = libm::round(self.rate as f64 * pace) as i64;
        self.steps *= pace;
        self
    }

    /// Moves a profile once for a response. `valid` has a bit for each slot that was a valid play; `key` is keyed by the
    /// request.
    #[inline(always)]
    pub fn learn(&self, profile: &mut [u8], played: &[Chosen], valid: u64, key: Key) {
        match self.rule {
            ProfileRule::Rate => self.learn_rate(profile, played, valid, key),
            ProfileRule::Share => self.learn_share(profile, played, valid, key),
        }
    }

    /// ℓ += η·Σ(y − P), P as used when scoring. Exposure alone moves nothing.
    #[inline(always)]
    fn learn_rate(&self, profile: &mut [u8], played: &[Chosen], valid: u64, key: Key) {
        let mut surprise = [0i32; 64];
        let mut touched = 0u64;
        for (slot, chosen) in played.iter().enumerate() {
            let topic = chosen.topic as usize;
            let p = self.probability[profile[topic] as usize * self.rows + chosen.row as usize];
            surprise[topic & 63] += ((valid >> slot & 1) << 16) as i32 - p;
            touched |= 1 << topic;
        }
        while touched != 0 {
            let topic = touched.trailing_zeros() as usize;
            touched &= touched - 1;
            let step = i64::from(surprise[topic & 63]) * self.rate;
            move_level(&mut profile[topic], step, key.draw(topic as u64));
        }
    }

    /// ℓ += `η·(n_k` − `N·s_k)/(s_k` + s₀), the step clipped at ½: the profile is read as a share and feeds on its own
    /// exposure. A structural alternative.
    fn learn_share(&self, profile: &mut [u8], played: &[Chosen], valid: u64, key: Key) {
        let mut engaged = [0u32; 64];
        for (slot, chosen) in played.iter().enumerate() {
            engaged[chosen.topic as usize & 63] += (valid >> slot & 1) as u32;
        }
        let all: u32 = engaged.iter().sum();
        if all == 0 {
            return;
        }
        let mut total = 0.0;
        for &level in &profile[..self.topics] {
            total += self.odds[level as usize];
        }
        // Clipped at half a log-odds.
        let limit = 0.5 * f64::from(crate::unit::LOGIT / crate::unit::LEVEL_STEP);
        for topic in 0..self.topics {
            let share = self.odds[profile[topic] as usize] / total;
            let raw = (f64::from(engaged[topic & 63]) - f64::from(all) * share) / (share + self.share_floor);
            let step = (raw * self.steps).clamp(-limit, limit);
            let fixed = (step * (1u64 << STEP_BITS) as f64) as i64;
            move_level(&mut profile[topic], fixed, key.draw(topic as u64));
        }
    }

    /// Once a day: ℓ −= λℓ on every topic. `key` is keyed by (user, day).
    pub fn forget(&self, profile: &mut [u8], key: Key) {
        for (topic, level) in profile.iter_mut().enumerate() {
            let away = i64::from(*level) - i64::from(LEVEL_ZERO);
            if away != 0 {
                move_level(level, -(away * self.forgetting) << 16, key.draw(topic as u64));
            }
        }
    }
}

/// Adds `step` (2⁻³² of a level step) with stochastic rounding: floor(step + u), so that the mean moves by `step`.
#[inline(always)]
fn move_level(level: &mut u8, step: i64, word: u64) {
    let whole = (step + (word >> 32) as i64) >> STEP_BITS;
    *level = (i64::from(*level) + whole).clamp(0, 255) as u8;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Decision, Key};

    #[test]
    fn stochastic_rounding_keeps_the_mean_of_steps_far_below_one() {
        // 0.03 of a step, 200,000 times: sd of the sum √(200000·.03·.97) = 76; five of them: false alarm 6·10⁻⁷.
        let key = Key::root(1, 0).of(Decision::Learn);
        let step = (0.03 * (1u64 << 32) as f64) as i64;
        let moved: i64 = (0..200_000)
            .map(|i| {
                let mut level = 100u8;
                move_level(&mut level, step, key.draw(i));
                i64::from(level) - 100
            })
            .sum();
        assert!((moved - 6_000).abs() < 380, "{moved}");
    }
}
