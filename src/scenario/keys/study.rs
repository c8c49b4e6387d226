//! Keys of the measures, the record, the arms, the replicates and the solved appeals.

use super::Fallback::{Derived, Required, Value};
use super::{Key, Kind, MOST_TRACKED, above, keys, log_odds, share, whole, within};

keys! {
    /// `[measure]`, `[record]`, `[[arm]]`, `[replicates]`, `[solved]`.
    KEYS;

    /// Topics whose reach and per-person effect are measured; tilted topics are added, 8 in all at most.
    "measure.track": Kind::List { of: &Kind::Slug, least: 0, most: MOST_TRACKED }, "", Value("[]"), "author";
    /// Topic whose interest terciles form the groups.
    "measure.group_topic": Kind::Slug, "", Derived("the first tilted topic of the file, else the first sensitive one, else the first"), "model";

    /// Columns of the exposure table beside arm and replicate.
    "record.by": Kind::List { of: &Kind::OneOf(&["day", "region", "group", "topic"]), least: 0, most: 4 }, "", Value("[\"day\", \"region\", \"group\", \"topic\"]"), "model";
    /// A run whose exposure table has more rows is refused.
    "record.max_rows": whole(1, 1_000_000_000_000), "rows", Value("5_000_000"), "chosen: a table that still fits in memory many times over";

    /// Name of the arm, unique; `baseline` is taken.
    "arm[].name": Kind::Slug, "", Required, "author";
    /// The arm it is compared with.
    "arm[].against": Kind::Slug, "", Value("\"baseline\""), "model";
    /// What the tilt does: `score` multiplies the positive score of the topic's videos.
    "arm[].tilt[].kind": Kind::OneOf(&["score"]), "", Required, "author";
    /// The topic it acts on.
    "arm[].tilt[].topic": Kind::Slug, "", Required, "author";
    /// The factor; 1 is no effect.
    "arm[].tilt[].multiply": above(0.0, 100.0), "", Required, "author";
    /// First day on which it acts.
    "arm[].tilt[].from_day": whole(0, 3650), "day", Value("0"), "model";
    /// First day on which it acts no more.
    "arm[].tilt[].until_day": whole(1, 3650), "day", Derived("`time.days`"), "model";
    /// Days over which it grows to full strength.
    "arm[].tilt[].ramp_days": within(0.0, 3650.0), "days", Value("0.0"), "chosen: at once";
    /// Regions whose people it acts on.
    "arm[].tilt[].audience.regions": Kind::List { of: &Kind::Slug, least: 1, most: 64 }, "", Derived("all regions"), "model";
    /// Share of those people, by hash; smaller shares lie within larger ones.
    "arm[].tilt[].audience.share": share(), "share", Value("1.0"), "model";
    /// Share of the topic's videos that are found.
    "arm[].tilt[].classifier.recall": share(), "share", Value("1.0"), "chosen: perfect";
    /// Share of other videos that are taken for the topic.
    "arm[].tilt[].classifier.false_positive_rate": share(), "share", Value("0.0"), "chosen: perfect";

    /// How many times the whole is repeated.
    "replicates.count": whole(1, 10_000), "replicates", Value("5"), "model: the fewest that carry an interval";
    /// Seed of all random draws.
    "replicates.seed": whole(0, i64::MAX), "", Value("20220624"), "date of the newsletter";
    /// What a replicate draws anew: `world` people, catalogue and behaviour, `behaviour` that alone.
    "replicates.redraw": Kind::OneOf(&["world", "behaviour"]), "", Value("\"world\""), "model";

    /// Hash of the settings the appeals were solved for.
    "solved.fingerprint": Kind::Text, "", Derived("none"), "written by feedtilt";
    /// Appeal of a topic in a region.
    "solved.appeal.*.*": log_odds(), "log-odds", Derived("none"), "written by feedtilt";
}
