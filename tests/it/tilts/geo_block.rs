//! Geo-block: nothing where a post is blocked, everything elsewhere.

use feedtilt::rng::{Decision, coin};
use feedtilt::trace::Impression;

use super::{MUSIC, Ran, ran, topic_of};

const AT: usize = 1;

const ARMS: &[(&str, &[&str])] = &[
    ("half-in-at", &[r#"kind = "geo_block", topic = "music", share = 0.5, regions = ["at"]"#]),
    ("not-for-at", &[r#"kind = "not_for_feed", topic = "music", share = 0.5, audience = { regions = ["at"] }"#]),
    ("own", &[r#"kind = "geo_block", topic = "music", share = 1, own_region_only = true"#]),
    ("half-own", &[r#"kind = "geo_block", topic = "music", share = 0.5, own_region_only = true"#]),
    ("from-at", &[r#"kind = "geo_block", topic = "music", share = 1, origin = ["at"], regions = ["de"]"#]),
    ("not-from-at", &[r#"kind = "not_for_feed", topic = "music", share = 1, origin = ["at"]"#]),
    (
        "heated",
        &[
            r#"kind = "geo_block", topic = "music", share = 1, own_region_only = true"#,
            r#"kind = "heat", topic = "music", share = 0.2"#,
        ],
    ),
];

/// The definition of the share: the word of a post, keyed by the tilt's topic.
fn is_chosen(ran: &Ran, one: &Impression) -> bool {
    ran.world.seeds().world.of(Decision::Chosen).at(MUSIC as u64).draw(one.item) < coin(0.5)
}

fn counts(ran: &Ran, arm: usize, meant: impl Fn(&Impression) -> bool) -> usize {
    ran.of_topic(arm, MUSIC).filter(|one| meant(one)).count()
}

fn holds(edits: &[&str]) {
    let ran = ran(ARMS, edits);
    let of = |arm: usize, meant: &dyn Fn(&Impression) -> bool| counts(&ran, arm, meant);
    let (from, to) = (|one: &Impression| ran.post(one).region as usize, |one: &Impression| ran.region(one));
    // There is something to block, in each region from each.
    for (source, target) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert!(of(0, &|one| from(one) == source && to(one) == target && is_chosen(&ran, one)) > 100);
    }
    assert_eq!(of(1, &|one| is_chosen(&ran, one) && to(one) == AT), 0);
    assert!(of(1, &|one| is_chosen(&ran, one) && to(one) != AT) > 1_000, "elsewhere they are shown");
    assert!(of(1, &|one| !is_chosen(&ran, one) && to(one) == AT) > 300, "others are shown there");
    assert_eq!(of(3, &|one| from(one) != to(one)), 0);
    assert!(of(3, &|one| from(one) == AT && to(one) == AT) > 100 && of(3, &|one| from(one) == 0) > 1_000);
    assert_eq!(of(4, &|one| from(one) != to(one) && is_chosen(&ran, one)), 0);
    assert!(of(4, &|one| from(one) != to(one)) > 300, "those not chosen go abroad");
    assert!(of(4, &|one| from(one) == to(one) && is_chosen(&ran, one)) > 300, "the chosen stay at home");
    assert_eq!(of(5, &|one| from(one) == AT && to(one) != AT), 0);
    assert!(of(5, &|one| from(one) == AT && to(one) == AT) > 100 && of(5, &|one| from(one) != AT) > 1_000);
    assert_eq!(of(6, &|one| from(one) == AT), 0);
    assert!(of(6, &|one| from(one) != AT) > 1_000);
    assert_eq!(of(7, &|one| from(one) != to(one)), 0, "heated slots are part of the feed");
    for arm in 1..=7 {
        assert!(ran.shown(arm).filter(|one| topic_of(one) != MUSIC).any(|one| from(one) != to(one)), "arm {arm}");
        ran.fills_all_slots(arm);
    }
    assert_eq!(ran.course(1), ran.course(2), "a block in a region is not for the feed of its people");
}

#[test]
fn blocks_where_it_should_and_nowhere_else() {
    holds(&[]);
}

#[test]
fn blocks_where_it_should_with_candidates() {
    holds(&["feed.engine=candidates", "feed.candidates=60", "measure.micro_users=0"]);
}
