//! Delay: nothing before a post is old enough, everything from then on.

use feedtilt::rng::{Decision, coin};
use feedtilt::trace::{Impression, Source};

use super::{MUSIC, Ran, ran};

const ARMS: &[(&str, &[&str])] = &[
    ("twelve", &[r#"kind = "delay", topic = "music", hours = 12"#]),
    ("half", &[r#"kind = "delay", topic = "music", hours = 18, items = 0.5"#]),
    ("any", &[r#"kind = "delay", hours = 6"#]),
    ("day", &[r#"kind = "delay", topic = "music", hours = 24, until_day = 1"#]),
    (
        "newest",
        &[
            r#"kind = "delay", topic = "music", hours = 12"#,
            r#"kind = "feed", ranker = "chronological""#,
            r#"kind = "heat", topic = "music", share = 0.1"#,
        ],
    ),
];

fn age(ran: &Ran, one: &Impression) -> i64 {
    one.epoch - i64::from(ran.post(one).born)
}

fn holds(edits: &[&str]) {
    let ran = ran(ARMS, edits);
    let of =
        |arm: usize, meant: &dyn Fn(&Impression) -> bool| ran.of_topic(arm, MUSIC).filter(|one| meant(one)).count();
    let chosen =
        |one: &Impression| ran.world.seeds().world.of(Decision::Chosen).at(MUSIC as u64).draw(one.item) < coin(0.5);
    for epochs in 0..4 {
        assert!(of(0, &|one| age(&ran, one) == epochs) > 20, "there is something to hold back");
    }
    assert_eq!(of(1, &|one| age(&ran, one) < 2), 0);
    assert!(of(1, &|one| age(&ran, one) == 2) > 20, "not an epoch longer");
    assert!(ran.of_topic(1, MUSIC).any(|one| one.source == Source::ColdStart), "new posts still get reserved slots");
    assert_eq!(of(2, &|one| age(&ran, one) < 3 && chosen(one)), 0);
    assert!(
        of(2, &|one| age(&ran, one) < 3 && !chosen(one)) > 20 && of(2, &|one| age(&ran, one) == 3 && chosen(one)) > 10
    );
    assert_eq!(ran.shown(3).filter(|one| age(&ran, one) < 1).count(), 0);
    assert!(ran.shown(3).filter(|one| age(&ran, one) == 1).count() > 100);
    assert_eq!(of(4, &|one| age(&ran, one) < 4 && one.epoch < 4), 0);
    assert!(of(4, &|one| age(&ran, one) < 4 && one.epoch >= 4) > 20, "the tilt has ended");
    assert_eq!(of(5, &|one| age(&ran, one) < 2), 0, "another ranker is a feed too");
    assert!(of(5, &|one| age(&ran, one) == 2) > 20);
    (1..=5).for_each(|arm| ran.fills_all_slots(arm));
}

#[test]
fn holds_posts_back_until_they_are_old_enough() {
    holds(&[]);
}

#[test]
fn holds_posts_back_where_ages_differ_and_with_candidates() {
    holds(&["feed.freshness=[1.2, 1.1, 1.0, 0.9]"]);
    holds(&["feed.engine=candidates", "feed.candidates=60", "measure.micro_users=0"]);
}
