//! Self only: with nobody's feed to stand in, the same as not for the feed.

use super::{MUSIC, ran};

#[test]
fn is_not_for_feed_by_another_name_down_to_the_last_impression() {
    let arms: &[(&str, &[&str])] = &[
        ("self", &[r#"kind = "self_only", topic = "music", share = 0.4"#]),
        ("not", &[r#"kind = "not_for_feed", topic = "music", share = 0.4"#]),
        ("more", &[r#"kind = "self_only", topic = "music", share = 0.5"#]),
        ("part", &[r#"kind = "self_only", share = 1, topic = "music", audience = { regions = ["at"] }"#]),
    ];
    let ran = ran(arms, &[]);
    assert!(!ran.course(1).is_empty() && ran.course(1) == ran.course(2));
    assert_ne!(ran.course(1), ran.course(3));
    assert!(ran.of_topic(1, MUSIC).count() > 1_000);
    // Everybody else goes on seeing what some do not.
    assert!(ran.of_topic(4, MUSIC).all(|one| ran.region(one) == 0));
    assert!(ran.of_topic(4, MUSIC).count() > 1_000);
    (1..=4).for_each(|arm| ran.fills_all_slots(arm));
}
