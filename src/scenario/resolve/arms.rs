//! Arms, and what of them is measured.

use super::topics::index as topic_index;
use super::view::View;
use super::{Findings, Known, index_of, tilt};
use crate::scenario::keys::MOST_TRACKED;
use crate::scenario::{Arm, Measure, Topic};
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
            tilts: view.array("tilt", "").iter().map(|tilt| tilt::resolve(tilt, known, findings)).collect(),
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

/// Resolves `[measure]`: tracked topics in the order typed, then the tilted ones.
pub(super) fn measure(
    root: &View<'_>,
    topics: &[Topic],
    arms: &[Arm],
    people: u32,
    findings: &mut Findings,
) -> Measure {
    let view = root.table("measure");
    let tilted: Vec<usize> = arms.iter().flat_map(|arm| &arm.tilts).filter_map(|tilt| tilt.topic).collect();
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
    Measure {
        track,
        group_topic,
        micro_users: view.whole("micro_users").min(people),
        ghosts: view.whole("ghosts"),
        echo: view.flag("echo"),
        attribution: view.flag("attribution"),
        persistence: view.flag("persistence"),
    }
}
