//! The scenario: everything a run depends on, complete and immutable.
//!
//! [`Scenario`] is what a file *means*; what was typed lives in [`raw`] and is turned into a `Scenario` by [`resolve`].
//! Every default, unit, range and source stands once, in [`keys`]. This module knows nothing of worlds or feeds.

pub mod keys;
pub mod loops;
pub mod presets;
pub mod raw;
pub mod resolve;
pub mod write;

use std::collections::BTreeMap;
use std::ops::Range;

pub use loops::{Loop, Loops};
pub use raw::{Override, ScenarioError, load, parse};

use crate::stats::quantile::quantiles;
pub use crate::stats::spread::Spread;

/// One complete scenario. Built by [`load`] and [`parse`] alone.
#[allow(clippy::manual_non_exhaustive, reason = "other modules of this crate must not build one by hand either")]
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Slug, also the default name of the run folder.
    pub name: String,
    /// The question the scenario asks, in a sentence.
    pub question: String,
    /// What its author expected before the first run.
    pub expectation: String,
    /// Where the figures in the file come from.
    pub sources: Vec<String>,
    /// Who watches.
    pub population: Population,
    /// What can be watched.
    pub catalogue: Catalogue,
    /// Topics, 2 to 64, in file order (preset first).
    pub topics: Vec<Topic>,
    /// The calendar.
    pub time: Time,
    /// Common noise in supply and demand.
    pub shocks: Shocks,
    /// How people react.
    pub respond: Respond,
    /// The platform's ranking.
    pub feed: Feed,
    /// Which feedback loops are live in tilted arms.
    pub loops: Loops,
    /// When people leave, where the loop `stay` is on.
    pub stay: Stay,
    /// How creators react, where the loop `supply` is on.
    pub supply: Supply,
    /// How interests move, where the loop `interest` is on.
    pub interest: Interest,
    /// What is measured beyond the standard set.
    pub measure: Measure,
    /// How finely exposure is recorded.
    pub record: Record,
    /// Tilted arms, in file order; the arm `baseline` is implicit and not listed.
    pub arms: Vec<Arm>,
    /// Injected accounts, in file order.
    pub accounts: Vec<Account>,
    /// What `feedtilt calibrate` holds it against.
    pub calibrate: Calibrate,
    /// How its model band is computed.
    pub uncertainty: Uncertainty,
    /// Model band that was computed, with the fingerprint of the settings it belongs to.
    pub band: Option<ModelBand>,
    /// What other structures say, with the fingerprint of the settings it belongs to.
    pub structures: Option<Structures>,
    /// Repetitions.
    pub replicates: Replicates,
    /// Topic appeals solved on the pre-run, with the fingerprint of the settings they belong to.
    pub solved: Option<Solved>,
    pub(in crate::scenario) sealed: (),
}

/// Who watches.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// People simulated one to one.
    pub users: u32,
    /// People that counts are scaled to.
    pub represents: u64,
    /// Mean probability that a person is active on a calendar day.
    pub daily_active_share: f64,
    /// Median over people of impressions per calendar day.
    pub activity_median: f64,
    /// Standard deviation of the log of a person's mean impressions.
    pub activity_sigma: f64,
    /// Standard deviation of the log of the day-to-day factor.
    pub day_sigma: f64,
    /// Share of people whose interest standard deviations are doubled.
    pub heavy_share: f64,
    /// Common correlation between a person's interests in different topics.
    pub topic_correlation: f64,
    /// Standard deviation of the user part of attention, log-odds.
    pub attention_sd: f64,
    /// Standard deviation of the user part of approval, log-odds.
    pub approval_sd: f64,
    /// Standard deviation of each of the five approval propensities, log-odds.
    pub propensity_sd: f64,
    /// Regions; shares sum to 1.
    pub regions: Vec<Region>,
}

/// A region of users and creators.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Slug.
    pub id: String,
    /// Share of the people.
    pub share: f64,
}

/// What can be watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// Name of the topic preset, `none` when all topics are listed.
    pub preset: String,
    /// Expected impressions per post; fixes the number of posts a day.
    pub impressions_per_post: f64,
    /// Posts older than this leave the catalogue.
    pub depth_days: u32,
    /// Creators per user.
    pub creators_per_user: f64,
    /// Standard deviation of the log posting rate over creators.
    pub posting_sigma: f64,
    /// Share of the item parts' variance that belongs to the creator.
    pub creator_share: f64,
    /// Median duration, seconds.
    pub duration_median: f64,
    /// Standard deviation of log duration.
    pub duration_sigma: f64,
    /// Shortest duration, seconds.
    pub duration_min: f64,
    /// Upper edges of the two shorter duration classes, seconds.
    pub duration_edges: [f64; 2],
    /// Standard deviation of the item part of attention, log-odds.
    pub attention_sd: f64,
    /// Standard deviation of the item part of approval, log-odds.
    pub approval_sd: f64,
    /// Correlation between the two item parts.
    pub latent_correlation: f64,
}

/// One topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Slug.
    pub id: String,
    /// Label by language (`en`, `de`).
    pub label: BTreeMap<String, String>,
    /// Organic exposure share, one per region in [`Population::regions`] order; sums to 1 over topics.
    pub share: Vec<f64>,
    /// Share of new posts; sums to 1 over topics.
    pub supply: f64,
    /// Politically or socially sensitive.
    pub sensitive: bool,
    /// Standard deviation `s_k` of interest, log-odds.
    pub interest_sd: f64,
    /// Topic part of approval, log-odds.
    pub approval: f64,
}

/// The calendar: days −`burn_in_days` … −1, then 0 … `days` − 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Time {
    /// Unmeasured days before day 0.
    pub burn_in_days: u32,
    /// Measured days.
    pub days: u32,
    /// Epochs in a day.
    pub epochs_per_day: u32,
}

/// Noise in supply and demand that all arms share.
#[derive(Debug, Clone, PartialEq)]
pub struct Shocks {
    /// Stationary standard deviation of a topic's demand shock, log-odds.
    pub demand_sd: f64,
    /// Stationary standard deviation of a topic's log supply shock.
    pub supply_sd: f64,
    /// Autocorrelation from one day to the next.
    pub memory: f64,
    /// Probability of a burst per topic and day.
    pub burst_probability: f64,
    /// Size of a burst when it starts: log-odds of demand and log of supply.
    pub burst_size: f64,
}

impl Catalogue {
    /// Duration in seconds of the post that stands at this standard normal.
    pub fn seconds(&self, normal: f64) -> f64 {
        (self.duration_median * libm::exp(self.duration_sigma * normal)).max(self.duration_min)
    }
}

/// How people react to a video.
#[derive(Debug, Clone, PartialEq)]
pub struct Respond {
    /// Attention of an average person for an average item: log-odds of watching at least 7 s.
    pub attention: f64,
    /// Log-odds lost per unit of log watch time (shape of the log-logistic watch time).
    pub watch_slope: f64,
    /// The same in the first seconds.
    pub start_slope: f64,
    /// Seconds of watch time at which `start_slope` gives way to `watch_slope`.
    pub start_seconds: f64,
    /// Log-odds by which watching into the last tenth of a video is rarer than the slopes say.
    pub end_drop: f64,
    /// Change of log watch time per unit of log duration.
    pub duration_effect: f64,
    /// Watch time ends at this multiple of the duration.
    pub rewatch_max: f64,
    /// Weight of interest in attention.
    pub interest_weight: f64,
    /// Weight of interest in approval.
    pub approval_interest_weight: f64,
    /// Log-odds of a like at zero approval, of a video that was swiped away.
    pub like: f64,
    /// The same of a comment.
    pub comment: f64,
    /// The same of a share.
    pub share: f64,
    /// The same of a follow.
    pub follow: f64,
    /// The same of "not interested"; approval enters with the opposite sign.
    pub not_interested: f64,
    /// What a valid play adds to these log-odds, in the same order: who swipes on has hardly had a chance.
    pub played: [f64; 5],
    /// 2: attention and approval; 1: approval follows attention.
    pub latents: u32,
}

/// Seconds that make a valid play.
pub const VALID_SECONDS: f64 = 7.0;

impl Respond {
    /// Log-odds by which watching `seconds` is rarer than watching seven, for a video that is long enough for both.
    pub fn fall(&self, seconds: f64) -> f64 {
        let (late, early) = (seconds.max(self.start_seconds), seconds.min(self.start_seconds));
        self.watch_slope * libm::log(late / VALID_SECONDS) + self.start_slope * libm::log(early / self.start_seconds)
    }

    /// Seconds watched with this attention, if the video is long enough: where [`fall`](Self::fall) reaches it.
    pub fn seconds(&self, attention: f64) -> f64 {
        let late = VALID_SECONDS * libm::exp(attention / self.watch_slope);
        if late >= self.start_seconds {
            return late;
        }
        self.start_seconds * libm::exp((attention - self.fall(self.start_seconds)) / self.start_slope)
    }

    /// [`fall`](Self::fall) within a video of this duration, of whose last tenth people see less.
    pub fn fall_within(&self, seconds: f64, duration: f64) -> f64 {
        self.fall(seconds) + if seconds > 0.9 * duration { self.end_drop } else { 0.0 }
    }

    /// Rate of a signal (of five, likes first) per impression of a video that is played with probability `valid`, among people whose
    /// log-odds are spread about `odds` where it is swiped away.
    pub fn rate(&self, signal: usize, valid: f64, odds: f64, people: &Spread) -> f64 {
        valid * people.logistic(odds + self.played[signal]) + (1.0 - valid) * people.logistic(odds)
    }

    /// The log-odds at which a signal has this rate: the inverse of [`rate`](Self::rate), by bisection between −40 and 40.
    pub fn swiped(&self, signal: usize, valid: f64, rate: f64, people: &Spread) -> f64 {
        let (mut low, mut high) = (-40.0, 40.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.rate(signal, valid, middle, people) < rate {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }
}

/// How profiles move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileRule {
    /// ℓ += η·Σ(y − P).
    Rate,
    /// ℓ += `η·(n_k` − `N·s_k)/(s_k` + s₀).
    Share,
}

impl ProfileRule {
    /// As the scenario file writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Share => "share",
        }
    }
}

/// How the law of selection is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// From the whole eligible catalogue.
    Cells,
    /// From candidates that were retrieved first.
    Candidates,
}

impl Engine {
    /// As the scenario file writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::Candidates => "candidates",
        }
    }
}

/// How a slot is filled from what is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// With weight V⁺^(1/τ)·r.
    Softmax,
    /// The best after normal noise on ln V⁺, drawn once per request and post.
    NoisyTop,
    /// The best, or with probability [`Feed::epsilon`] any.
    EpsilonGreedy,
}

impl Choice {
    /// As the scenario file writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Softmax => "softmax",
            Self::NoisyTop => "noisy_top",
            Self::EpsilonGreedy => "epsilon_greedy",
        }
    }
}

/// Where candidates come from: shares of [`Feed::candidates`], which sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sources {
    /// Topics the person's profile favours.
    pub interest: f64,
    /// Posts that are watched most now.
    pub trending: f64,
    /// New posts.
    pub fresh: f64,
    /// Posts of the person's region.
    pub region: f64,
    /// Any post, each with the same chance.
    pub explore: f64,
    /// The whole catalogue, by score.
    pub all: f64,
}

/// The platform's ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// How the law of selection is sampled.
    pub engine: Engine,
    /// The engine that [`Feed::temperature`] was fitted for.
    pub fitted_engine: Engine,
    /// How a slot is filled from what is scored.
    pub choice: Choice,
    /// Probability of a slot that shows any candidate; [`Choice::EpsilonGreedy`] alone.
    pub epsilon: f64,
    /// Candidates retrieved for a request; [`Engine::Candidates`] alone.
    pub candidates: u32,
    /// Where they come from.
    pub sources: Sources,
    /// Share of a stripe's posts that trend: those with the most views per day of their life.
    pub trending_share: f64,
    /// Age up to which a post is fresh.
    pub fresh_hours: f64,
    /// Slots in a response.
    pub response: u32,
    /// τ: small is sharp.
    pub temperature: f64,
    /// Epochs within which nobody sees an item twice; also the number of stripes.
    pub no_repeat_epochs: u32,
    /// Rule by which profiles move.
    pub profile_rule: ProfileRule,
    /// η.
    pub learning_rate: f64,
    /// λ: share of a level forgotten per day.
    pub forgetting: f64,
    /// s₀ of the rule `share`.
    pub share_floor: f64,
    /// Weight of the profile level in the approval logits.
    pub approval_weight: f64,
    /// `V_a`, the value weights.
    pub value: Value,
    /// v₀ of the positive map.
    pub value_floor: f64,
    /// Rows of the belief grid (attention).
    pub tiers_attention: u32,
    /// Columns of the belief grid (approval).
    pub tiers_approval: u32,
    /// Lower and upper end of the grid in believed log-odds of a valid play.
    pub attention_range: [f64; 2],
    /// Lower and upper end of the grid in believed log-odds of a like.
    pub approval_range: [f64; 2],
    /// Weight of the prior in impressions.
    pub prior_impressions: f64,
    /// Prior rate of valid plays.
    pub prior_valid_play: f64,
    /// Prior rate of likes.
    pub prior_like: f64,
    /// Multiplier on the score per age class: under 1, 1 to 2, 2 to 7, 7 days and over.
    pub freshness: [f64; 4],
    /// Multiplier on a topic's weight once it is in the response.
    pub topic_repeat: f64,
    /// Share of slots reserved for the cold-start pool.
    pub cold_start_share: f64,
    /// Impressions after which a post leaves the pool.
    pub cold_start_until: u32,
    /// Age at which a post leaves the pool, hours.
    pub cold_start_hours: f64,
}

/// Value weights `V_a`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// Valid play.
    pub valid_play: f64,
    /// Long view.
    pub long_view: f64,
    /// Like.
    pub like: f64,
    /// Comment.
    pub comment: f64,
    /// Share.
    pub share: f64,
    /// Follow.
    pub follow: f64,
    /// Not interested (usually negative).
    pub not_interested: f64,
    /// Per expected second watched.
    pub watch_second: f64,
}

/// When people leave: after a response whose items have the mean attention a (log-odds), a session ends with probability
/// logistic(logit(`hazard`) − `strength`·(a − `usual`)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// Probability that a session ends after a response of usual attention.
    pub hazard: f64,
    /// Log-odds of ending lost per log-odds of attention above usual.
    pub strength: f64,
    /// Usual mean attention of a response, log-odds.
    pub usual: f64,
}

/// How creators react: once a day the logarithm of a posting rate moves by `strength` × ln(reach ÷ mean of the week before), and
/// the rate stays within a factor of `bound` of the drawn one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supply {
    /// Per day.
    pub strength: f64,
    /// Largest factor, its inverse the smallest.
    pub bound: f64,
}

/// How interests move: once a week by `strength` × (share of a topic in what was shown − the same in the baseline).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interest {
    /// Log-odds per part of 1 and week.
    pub strength: f64,
}

/// What is measured beyond the standard set.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Tracked topics (indices, tilted topics included, at most 8).
    pub track: Vec<usize>,
    /// Topic whose interest terciles form the groups.
    pub group_topic: usize,
    /// People whose expected exposure is followed, in all replicates together; no more than there are.
    pub micro_users: u32,
    /// Ghosts of each of them.
    pub ghosts: u32,
    /// Whether echo arms are run.
    pub echo: bool,
    /// Whether it is measured which loops a shift comes from.
    pub attribution: bool,
    /// Whether it is measured how much of a shift is left when the tilt is over.
    pub persistence: bool,
}

/// How finely exposure is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Columns of the exposure table next to arm and replicate.
    pub by: RecordBy,
    /// Refuse a run whose exposure table has more rows.
    pub max_rows: u64,
}

/// Columns of the exposure table.
#[allow(clippy::struct_excessive_bools, reason = "four columns, each there or not")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordBy {
    /// One row per day.
    pub day: bool,
    /// One row per region.
    pub region: bool,
    /// One row per activity × interest group.
    pub group: bool,
    /// One row per topic.
    pub topic: bool,
}

/// One arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Slug.
    pub name: String,
    /// Index of the arm it is compared with: `None` is the baseline.
    pub against: Option<usize>,
    /// What is different in it.
    pub tilts: Vec<Tilt>,
}

impl Arm {
    /// From the first tilted day to the first without any tilt; day 0 to 1 where there is none.
    pub fn tilted_days(&self) -> Range<u32> {
        let from = self.tilts.iter().map(|tilt| tilt.schedule.from_day).min().unwrap_or(0);
        from..self.tilts.iter().map(|tilt| tilt.schedule.until_day).max().unwrap_or(1)
    }
}

impl Scenario {
    /// Whether a tilt of any arm caps impressions.
    pub fn has_caps(&self) -> bool {
        self.arms.iter().flat_map(|arm| &arm.tilts).any(|tilt| matches!(tilt.kind, TiltKind::ReachCap { .. }))
    }
}

/// One change of the ranker.
#[derive(Debug, Clone, PartialEq)]
pub struct Tilt {
    /// What it does.
    pub kind: TiltKind,
    /// Topic index; `None` is every topic. Always there for kinds that need one, never for feed and jitter.
    pub topic: Option<usize>,
    /// Regions whose creators' posts it means.
    pub origin: RegionSet,
    /// When it acts.
    pub schedule: Schedule,
    /// On whom it acts.
    pub audience: Audience,
    /// How well the platform finds the items it means.
    pub classifier: Classifier,
}

/// Kinds of tilt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TiltKind {
    /// V⁺ × `multiply`.
    Score {
        /// The factor.
        multiply: f64,
    },
    /// A post is shown to a person with probability `keep`, drawn once per person and post.
    Throttle {
        /// The probability.
        keep: f64,
    },
    /// A share of the posts gets no place in the feed, by hash.
    NotForFeed {
        /// Share of the targeted posts.
        share: f64,
    },
    /// A share of all slots goes to chosen posts.
    Heat {
        /// Share of the slots.
        share: f64,
        /// Share of the targeted posts that are chosen, by hash.
        items: f64,
    },
    /// Another ranker fills the feed.
    Feed {
        /// Which.
        ranker: Ranker,
    },
    /// Other value weights.
    Head {
        /// Weights in the order of [`HEADS`]; `None` leaves the one that is there.
        value: [Option<f64>; HEADS.len()],
    },
    /// Value weights × e^±σ, by a sign for each person and head.
    Jitter {
        /// σ.
        sigma: f64,
        /// Which weights, in the order of [`HEADS`].
        heads: [bool; HEADS.len()],
    },
    /// A share of the posts is visible to nobody but those who posted them, by hash.
    SelfOnly {
        /// Share of the targeted posts.
        share: f64,
    },
    /// A share of the posts is withheld in some regions, by hash.
    GeoBlock {
        /// Share of the targeted posts.
        share: f64,
        /// Where.
        blocked: Blocked,
    },
    /// Posts leave the feed when they have had so many impressions.
    ReachCap {
        /// The number.
        impressions: u32,
        /// Share of the targeted posts that are capped, by hash.
        items: f64,
    },
    /// Posts enter the feed some time after they were published.
    Delay {
        /// How long, hours: a whole number of epochs.
        hours: f64,
        /// Share of the targeted posts that are delayed, by hash.
        items: f64,
    },
    /// Posts of a topic have another weight in reserved slots.
    ColdStart {
        /// The factor on it.
        multiply: f64,
    },
    /// V⁺ × `multiply` for the posts of a share of the creators, by hash.
    DemoteCreators {
        /// Share of the creators.
        share: f64,
        /// The factor.
        multiply: f64,
    },
}

/// Where a geo-blocked post is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    /// In these regions.
    In(RegionSet),
    /// Everywhere but in the region of its creator.
    Abroad,
}

/// By what chance posts are chosen where a tilt does not mean all that it targets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// Share that is meant.
    pub share: f64,
    /// Whether it is a share of creators, whose posts are all meant, instead of a share of posts.
    pub of_creators: bool,
}

impl TiltKind {
    /// By what chance its posts are chosen.
    pub const fn chance(self) -> Chance {
        let share = match self {
            Self::NotForFeed { share }
            | Self::SelfOnly { share }
            | Self::GeoBlock { share, .. }
            | Self::DemoteCreators { share, .. } => share,
            Self::Heat { items, .. } | Self::ReachCap { items, .. } | Self::Delay { items, .. } => items,
            Self::Score { .. }
            | Self::Throttle { .. }
            | Self::Feed { .. }
            | Self::Head { .. }
            | Self::Jitter { .. }
            | Self::ColdStart { .. } => 1.0,
        };
        Chance { share, of_creators: matches!(self, Self::DemoteCreators { .. }) }
    }

    /// The factor on the score.
    pub const fn on_score(self) -> Option<f64> {
        match self {
            Self::Score { multiply } | Self::DemoteCreators { multiply, .. } => Some(multiply),
            _ => None,
        }
    }
}

/// Some of the at most 64 regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionSet(u64);

impl RegionSet {
    /// All of them.
    pub const ALL: Self = Self(u64::MAX);
    /// None of them.
    pub const NONE: Self = Self(0);

    /// With one more.
    #[must_use]
    pub const fn and(self, region: usize) -> Self {
        Self(self.0 | 1 << region)
    }

    /// Whether it has a region.
    pub const fn has(self, region: usize) -> bool {
        self.0 >> region & 1 == 1
    }

    /// Whether it has each of so many.
    pub const fn is_all(self, regions: usize) -> bool {
        self.0.trailing_ones() as usize >= regions
    }
}

/// Names of the value weights, in the order of the fields of [`Value`].
pub const HEADS: [&str; 8] =
    ["valid_play", "long_view", "like", "comment", "share", "follow", "not_interested", "watch_second"];

/// Names of the signals of approval, in the order of [`Respond::played`].
pub const SIGNALS: [&str; 5] = ["like", "comment", "share", "follow", "not_interested"];

/// Rankers that need no score: reference arms and holdouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranker {
    /// Every eligible post alike.
    Random,
    /// Most watched first.
    Popularity,
    /// Newest first.
    Chronological,
    /// By true appeal to the person, which no platform knows.
    Oracle,
}

/// When a tilt acts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// First day.
    pub from_day: u32,
    /// First day on which it acts no more; the run's end when not given.
    pub until_day: u32,
    /// Days over which it grows from nothing to full strength.
    pub ramp_days: f64,
}

/// On whom a tilt acts.
#[derive(Debug, Clone, PartialEq)]
pub struct Audience {
    /// One flag per region.
    pub regions: Vec<bool>,
    /// Share of the people, by hash; smaller shares lie within larger ones.
    pub share: f64,
}

impl Audience {
    /// Whether nobody is left out.
    pub fn is_everybody(&self) -> bool {
        self.share >= 1.0 && self.regions.iter().all(|&within| within)
    }
}

/// How well the platform finds the items a tilt means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classifier {
    /// Share of the topic's items that are found.
    pub recall: f64,
    /// Share of other items that are taken for the topic.
    pub false_positive_rate: f64,
}

impl Classifier {
    /// Whether it finds the topic and nothing else.
    pub const fn is_perfect(&self) -> bool {
        self.recall == 1.0 && self.false_positive_rate == 0.0
    }
}

/// Injected accounts of one kind: observers from outside who read the tables and are learned from, but add to no counter.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Slug.
    pub name: String,
    /// How many.
    pub count: u32,
    /// Region index.
    pub region: usize,
    /// Topic index of what the persona likes.
    pub topic: Option<usize>,
    /// Probability of a valid play on that topic.
    pub engages: f64,
    /// Probability of a valid play on everything else.
    pub otherwise: f64,
    /// Day of the first session.
    pub from_day: u32,
    /// Sessions in all.
    pub sessions: u32,
    /// Sessions in a day, one per epoch from the day's first.
    pub sessions_per_day: u32,
    /// Videos in a session.
    pub videos_per_session: u32,
    /// First videos with persona behaviour; afterwards every video is watched with probability `otherwise`.
    pub conditioning: u32,
}

/// Which platform's facts a scenario is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetSet {
    /// Kuaishou.
    Kuaishou,
    /// TikTok.
    Tiktok,
}

impl TargetSet {
    /// As the scenario file writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kuaishou => "kuaishou",
            Self::Tiktok => "tiktok",
        }
    }
}

/// What `feedtilt calibrate` holds a scenario against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibrate {
    /// The facts.
    pub target_set: TargetSet,
    /// Share of the posts, those most viewed, from which videos for random exposure are drawn.
    pub pool_share: f64,
}

/// How the model band is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncertainty {
    /// Whether a run computes the band where the file carries none.
    pub band: bool,
    /// People of each world, no more than the scenario has.
    pub users: u32,
    /// Whether a run computes what other structures say where the file carries it not.
    pub structure: bool,
    /// People of each world of a structure, no more than the scenario has.
    pub structure_users: u32,
}

/// By arm and tracked topic, relative shifts of the topic's share; `None` where it is undefined.
pub type Shifts = Vec<Vec<Option<f64>>>;

/// What is not known of the model: shifts with other constants that agree with the measured facts as well.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelBand {
    /// [`Scenario::band_fingerprint`] of the settings it was computed for.
    pub fingerprint: String,
    /// Version of feedtilt that computed it.
    pub version: String,
    /// When, as YYYY-MM-DD.
    pub date: String,
    /// One for each accepted vector of constants.
    pub vectors: Vec<BandVector>,
}

/// Shifts with one vector of constants.
#[derive(Debug, Clone, PartialEq)]
pub struct BandVector {
    /// How well the score tells long views from others with these constants, within a person under random exposure (AUC).
    pub accuracy: f64,
    /// What the tilts move.
    pub relative: Shifts,
}

/// Ends of a model band.
const BAND_PERCENTILES: [f64; 2] = [0.05, 0.95];
/// Fewest vectors whose percentiles mean something.
pub const LEAST_VECTORS: usize = 20;

impl ModelBand {
    /// 5th and 95th percentile of the relative shift of a tracked topic, by its place among these; `None` with too few vectors, or
    /// where one of them leaves it undefined, which may not be left out.
    pub fn ends(&self, arm: usize, tracked: usize) -> Option<[f64; 2]> {
        let shifts: Option<Vec<f64>> = self.vectors.iter().map(|vector| vector.relative[arm][tracked]).collect();
        quantiles(&shifts.filter(|shifts| shifts.len() >= LEAST_VECTORS)?, &BAND_PERCENTILES)?.try_into().ok()
    }
}

/// Structural sensitivity: shifts with the model built otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Structures {
    /// [`Scenario::band_fingerprint`] of the settings they were computed for.
    pub fingerprint: String,
    /// Version of feedtilt that computed them.
    pub version: String,
    /// When, as YYYY-MM-DD.
    pub date: String,
    /// One for each combination.
    pub combinations: Vec<Structure>,
}

/// One way to build the model, and the shifts with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// Engine.
    pub engine: Engine,
    /// How a slot is filled.
    pub choice: Choice,
    /// How profiles move.
    pub profile_rule: ProfileRule,
    /// Latents behind reactions.
    pub latents: u32,
    /// What the tilts move.
    pub relative: Shifts,
    /// Lower ends of the 95 % simulation intervals.
    pub low: Shifts,
    /// Their upper ends.
    pub high: Shifts,
    /// Median over people of the expected change, videos a week.
    pub weekly: Shifts,
}

/// What structures say of one shift, as far as it can be told from chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Some less, some more: so many each.
    Direction([usize; 2]),
    /// One direction, and sizes that differ at least tenfold: the smallest and the largest relative shift.
    Size([f64; 2]),
}

/// From here on sizes are told to differ.
const TENFOLD: f64 = 10.0;

impl Structures {
    /// Where they disagree on the direction or the order of magnitude of an arm's shift of a tracked topic, by its place among these;
    /// differences that chance can explain are none.
    pub fn verdict(&self, arm: usize, tracked: usize) -> Option<Verdict> {
        let told = self
            .combinations
            .iter()
            .filter_map(|one| Some([one.low[arm][tracked]?, one.relative[arm][tracked]?, one.high[arm][tracked]?]));
        let told: Vec<[f64; 3]> = told.collect();
        let less = told.iter().filter(|[_, _, high]| *high < 0.0).count();
        let more = told.iter().filter(|[low, _, _]| *low > 0.0).count();
        if less > 0 && more > 0 {
            return Some(Verdict::Direction([less, more]));
        }
        // The largest that the smallest may be, and the smallest that the largest may be.
        let farthest = |[low, _, high]: &[f64; 3]| f64::max(low.abs(), high.abs());
        let nearest = |[low, _, high]: &[f64; 3]| if low * high > 0.0 { f64::min(low.abs(), high.abs()) } else { 0.0 };
        let smallest = told.iter().min_by(|one, other| farthest(one).total_cmp(&farthest(other)))?;
        let largest = told.iter().max_by(|one, other| nearest(one).total_cmp(&nearest(other)))?;
        (nearest(largest) > 0.0 && nearest(largest) >= TENFOLD * farthest(smallest))
            .then_some(Verdict::Size([smallest[1], largest[1]]))
    }
}

/// What a replicate draws anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redraw {
    /// People, catalogue and behaviour.
    World,
    /// Behaviour alone.
    Behaviour,
}

/// Repetitions.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    /// How many.
    pub count: u32,
    /// Seed of the whole run.
    pub seed: u64,
    /// What is drawn anew.
    pub redraw: Redraw,
}

impl Replicates {
    /// Different people in all of them together, at most 2³².
    pub fn people(&self, users: u32) -> u32 {
        let worlds = if self.redraw == Redraw::World { self.count } else { 1 };
        users.saturating_mul(worlds)
    }
}

/// Topic appeals `b_rk`, solved once per scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// [`Scenario::appeal_fingerprint`] of the settings they were solved for.
    pub fingerprint: String,
    /// Appeal by region and topic, log-odds.
    pub appeal: Vec<Vec<f64>>,
}

impl Scenario {
    /// The resolved scenario as a complete TOML file.
    pub fn to_toml(&self) -> String {
        write::scenario(self)
    }

    /// BLAKE3 of [`Scenario::to_toml`], in hex.
    pub fn hash(&self) -> String {
        blake3::hash(self.to_toml().as_bytes()).to_hex().to_string()
    }

    /// Number of topics.
    pub fn topic_count(&self) -> usize {
        self.topics.len()
    }

    /// Expected impressions a day over all users: the mean of a lognormal is its median × e^(σ²/2).
    pub fn impressions_per_day(&self) -> f64 {
        let p = &self.population;
        f64::from(p.users) * p.activity_median * libm::exp(0.5 * p.activity_sigma * p.activity_sigma)
    }

    /// Expected posts a day.
    pub fn posts_per_day(&self) -> f64 {
        self.impressions_per_day() / self.catalogue.impressions_per_post
    }

    /// The same scenario with other topic appeals.
    #[must_use]
    pub fn with_solved(mut self, appeal: Vec<Vec<f64>>) -> Self {
        self.solved = Some(Solved { fingerprint: self.appeal_fingerprint(), appeal });
        self
    }

    /// The same scenario with a model band.
    #[must_use]
    pub fn with_band(mut self, band: ModelBand) -> Self {
        self.band = Some(band);
        self
    }

    /// The same scenario with what other structures say.
    #[must_use]
    pub fn with_structures(mut self, structures: Structures) -> Self {
        self.structures = Some(structures);
        self
    }

    /// What other structures say, when it belongs to the present settings.
    pub fn valid_structures(&self) -> Option<&Structures> {
        self.structures.as_ref().filter(|structures| structures.fingerprint == self.band_fingerprint())
    }

    /// What other structures say of the relative shift of a topic's share in an arm.
    pub fn verdict(&self, arm: usize, topic: usize) -> Option<Verdict> {
        let tracked = self.measure.track.iter().position(|&tracked| tracked == topic)?;
        self.valid_structures()?.verdict(arm, tracked)
    }

    /// The model band, when it belongs to the present settings.
    pub fn valid_band(&self) -> Option<&ModelBand> {
        self.band.as_ref().filter(|band| band.fingerprint == self.band_fingerprint())
    }

    /// Model band of the relative shift of a topic's share in an arm.
    pub fn model_band(&self, arm: usize, topic: usize) -> Option<[f64; 2]> {
        let tracked = self.measure.track.iter().position(|&tracked| tracked == topic)?;
        self.valid_band()?.ends(arm, tracked)
    }

    /// People's log-odds of a signal of approval about its mean: approval and propensity of their own.
    pub fn approval_spread(&self) -> Spread {
        Spread::new(libm::hypot(self.population.approval_sd, self.population.propensity_sd))
    }

    /// With one latent, the approval that goes along with a unit of attention: the ratio of their standard deviations over posts.
    pub fn approval_per_attention(&self) -> Option<f64> {
        (self.respond.latents == 1).then(|| self.catalogue.approval_sd / self.catalogue.attention_sd)
    }

    /// Solved appeals, when they belong to the present settings.
    pub fn valid_appeal(&self) -> Option<&[Vec<f64>]> {
        self.solved.as_ref().filter(|s| s.fingerprint == self.appeal_fingerprint()).map(|s| s.appeal.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: a fifth plays, of whom e times the odds like.
    #[test]
    fn likes_per_impression_are_those_of_plays_and_swipes() {
        let mut respond = crate::scenario::load("quickstart", &[]).unwrap_or_else(|error| panic!("{error}")).respond;
        respond.played[0] = 1.0;
        // Where the table of a spread has places.
        let [swiped, played] = [-4.0, -3.0].map(|odds| 1.0 / (1.0 + libm::exp(-odds)));
        let alike = Spread::new(0.0);
        let rate = respond.rate(0, 0.2, -4.0, &alike);
        assert!((rate - (0.8 * swiped + 0.2 * played)).abs() < 1e-15, "{rate}");
        for effect in [-2.0, 0.0, 1.0, 6.0] {
            respond.played[0] = effect;
            for (valid, sd) in [(1e-6, 0.0), (0.2, 2.5), (0.7, 1.0), (1.0 - 1e-9, 0.5)] {
                for odds in [-20.0, -9.0, -1.0, 0.0, 3.0, 12.0] {
                    let people = Spread::new(sd);
                    let back = respond.swiped(0, valid, respond.rate(0, valid, odds, &people), &people);
                    assert!((back - odds).abs() < 1e-6, "{back} for {odds}: effect {effect}, {valid}, {sd}");
                }
            }
        }
    }

    #[test]
    fn watch_time_is_where_the_fall_reaches_attention() {
        let respond = load("quickstart", &["respond.watch_slope=0.8".parse().expect("an override")])
            .unwrap_or_else(|error| panic!("{error}"))
            .respond;
        assert!(respond.fall(7.0).abs() < 1e-12);
        for seconds in [0.2, 1.0, 2.9, 3.0, 3.1, 7.0, 80.0] {
            assert!((respond.seconds(respond.fall(seconds)) / seconds - 1.0).abs() < 1e-9, "{seconds} s");
        }
        let slope = |a: f64, b: f64| (respond.fall(b) - respond.fall(a)) / libm::log(b / a);
        assert!((slope(0.5, 2.0) - respond.start_slope).abs() < 1e-9);
        assert!((slope(4.0, 40.0) - 0.8).abs() < 1e-9);
    }
}
