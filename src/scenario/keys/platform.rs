//! Keys of the calendar, the shocks, the reactions, the ranking and its loops.

use super::Fallback::{Derived, Value};
use super::{CHOICES, ENGINES, Key, Kind, above, below, between, deviation, keys, log_odds, share, whole, within};

/// A value weight.
pub(super) const WEIGHT: Kind = within(-1000.0, 1000.0);

keys! {
    /// `[time]`, `[shocks]`, `[respond]`, `[feed]`, `[loops]`, `[stay]`, `[supply]`, `[interest]`.
    KEYS;

    /// Days −n … −1, simulated and not measured.
    "time.burn_in_days": whole(0, 365), "days", Value("7"), "chosen; a warning says when it was too short";
    /// Measured days 0 … n − 1.
    "time.days": whole(1, 3650), "days", Value("7"), "chosen: one week";
    /// Epochs in a day, within which the platform's tables are frozen.
    "time.epochs_per_day": whole(1, 48), "epochs/day", Value("4"), "chosen";

    /// Stationary standard deviation of a topic's demand shock.
    "shocks.demand_sd": deviation(), "log-odds", Value("0.15"), "by hand to C27 (weekly sd of log share .28)";
    /// Stationary standard deviation of the log of a topic's supply shock.
    "shocks.supply_sd": deviation(), "ln", Value("0.28"), "C27: 109 TikTok hashtags over 54 weeks";
    /// Autocorrelation of shocks from one day to the next.
    "shocks.memory": below(0.0, 1.0), "per day", Value("0.944"), "C27: lag-1 autocorrelation of weeks .67";
    /// Probability that a burst starts, per topic and day.
    "shocks.burst_probability": share(), "per day", Value("0.003"), "chosen: about one a topic and year";
    /// Size of a burst when it starts: log-odds of demand and log of supply.
    "shocks.burst_size": within(0.0, 10.0), "log-odds", Value("1.0"), "chosen";

    /// Attention of an average person for an average video: log-odds of watching at least 7 s.
    "respond.attention": log_odds(), "log-odds", Value("-2.4504"), "accepted set, fitted to C5 and C7 (valid play 17.4 % at random)";
    /// Log-odds of watching on that are lost per unit of log watch time.
    "respond.watch_slope": above(0.0, 10.0), "log-odds/ln s", Value("0.8895"), "accepted set, fitted to C5";
    /// The same below `start_seconds`: quick swipes.
    "respond.start_slope": above(0.0, 10.0), "log-odds/ln s", Value("2.5"), "KuaiRand-Pure, main feed: log-odds of 1 s against 3 s";
    /// Seconds of watch time at which `start_slope` gives way to `watch_slope`.
    "respond.start_seconds": within(0.1, 7.0), "s", Value("3.0"), "KuaiRand-Pure, main feed";
    /// Log-odds by which watching into the last tenth of a video is rarer than the slopes say: people leave as it ends.
    "respond.end_drop": within(0.0, 10.0), "log-odds", Value("0.3"), "KuaiRand-Pure, main feed: .9 of the duration against all of it";
    /// Change of log watch time per unit of log duration.
    "respond.duration_effect": within(-5.0, 5.0), "", Value("0.12"), "accepted set, fitted to C5";
    /// Watch time ends at this multiple of the duration.
    "respond.rewatch_max": within(1.0, 100.0), "durations", Value("2.0"), "chosen";
    /// Weight of interest in attention.
    "respond.interest_weight": within(-10.0, 10.0), "", Value("1.0"), "the unit of interest";
    /// Weight of interest in approval.
    "respond.approval_interest_weight": within(-10.0, 10.0), "", Value("2.4551"), "accepted set, fitted to C7 (likes)";
    /// Log-odds of a like at zero approval, of a video that was swiped away.
    "respond.like": log_odds(), "log-odds", Value("-9.1126"), "accepted set, fitted to C6 and C7 (.56 % at random)";
    /// Log-odds of a comment at zero approval, of a video that was swiped away.
    "respond.comment": log_odds(), "log-odds", Value("-13.0325"), "as far below likes as in KuaiRand-Pure";
    /// Log-odds of a share at zero approval, of a video that was swiped away.
    "respond.share": log_odds(), "log-odds", Value("-13.3449"), "as far below likes as in KuaiRand-Pure";
    /// Log-odds of a follow at zero approval, of a video that was swiped away.
    "respond.follow": log_odds(), "log-odds", Value("-12.9787"), "accepted set, fitted to C6";
    /// Log-odds of "not interested" at zero approval, of a video that was swiped away; approval enters with the opposite sign.
    "respond.not_interested": log_odds(), "log-odds", Value("-8.9016"), "as far below likes as in KuaiRand-Pure";
    /// What a valid play adds to the log-odds of a like: who swipes on has hardly had a chance to.
    "respond.played.like": within(-20.0, 20.0), "log-odds", Value("1.0"), "KuaiRand-Pure, main feed, within people: 1.03 ± .05";
    /// The same for a comment.
    "respond.played.comment": within(-20.0, 20.0), "log-odds", Value("2.8"), "KuaiRand-Pure, main feed, within people: 2.76 ± .21";
    /// The same for a share.
    "respond.played.share": within(-20.0, 20.0), "log-odds", Value("1.7"), "KuaiRand-Pure, main feed, within people: 1.66 ± .23";
    /// The same for a follow.
    "respond.played.follow": within(-20.0, 20.0), "log-odds", Value("0.9"), "KuaiRand-Pure, main feed, within people: .88 ± .18";
    /// The same for "not interested".
    "respond.played.not_interested": within(-20.0, 20.0), "log-odds", Value("-0.3"), "KuaiRand-Pure, main feed, within people: −.32 ± .18";
    /// Latents behind reactions: `2`, attention and approval apart; `1`, what topic, interest and video bring to approval is what they bring to attention, times `catalogue.approval_sd` ÷ `catalogue.attention_sd`.
    "respond.latents": whole(1, 2), "", Value("2"), "model; 1 is a structural alternative";

    /// How videos are sampled: `cells` draws from the whole eligible catalogue, `candidates` from some that are retrieved first.
    "feed.engine": Kind::OneOf(ENGINES), "", Value("\"cells\""), "model";
    /// Slots in a response.
    "feed.response": whole(1, 64), "slots", Value("8"), "chosen";
    /// Temperature of the draw: small is sharp.
    "feed.temperature": above(0.0, 100.0), "", Derived("0.2706 with `cells`, 0.3 with `candidates`"), "accepted set, fitted to C7 and C24 together; `candidates`: as many valid plays as with `cells`";
    /// The engine that the temperature was fitted for; with another engine there is a warning.
    "feed.fitted_engine": Kind::OneOf(ENGINES), "", Derived("`feed.engine` where `feed.temperature` is not given, else `cells`"), "model: each engine has its own temperature";
    /// Candidates retrieved for a request, repeats left out; engine `candidates` alone.
    "feed.candidates": whole(1, 2000), "videos", Value("200"), "chosen; X 2026 scores up to 2,800 and re-ranks 150";
    /// Share of the videos at hand that trend: those with the most views per day of their life; engine `candidates` alone.
    "feed.trending_share": share(), "share", Value("0.02"), "chosen; C22: 1 % of the videos have 19 % of the exposures, 10 % have 64 %";
    /// Age up to which a video is a new one to retrieval; engine `candidates` alone.
    "feed.fresh_hours": above(0.0, 8760.0), "hours", Value("48"), "X 2026: 48 h age filter";
    /// How a slot is filled: `softmax` draws with weight score^(1/temperature); `noisy_top` takes the best after normal noise of the same spread on the log score, drawn once per request and video; `epsilon_greedy` takes the best, or with probability `feed.epsilon` any. The latter two with the engine `candidates` alone.
    "feed.choice": Kind::OneOf(CHOICES), "", Value("\"softmax\""), "model; the others are structural alternatives";
    /// Probability that a slot shows any candidate instead of the best one; `epsilon_greedy` alone.
    "feed.epsilon": share(), "share", Value("0.1"), "chosen";
    /// Epochs within which nobody sees a video twice, up to a week; also the number of stripes.
    "feed.no_repeat_epochs": whole(1, 336), "epochs", Value("4"), "chosen: one day";
    /// How profiles move: `rate` by valid plays against prediction, `share` by the share of engaged plays.
    "feed.profile_rule": Kind::OneOf(&["rate", "share"]), "", Value("\"rate\""), "model; `share` is a structural alternative";
    /// Step of a profile level per unit of surprise.
    "feed.learning_rate": within(0.0, 10.0), "log-odds", Value("0.1"), "chosen: C10 is the check";
    /// Share of a profile level that is forgotten per day.
    "feed.forgetting": share(), "per day", Value("0.02"), "chosen, held against C10";
    /// Floor of the share in the denominator of the rule `share`.
    "feed.share_floor": above(0.0, 1.0), "share", Value("0.02"), "chosen";
    /// Weight of the profile level in the approval logits.
    "feed.approval_weight": within(-10.0, 10.0), "", Value("0.4177"), "what a regression of approval on attention gives, topic by topic";
    /// Scale of the map that makes the value positive; below it a video is "at the floor".
    "feed.value_floor": above(0.0, 10.0), "value", Value("0.05"), "model";
    /// Multiplier on the score by age: under 1 day, 1 to 2, 2 to 7, 7 and over.
    "feed.freshness": Kind::List { of: &above(0.0, 100.0), least: 4, most: 4 }, "", Value("[1.0, 1.0, 1.0, 1.0]"), "chosen: none; C14 is the check";
    /// Multiplier on a topic's weight once it is in the response.
    "feed.topic_repeat": share(), "", Value("0.8"), "start value; held against C21 and C23";

    /// Topics that the person's profile favours.
    "feed.sources.interest": share(), "share", Value("0.4"), "chosen";
    /// Videos that are watched most at present.
    "feed.sources.trending": share(), "share", Value("0.2"), "chosen";
    /// New videos.
    "feed.sources.fresh": share(), "share", Value("0.1"), "chosen";
    /// Videos from the person's region.
    "feed.sources.region": share(), "share", Value("0.1"), "chosen";
    /// Any video, each with the same chance.
    "feed.sources.explore": share(), "share", Value("0.2"), "chosen";
    /// The whole catalogue by score, as with the engine `cells`.
    "feed.sources.all": share(), "share", Value("0.0"), "chosen";

    /// Weight of a valid play.
    "feed.value.valid_play": WEIGHT, "value", Value("1.0"), "form: TikTok \"Algo 101\" (New York Times 2021); size chosen";
    /// Weight of a long view.
    "feed.value.long_view": WEIGHT, "value", Value("1.0"), "form: Douyin 2025; size chosen";
    /// Weight of a like.
    "feed.value.like": WEIGHT, "value", Value("6.4296"), "accepted set, fitted to C7 (likes)";
    /// Weight of a comment.
    "feed.value.comment": WEIGHT, "value", Value("0.0"), "chosen";
    /// Weight of a share.
    "feed.value.share": WEIGHT, "value", Value("25.7184"), "X 2026: four times a like's";
    /// Weight of a follow.
    "feed.value.follow": WEIGHT, "value", Value("51.4368"), "X 2026: eight times a like's";
    /// Weight of "not interested".
    "feed.value.not_interested": WEIGHT, "value", Value("-128.592"), "X 2026 has a negative head (−43.2); twenty times a like's, size chosen";
    /// Weight of an expected second watched.
    "feed.value.watch_second": WEIGHT, "value/s", Value("0.0"), "form: TikTok \"Algo 101\" (New York Times 2021); off";

    /// Rows of the grid: classes of believed attention.
    "feed.tiers.attention": whole(1, 16), "tiers", Value("4"), "model: 16 tiers to start with";
    /// Columns of the grid: classes of believed approval.
    "feed.tiers.approval": whole(1, 16), "tiers", Value("4"), "model: 16 tiers to start with";
    /// Ends of the grid in believed log-odds of a valid play, increasing.
    "feed.tiers.attention_range": Kind::List { of: &log_odds(), least: 2, most: 2 }, "log-odds", Value("[-2.5, 1.5]"), "chosen: 8 % to 82 % valid plays";
    /// Ends of the grid in believed log-odds of a like, increasing.
    "feed.tiers.approval_range": Kind::List { of: &log_odds(), least: 2, most: 2 }, "log-odds", Value("[-6.0, -2.0]"), "chosen: .25 % to 12 % likes";

    /// Weight of the prior.
    "feed.prior.impressions": above(0.0, 1e6), "impressions", Value("50"), "chosen; C15 is the check";
    /// Prior rate of valid plays.
    "feed.prior.valid_play": between(0.0, 1.0), "per impression", Value("0.2"), "C7: 17.4 % under random exposure";
    /// Prior rate of likes.
    "feed.prior.like": between(0.0, 1.0), "per impression", Value("0.008"), "C7: .56 to 1.55 %";

    /// Share of slots that draw uniformly from new posts.
    "feed.cold_start.share": below(0.0, 1.0), "share", Value("0.08"), "model: about 200 of 2,400 impressions a post";
    /// Impressions after which a post leaves the pool.
    "feed.cold_start.until": whole(1, 1_000_000), "impressions", Value("200"), "C15: 50 to 300 impressions for the median new post";
    /// Age at which a post leaves the pool.
    "feed.cold_start.hours": above(0.0, 8760.0), "hours", Value("48"), "X 2026: 48 h age filter";

    /// The platform's profiles of people learn from what the tilt moved.
    "loops.profile": Kind::Boolean, "", Value("true"), "model";
    /// The platform's counters of videos learn from what the tilt moved.
    "loops.popularity": Kind::Boolean, "", Value("true"), "model";
    /// People stay longer or leave earlier with what they are shown.
    "loops.stay": Kind::Boolean, "", Value("false"), "no source, so off unless named";
    /// Creators post more or less with their reach.
    "loops.supply": Kind::Boolean, "", Value("false"), "no source, so off unless named";
    /// People's interests move with what the tilt shows them more or less of.
    "loops.interest": Kind::Boolean, "", Value("false"), "no source, so off unless named";

    /// Probability that a session ends after a response of usual attention.
    "stay.hazard": share(), "per response", Value("0.003"), "no source; an organic feed keeps about three quarters of its views";
    /// Log-odds of ending that are lost per log-odds of mean attention above usual.
    "stay.strength": within(0.0, 10.0), "", Value("1.7"), "no source, show over its range: a random feed is to cut what is watched before leaving by 30 % (10 to 60 %)";
    /// Usual mean attention of a response.
    "stay.usual": log_odds(), "log-odds", Value("-1.0"), "the organic feed's mean at the default settings, measured";

    /// How far the logarithm of a posting rate moves in a day per logarithm of reach over its own week.
    "supply.strength": within(0.0, 10.0), "per day", Value("0.1"), "no source, show over its range (.02 to .5)";
    /// Largest factor on a creator's posting rate; its inverse is the smallest.
    "supply.bound": above(1.0, 10.0), "", Value("2.0"), "model: from half to double";

    /// Log-odds by which an interest moves in a week if its topic's share is higher by 1 than in the baseline.
    "interest.strength": within(0.0, 1000.0), "log-odds", Value("2.0"), "no source, show over its range (.5 to 8): one point more moves an interest by .02 a week";
}
