//! Throttle: what is kept from a person stays kept, whichever way a post might come.

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::id::ItemId;
use feedtilt::rng::{Decision, coin, mix};
use feedtilt::trace::{Counter, Impression, Source};

use super::{MUSIC, Ran, ran, z};

const KEEP_6: &str = r#"kind = "throttle", topic = "music", keep = 0.6"#;
const KEEP_3: &str = r#"kind = "throttle", topic = "music", keep = 0.3"#;
const HEAT: &str = r#"kind = "heat", share = 0.2, topic = "music""#;

/// The definition: one word for each person and post, the same on every day and in every world with these people and posts.
fn is_kept_from(ran: &Ran, impression: &Impression, keep: f64) -> bool {
    let person = ran.world.seeds().world.of(Decision::Throttle).at(u64::from(impression.user));
    person.draw(u64::from(mix(impression.item) as u32)) >= coin(keep)
}

/// A small catalogue, so that people run out of posts and see many on both days.
fn small() -> Ran {
    let edits = ["catalogue.impressions_per_post=300", "feed.cold_start.until=600"];
    ran(&[("six", &[KEEP_6]), ("three", &[KEEP_3]), ("heated", &[KEEP_6, HEAT]), ("both", &[KEEP_6, KEEP_3])], &edits)
}

#[test]
fn what_is_kept_from_a_person_reaches_them_on_no_day_and_in_no_slot() {
    let ran = small();
    for (arm, keep) in [(1, 0.6), (2, 0.3), (3, 0.6), (4, 0.3)] {
        let leaked = ran.of_topic(arm, MUSIC).find(|one| is_kept_from(&ran, one, keep));
        assert_eq!(leaked, None, "arm {arm}");
        assert!(ran.world.tally().acceptance[arm][1] > 100, "the slow path was hardly met in arm {arm}");
        assert!(ran.of_topic(arm, MUSIC).count() > 1_000);
    }
    // That says something only where such posts would have come, on both days and from all kinds of slots.
    let mut days: BTreeMap<(u32, u64), BTreeSet<i64>> = BTreeMap::new();
    for one in ran.of_topic(0, MUSIC).filter(|one| is_kept_from(&ran, one, 0.6)) {
        days.entry((one.user, one.item)).or_default().insert(one.epoch / 4);
    }
    assert!(days.values().filter(|days| days.len() == 2).count() > 100);
    assert_eq!(ran.sources(0, MUSIC), BTreeSet::from([Source::Ordinary, Source::ColdStart]));
    assert_eq!(ran.sources(3, MUSIC), BTreeSet::from([Source::Ordinary, Source::ColdStart, Source::Heat]));
}

/// Some 5,000 pairs in each of two z-tests at 4: false alarm 1.3·10⁻⁴.
#[test]
fn the_share_of_pairs_that_is_let_through_is_keep() {
    let ran = small();
    let pairs: BTreeMap<(u32, u64), Impression> =
        ran.of_topic(0, MUSIC).map(|one| ((one.user, one.item), *one)).collect();
    assert!(pairs.len() > 3_000, "{}", pairs.len());
    for keep in [0.6, 0.3] {
        let through = pairs.values().filter(|one| !is_kept_from(&ran, one, keep)).count();
        let z = z(through, pairs.len(), keep);
        assert!(z.abs() < 4.0, "keep {keep}: {through} of {}, z = {z:.2}", pairs.len());
    }
}

#[test]
fn what_a_stronger_throttle_lets_through_a_weaker_one_does_too() {
    let ran = small();
    let rules = |arm: usize| ran.world.setup().plan.compile(ran.scenario(), Some(ran.arm(arm)), 0);
    let (six, three, both) = (rules(1), rules(2), rules(4));
    let mut admitted = [0; 3];
    for user in 0..150u64 {
        let key = ran.world.seeds().world.of(Decision::Throttle).at(user);
        for slot in ran.world.catalogue().living() {
            let name = mix(ran.world.catalogue().id(slot as usize).0) as u32;
            let [weak, strong, all] = [&six, &three, &both].map(|rules| rules.special[0].admits(MUSIC, name, key));
            assert!(weak || !strong);
            assert_eq!(all, strong);
            assert!(six.special[0].admits(MUSIC + 1, name, key));
            admitted.iter_mut().zip([weak, strong, all]).for_each(|(sum, one)| *sum += usize::from(one));
        }
    }
    assert!(admitted[1] > 0 && admitted[0] > admitted[1]);
}

#[test]
fn grows_over_the_ramp() {
    let ran = ran(&[("ramp", &[r#"kind = "throttle", topic = "music", keep = 0.2, ramp_days = 1"#])], &[]);
    for (epoch, keep) in [(0, 0.8), (1, 0.6), (2, 0.4), (3, 0.2), (7, 0.2)] {
        let shown: Vec<&Impression> = ran.of_topic(1, MUSIC).filter(|one| one.epoch == epoch).collect();
        assert!(shown.iter().all(|one| !is_kept_from(&ran, one, keep)), "epoch {epoch}");
        // No more is kept than that.
        assert!(shown.iter().any(|one| is_kept_from(&ran, one, keep - 0.1)), "epoch {epoch}");
    }
}

#[test]
fn a_classifier_that_errs_throttles_what_it_finds() {
    let tilt =
        r#"kind = "throttle", topic = "music", keep = 0, classifier = { recall = 0.6, false_positive_rate = 0.1 }"#;
    let ran = ran(&[("found", &[tilt])], &[]);
    let catch = ran.world.setup().plan.marks.catch(&ran.arm(1).tilts[0]);
    let found = |one: &Impression| {
        let (id, topic) = (ItemId(one.item), ItemId(one.item).topic());
        catch.holds(topic, 0, ran.world.setup().plan.marks.flags(ran.world.seeds().world, id, topic, 0))
    };
    assert_eq!(ran.shown(1).find(|one| found(one)), None);
    assert!(ran.of_topic(1, MUSIC).count() > 100, "missed posts are shown");
    let wrong = ran.shown(0).filter(|one| ItemId(one.item).topic() != MUSIC && found(one)).count();
    assert!(wrong > 100, "false positives are kept");
}

#[test]
fn the_topic_loses_more_the_less_is_kept() {
    // In so small a world the sharper default ranking gives a topic's best posts a part of what others lose.
    let ran = ran(&[("six", &[KEEP_6]), ("three", &[KEEP_3])], &["feed.temperature=0.4"]);
    let music = |arm: usize| ran.world.tally().by_topic(arm, Counter::Impressions, 0, 2)[MUSIC] as f64;
    assert!(music(1) < 0.8 * music(0), "{} {}", music(1), music(0));
    assert!(music(2) < 0.7 * music(1), "{} {}", music(2), music(1));
    ran.fills_all_slots(1);
    ran.fills_all_slots(2);
}
