//! Shares that no appeal can reach, as far as that can be told without a simulation.
//!
//! Nobody is shown a post twice in one passage through the stripes, so a topic cannot have more of a person's day than it has
//! posts to fill it with. What this lets through may still prove out of reach once the appeals have been solved.

use super::Findings;
use super::view::View;
use crate::scenario::Scenario;
use crate::scenario::raw::{Fault, Place};

/// How far beyond the bound a share must lie to be refused here. Near it the mean person says too little, and in the smallest
/// worlds, where the catalogue itself runs out, shares are of what was served.
const SLACK: f64 = 2.0;

/// Checks every topic in every region; one fault for a topic.
pub(super) fn check(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let reads = ["topic", "catalogue", "population", "time", "feed"];
    if !findings.sound(&reads) {
        return;
    }
    let Room { posts, slots } = Room::of(scenario);
    for topic in &scenario.topics {
        let asked = topic.share.iter().fold(0.0, |most: f64, &share| most.max(share));
        let most = topic.supply * posts / slots;
        if asked > most * SLACK {
            let entry = root.array("topic", "id").into_iter().find(|entry| entry.text("id") == topic.id);
            let place = entry.map_or(Place::Whole, |entry| entry.place("share"));
            let problem = format!(
                "a share of {} cannot be met; expected at most {}: the topic has about {} posts for a person's day of {} \
                 videos, and no post is shown twice",
                brief(asked),
                brief(most),
                brief(topic.supply * posts),
                brief(slots)
            );
            let hint = format!(
                "raise topic.{}.supply, which is {}, or have more posts by fewer catalogue.impressions_per_post",
                topic.id,
                brief(topic.supply)
            );
            findings.add(Fault::new(place, format!("topic.{}.share", topic.id), problem).hint(hint));
        }
    }
}

/// What a person can be shown in a day.
struct Room {
    /// Posts of all topics, each as often as its stripe comes by.
    posts: f64,
    /// Videos that the mean person is shown of them.
    slots: f64,
}

impl Room {
    fn of(scenario: &Scenario) -> Self {
        let standing = scenario.posts_per_day() * f64::from(scenario.catalogue.depth_days + 1);
        let passages = f64::from(scenario.time.epochs_per_day) / f64::from(scenario.feed.no_repeat_epochs);
        let asked = scenario.impressions_per_day() / f64::from(scenario.population.users);
        Self { posts: standing * passages, slots: asked.min(standing * passages) }
    }
}

/// Two digits at most: `230`, `0.6`, `0.0012`.
fn brief(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let leading = libm::floor(libm::log10(number)) as i32;
    let unit = libm::pow(10.0, f64::from(leading - 1));
    let rounded = libm::round(number / unit) * unit;
    let text = format!("{rounded:.*}", usize::try_from(1 - leading).unwrap_or(0));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_brief() {
        let of = [0.000_123_4, 0.6, 0.060_4, 1.04, 9.96, 226.0, 12_345.0].map(brief);
        assert_eq!(of, ["0.00012", "0.6", "0.06", "1", "10", "230", "12000"]);
    }
}
