//! What a tilt does, in a sentence.

use super::number::{exact, plural};
use crate::scenario::{Arm, Classifier, Ranker, Scenario, Tilt, TiltKind};

/// All tilts of an arm, joined.
pub fn arm(scenario: &Scenario, arm: &Arm) -> String {
    let sentences: Vec<String> = arm.tilts.iter().map(|tilt| describe(scenario, tilt)).collect();
    sentences.join("; ")
}

/// `the score of Protest videos is multiplied by 0.95 (5 % lower) on all 7 days`, and for whom, if not for all.
pub fn describe(scenario: &Scenario, tilt: &Tilt) -> String {
    let what = what(tilt.kind, &meant(scenario, tilt));
    [what, days(scenario, tilt), audience(scenario, tilt), classifier(&tilt.classifier)].concat()
}

fn what(kind: TiltKind, videos: &str) -> String {
    match kind {
        TiltKind::Score { multiply } => {
            format!("the score of {videos} is multiplied by {} ({})", exact(multiply), factor(multiply))
        }
        TiltKind::Throttle { keep } => throttle(keep, videos),
        TiltKind::NotForFeed { share } => not_for_feed(share, videos),
        TiltKind::Heat { share, items } => heat(share, items, videos),
        TiltKind::Feed { ranker } => feed(ranker).to_owned(),
    }
}

/// `Protest videos`.
pub fn videos(scenario: &Scenario, topic: usize) -> String {
    let topic = &scenario.topics[topic];
    format!("{} videos", topic.label.get("en").unwrap_or(&topic.id))
}

/// The videos a tilt means: those of its topic, or all.
fn meant(scenario: &Scenario, tilt: &Tilt) -> String {
    tilt.topic.map_or_else(|| "videos".to_owned(), |topic| videos(scenario, topic))
}

fn factor(multiply: f64) -> String {
    let percent = exact(((multiply - 1.0).abs() * 1e6).round() / 1e4);
    match multiply.total_cmp(&1.0) {
        std::cmp::Ordering::Less => format!("{percent} % lower"),
        std::cmp::Ordering::Equal => "no change".to_owned(),
        std::cmp::Ordering::Greater => format!("{percent} % higher"),
    }
}

/// The draw is one per person and video, so it is the people who would have met a video of whom some do.
fn throttle(keep: f64, videos: &str) -> String {
    match keep {
        1.0 => format!("{videos} are shown to everybody who would have met them (no change)"),
        0.0 => format!("{videos} are shown to nobody"),
        _ => format!(
            "{videos} are shown to {} the people who would have met them, drawn by lot for each video",
            of(keep)
        ),
    }
}

fn not_for_feed(share: f64, videos: &str) -> String {
    match share {
        1.0 => format!("no {videos} appear in the feed"),
        0.0 => format!("all {videos} stay in the feed (no change)"),
        _ => {
            format!("{} the {videos} are kept out of the feed, whoever made them and however good they are", of(share))
        }
    }
}

fn heat(share: f64, items: f64, videos: &str) -> String {
    if share == 0.0 {
        return format!("no place in the feed is set aside for {videos} (no change)");
    }
    let chosen = match items {
        1.0 => format!("{videos}, whatever their score"),
        _ => format!("a chosen few, {} % of the {videos}, whatever their score", exact(items * 100.0)),
    };
    let verb = if share == 1.0 { "every place in the feed goes" } else { "of all places in the feed go" };
    if share == 1.0 { format!("{verb} to {chosen}") } else { format!("{} % {verb} to {chosen}", exact(share * 100.0)) }
}

const fn feed(ranker: Ranker) -> &'static str {
    match ranker {
        Ranker::Random => "the feed is not ranked: every video has the same chance",
        Ranker::Popularity => "the feed shows everybody the videos that are most watched",
        Ranker::Chronological => "the feed shows the newest videos first",
        Ranker::Oracle => {
            "the feed is ranked by how much each person would really like a video, which no platform can know"
        }
    }
}

/// `9 out of 10 of`, or `12.5 % of` where tenths do not say it.
fn of(share: f64) -> String {
    let tenths = share * 10.0;
    if (tenths - tenths.round()).abs() < 1e-9 {
        format!("{} out of 10 of", exact(tenths.round()))
    } else {
        format!("{} % of", exact(share * 100.0))
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
    if classifier.is_perfect() {
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
