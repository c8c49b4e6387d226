//! What single people would have noticed, in a sentence.

use super::number::{plural, rough};
use super::tilt;
use crate::measure::UsersEffect;
use crate::scenario::Scenario;

/// Below this share of the people it is hardly anybody.
const HARDLY: f64 = 0.05;

/// The sentence; `None` where nothing is known of single people.
pub fn sentence(scenario: &Scenario, effect: &UsersEffect) -> Option<String> {
    let (median, sd, share) = (effect.median?, effect.own_sd_median?, effect.noticeable_share?);
    let videos = tilt::videos(scenario, effect.topic);
    let people = plural(effect.changes.len() as u64, "person", "people");
    let change = match median {
        0.0 => format!("as many {videos} a week as before"),
        less if less < 0.0 => format!("{} fewer {videos} a week", rough(less)),
        more => format!("{} more {videos} a week", rough(more)),
    };
    Some(format!(
        "{}: of {people} followed, the typical one met {change}, where chance alone makes two weeks of one's own differ by \
         about {}; the change is larger than such chance explains for {}.",
        lead(share),
        rough(std::f64::consts::SQRT_2 * sd),
        whom(share)
    ))
}

fn lead(share: f64) -> &'static str {
    match share {
        0.0 => "No single person would have noticed, even by counting",
        share if share < HARDLY => "Hardly anybody would have noticed, even by counting",
        share if share < 0.5 => "Some people could have noticed by counting",
        _ => "Most people could have noticed by counting",
    }
}

fn whom(share: f64) -> String {
    match share {
        0.0 => "none of them".to_owned(),
        1.0 => "all of them".to_owned(),
        share => format!("{} % of them", rough(share * 100.0)),
    }
}
