//! One tilt: its kind, and the target, schedule, audience and classifier that this kind takes.

use super::view::View;
use super::{Findings, Known, index_of, topics};
use crate::scenario::keys::{self, EVERY_TILT, TiltKeys};
use crate::scenario::raw::Fault;
use crate::scenario::{
    Audience, Blocked, Classifier, HEADS, Ranker, Region, RegionSet, Schedule, Tilt, TiltKind, Topic, Value,
};

/// Resolves an entry of `[[arm.tilt]]`.
pub(super) fn resolve(view: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Tilt {
    let kind = keys::tilt(&view.text("kind"));
    if let Some(kind) = kind {
        check_required(view, kind, findings);
        check_taken(view, kind, findings);
    }
    let tilt = Tilt {
        kind: kind_of(view, known, findings),
        topic: topic(view, known.topics, findings),
        origin: region_set(view, "origin", known.regions, findings).unwrap_or(RegionSet::ALL),
        schedule: schedule(view, known.time.days, findings),
        audience: audience(&view.table("audience"), known.regions, findings),
        classifier: classifier(&view.table("classifier")),
    };
    if let Some(why) = kind.and_then(|kind| kind.on_or_off) {
        check_no_ramp(view, &tilt, why, findings);
    }
    check_target_of_classifier(view, &tilt, findings);
    match tilt.kind {
        TiltKind::GeoBlock { blocked, .. } => check_blocked(view, &tilt, blocked, findings),
        TiltKind::ReachCap { .. } => check_cap_of_everybody(view, &tilt, findings),
        TiltKind::Delay { hours, .. } => check_hours(view, hours, known, findings),
        _ => {}
    }
    tilt
}

/// A geo-block names where, and somebody of its audience is there.
fn check_blocked(view: &View<'_>, tilt: &Tilt, blocked: Blocked, findings: &mut Findings) {
    if !findings.typed_well(&["arm", "population"]) {
        return;
    }
    let hint = "own_region_only = true withholds a video everywhere but in the region of those who posted it";
    match (view.given("regions").is_some(), blocked) {
        (true, Blocked::Abroad) => {
            let problem = "found own_region_only = true and regions; expected one of the two";
            findings.about_with_hint(view, "regions", problem, hint);
        }
        (false, Blocked::In(_)) => {
            let problem = "missing; kind = \"geo_block\" needs regions, or own_region_only = true";
            findings.about_with_hint(view, "regions", problem, hint);
        }
        (true, Blocked::In(regions)) => {
            let mut audience = tilt.audience.regions.iter().enumerate();
            // Of regions that nobody knows another fault speaks.
            if regions != RegionSet::NONE && !audience.any(|(region, &reached)| reached && regions.has(region)) {
                let problem = "the audience is in none of these regions; expected a region in common";
                findings.about_with_hint(
                    view,
                    "regions",
                    problem,
                    "without audience.regions it acts on everybody there",
                );
            }
        }
        (false, Blocked::Abroad) => {}
    }
}

/// The count of a video is that of all people, so what it decides holds for all.
fn check_cap_of_everybody(view: &View<'_>, tilt: &Tilt, findings: &mut Findings) {
    if !tilt.audience.is_everybody() && findings.typed_well(&["arm", "population"]) {
        let audience = view.table("audience");
        let name = if tilt.audience.share < 1.0 { "share" } else { "regions" };
        let problem =
            "found a part of the people; expected everybody, because the impressions counted are those of everybody";
        findings.about(&audience, name, problem);
    }
}

/// The feed looks at ages once an epoch, and a video leaves the catalogue some day.
fn check_hours(view: &View<'_>, hours: f64, known: &Known<'_>, findings: &mut Findings) {
    if !findings.typed_well(&["arm", "time", "catalogue"]) {
        return;
    }
    let per_day = known.time.epochs_per_day;
    let epochs = hours / 24.0 * f64::from(per_day);
    let depth = f64::from(known.depth_days) * 24.0;
    if (epochs - epochs.round()).abs() > 1e-9 {
        let problem =
            format!("found {hours:?}; expected a multiple of {:?}, the hours of an epoch", 24.0 / f64::from(per_day));
        findings.about_with_hint(view, "hours", problem, format!("time.epochs_per_day is {per_day}"));
    } else if hours >= depth {
        let problem =
            format!("found {hours:?}; expected below {depth:?}, the hours after which a video leaves the catalogue");
        findings.about_with_hint(view, "hours", problem, "catalogue.depth_days says how long videos stay");
    }
}

fn check_required(view: &View<'_>, kind: &TiltKeys, findings: &mut Findings) {
    for name in kind.required {
        let path = view.path(name);
        if keys::is_table(&keys::join("arm[].tilt[]", name)) {
            check_table_is_filled(view, kind, name, findings);
            continue;
        }
        let key = keys::find(&keys::join("arm[].tilt[]", name)).expect("kinds name keys of the table, held by a test");
        if view.given(name).is_none() && !findings.reported(&path) {
            let problem = format!("missing; kind = \"{}\" needs {}", kind.name, key.expected());
            findings.about(view, name, problem);
        }
    }
}

/// A table that a kind needs names a key at least.
fn check_table_is_filled(view: &View<'_>, kind: &TiltKeys, name: &str, findings: &mut Findings) {
    let below = keys::children(&keys::join("arm[].tilt[]", name));
    let table = view.table(name);
    if table.names().next().is_none() && !findings.reported_within(&view.path(name)) {
        let problem =
            format!("missing; kind = \"{}\" needs a table with one of {} at least", kind.name, below.join(", "));
        findings.about(view, name, problem);
    }
}

fn check_taken(view: &View<'_>, kind: &TiltKeys, findings: &mut Findings) {
    let own = || kind.required.iter().chain(kind.optional);
    let foreign = view.names().filter(|name| own().chain(EVERY_TILT).all(|taken| taken != name));
    for name in foreign.filter(|name| keys::TILTS.iter().any(|tilt| tilt.takes(name))) {
        let taken: Vec<&str> = own().copied().collect();
        let problem = format!("kind = \"{}\" does not take this key; it {}", kind.name, kind.doc);
        let hint = format!("beside the keys of every tilt it takes {}", taken.join(", "));
        findings.about_with_hint(view, name, problem, hint);
    }
}

fn kind_of(view: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> TiltKind {
    match view.text("kind").as_str() {
        "throttle" => TiltKind::Throttle { keep: view.number("keep") },
        "not_for_feed" => TiltKind::NotForFeed { share: view.number("share") },
        "heat" => TiltKind::Heat { share: view.number("share"), items: view.number("items") },
        "feed" => TiltKind::Feed { ranker: ranker(view) },
        "head" => TiltKind::Head { value: new_weights(&view.table("value")) },
        "jitter" => TiltKind::Jitter { sigma: view.number("sigma"), heads: jittered(view, known.value, findings) },
        "self_only" => TiltKind::SelfOnly { share: view.number("share") },
        "geo_block" => TiltKind::GeoBlock { share: view.number("share"), blocked: blocked(view, known, findings) },
        "reach_cap" => TiltKind::ReachCap { impressions: view.whole("impressions"), items: view.number("items") },
        "delay" => TiltKind::Delay { hours: view.number("hours"), items: view.number("items") },
        "cold_start" => TiltKind::ColdStart { multiply: view.number("multiply") },
        "demote_creators" => {
            TiltKind::DemoteCreators { share: view.number("share"), multiply: view.number("multiply") }
        }
        _ => TiltKind::Score { multiply: view.number("multiply") },
    }
}

/// The weights named. That there is one was checked.
fn new_weights(view: &View<'_>) -> [Option<f64>; HEADS.len()] {
    HEADS.map(|head| view.given_number(head))
}

/// The weights that are multiplied: those named, or else all that are not 0.
fn jittered(view: &View<'_>, value: Value, findings: &mut Findings) -> [bool; HEADS.len()] {
    let Some(names) = view.given_names("heads") else { return value.weights().map(|weight| weight != 0.0) };
    let mut heads = [false; HEADS.len()];
    for (name, place) in names {
        let Some(head) = HEADS.iter().position(|head| *head == name) else { continue };
        if std::mem::replace(&mut heads[head], true) {
            let problem = format!("found \"{name}\" a second time; expected each weight once");
            findings.add(Fault::new(place, view.path("heads"), problem));
        }
    }
    heads
}

/// Where a geo-block acts.
fn blocked(view: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Blocked {
    let regions = region_set(view, "regions", known.regions, findings);
    if view.flag("own_region_only") { Blocked::Abroad } else { Blocked::In(regions.unwrap_or(RegionSet::NONE)) }
}

/// The regions that a key names, if it is given.
fn region_set(view: &View<'_>, key: &str, known: &[Region], findings: &mut Findings) -> Option<RegionSet> {
    let named = named_regions(view, key, known, findings)?;
    let set = named.iter().enumerate().filter(|(_, named)| **named);
    Some(set.fold(RegionSet::NONE, |set, (region, _)| set.and(region)))
}

/// The ranker named; one stands in for a name that is missing.
fn ranker(view: &View<'_>) -> Ranker {
    let all = [Ranker::Random, Ranker::Popularity, Ranker::Chronological, Ranker::Oracle];
    let named = all.into_iter().find(|ranker| view.given_text("ranker") == Some(ranker.name()));
    named.unwrap_or(Ranker::Random)
}

impl Ranker {
    /// As the scenario file writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Popularity => "popularity",
            Self::Chronological => "chronological",
            Self::Oracle => "oracle",
        }
    }
}

fn topic(view: &View<'_>, topics: &[Topic], findings: &mut Findings) -> Option<usize> {
    topics::index(view.given_text("topic")?, topics, view.place("topic"), &view.path("topic"), findings)
}

fn schedule(view: &View<'_>, days: u32, findings: &mut Findings) -> Schedule {
    let until_day = view.given_whole("until_day").map_or(days, |day| u32::try_from(day).unwrap_or(0));
    let schedule = Schedule { from_day: view.whole("from_day"), until_day, ramp_days: view.number("ramp_days") };
    if findings.typed_well(&["time"]) {
        check_schedule(view, schedule, days, findings);
    }
    schedule
}

fn check_schedule(view: &View<'_>, schedule: Schedule, days: u32, findings: &mut Findings) {
    let Schedule { from_day, until_day, ramp_days } = schedule;
    let last = days.saturating_sub(1);
    if from_day > last {
        let problem = format!("found {from_day}; expected at most {last}, the last day of the run");
        findings.about_with_hint(view, "from_day", problem, "time.days says how many days are measured");
    } else if until_day > days {
        let problem = format!(
            "found {until_day}, which cuts the run inside the tilt; expected at most time.days, which is {days}"
        );
        findings.about_with_hint(view, "until_day", problem, "until_day is the first day without the tilt");
    } else if until_day <= from_day {
        let problem = format!("found {until_day}; expected a day after from_day, which is {from_day}");
        findings.about_with_hint(view, "until_day", problem, "until_day is the first day without the tilt");
    } else if ramp_days > f64::from(until_day - from_day) {
        let problem = format!("found {ramp_days:?}; expected at most {}, the days of the tilt", until_day - from_day);
        findings.about(view, "ramp_days", problem);
    }
}

fn check_no_ramp(view: &View<'_>, tilt: &Tilt, why: &str, findings: &mut Findings) {
    let ramp_days = tilt.schedule.ramp_days;
    if ramp_days != 0.0 {
        let kind = view.text("kind");
        let problem = format!(
            "found {ramp_days:?}; expected 0, because kind = \"{kind}\" has no strength between off and on: {why}"
        );
        findings.about(view, "ramp_days", problem);
    }
}

fn audience(view: &View<'_>, known: &[Region], findings: &mut Findings) -> Audience {
    let regions = named_regions(view, "regions", known, findings).unwrap_or_else(|| vec![true; known.len()]);
    Audience { regions, share: view.number("share") }
}

/// Which regions a key names, one flag each; `None` where it is not given.
fn named_regions(view: &View<'_>, key: &str, known: &[Region], findings: &mut Findings) -> Option<Vec<bool>> {
    let names = view.given_names(key)?;
    let mut regions = vec![false; known.len()];
    if !findings.typed_well(&["population"]) {
        return Some(regions);
    }
    for (name, place) in names {
        let ids = known.iter().map(|region| region.id.as_str());
        match index_of(name, ids, "a region", place, &view.path(key)) {
            Ok(index) => regions[index] = true,
            Err(fault) => findings.add(fault),
        }
    }
    Some(regions)
}

fn classifier(view: &View<'_>) -> Classifier {
    Classifier { recall: view.number("recall"), false_positive_rate: view.number("false_positive_rate") }
}

/// Where every topic is meant there is nothing to find and nothing to take for it.
fn check_target_of_classifier(view: &View<'_>, tilt: &Tilt, findings: &mut Findings) {
    let takes = keys::tilt(&view.text("kind")).is_some_and(|kind| kind.takes("topic") && kind.takes("classifier"));
    if takes && view.given("topic").is_none() && !tilt.classifier.is_perfect() && findings.typed_well(&["arm"]) {
        let problem = "the tilt names no topic, so there is nothing to find; expected a topic, or no classifier";
        findings.add(Fault::new(view.place("classifier"), view.path("classifier"), problem));
    }
}
