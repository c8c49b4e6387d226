//! Reach cap: a post is out once it has been seen so often, thinned before, and what it had beyond is counted.

use std::collections::BTreeMap;

use feedtilt::id::ItemId;
use feedtilt::rng::{Decision, coin, mix, share_of_words};
use feedtilt::trace::Capped;

use super::{MUSIC, Ran, ran};

const CAP: u32 = 20;

/// Few posts, so that most reach the cap some day.
const FEW: &str = "catalogue.impressions_per_post=40";

const ARMS: &[(&str, &[&str])] = &[
    ("music", &[r#"kind = "reach_cap", topic = "music", impressions = 20"#]),
    ("half", &[r#"kind = "reach_cap", topic = "music", impressions = 20, items = 0.5"#]),
    ("short", &[r#"kind = "reach_cap", impressions = 15, until_day = 1"#]),
];

/// Impressions of every post in every epoch in an arm, before its fork in the baseline.
fn by_epoch(ran: &Ran, arm: usize) -> BTreeMap<u64, BTreeMap<i64, u32>> {
    let mut counts: BTreeMap<u64, BTreeMap<i64, u32>> = BTreeMap::new();
    let of_arm = ran.log.iter().filter(|one| one.arm as usize == if one.epoch < 0 { 0 } else { arm });
    of_arm.for_each(|one| *counts.entry(one.item).or_default().entry(one.epoch).or_default() += 1);
    counts
}

/// The definition, post by post from the log: what was left of the cap, whom a post may be shown to, and what it had beyond.
fn recount(ran: &Ran, arm: usize, source: usize, cap: u32, until: i64, capped: &dyn Fn(u64) -> bool) -> (Capped, u32) {
    let (own, counted) = (by_epoch(ran, arm), by_epoch(ran, source));
    let (mut found, mut thinned) = (Capped::default(), 0);
    for (&item, course) in counted.iter().filter(|(item, _)| capped(**item)) {
        let (mut known, mut sought) = (0, 0);
        for epoch in -4..until {
            let shown = course.get(&epoch).copied().unwrap_or(0);
            let in_arm = own.get(&item).and_then(|course| course.get(&epoch)).copied().unwrap_or(0);
            let keep = match cap.saturating_sub(known) {
                _ if epoch < 0 => u64::MAX,
                0 => {
                    assert_eq!(in_arm, 0, "arm {arm}: {item} had {known} before epoch {epoch}");
                    0
                }
                left if sought > left => coin(f64::from(left) / f64::from(sought)),
                _ => u64::MAX,
            };
            if keep != u64::MAX && keep > 0 {
                thinned += 1;
                let word = |user: u32| {
                    let person = ran.world.seeds().world.of(Decision::Throttle).at(u64::from(user)).at(1);
                    person.draw(u64::from(mix(item) as u32))
                };
                let here = ran.shown(arm).filter(|one| one.item == item && one.epoch == epoch);
                here.for_each(|one| assert!(word(one.user) < keep, "arm {arm}: {one:?}"));
            }
            if epoch >= 0 && known < cap && known + shown >= cap {
                found.add((known + shown - cap).into());
            }
            known += shown;
            sought = if source == arm && keep != u64::MAX && keep > 0 {
                (f64::from(shown) / share_of_words(keep)).round() as u32
            } else {
                shown
            };
        }
    }
    (found, thinned)
}

fn is_music(item: u64) -> bool {
    ItemId(item).topic() == MUSIC
}

fn holds(edits: &[&str]) {
    let ran = ran(ARMS, &[&[FEW], edits].concat());
    let chosen = |item: u64| {
        is_music(item) && ran.world.seeds().world.of(Decision::Chosen).at(MUSIC as u64).draw(item) < coin(0.5)
    };
    let capped = &ran.world.tally().capped;
    let (found, thinned) = recount(&ran, 1, 1, CAP, 8, &is_music);
    assert_eq!(capped[1], found);
    assert!(found.posts > 30 && thinned > 20, "{found:?}, thinned {thinned}");
    let (found, _) = recount(&ran, 2, 2, CAP, 8, &chosen);
    assert_eq!(capped[2], found);
    assert!(found.posts > 10);
    // The cap of the first day alone: posts beyond it come back.
    let (found, _) = recount(&ran, 3, 3, 15, 4, &|_| true);
    assert_eq!(capped[3], found);
    let beyond = |arm: usize, cap: u32| {
        let posts = by_epoch(&ran, arm);
        posts.iter().filter(|(item, course)| is_music(**item) && course.values().sum::<u32>() > cap + 10).count()
    };
    assert!(beyond(3, 15) > 10);
    // No post is ever seen more often than cap and stated overshoot say, but for those that were beyond it before.
    let most = u32::try_from(capped[1].most_beyond).expect("few");
    for (item, course) in by_epoch(&ran, 1).into_iter().filter(|(item, _)| is_music(*item)) {
        let before: u32 = course.range(..0).map(|(_, count)| count).sum();
        let all: u32 = course.values().sum();
        assert!(all <= (CAP + most).max(before), "{item}: {all}");
    }
    let of = |arm: usize| {
        by_epoch(&ran, arm)
            .into_iter()
            .filter(|(item, course)| is_music(*item) && course.values().sum::<u32>() > CAP)
            .count()
    };
    assert!(of(0) > of(1), "without a cap more would be beyond it: {} {}", of(0), of(1));
    assert_eq!(capped[0], Capped::default());
    // With so few posts some slots stay empty in any arm; no more than the posts that are out can explain.
    for arm in 1..=2 {
        let [served, unserved] = ran.slots(arm);
        assert_eq!(served + unserved, ran.slots(0).iter().sum::<u64>(), "arm {arm}");
        assert!(unserved * 30 < served, "arm {arm}: {unserved} empty slots beside {served}");
    }
}

#[test]
fn posts_stop_at_the_cap_and_what_is_beyond_is_counted() {
    holds(&[]);
}

#[test]
fn posts_stop_at_the_cap_with_candidates() {
    holds(&["feed.engine=candidates", "feed.candidates=60", "measure.micro_users=0"]);
}

/// The counters are those that the ranker goes by, here the baseline's.
#[test]
fn where_popularity_is_replayed_the_baselines_counts_decide() {
    let ran = ran(ARMS, &[FEW, "loops.popularity=false"]);
    let (_, thinned) = recount(&ran, 1, 0, CAP, 8, &is_music);
    assert!(thinned > 20);
    assert_eq!(ran.world.tally().capped[1], Capped::default(), "an arm without counters of its own counts nothing");
}

/// Thinning hits the cap better than stopping after it: the mean overshoot is a small part of what a post has in an epoch.
#[test]
fn overshoot_is_small() {
    let ran = ran(&ARMS[..1], &[FEW]);
    let Capped { posts, beyond, .. } = ran.world.tally().capped[1];
    let mean = beyond as f64 / posts as f64;
    let epochs: Vec<u32> = by_epoch(&ran, 0)
        .into_iter()
        .filter(|(item, course)| is_music(*item) && course.values().sum::<u32>() >= CAP)
        .flat_map(|(_, course)| course.into_values())
        .collect();
    let an_epoch = f64::from(epochs.iter().sum::<u32>()) / epochs.len() as f64;
    assert!(mean < 0.5 * an_epoch, "{mean} {an_epoch}");
}
