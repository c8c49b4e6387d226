//! Cold start: who gets the slots reserved for new posts.

use feedtilt::trace::{Impression, Source};

use super::{MUSIC, Ran, ran, z};

const ARMS: &[(&str, &[&str])] = &[
    ("three", &[r#"kind = "cold_start", topic = "music", multiply = 3"#]),
    ("third", &[r#"kind = "cold_start", topic = "music", multiply = 0.3333333333333333"#]),
    ("ramp", &[r#"kind = "cold_start", topic = "music", multiply = 9, ramp_days = 1"#]),
    ("from-at", &[r#"kind = "cold_start", topic = "music", multiply = 100, origin = ["at"]"#]),
];

fn cold(ran: &Ran, arm: usize) -> Vec<&Impression> {
    ran.shown(arm).filter(|one| one.source == Source::ColdStart).collect()
}

fn share(of: &[&Impression], meant: impl Fn(&Impression) -> bool) -> f64 {
    of.iter().filter(|one| meant(one)).count() as f64 / of.len() as f64
}

fn is_music(one: &Impression) -> bool {
    super::topic_of(one) == MUSIC
}

/// With a re-rank factor of 1, loops off and a catalogue in which few are seen already, the share of reserved slots is nearly
/// s·m ÷ (1 − s + s·m). About 5,000 reserved slots an arm: three standard errors are .02; creators who stand beside themselves
/// and posts seen move it by less.
fn holds(edits: &[&str]) {
    let plain =
        ["feed.topic_repeat=1", "loops.profile=false", "loops.popularity=false", "catalogue.impressions_per_post=5"];
    let ran = ran(ARMS, &[&plain[..], edits].concat());
    let s = share(&cold(&ran, 0), is_music);
    for (arm, m) in [(1, 3.0), (2, 1.0 / 3.0)] {
        let (found, expected) = (share(&cold(&ran, arm), is_music), s * m / (1.0 - s + s * m));
        assert!(cold(&ran, arm).len() > 3_000 && (found - expected).abs() < 0.035, "{m}: {found} {expected}");
        assert!((s - expected).abs() > 0.1);
        // As many slots are reserved as before.
        let slots = ran.shown(arm).count();
        assert!(z(cold(&ran, arm).len(), slots, 0.2).abs() < 4.0, "{} of {slots}", cold(&ran, arm).len());
    }
    // The ramp passes × √3, × 3 and × 5.2 on its way: more than at the first epoch, less than at the last.
    let of_epoch = |epoch: i64| cold(&ran, 3).into_iter().filter(|one| one.epoch == epoch).collect::<Vec<_>>();
    let [first, last] = [0, 4].map(|epoch| share(&of_epoch(epoch), is_music));
    assert!(s < first && first + 0.1 < last, "{s} {first} {last}");
    // Posts of the region alone are favoured.
    let from_at = |one: &Impression| is_music(one) && ran.post(one).region == 1;
    let others = |one: &Impression| is_music(one) && ran.post(one).region == 0;
    assert!(
        share(&cold(&ran, 4), from_at) > 0.6 && share(&cold(&ran, 4), others) < 0.6 * share(&cold(&ran, 0), others)
    );
    (1..=4).for_each(|arm| ran.fills_all_slots(arm));
}

#[test]
fn gives_reserved_slots_in_proportion_to_weights() {
    holds(&[]);
}

#[test]
fn gives_reserved_slots_in_proportion_to_weights_with_candidates() {
    holds(&["feed.engine=candidates", "feed.candidates=60", "measure.micro_users=0"]);
}
