//! Arms, their tilts, and what of them is measured.

use super::view::View;
use super::{Findings, Known, index_of};
use crate::scenario::keys::MOST_TRACKED;
use crate::scenario::raw::{Fault, Place};
use crate::scenario::{Arm, Audience, Classifier, Measure, Schedule, Tilt, TiltKind, Topic};
use std::collections::BTreeSet;

/// The implicit arm.
const BASELINE: &str = "baseline";

/// Resolves all arms, in file order.
pub(super) fn resolve(root: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Vec<Arm> {
    let views = root.array("arm", "name");
    check_names(&views, findings);
    let names: Vec<String> = views.iter().map(|view| view.text("name")).collect();
    let arms: Vec<Arm> = views
        .iter()
        .map(|view| Arm {
            name: view.text("name"),
            against: against(view, &names, findings),
            tilts: view.array("tilt", "").iter().map(|tilt| tilt_of(tilt, known, findings)).collect(),
        })
        .collect();
    check_cycles(&views, &arms, findings);
    arms
}

fn check_names(views: &[View<'_>], findings: &mut Findings) {
    let mut seen = BTreeSet::from([BASELINE.to_owned()]);
    for view in views {
        let name = view.text("name");
        if name == BASELINE {
            findings.about(view, "name", "found \"baseline\"; expected another name, because every run has this arm");
        } else if !name.is_empty() && !seen.insert(name.clone()) {
            findings.about(view, "name", format!("found \"{name}\" a second time; expected each arm once"));
        }
    }
}

/// Index of the arm that this one is compared with.
fn against(view: &View<'_>, names: &[String], findings: &mut Findings) -> Option<usize> {
    let against = view.text("against");
    if against == BASELINE {
        return None;
    }
    if against == view.text("name") {
        findings.about(view, "against", format!("found \"{against}\", the arm itself; expected another arm"));
        return None;
    }
    let known = names.iter().map(String::as_str).chain([BASELINE]);
    match index_of(&against, known, "an arm", view.place("against"), &view.path("against")) {
        Ok(index) => Some(index),
        Err(fault) => {
            findings.add(fault);
            None
        }
    }
}

/// Comparisons that lead back to where they began have no baseline.
fn check_cycles(views: &[View<'_>], arms: &[Arm], findings: &mut Findings) {
    let ends = |start: usize| {
        let mut steps = std::iter::successors(Some(start), |&arm| arms[arm].against);
        steps.nth(arms.len()).is_none()
    };
    let circular = (0..arms.len()).find(|&arm| !ends(arm));
    if let Some(arm) = circular
        && findings.typed_well(&["arm"])
    {
        let problem = "the comparisons go in a circle; expected each to end at \"baseline\"";
        findings.about(&views[arm], "against", problem);
    }
}

fn tilt_of(view: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Tilt {
    let classifier = view.table("classifier");
    Tilt {
        kind: TiltKind::Score { multiply: view.number("multiply") },
        topic: topic(view, known.topics, findings),
        schedule: schedule(view, known.days, findings),
        audience: audience(&view.table("audience"), known, findings),
        classifier: Classifier {
            recall: classifier.number("recall"),
            false_positive_rate: classifier.number("false_positive_rate"),
        },
    }
}

/// Index of a tilt's topic; 0 stands in for one that is not there.
fn topic(view: &View<'_>, topics: &[Topic], findings: &mut Findings) -> usize {
    let Some(id) = view.given_text("topic") else { return 0 };
    topic_index(id, topics, view.place("topic"), &view.path("topic"), findings).unwrap_or(0)
}

fn topic_index(id: &str, topics: &[Topic], place: Place, key: &str, findings: &mut Findings) -> Option<usize> {
    if !findings.typed_well(&["topic", "catalogue"]) {
        return None;
    }
    let known = topics.iter().map(|topic| topic.id.as_str());
    match index_of(id, known, "a topic", place, key) {
        Ok(index) => Some(index),
        Err(fault) => {
            findings.add(list_topics(fault, topics));
            None
        }
    }
}

/// Says which topics there are when none is close to what was typed.
fn list_topics(fault: Fault, topics: &[Topic]) -> Fault {
    if fault.meant.is_some() {
        return fault;
    }
    let ids: Vec<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
    fault.hint(format!("the topics are {}", ids.join(", ")))
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

fn audience(view: &View<'_>, known: &Known<'_>, findings: &mut Findings) -> Audience {
    let share = view.number("share");
    let Some(names) = view.given_names("regions") else {
        return Audience { regions: vec![true; known.regions.len()], share };
    };
    let mut regions = vec![false; known.regions.len()];
    if !findings.typed_well(&["population"]) {
        return Audience { regions, share };
    }
    for (name, place) in names {
        let ids = known.regions.iter().map(|region| region.id.as_str());
        match index_of(name, ids, "a region", place, &view.path("regions")) {
            Ok(index) => regions[index] = true,
            Err(fault) => findings.add(fault),
        }
    }
    Audience { regions, share }
}

/// Resolves `[measure]`: tracked topics in the order typed, then the tilted ones.
pub(super) fn measure(root: &View<'_>, topics: &[Topic], arms: &[Arm], findings: &mut Findings) -> Measure {
    let view = root.table("measure");
    let tilted: Vec<usize> = arms.iter().flat_map(|arm| &arm.tilts).map(|tilt| tilt.topic).collect();
    let mut track = Vec::new();
    for (id, place) in view.given_names("track").unwrap_or_default() {
        track.extend(topic_index(id, topics, place, "measure.track", findings));
    }
    track.extend(&tilted);
    let mut seen = BTreeSet::new();
    track.retain(|topic| seen.insert(*topic));
    if track.len() > MOST_TRACKED && findings.typed_well(&["measure", "arm", "topic", "catalogue"]) {
        let problem = format!("found {} topics, tilted ones included; expected at most {MOST_TRACKED}", track.len());
        findings.about(&view, "track", problem);
    }
    let named = view.given_text("group_topic");
    let named = named.map(|id| topic_index(id, topics, view.place("group_topic"), "measure.group_topic", findings));
    let sensitive = || topics.iter().position(|topic| topic.sensitive);
    let group_topic = named.flatten().or_else(|| tilted.first().copied()).or_else(sensitive).unwrap_or(0);
    Measure { track, group_topic }
}
