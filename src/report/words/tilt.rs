//! What a tilt does, in a sentence.

use super::number::{exact, plural};
use crate::scenario::{Arm, Classifier, Scenario, Tilt, TiltKind};

/// All tilts of an arm, joined.
pub fn arm(scenario: &Scenario, arm: &Arm) -> String {
    let sentences: Vec<String> = arm.tilts.iter().map(|tilt| describe(scenario, tilt)).collect();
    sentences.join("; ")
}

/// `the score of Protest videos is multiplied by 0.95 (5 % lower) on all 7 days`, and for whom, if not for all.
pub fn describe(scenario: &Scenario, tilt: &Tilt) -> String {
    let videos = videos(scenario, tilt.topic);
    let TiltKind::Score { multiply } = tilt.kind;
    let what = format!("the score of {videos} is multiplied by {} ({})", exact(multiply), factor(multiply));
    [what, days(scenario, tilt), audience(scenario, tilt), classifier(&tilt.classifier)].concat()
}

/// `Protest videos`.
pub fn videos(scenario: &Scenario, topic: usize) -> String {
    let topic = &scenario.topics[topic];
    format!("{} videos", topic.label.get("en").unwrap_or(&topic.id))
}

fn factor(multiply: f64) -> String {
    let percent = exact(((multiply - 1.0).abs() * 1e6).round() / 1e4);
    match multiply.total_cmp(&1.0) {
        std::cmp::Ordering::Less => format!("{percent} % lower"),
        std::cmp::Ordering::Equal => "no change".to_owned(),
        std::cmp::Ordering::Greater => format!("{percent} % higher"),
    }
}

fn days(scenario: &Scenario, tilt: &Tilt) -> String {
    let schedule = &tilt.schedule;
    let last = schedule.until_day - 1;
    let when = match (schedule.from_day, last) {
        (0, _) if schedule.until_day == scenario.time.days && last > 0 => format!(" on all {} days", last + 1),
        (first, last) if first == last => format!(" on day {first}"),
        (first, last) => format!(" on days {first} to {last}"),
    };
    let ramp = if schedule.ramp_days > 0.0 {
        let unit = if schedule.ramp_days == 1.0 { "day" } else { "days" };
        format!(", growing to that over {} {unit}", exact(schedule.ramp_days))
    } else {
        String::new()
    };
    when + &ramp
}

fn audience(scenario: &Scenario, tilt: &Tilt) -> String {
    let regions = scenario.population.regions.iter().zip(&tilt.audience.regions);
    let named: Vec<&str> = regions.filter(|(_, reached)| **reached).map(|(region, _)| region.id.as_str()).collect();
    let everywhere = named.len() == scenario.population.regions.len();
    let place = if everywhere { String::new() } else { format!(" in {}", named.join(", ")) };
    let share = tilt.audience.share;
    match (share == 1.0, everywhere) {
        (true, true) => String::new(),
        (true, false) => format!(", for people{place}"),
        (false, _) => format!(", for {} % of the people{place}", exact(share * 100.0)),
    }
}

fn classifier(classifier: &Classifier) -> String {
    if classifier.recall == 1.0 && classifier.false_positive_rate == 0.0 {
        return String::new();
    }
    let percent = |share: f64| exact(share * 100.0);
    format!(
        ", as far as the platform's classifier finds them ({} % of them, and {} % of other videos by mistake)",
        percent(classifier.recall),
        percent(classifier.false_positive_rate)
    )
}

/// `1 replicate`, `5 replicates`.
pub fn replicates(scenario: &Scenario) -> String {
    plural(scenario.replicates.count.into(), "replicate", "replicates")
}
