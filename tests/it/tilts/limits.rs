//! As many choices of posts as a file may make have room in a post's flags, and draws of their own.

use feedtilt::id::ItemId;
use feedtilt::rng::{Decision, Key, coin};
use feedtilt::tilt::Plan;

use super::{WORLD, arms};
use crate::common::scenario;

#[test]
fn four_choices_of_each_sort_have_bits_of_their_own() {
    let inner: &[&str] = &[
        r#"kind = "score", topic = "music", multiply = 0.9, classifier = { recall = 0.5 }"#,
        r#"kind = "throttle", topic = "music", keep = 0.9, classifier = { recall = 0.5 }"#,
        r#"kind = "not_for_feed", topic = "music", share = 0.5"#,
        r#"kind = "not_for_feed", share = 0.25"#,
        r#"kind = "not_for_feed", share = 0"#,
        r#"kind = "not_for_feed", topic = "news", share = 1"#,
        r#"kind = "heat", share = 0.1, items = 0.1"#,
        r#"kind = "heat", share = 0.1, items = 0.2"#,
        r#"kind = "heat", share = 0.1, items = 0.4"#,
        r#"kind = "heat", share = 0.1, items = 0.8"#,
    ];
    let scenario = scenario(&format!("{WORLD}{}", arms(&[("most", inner)])), &[]);
    let plan = Plan::new(&scenario);
    assert_eq!(plan.marks.row_flags(), 4);
    assert_eq!(plan.variants.count(), 16);
    let tilts = &scenario.arms[0].tilts;
    let bits: Vec<Option<u32>> = tilts.iter().map(|tilt| plan.marks.catch(tilt).flag).collect();
    let expected = [Some(0), Some(0), Some(1), Some(2), Some(3), None, Some(4), Some(5), Some(6), Some(7)];
    assert_eq!(bits, expected);
    assert_eq!(plan.compile(&scenario, Some(&scenario.arms[0]), 0).pools.len(), 4);
    let world = Key::root(1, 0);
    for place in 0..500 {
        for topic in 0..5 {
            let id = ItemId::new(3, topic, place);
            let flags = plan.marks.flags(world, id, topic, 0);
            let chosen = |place: u64, share: f64| world.of(Decision::Chosen).at(place).draw(id.0) < coin(share);
            let found = topic == 2 && world.of(Decision::Classifier).at(2).draw(id.0) < coin(0.5);
            let all = u64::MAX;
            let meant = [
                found,
                topic == 2 && chosen(2, 0.5),
                chosen(all, 0.25),
                false,
                chosen(all, 0.1),
                chosen(all, 0.2),
                chosen(all, 0.4),
                chosen(all, 0.8),
            ];
            for (bit, meant) in meant.into_iter().enumerate() {
                assert_eq!(flags & (1 << bit) != 0, meant, "bit {bit} of {id:?}");
            }
        }
    }
}
