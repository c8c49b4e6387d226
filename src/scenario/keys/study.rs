//! Keys of the measures, the record, the arms, the replicates and the solved appeals.

use super::Fallback::{Derived, Required, Value};
use super::platform::WEIGHT;
use super::{
    BY_KIND, CHOICES, ENGINES, Key, Kind, MOST_TRACKED, TILT_KINDS, above, keys, log_odds, share, whole, within,
};
use crate::scenario::HEADS;

keys! {
    /// `[measure]`, `[record]`, `[[arm]]`, `[[account]]`, `[calibrate]`, `[uncertainty]`, `[band]`, `[structure]`, `[replicates]`, `[solved]`.
    KEYS;

    /// Topics whose reach and per-person effect are measured; tilted topics are added, 8 in all at most.
    "measure.track": Kind::List { of: &Kind::Slug, least: 0, most: MOST_TRACKED }, "", Value("[]"), "author";
    /// Topic whose interest terciles form the groups.
    "measure.group_topic": Kind::Slug, "", Derived("the first tilted topic of the file, else the first sensitive one, else the first"), "model";
    /// People whose expected exposure is followed: an even part of them in each replicate, by hash, among those in the audience of a tilt; all of them where there are fewer.
    "measure.micro_users": whole(0, 100_000), "people", Value("1000"), "model";
    /// Ghosts that each of them has in every arm: the same person, drawn again.
    "measure.ghosts": whole(2, 256), "ghosts/person", Value("16"), "model";
    /// Whether arms without a tilt but with fresh draws show what two identical feeds differ by.
    "measure.echo": Kind::Boolean, "", Value("true"), "model";
    /// Whether further arms, in which some loops are replayed from the baseline, show which loops a shift comes from.
    "measure.attribution": Kind::Boolean, "", Value("false"), "model: several arms more for each";
    /// Whether it is measured how much of a shift is left on the days after the tilt.
    "measure.persistence": Kind::Boolean, "", Value("false"), "model";

    /// Columns of the exposure table beside arm and replicate.
    "record.by": Kind::List { of: &Kind::OneOf(&["day", "region", "group", "topic"]), least: 0, most: 4 }, "", Value("[\"day\", \"region\", \"group\", \"topic\"]"), "model";
    /// A run whose exposure table has more rows is refused.
    "record.max_rows": whole(1, 1_000_000_000_000), "rows", Value("5_000_000"), "chosen: a table that still fits in memory many times over";

    /// Name of the arm, unique; `baseline` is taken.
    "arm[].name": Kind::Slug, "", Required, "author";
    /// The arm it is compared with.
    "arm[].against": Kind::Slug, "", Value("\"baseline\""), "model";
    /// What the tilt does.
    "arm[].tilt[].kind": Kind::OneOf(TILT_KINDS), "", Required, "author";
    /// The topic it acts on; for kinds that can do without, every topic when it is not given.
    "arm[].tilt[].topic": Kind::Slug, "", Derived(BY_KIND), "author";
    /// Regions whose creators' videos it acts on.
    "arm[].tilt[].origin": Kind::List { of: &Kind::Slug, least: 1, most: 64 }, "", Derived("all regions"), "model";
    /// The factor on the score, or on the weight in reserved slots; 1 is no effect.
    "arm[].tilt[].multiply": above(0.0, 100.0), "", Derived(BY_KIND), "author";
    /// Probability that a video is shown to a person who would have met it; 1 is no effect.
    "arm[].tilt[].keep": share(), "share", Derived(BY_KIND), "author";
    /// Share of the videos that are withheld, of all slots that are given away, or of the creators meant; 0 is no effect.
    "arm[].tilt[].share": share(), "share", Derived(BY_KIND), "author";
    /// Share of the videos that are meant, by hash.
    "arm[].tilt[].items": above(0.0, 1.0), "share", Value("1.0"), "chosen: all of them";
    /// Regions in which the videos are withheld; `geo_block` needs this or `own_region_only`.
    "arm[].tilt[].regions": Kind::List { of: &Kind::Slug, least: 1, most: 64 }, "", Derived(BY_KIND), "author";
    /// Whether videos are withheld everywhere but in the region of those who posted them.
    "arm[].tilt[].own_region_only": Kind::Boolean, "", Value("false"), "netzpolitik.org 2019: \"Risk 4\"";
    /// Impressions with which a video leaves the feed.
    "arm[].tilt[].impressions": whole(1, 1_000_000_000), "impressions", Derived(BY_KIND), "author";
    /// Hours after which a video enters the feed, a whole number of epochs; 0 is no effect.
    "arm[].tilt[].hours": within(0.0, 2160.0), "hours", Derived(BY_KIND), "author";
    /// How the feed is filled.
    "arm[].tilt[].ranker": Kind::OneOf(&["random", "popularity", "chronological", "oracle"]), "", Derived(BY_KIND), "author";
    /// ln of the factor by which weights are larger or smaller; 0 is no effect.
    "arm[].tilt[].sigma": within(0.0, 3.0), "", Derived(BY_KIND), "author";
    /// Value weights that it multiplies; each has a sign of its own for every person, so that each doubles the classes of people.
    "arm[].tilt[].heads": Kind::List { of: &Kind::OneOf(&HEADS), least: 1, most: HEADS.len() }, "", Derived("the weights of `feed.value` that are not 0"), "model";
    /// First day on which it acts.
    "arm[].tilt[].from_day": whole(0, 3650), "day", Value("0"), "model";
    /// First day on which it acts no more.
    "arm[].tilt[].until_day": whole(1, 3650), "day", Derived("`time.days`"), "model";
    /// Days over which it grows to full strength; 0 for kinds that are on or off.
    "arm[].tilt[].ramp_days": within(0.0, 3650.0), "days", Value("0.0"), "chosen: at once";
    /// Regions whose people it acts on.
    "arm[].tilt[].audience.regions": Kind::List { of: &Kind::Slug, least: 1, most: 64 }, "", Derived("all regions"), "model";
    /// Share of those people, by hash; smaller shares lie within larger ones.
    "arm[].tilt[].audience.share": share(), "share", Value("1.0"), "model";
    /// Weight of a valid play from then on; the one that is there is no effect.
    "arm[].tilt[].value.valid_play": WEIGHT, "value", Derived("the one that is there"), "author";
    /// Weight of a long view from then on; the one that is there is no effect.
    "arm[].tilt[].value.long_view": WEIGHT, "value", Derived("the one that is there"), "author";
    /// Weight of a like from then on; the one that is there is no effect.
    "arm[].tilt[].value.like": WEIGHT, "value", Derived("the one that is there"), "author";
    /// Weight of a comment from then on; the one that is there is no effect.
    "arm[].tilt[].value.comment": WEIGHT, "value", Derived("the one that is there"), "author";
    /// Weight of a share from then on; the one that is there is no effect.
    "arm[].tilt[].value.share": WEIGHT, "value", Derived("the one that is there"), "author";
    /// Weight of a follow from then on; the one that is there is no effect.
    "arm[].tilt[].value.follow": WEIGHT, "value", Derived("the one that is there"), "author";
    /// Weight of "not interested" from then on; the one that is there is no effect.
    "arm[].tilt[].value.not_interested": WEIGHT, "value", Derived("the one that is there"), "author";
    /// Weight of a second watched from then on; the one that is there is no effect.
    "arm[].tilt[].value.watch_second": WEIGHT, "value/s", Derived("the one that is there"), "author";
    /// Share of the topic's videos that are found.
    "arm[].tilt[].classifier.recall": share(), "share", Value("1.0"), "chosen: perfect";
    /// Share of other videos that are taken for the topic.
    "arm[].tilt[].classifier.false_positive_rate": share(), "share", Value("0.0"), "chosen: perfect";

    /// Name of the accounts, unique.
    "account[].name": Kind::Slug, "", Required, "author";
    /// How many there are.
    "account[].count": whole(1, 10_000), "accounts", Required, "author";
    /// Region in which they are.
    "account[].region": Kind::Slug, "", Derived("the first region"), "author";
    /// Topic that the persona likes.
    "account[].topic": Kind::Slug, "", Derived("none: a persona without a preference"), "author";
    /// Probability of a valid play on that topic.
    "account[].engages": share(), "share", Value("0.9"), "C10: 90 % against 2 % engagement";
    /// Probability of a valid play on everything else.
    "account[].otherwise": share(), "share", Value("0.02"), "C10: 90 % against 2 % engagement";
    /// Day of the first session.
    "account[].from_day": whole(0, 3649), "day", Value("0"), "model";
    /// Sessions of each account.
    "account[].sessions": whole(1, 175_200), "sessions", Required, "author";
    /// Sessions in a day; they fill its epochs from the first.
    "account[].sessions_per_day": whole(1, 48), "sessions/day", Value("1"), "chosen";
    /// Videos in a session.
    "account[].videos_per_session": whole(1, 5000), "videos", Required, "author";
    /// Videos, from the first, on which the persona acts; afterwards it plays every video with the probability `otherwise`.
    "account[].conditioning": whole(0, 876_000_000), "videos", Derived("all videos"), "model";

    /// Platform whose measured facts `feedtilt calibrate` holds the scenario against.
    "calibrate.target_set": Kind::OneOf(&["kuaishou", "tiktok"]), "", Value("\"kuaishou\""), "model";
    /// Share of the videos, those most viewed, from which the videos for random exposure are drawn.
    "calibrate.pool_share": above(0.0, 1.0), "share", Value("1.0"), "chosen: all videos";

    /// Whether a run computes the model band where the file carries none, as `feedtilt run --band` does.
    "uncertainty.band": Kind::Boolean, "", Value("false"), "model: computed on request";
    /// People of each world behind the band, no more than the scenario has.
    "uncertainty.users": whole(100, 10_000_000), "people", Value("6000"), "chosen; whether more people move a band is not measured";

    /// Whether a run computes what the tilts move when the model is built otherwise where the file carries it not, as `feedtilt run --structure` does.
    "uncertainty.structure": Kind::Boolean, "", Value("false"), "model: computed on request";
    /// People of each of the five worlds of a structure, no more than the scenario has.
    "uncertainty.structure_users": whole(100, 10_000_000), "people", Value("2000"), "chosen";

    /// How many times the whole is repeated.
    "replicates.count": whole(1, 10_000), "replicates", Value("5"), "model: the fewest that carry an interval";
    /// Seed of all random draws.
    "replicates.seed": whole(0, i64::MAX), "", Value("20220624"), "date of the newsletter";
    /// What a replicate draws anew: `world` people, catalogue and behaviour, `behaviour` that alone.
    "replicates.redraw": Kind::OneOf(&["world", "behaviour"]), "", Value("\"world\""), "model";

    /// Hash of the settings that the model band was computed for.
    "band.fingerprint": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// Version of feedtilt that computed it.
    "band.version": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// When it was computed.
    "band.date": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// How well the score tells long views from others with these constants, within a person under random exposure (AUC).
    "band.vector[].accuracy": share(), "", Value("0.5"), "written by feedtilt";
    /// Relative shift of the topic's share in an arm.
    "band.vector[].relative.*.*": within(-1.0, 1e12), "share", Derived("undefined"), "written by feedtilt";

    /// Hash of the settings that the structures were computed for.
    "structure.fingerprint": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// Version of feedtilt that computed them.
    "structure.version": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// When they were computed.
    "structure.date": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// How videos are sampled.
    "structure.combination[].engine": Kind::OneOf(ENGINES), "", Value("\"cells\""), "written by feedtilt";
    /// How a slot is filled.
    "structure.combination[].choice": Kind::OneOf(CHOICES), "", Value("\"softmax\""), "written by feedtilt";
    /// How profiles move.
    "structure.combination[].profile_rule": Kind::OneOf(&["rate", "share"]), "", Value("\"rate\""), "written by feedtilt";
    /// Latents behind reactions.
    "structure.combination[].latents": whole(1, 2), "", Value("2"), "written by feedtilt";
    /// Relative shift of the topic's share in an arm.
    "structure.combination[].relative.*.*": within(-1.0, 1e12), "share", Derived("undefined"), "written by feedtilt";
    /// Lower end of its 95 % simulation interval.
    "structure.combination[].low.*.*": within(-1.0, 1e12), "share", Derived("undefined"), "written by feedtilt";
    /// Upper end of its 95 % simulation interval.
    "structure.combination[].high.*.*": within(-1.0, 1e12), "share", Derived("undefined"), "written by feedtilt";
    /// Median over people of the expected change.
    "structure.combination[].weekly.*.*": within(-1e6, 1e6), "videos/week", Derived("undefined"), "written by feedtilt";

    /// Hash of the settings the appeals were solved for.
    "solved.fingerprint": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// Appeal of a topic in a region.
    "solved.appeal.*.*": log_odds(), "log-odds", Derived("none"), "written by feedtilt";
}
