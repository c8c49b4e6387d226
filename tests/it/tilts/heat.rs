//! Heat: a share of all slots, to chosen posts.

use feedtilt::id::ItemId;
use feedtilt::trace::{Counter, Source};

use super::{MUSIC, Ran, ran, topic_of, z};

const ARMS: &[(&str, &[&str])] = &[
    ("any", &[r#"kind = "heat", share = 0.2, items = 0.5"#]),
    ("music", &[r#"kind = "heat", share = 0.1, topic = "music""#]),
    ("few", &[r#"kind = "heat", share = 0.1, topic = "music", items = 0.4"#]),
    (
        "two",
        &[
            r#"kind = "heat", share = 0.05, topic = "news""#,
            r#"kind = "heat", share = 0.15, topic = "music", items = 0.4"#,
        ],
    ),
    ("all-slots", &[r#"kind = "heat", share = 1, topic = "music""#]),
    (
        "withheld",
        &[r#"kind = "heat", share = 0.5, topic = "music""#, r#"kind = "not_for_feed", share = 1, topic = "music""#],
    ),
    ("ramp", &[r#"kind = "heat", share = 0.4, ramp_days = 1"#]),
];

fn heated(ran: &Ran, arm: usize) -> usize {
    ran.shown(arm).filter(|one| one.source == Source::Heat).count()
}

/// Each slot has a coin of its own. Some 25,000 slots in each of six z-tests at 4: false alarm 4·10⁻⁴.
#[test]
fn takes_its_share_of_all_slots() {
    let ran = ran(ARMS, &[]);
    let slots = |arm: usize| ran.shown(arm).count();
    for (arm, share) in [(1, 0.2), (2, 0.1), (3, 0.1), (4, 0.2)] {
        let z = z(heated(&ran, arm), slots(arm), share);
        assert!(z.abs() < 4.0, "arm {arm}: {} of {}, z = {z:.2}", heated(&ran, arm), slots(arm));
    }
    let of = |topic: usize| ran.of_topic(4, topic).filter(|one| one.source == Source::Heat).count();
    for (topic, share) in [(0, 0.05), (MUSIC, 0.15)] {
        let z = z(of(topic), slots(4), share);
        assert!(z.abs() < 4.0, "two: topic {topic}, z = {z:.2}");
    }
    assert_eq!(of(0) + of(MUSIC), heated(&ran, 4));
    // Coins are counted, and what they found no post for: all that was not heated, where there is one heating.
    for arm in 1..=6 {
        let [_, _, _, heats, unheated] = ran.world.tally().acceptance[arm];
        assert_eq!((heats - unheated) as usize, heated(&ran, arm), "arm {arm}");
        assert!(arm < 5 || unheated > 0, "arm {arm}");
    }
    let [_, _, _, heats, unheated] = ran.world.tally().acceptance[6];
    assert!(heats == unheated && z(heats as usize, slots(6), 0.5).abs() < 4.0, "{heats} of {}", slots(6));
    assert_eq!(ran.world.tally().acceptance[0][3..], [0, 0]);
    // What no heat takes goes to new posts as before: .2 of the slots that are left.
    let cold = ran.shown(1).filter(|one| one.source == Source::ColdStart).count();
    let z = z(cold, slots(1) - heated(&ran, 1), 0.2);
    assert!(z.abs() < 4.0, "cold start: z = {z:.2}");
    (1..=7).for_each(|arm| ran.fills_all_slots(arm));
}

#[test]
fn gives_slots_to_chosen_posts_alone_and_falls_back_where_none_is_allowed() {
    let ran = ran(ARMS, &[]);
    let (marks, world) = (&ran.world.setup().plan.marks, ran.world.seeds().world);
    let mut met = [0; 2];
    for (arm, number) in [(1, 0), (2, 0), (3, 0), (4, 1)] {
        let catch = marks.catch(&ran.arm(arm).tilts[number]);
        let chosen = |id: ItemId| catch.holds(id.topic(), 0, marks.flags(world, id, id.topic(), 0));
        for one in ran.shown(arm).filter(|one| one.source == Source::Heat) {
            assert!(chosen(ItemId(one.item)) || (arm == 4 && topic_of(one) == 0), "arm {arm}: {one:?}");
            met[usize::from(chosen(ItemId(one.item)))] += 1;
        }
        let share = [1.0, 1.0, 0.4, 0.4][arm - 1];
        assert!(arm == 1 || ran.of_topic(arm, MUSIC).any(|one| !chosen(ItemId(one.item))) == (share < 1.0));
    }
    assert!(met[1] > 5_000);
    // Posts of one creator do not stand side by side, so not quite every slot can be a heated one.
    let slots = ran.shown(5).count();
    assert!(heated(&ran, 5) * 100 > slots * 95, "{} of {slots}", heated(&ran, 5));
    // All chosen posts are withheld: every slot is an ordinary or a reserved one.
    assert_eq!(heated(&ran, 6), 0);
    assert_eq!(ran.of_topic(6, MUSIC).count(), 0);
}

/// Four z-tests at 4 on some 3,000 slots: false alarm 3·10⁻⁴.
#[test]
fn grows_over_the_ramp() {
    let ran = ran(ARMS, &[]);
    for (epoch, share) in [(0, 0.1), (1, 0.2), (2, 0.3), (4, 0.4)] {
        let of_epoch = || ran.shown(7).filter(|one| one.epoch == epoch);
        let z = z(of_epoch().filter(|one| one.source == Source::Heat).count(), of_epoch().count(), share);
        assert!(z.abs() < 4.0, "epoch {epoch}: z = {z:.2}");
    }
}

#[test]
fn fewer_chosen_posts_lie_within_more() {
    let arms: &[(&str, &[&str])] = &[
        ("two", &[r#"kind = "heat", share = 0.1, items = 0.2"#]),
        ("seven", &[r#"kind = "heat", share = 0.1, items = 0.7"#]),
        ("found", &[r#"kind = "heat", share = 0.1, topic = "music", classifier = { recall = 0.5 }"#]),
    ];
    let ran = ran(arms, &[]);
    let (marks, world) = (&ran.world.setup().plan.marks, ran.world.seeds().world);
    let mut counts = [0; 3];
    for slot in ran.world.catalogue().living() {
        let id = ran.world.catalogue().id(slot as usize);
        let flags = marks.flags(world, id, id.topic(), 0);
        let [two, seven, found] = [1, 2, 3].map(|arm| marks.catch(&ran.arm(arm).tilts[0]).holds(id.topic(), 0, flags));
        assert!(seven || !two);
        assert!(id.topic() == MUSIC || !found);
        counts.iter_mut().zip([two, seven, found]).for_each(|(sum, one)| *sum += usize::from(one));
    }
    assert!(counts[0] > 0 && counts[1] > 2 * counts[0] && counts[2] > 0, "{counts:?}");
}

#[test]
fn the_topic_gains() {
    let ran = ran(ARMS, &[]);
    let share = |arm: usize| {
        let counts = ran.world.tally().by_topic(arm, Counter::Impressions, 0, 2);
        counts[MUSIC] as f64 / counts.iter().sum::<u64>() as f64
    };
    // A tenth of all slots, of which .3 would have been the topic's anyway.
    assert!((share(2) - share(0) - 0.1 * (1.0 - share(0))).abs() < 0.03, "{} {}", share(2), share(0));
}
