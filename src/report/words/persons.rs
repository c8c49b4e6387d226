//! What single people would have noticed, in a sentence.

use super::number::{plural, rough};
use super::tilt;
use crate::measure::UsersEffect;
use crate::measure::micro::NOTICEABLE;
use crate::scenario::Scenario;

/// Below this share of the people it is hardly anybody.
const HARDLY: f64 = 0.05;

/// A change of fewer videos a week is as good as none.
const NOTHING: f64 = 0.05;

/// The sentence; `None` where nothing is known of single people. It quotes the share without the ghosts' noise where there
/// is one, but says "nobody" only where nobody was found noise and all.
pub fn sentence(scenario: &Scenario, effect: &UsersEffect, whose: &str) -> Option<String> {
    let (median, sd, found) = (effect.median?, effect.own_sd_median?, effect.noticeable_share?);
    // Where noise cannot be taken out the share is a rough one; mostly too large.
    let (about, share) = match effect.without_noise.noticeable_share {
        Some(share) => ("", share),
        None => ("roughly ", found),
    };
    let videos = tilt::videos(scenario, effect.topic);
    let people = plural(effect.changes.len() as u64, "person", "people");
    let change = match median {
        0.0 => format!("as many {videos} a week as otherwise"),
        next_to_nothing if next_to_nothing.abs() < NOTHING => {
            format!("practically as many {videos} a week as otherwise")
        }
        less if less < 0.0 => format!("{} fewer {videos} a week", rough(less)),
        more => format!("{} more {videos} a week", rough(more)),
    };
    Some(format!(
        "{} of {people} followed{whose} {}: the typical one can expect {change}, where chance alone makes two weeks of \
         one's own differ by up to {}, 19 times in 20; the change is larger than such chance explains for {}.",
        lead(found, share)[0],
        lead(found, share)[1],
        rough(NOTICEABLE * sd),
        whom(found, share, about)
    ))
}

/// Who notices: whoever would do so more likely than not.
fn lead(found: f64, share: f64) -> [&'static str; 2] {
    match share {
        _ if found == 0.0 => ["None", "was likely to notice, even by counting"],
        share if share < HARDLY => ["Hardly any", "were likely to notice, even by counting"],
        share if share < 0.5 => ["Some", "were likely to notice by counting"],
        _ => ["Most", "were likely to notice by counting"],
    }
}

fn whom(found: f64, share: f64, about: &str) -> String {
    match share {
        _ if found == 0.0 => "none of them".to_owned(),
        0.0 => "next to none of them".to_owned(),
        1.0 => "all of them".to_owned(),
        share => format!("{about}{} % of them", rough(share * 100.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::WithoutNoise;
    use crate::scenario::parse;

    fn told(median: f64, noticeable_share: f64, without: Option<f64>) -> Option<String> {
        let text = "schema = 1\nname = 'x'\n[population]\nusers = 1000\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\n\
                    label = { en = 'Apple' }\nshare = 0.2\n[[topic]]\nid = 'b'\nshare = 0.8\n";
        let effect = UsersEffect {
            changes: vec![0.0; 1_000],
            median: Some(median),
            own_sd_median: Some(5.0),
            noticeable_share: Some(noticeable_share),
            without_noise: WithoutNoise { noticeable_share: without, ..WithoutNoise::default() },
            ..UsersEffect::default()
        };
        sentence(&parse("x.toml", text, &[]).unwrap(), &effect, "")
    }

    #[test]
    fn nobody_is_said_of_nobody_alone() {
        assert_eq!(
            told(-1.93, 0.0, Some(0.0)).unwrap(),
            "None of 1,000 people followed was likely to notice, even by counting: the typical one can expect 1.9 \
             fewer Apple videos a week, where chance alone makes two weeks of one's own differ by up to 14, 19 times in 20; the change is \
             larger than such chance explains for none of them."
        );
        let few = told(-1.93, 0.02, Some(0.0)).unwrap();
        assert!(
            few.starts_with("Hardly any of 1,000 people followed were likely to notice, ")
                && few.ends_with("for next to none of them."),
            "{few}"
        );
    }

    #[test]
    fn the_share_told_is_the_one_without_noise() {
        assert!(told(2.0, 0.06, Some(0.012)).unwrap().ends_with("for 1.2 % of them."));
        assert!(told(2.0, 0.06, None).unwrap().ends_with("for roughly 6.0 % of them."), "where there is one");
        assert!(told(2.0, 0.2, Some(0.1)).unwrap().contains("can expect 2.0 more Apple videos a week"));
        assert!(told(2.0, 0.2, Some(0.1)).unwrap().starts_with("Some of 1,000 people followed were likely to notice"));
        let all = told(20.0, 1.0, Some(1.0)).unwrap();
        assert!(
            all.starts_with("Most of 1,000 people followed were likely to notice") && all.ends_with("for all of them."),
            "{all}"
        );
        assert!(told(0.0, 0.0, None).unwrap().contains("can expect as many Apple videos a week as otherwise"));
        assert!(told(-0.0056, 0.0, None).unwrap().contains("can expect practically as many Apple videos a week as"));
        assert!(told(0.051, 0.0, None).unwrap().contains("can expect 0.051 more Apple videos a week"));
    }

    #[test]
    fn without_a_week_nothing_is_said() {
        let scenario = parse("x.toml", "schema = 1\nname = 'x'\n[population]\nusers = 1000\n", &[]).unwrap();
        assert_eq!(sentence(&scenario, &UsersEffect::default(), ""), None);
    }
}
