//! Audiences: whoever is not in one notices nothing, as long as nothing is learned from those who are.

use std::collections::BTreeSet;

use feedtilt::rng::{Decision, coin};
use feedtilt::trace::Impression;

use super::ran;

/// All kinds, each for half the people; both loops are off, so the other half reads the baseline's profiles and counters.
#[test]
fn those_outside_are_bit_identical_to_the_baseline() {
    let half = "audience = { share = 0.5 }";
    let tilts = [
        r#"kind = "score", topic = "music", multiply = 0.5"#,
        r#"kind = "throttle", topic = "music", keep = 0.3"#,
        r#"kind = "not_for_feed", share = 0.3"#,
        r#"kind = "heat", share = 0.2, topic = "music""#,
        r#"kind = "feed", ranker = "random""#,
        r#"kind = "feed", ranker = "popularity""#,
        r#"kind = "feed", ranker = "chronological""#,
        r#"kind = "feed", ranker = "oracle""#,
        r#"kind = "head", value = { long_view = 0.2, comment = 5 }"#,
        r#"kind = "head", topic = "music", value = { long_view = 0.2 }"#,
        r#"kind = "jitter", sigma = 0.5, heads = ["long_view", "like"]"#,
    ];
    let tilts: Vec<String> = tilts.iter().map(|tilt| format!("{tilt}, {half}")).collect();
    let names: Vec<String> = (0..tilts.len()).map(|number| format!("arm-{number}")).collect();
    let inside: Vec<[&str; 1]> = tilts.iter().map(|tilt| [tilt.as_str()]).collect();
    let arms: Vec<(&str, &[&str])> =
        names.iter().zip(&inside).map(|(name, tilts)| (name.as_str(), &tilts[..])).collect();
    let ran = ran(&arms, &["loops.profile=false", "loops.popularity=false"]);
    let audience: BTreeSet<u32> = (0..150)
        .filter(|&user| ran.world.seeds().world.of(Decision::Audience).draw(u64::from(user)) < coin(0.5))
        .collect();
    assert!((50..100).contains(&audience.len()), "{}", audience.len());
    for (arm, tilt) in (1..).zip(&tilts) {
        let course = |arm: usize, inside: bool| -> Vec<Impression> {
            let theirs = ran.shown(arm).filter(|one| audience.contains(&one.user) == inside);
            theirs.map(|one| Impression { arm: 0, ..*one }).collect()
        };
        assert!(!course(0, false).is_empty());
        assert!(course(arm, false) == course(0, false), "{tilt}");
        assert!(course(arm, true) != course(0, true), "{tilt}");
    }
}
