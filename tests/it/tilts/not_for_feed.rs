//! Not for the feed: a share of the posts stands in no slot of any kind.

use std::collections::BTreeSet;

use feedtilt::id::ItemId;
use feedtilt::rng::{Decision, coin};
use feedtilt::trace::{Picked, Source};

use super::{MUSIC, Ran, ran, topic_of, z};

const ARMS: &[(&str, &[&str])] = &[
    ("three", &[r#"kind = "not_for_feed", topic = "music", share = 0.3"#]),
    ("six", &[r#"kind = "not_for_feed", topic = "music", share = 0.6"#]),
    ("any", &[r#"kind = "not_for_feed", share = 0.25"#]),
    ("topic", &[r#"kind = "not_for_feed", topic = "music", share = 1"#]),
    (
        "heated",
        &[
            r#"kind = "not_for_feed", topic = "music", share = 0.3"#,
            r#"kind = "heat", topic = "music", share = 0.2, items = 0.6"#,
        ],
    ),
    (
        "all-heated",
        &[
            r#"kind = "not_for_feed", topic = "music", share = 0.3"#,
            r#"kind = "heat", topic = "music", share = 0.2, items = 0.3"#,
        ],
    ),
];

/// The definition: one word for each post, keyed by the tilt's topic.
fn is_withheld(ran: &Ran, item: u64, target: Option<usize>, share: f64) -> bool {
    let place = target.map_or(u64::MAX, |topic| topic as u64);
    let word = ran.world.seeds().world.of(Decision::Chosen).at(place).draw(item);
    target.is_none_or(|topic| ItemId(item).topic() == topic) && (share == 1.0 || word < coin(share))
}

#[test]
fn withheld_posts_appear_nowhere_and_others_take_their_slots() {
    let ran = ran(ARMS, &[]);
    let music = Some(MUSIC);
    let withheld = [(music, 0.3), (music, 0.6), (None, 0.25), (music, 1.0), (music, 0.3), (music, 0.3)];
    for (arm, (target, share)) in (1..).zip(withheld) {
        assert_eq!(ran.shown(arm).find(|one| is_withheld(&ran, one.item, target, share)), None, "arm {arm}");
        let cold = |one: &&feedtilt::trace::Impression| one.source == Source::ColdStart;
        let would = ran.shown(0).filter(|one| is_withheld(&ran, one.item, target, share));
        assert!(would.filter(cold).count() > 100, "arm {arm}");
        ran.fills_all_slots(arm);
        assert!(ran.shown(arm).any(|one| topic_of(one) != MUSIC));
    }
    assert_eq!(ran.of_topic(4, MUSIC).count(), 0);
    // Heat draws by the same word: posts from .3 to .6 are heated, and where all chosen posts are withheld none is.
    let heated = |arm: usize| ran.shown(arm).filter(|one| one.source == Source::Heat).collect::<Vec<_>>();
    assert!(heated(5).len() > 1_000);
    assert!(heated(5).iter().all(|one| is_withheld(&ran, one.item, Some(MUSIC), 0.6)));
    assert_eq!(heated(6).len(), 0);
}

/// Posts of a catalogue of some 1,600 (500 of the topic), three z-tests at 4: false alarm 2·10⁻⁴.
#[test]
fn the_share_of_posts_withheld_is_met_and_smaller_shares_lie_within_larger_ones() {
    let ran = ran(ARMS, &[]);
    let (marks, seeds) = (&ran.world.setup().plan.marks, ran.world.seeds());
    let posts: Vec<ItemId> =
        ran.world.catalogue().living().map(|slot| ran.world.catalogue().id(slot as usize)).collect();
    let withheld = |arm: usize| -> BTreeSet<u64> {
        let catch = marks.catch(&ran.arm(arm).tilts[0]);
        let meant = |id: &&ItemId| catch.holds(id.topic(), 0, marks.flags(seeds.world, **id, id.topic(), 0));
        posts.iter().filter(meant).map(|id| id.0).collect()
    };
    let music = posts.iter().filter(|id| id.topic() == MUSIC).count();
    for (arm, of, share) in [(1, music, 0.3), (2, music, 0.6), (3, posts.len(), 0.25)] {
        let z = z(withheld(arm).len(), of, share);
        assert!(of > 300 && z.abs() < 4.0, "{share}: {} of {of}, z = {z:.2}", withheld(arm).len());
    }
    assert!(withheld(1).is_subset(&withheld(2)) && withheld(2).is_subset(&withheld(4)));
    assert_eq!(withheld(4).len(), music);
}

/// Counted by the definition, post by post.
#[test]
fn what_a_tilt_has_picked_is_counted() {
    let classified =
        r#"kind = "score", topic = "music", multiply = 0.5, classifier = { recall = 0.8, false_positive_rate = 0.05 }"#;
    let ran = ran(&[ARMS[0], ARMS[2], ("found", &[classified])], &[]);
    let posts: Vec<ItemId> =
        ran.world.catalogue().living().map(|slot| ran.world.catalogue().id(slot as usize)).collect();
    let music = posts.iter().filter(|id| id.topic() == MUSIC).count() as u64;
    let count = |meant: &dyn Fn(&ItemId) -> bool| posts.iter().filter(|id| meant(id)).count() as u64;
    let picked = |arm: usize| ran.world.tally().picked[arm - 1][0];
    let three = count(&|id| is_withheld(&ran, id.0, Some(MUSIC), 0.3));
    assert_eq!(picked(1), Picked { posts: music, picked: three, besides: 0 });
    let any = count(&|id| is_withheld(&ran, id.0, None, 0.25));
    assert_eq!(picked(2), Picked { posts: posts.len() as u64, picked: any, besides: 0 });
    let word = |id: &ItemId| ran.world.seeds().world.of(Decision::Classifier).at(MUSIC as u64).draw(id.0);
    let found = count(&|id| id.topic() == MUSIC && word(id) < coin(0.8));
    let besides = count(&|id| id.topic() != MUSIC && word(id) < coin(0.05));
    assert!(found > 200 && besides > 10 && three > 50);
    assert_eq!(picked(3), Picked { posts: music, picked: found, besides });
}
