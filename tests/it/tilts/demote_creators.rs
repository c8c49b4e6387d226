//! Demoted creators: chosen as people who post, and all their posts with them.

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::id::ItemId;
use feedtilt::rng::{Decision, coin};

use super::{MUSIC, Ran, ran};

const ARMS: &[(&str, &[&str])] = &[
    ("third", &[r#"kind = "demote_creators", topic = "music", share = 0.33, multiply = 0.1"#]),
    ("half", &[r#"kind = "demote_creators", topic = "music", share = 0.5, multiply = 0.5"#]),
    ("all", &[r#"kind = "demote_creators", topic = "music", share = 1, multiply = 0.5"#]),
    ("score", &[r#"kind = "score", topic = "music", multiply = 0.5"#]),
];

/// The definition: one word for each creator, keyed by the tilt's topic.
fn is_demoted(ran: &Ran, creator: u32, share: f64) -> bool {
    ran.world.seeds().world.of(Decision::ChosenCreator).at(MUSIC as u64).draw(creator.into()) < coin(share)
}

#[test]
fn all_posts_of_a_chosen_creator_on_the_topic_are_meant_and_no_others() {
    let ran = ran(ARMS, &["catalogue.creators_per_user=1"]);
    let (marks, world) = (&ran.world.setup().plan.marks, ran.world.seeds().world);
    let meant = |arm: usize, id: ItemId, creator: u32| {
        marks.catch(&ran.arm(arm).tilts[0]).holds(id.topic(), 0, marks.flags(world, id, id.topic(), creator))
    };
    let mut by_creator: BTreeMap<u32, usize> = BTreeMap::new();
    for (&item, post) in &ran.posts {
        let id = ItemId(item);
        let [third, half, all] = [1, 2, 3].map(|arm| meant(arm, id, post.creator));
        assert_eq!(all, id.topic() == MUSIC);
        assert_eq!(third, all && is_demoted(&ran, post.creator, 0.33));
        assert_eq!(half, all && is_demoted(&ran, post.creator, 0.5));
        assert!(half || !third, "smaller shares lie within larger ones");
        *by_creator.entry(post.creator).or_default() += usize::from(all);
    }
    let creators: BTreeSet<u32> =
        by_creator.iter().filter(|(_, posts)| **posts > 1).map(|(&creator, _)| creator).collect();
    assert!(creators.len() > 10, "creators have several posts: {}", creators.len());
    assert!(
        creators.iter().any(|&one| is_demoted(&ran, one, 0.33))
            && creators.iter().any(|&one| !is_demoted(&ran, one, 0.5))
    );
}

/// Weights fall by .1^(1/.3) = 5·10⁻⁴, so outside of reserved slots the demoted all but vanish and the others of the topic take over.
#[test]
fn the_demoted_are_seen_less_and_others_of_the_topic_are_not() {
    let ran = ran(ARMS, &["feed.cold_start.share=0", "loops.profile=false"]);
    let counts = |arm: usize, demoted: bool| {
        ran.of_topic(arm, MUSIC).filter(|one| is_demoted(&ran, ran.post(one).creator, 0.33) == demoted).count() as f64
    };
    assert!(
        counts(0, true) > 300.0 && counts(1, true) < 0.1 * counts(0, true),
        "{} {}",
        counts(0, true),
        counts(1, true)
    );
    assert!(counts(1, false) > counts(0, false), "{} {}", counts(0, false), counts(1, false));
    (1..=4).for_each(|arm| ran.fills_all_slots(arm));
}

#[test]
fn all_creators_demoted_is_a_score_tilt_on_the_topic() {
    let ran = ran(ARMS, &[]);
    assert!(!ran.course(3).is_empty() && ran.course(3) == ran.course(4));
}
