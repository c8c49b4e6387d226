//! People outside of an audience are counted apart, and what reaches them comes through counters.

use feedtilt::rng::{Decision, coin};

use super::{MUSIC, Ran, ran};

const ARMS: &[(&str, &[&str])] = &[
    ("half", &[r#"kind = "score", topic = "music", multiply = 0.5, audience = { share = 0.5 }"#]),
    ("second-day", &[r#"kind = "score", topic = "music", multiply = 0.5, from_day = 1, audience = { share = 0.5 }"#]),
    (
        "first-day",
        &[r#"kind = "score", topic = "music", multiply = 0.5, until_day = 1, audience = { regions = ["at"] }"#],
    ),
    ("everybody", &[r#"kind = "score", topic = "music", multiply = 0.5"#]),
    ("no-effect", &[r#"kind = "score", topic = "music", multiply = 1, audience = { share = 0.5 }"#]),
];

/// Music that people outside of an arm's audience met in epochs from `from` to before `until`, in the baseline and the arm.
fn recount(ran: &Ran, arm: usize, [from, until]: [i64; 2]) -> [u64; 2] {
    let audience = &ran.arm(arm).tilts[0].audience;
    let outside = |user: u32| {
        let word = ran.world.seeds().world.of(Decision::Audience).draw(user.into());
        let region = usize::from(ran.world.people().region[user as usize]);
        !audience.regions[region] || (audience.share < 1.0 && word >= coin(audience.share))
    };
    [0, arm].map(|side| {
        let theirs = ran.of_topic(side, MUSIC).filter(|one| outside(one.user) && (from..until).contains(&one.epoch));
        theirs.count() as u64
    })
}

#[test]
fn theirs_are_the_impressions_of_the_log_over_the_tilted_days() {
    let ran = ran(ARMS, &[]);
    let counted = |arm: usize| ran.world.tally().outside[arm].first().copied();
    for (arm, epochs) in [(1, [0, 8]), (2, [4, 8]), (3, [0, 4]), (5, [0, 8])] {
        let expected = recount(&ran, arm, epochs);
        assert_eq!(counted(arm), Some(expected), "arm {arm}");
        assert!(expected[0] > 300, "arm {arm}: {expected:?}");
    }
    assert_eq!(counted(4), None, "nobody is outside");
    assert_eq!(counted(0), None);
    let [baseline, arm] = recount(&ran, 1, [0, 8]);
    assert_ne!(baseline, arm, "counters connect them");
    let [baseline, arm] = recount(&ran, 5, [0, 8]);
    assert_eq!(baseline, arm);
}

#[test]
fn nothing_spills_over_where_counters_are_replayed() {
    let ran = ran(ARMS, &["loops.popularity=false"]);
    for arm in [1, 2, 3] {
        let [baseline, own] = ran.world.tally().outside[arm][0];
        assert!(baseline == own && own > 300, "arm {arm}");
    }
}
