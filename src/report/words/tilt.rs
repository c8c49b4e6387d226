//! What a tilt does, in a sentence.

use super::number::{exact, plural, whole};
use crate::scenario::{Arm, Blocked, Classifier, HEADS, Ranker, RegionSet, Scenario, Tilt, TiltKind};

/// All tilts of an arm, joined.
pub fn arm(scenario: &Scenario, arm: &Arm) -> String {
    let sentences: Vec<String> = arm.tilts.iter().map(|tilt| describe(scenario, tilt)).collect();
    sentences.join("; ")
}

/// `the score of Protest videos is multiplied by 0.95 (5 % lower) on all 7 days`, and for whom, if not for all.
pub fn describe(scenario: &Scenario, tilt: &Tilt) -> String {
    let what = what(scenario, tilt.kind, &meant(scenario, tilt));
    [what, days(scenario, tilt), audience(scenario, tilt), classifier(&tilt.classifier)].concat()
}

fn what(scenario: &Scenario, kind: TiltKind, videos: &str) -> String {
    match kind {
        TiltKind::Score { multiply } => {
            format!("the score of {videos} is multiplied by {} ({})", exact(multiply), factor(multiply))
        }
        TiltKind::Throttle { keep } => throttle(keep, videos),
        TiltKind::NotForFeed { share } => {
            format!("{} kept out of the feed{}", some_are(share, videos), nothing_if(share == 0.0))
        }
        TiltKind::Heat { share, items } => heat(share, items, videos),
        TiltKind::Feed { ranker } => feed(ranker).to_owned(),
        TiltKind::Head { value } => head(scenario, value, videos),
        TiltKind::Jitter { sigma, heads } => jitter(sigma, heads),
        TiltKind::SelfOnly { share } => {
            let none = nothing_if(share == 0.0);
            format!("{} shown to nobody but those who posted them{none}", some_are(share, videos))
        }
        TiltKind::GeoBlock { share, blocked } => {
            let place = match blocked {
                Blocked::In(regions) => format!("in {}", region_names(scenario, regions).join(", ")),
                Blocked::Abroad => "everywhere but in the region they come from".to_owned(),
            };
            format!("{} withheld {place}{}", some_are(share, videos), nothing_if(share == 0.0))
        }
        TiltKind::ReachCap { impressions, items } => {
            format!("{} taken out of the feed after {} views each", some_are(items, videos), whole(impressions.into()))
        }
        TiltKind::Delay { hours, items } => {
            let unit = if hours == 1.0 { "hour" } else { "hours" };
            let none = nothing_if(hours == 0.0);
            format!("{} held back for {} {unit} after they were posted{none}", some_are(items, videos), exact(hours))
        }
        TiltKind::ColdStart { multiply } => format!(
            "new {videos} weigh {} times as much in the places reserved for new videos ({})",
            exact(multiply),
            factor(multiply)
        ),
        TiltKind::DemoteCreators { share, multiply } => {
            let whose = match share {
                1.0 => "all who post them".to_owned(),
                0.0 => "none of those who post them (no change)".to_owned(),
                _ => format!("{} % of those who post them", percent(share)),
            };
            let by = factor(multiply);
            format!("the score of {videos} by {whose} is multiplied by {} ({by})", exact(multiply))
        }
    }
}

/// `Protest videos`.
pub fn videos(scenario: &Scenario, topic: usize) -> String {
    let topic = &scenario.topics[topic];
    format!("{} videos", topic.label.get("en").unwrap_or(&topic.id))
}

/// The videos a tilt means: those of its topic, or all.
fn meant(scenario: &Scenario, tilt: &Tilt) -> String {
    let videos = tilt.topic.map_or_else(|| "videos".to_owned(), |topic| videos(scenario, topic));
    if tilt.origin.is_all(scenario.population.regions.len()) {
        return videos;
    }
    format!("{videos} from {}", region_names(scenario, tilt.origin).join(", "))
}

fn region_names(scenario: &Scenario, some: RegionSet) -> Vec<&str> {
    let regions = scenario.population.regions.iter().enumerate();
    regions.filter(|&(region, _)| some.has(region)).map(|(_, region)| region.id.as_str()).collect()
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
        1.0 => format!("everybody who would have met one of the {videos} is shown it (no change)"),
        0.0 => format!("{videos} are shown to nobody"),
        _ => format!("{} people who would have met one of the {videos} are shown it", of(keep)),
    }
}

/// `3 out of 10 Protest videos are`.
fn some_are(share: f64, videos: &str) -> String {
    match share {
        1.0 => format!("all {videos} are"),
        0.0 => format!("no {videos} are"),
        _ => format!("{} {videos} are", of(share)),
    }
}

const fn nothing_if(none: bool) -> &'static str {
    if none { " (no change)" } else { "" }
}

fn heat(share: f64, items: f64, videos: &str) -> String {
    let places = match share {
        1.0 => "every place in the feed goes".to_owned(),
        0.0 => "no place in the feed goes".to_owned(),
        _ => format!("up to {} % of all places in the feed go", percent(share)),
    };
    let chosen = if items == 1.0 { String::new() } else { format!("a chosen {} % of ", percent(items)) };
    let none = if share == 0.0 { " (no change)" } else { "" };
    format!("{places}, whatever the score, to {chosen}{videos}{none}")
}

/// The words end so that days can follow.
const fn feed(ranker: Ranker) -> &'static str {
    match ranker {
        Ranker::Random => "the feed is ordered by chance alone",
        Ranker::Popularity => "the feed is ordered by popularity alone",
        Ranker::Chronological => "the feed shows the newest videos first",
        Ranker::Oracle => "the feed is ordered by what each person would really like, which no platform can know,",
    }
}

/// What each value weight is the weight of, in the order of [`HEADS`].
const HEAD_WORDS: [&str; HEADS.len()] = [
    "a valid play",
    "a long view",
    "a like",
    "a comment",
    "a share",
    "a follow",
    "\"not interested\"",
    "a second watched",
];

/// The words end so that days can follow.
fn head(scenario: &Scenario, value: [Option<f64>; HEADS.len()], videos: &str) -> String {
    let named = HEAD_WORDS.into_iter().zip(value).zip(scenario.feed.value.weights());
    let changes: Vec<(&str, f64, f64)> =
        named.filter_map(|((words, new), old)| new.map(|new| (words, new, old))).collect();
    let told: Vec<String> = changes
        .iter()
        .map(|(words, new, old)| format!("{words} counts {} instead of {}", exact(*new), exact(*old)))
        .collect();
    let none = if changes.iter().all(|(_, new, old)| new == old) { " (no change)" } else { "" };
    format!("in the score of {videos} {}{none}", listed(&told))
}

/// The words end so that days can follow.
fn jitter(sigma: f64, heads: [bool; HEADS.len()]) -> String {
    let named: Vec<String> =
        HEAD_WORDS.into_iter().zip(heads).filter(|(_, named)| *named).map(|(words, _)| words.to_owned()).collect();
    let factor = exact((sigma.exp() * 1e4).round() / 1e4);
    let none = if sigma == 0.0 { " (no change)" } else { "" };
    let weights = if named.len() == 1 { "weight" } else { "weights" };
    let are = if named.len() == 1 { "is" } else { "are" };
    format!(
        "the {weights} of {} in the score {are} multiplied or divided by {factor}{none}, by one draw for each person and weight,",
        listed(&named)
    )
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[String]) -> String {
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// A share as typed, in per cent.
fn percent(share: f64) -> String {
    exact((share * 1e8).round() / 1e6)
}

/// `half of the`, `9 out of 10`, or `12.5 % of` where tenths do not say it.
fn of(share: f64) -> String {
    let tenths = share * 10.0;
    if share == 0.5 {
        "half of the".to_owned()
    } else if (tenths - tenths.round()).abs() < 1e-9 {
        format!("{} out of 10", exact(tenths.round()))
    } else {
        format!("{} % of", percent(share))
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
        (false, _) => format!(", for {} % of the people{place}", percent(share)),
    }
}

fn classifier(classifier: &Classifier) -> String {
    if classifier.is_perfect() {
        return String::new();
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    /// The sentence of a tilt, in a world with two regions and seven days.
    fn told(tilt: &str) -> String {
        let text = format!(
            "schema = 1\n[population]\nusers = 1000\n[[population.region]]\nid = 'de'\nshare = 0.5\n[[population.region]]\n\
             id = 'at'\nshare = 0.5\n[[arm]]\nname = 'a'\n[[arm.tilt]]\n{tilt}\n"
        );
        let scenario = parse("x", &text, &[]).unwrap_or_else(|error| panic!("{error}"));
        arm(&scenario, &scenario.arms[0])
    }

    #[test]
    fn every_kind_is_told_as_it_could_be_printed() {
        let protest = "topic = 'protest'\n";
        let cases = [
            (
                "kind = 'score'\nmultiply = 0.95",
                "the score of Protest videos is multiplied by 0.95 (5 % lower) on all 7 days",
            ),
            (
                "kind = 'score'\nmultiply = 1",
                "the score of Protest videos is multiplied by 1 (no change) on all 7 days",
            ),
            (
                "kind = 'throttle'\nkeep = 0.9",
                "9 out of 10 people who would have met one of the Protest videos are shown it on all 7 days",
            ),
            (
                "kind = 'throttle'\nkeep = 0.5",
                "half of the people who would have met one of the Protest videos are shown it on all 7 days",
            ),
            (
                "kind = 'throttle'\nkeep = 0.875\nuntil_day = 1",
                "87.5 % of people who would have met one of the Protest videos are shown it on day 0",
            ),
            ("kind = 'throttle'\nkeep = 0", "Protest videos are shown to nobody on all 7 days"),
            (
                "kind = 'throttle'\nkeep = 1",
                "everybody who would have met one of the Protest videos is shown it (no change) on all 7 days",
            ),
            (
                "kind = 'not_for_feed'\nshare = 0.3\nclassifier.recall = 0.8",
                "3 out of 10 Protest videos are kept out of the feed on all 7 days, as far as the platform's classifier finds them \
                 (80 % of them, and 0 % of other videos by mistake)",
            ),
            ("kind = 'not_for_feed'\nshare = 1", "all Protest videos are kept out of the feed on all 7 days"),
            (
                "kind = 'not_for_feed'\nshare = 0",
                "no Protest videos are kept out of the feed (no change) on all 7 days",
            ),
            (
                "kind = 'heat'\nshare = 0.015\nitems = 0.00002",
                "up to 1.5 % of all places in the feed go, whatever the score, to a chosen 0.002 % of Protest videos on all 7 days",
            ),
            (
                "kind = 'heat'\nshare = 0.07\nramp_days = 2",
                "up to 7 % of all places in the feed go, whatever the score, to Protest videos on all 7 days, growing to that over 2 days",
            ),
            (
                "kind = 'heat'\nshare = 1",
                "every place in the feed goes, whatever the score, to Protest videos on all 7 days",
            ),
            (
                "kind = 'heat'\nshare = 0",
                "no place in the feed goes, whatever the score, to Protest videos (no change) on all 7 days",
            ),
        ];
        for (tilt, words) in cases {
            assert_eq!(told(&format!("{protest}{tilt}")), words);
        }
    }

    #[test]
    fn kinds_that_withhold_and_demote_are_told_as_they_could_be_printed() {
        let protest = "topic = 'protest'\n";
        let cases = [
            (
                "kind = 'self_only'\nshare = 0.3",
                "3 out of 10 Protest videos are shown to nobody but those who posted them on all 7 days",
            ),
            (
                "kind = 'self_only'\nshare = 0",
                "no Protest videos are shown to nobody but those who posted them (no change) on all 7 days",
            ),
            ("kind = 'geo_block'\nshare = 1\nregions = ['at']", "all Protest videos are withheld in at on all 7 days"),
            (
                "kind = 'geo_block'\nshare = 0.5\nown_region_only = true\norigin = ['de']",
                "half of the Protest videos from de are withheld everywhere but in the region they come from on all 7 days",
            ),
            (
                "kind = 'reach_cap'\nimpressions = 6000\nitems = 0.25",
                "25 % of Protest videos are taken out of the feed after 6,000 views each on all 7 days",
            ),
            (
                "kind = 'delay'\nhours = 12",
                "all Protest videos are held back for 12 hours after they were posted on all 7 days",
            ),
            (
                "kind = 'delay'\nhours = 0",
                "all Protest videos are held back for 0 hours after they were posted (no change) on all 7 days",
            ),
            (
                "kind = 'cold_start'\nmultiply = 2\nramp_days = 1",
                "new Protest videos weigh 2 times as much in the places reserved for new videos (100 % higher) on all 7 days, growing to \
                 that over 1 day",
            ),
            (
                "kind = 'demote_creators'\nshare = 0.1\nmultiply = 0.5",
                "the score of Protest videos by 10 % of those who post them is multiplied by 0.5 (50 % lower) on all 7 days",
            ),
            (
                "kind = 'demote_creators'\nshare = 0\nmultiply = 0.5",
                "the score of Protest videos by none of those who post them (no change) is multiplied by 0.5 (50 % lower) on all 7 days",
            ),
        ];
        for (tilt, words) in cases {
            assert_eq!(told(&format!("{protest}{tilt}")), words);
        }
    }

    #[test]
    fn a_tilt_without_a_topic_is_told_of_all_videos() {
        let cases = [
            ("kind = 'not_for_feed'\nshare = 0.125", "12.5 % of videos are kept out of the feed on all 7 days"),
            (
                "kind = 'heat'\nshare = 0.01\nitems = 0.5",
                "up to 1 % of all places in the feed go, whatever the score, to a chosen 50 % of videos on all 7 days",
            ),
            (
                "kind = 'feed'\nranker = 'random'\naudience = { regions = ['at'], share = 0.01 }",
                "the feed is ordered by chance alone on all 7 days, for 1 % of the people in at",
            ),
            ("kind = 'feed'\nranker = 'popularity'", "the feed is ordered by popularity alone on all 7 days"),
            (
                "kind = 'feed'\nranker = 'chronological'\nfrom_day = 2\nuntil_day = 4",
                "the feed shows the newest videos first on days 2 to 3",
            ),
            (
                "kind = 'feed'\nranker = 'oracle'",
                "the feed is ordered by what each person would really like, which no platform can know, on all 7 days",
            ),
            (
                "kind = 'head'\nvalue = { comment = 5, long_view = 0.5 }",
                "in the score of videos a long view counts 0.5 instead of 1 and a comment counts 5 instead of 0 on all 7 days",
            ),
            (
                "kind = 'head'\ntopic = 'protest'\nvalue = { like = 6.4296 }\naudience.share = 0.5",
                "in the score of Protest videos a like counts 6.4296 instead of 6.4296 (no change) on all 7 days, for 50 % of the people",
            ),
            (
                "kind = 'jitter'\nsigma = 0.1\nheads = ['long_view', 'like', 'share']",
                "the weights of a long view, a like and a share in the score are multiplied or divided by 1.1052, by one draw for each \
                 person and weight, on all 7 days",
            ),
            (
                "kind = 'jitter'\nsigma = 0\nheads = ['like']",
                "the weight of a like in the score is multiplied or divided by 1 (no change), by one draw for each person and weight, \
                 on all 7 days",
            ),
        ];
        for (tilt, words) in cases {
            assert_eq!(told(tilt), words);
        }
    }
}
