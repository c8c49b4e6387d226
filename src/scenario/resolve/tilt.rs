//! One tilt: its kind, and the target, schedule, audience and classifier that this kind takes.

use super::view::View;
use super::{Findings, Known, index_of, topics};
use crate::scenario::keys::{self, EVERY_TILT, TiltKeys};
use crate::scenario::raw::Fault;
use crate::scenario::{Audience, Classifier, HEADS, Ranker, Region, Schedule, Tilt, TiltKind, Topic, Value};

/// Resolves an entry of `[[arm.tilt]]`.
pub(super) fn resolve(view: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Tilt {
    let kind = keys::tilt(&view.text("kind"));
    if let Some(kind) = kind {
        check_required(view, kind, findings);
        check_taken(view, kind, findings);
    }
    let tilt = Tilt {
        kind: kind_of(view, known.value, findings),
        topic: topic(view, known.topics, findings),
        schedule: schedule(view, known.time.days, findings),
        audience: audience(&view.table("audience"), known.regions, findings),
        classifier: classifier(&view.table("classifier")),
    };
    if let Some(why) = kind.and_then(|kind| kind.on_or_off) {
        check_no_ramp(view, &tilt, why, findings);
    }
    check_target_of_classifier(view, &tilt, findings);
    tilt
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

fn kind_of(view: &View<'_>, value: Value, findings: &mut Findings) -> TiltKind {
    match view.text("kind").as_str() {
        "throttle" => TiltKind::Throttle { keep: view.number("keep") },
        "not_for_feed" => TiltKind::NotForFeed { share: view.number("share") },
        "heat" => TiltKind::Heat { share: view.number("share"), items: view.number("items") },
        "feed" => TiltKind::Feed { ranker: ranker(view) },
        "head" => TiltKind::Head { value: new_weights(&view.table("value")) },
        "jitter" => TiltKind::Jitter { sigma: view.number("sigma"), heads: jittered(view, value, findings) },
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
    let share = view.number("share");
    let Some(names) = view.given_names("regions") else {
        return Audience { regions: vec![true; known.len()], share };
    };
    let mut regions = vec![false; known.len()];
    if !findings.typed_well(&["population"]) {
        return Audience { regions, share };
    }
    for (name, place) in names {
        let ids = known.iter().map(|region| region.id.as_str());
        match index_of(name, ids, "a region", place, &view.path("regions")) {
            Ok(index) => regions[index] = true,
            Err(fault) => findings.add(fault),
        }
    }
    Audience { regions, share }
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
