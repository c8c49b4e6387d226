//! Every slot of a response against the exact law, where a tilt puts a rule on it that masses cannot express.
//!
//! Each case: 200,000 responses of four slots, χ² per slot at 10⁻⁴, so a false alarm in 4·10⁻⁴ of cases; there are 27.

use feedtilt::rng::{Key, coin};
use feedtilt::scenario::Value;

use super::tiny::{Post, Tiny};

const RESPONSES: u64 = 200_000;

/// Seven posts of three topics by four creators, three of them new. Flags: bit 0 of rows, bits 4 and 5 of heat.
const SEVEN: [Post; 7] = [
    (0, 0, 1, -1, [20, 8, 1], 0b01_0000),
    (0, 1, 2, -6, [150, 70, 4], 0b00_0001),
    (1, 2, 1, -3, [90, 20, 2], 0b11_0001),
    (1, 0, 3, -20, [900, 400, 20], 0b10_0000),
    (1, 1, 4, -40, [5_000, 1_200, 30], 0b01_0001),
    (2, 0, 2, -9, [300, 60, 1], 0b00_0000),
    (2, 2, 4, -33, [2_500, 1_500, 90], 0b00_0000),
];

const THROTTLE: &str = r#"kind = "throttle", topic = "b", keep = 0.5"#;

fn has(bit: u32) -> Vec<bool> {
    SEVEN.iter().map(|post| post.5 >> bit & 1 == 1).collect()
}

fn fits(tiny: &Tiny, laws: &[Vec<f64>], what: &str) {
    let p = tiny.fit(laws, RESPONSES);
    assert!(p > 1e-4, "{what}: p = {p:e}\n{laws:?}");
}

/// People by the posts of topic b (2, 3, 4) that are kept from them.
fn people(tiny: &Tiny) -> Vec<(Vec<usize>, Key)> {
    let kept = |key: Key| (2..5).filter(|&post: &usize| key.draw(post as u64) >= coin(0.5)).collect::<Vec<_>>();
    let root = tiny.person;
    let mut found: Vec<(Vec<usize>, Key)> = Vec::new();
    for key in (0..200).map(|user| root.at(user)) {
        if !found.iter().any(|(other, _)| *other == kept(key)) {
            found.push((kept(key), key));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

#[test]
fn throttle_leaves_the_law_over_the_rest_as_it_is() {
    let mut tiny = Tiny::new(&SEVEN, &[THROTTLE], &[]);
    let people = people(&tiny);
    assert_eq!(people.len(), 8, "all subsets of three posts");
    for (kept, key) in people {
        tiny.person = key;
        let mut law = tiny.untilted();
        kept.iter().for_each(|&post| law.open[post] = false);
        assert!((2..5).all(|post| tiny.is_kept_from(post, coin(0.5)) == kept.contains(&post)));
        fits(&tiny, &tiny.enumerate(&law), &format!("kept {kept:?}"));
    }
}

/// A throttle that forgets the pool of new posts, or that acts as a factor on the score, is told apart.
#[test]
fn a_throttle_that_does_something_else_is_caught() {
    let mut tiny = Tiny::new(&SEVEN, &[THROTTLE], &[]);
    let (_, key) = people(&tiny).into_iter().find(|(kept, _)| *kept == [2]).expect("all subsets");
    tiny.person = key;
    let mut factor = tiny.untilted();
    (2..5).for_each(|post| factor.weights[post] *= 0.5);
    let mut pool = tiny.untilted();
    pool.weights[2] = 0.0;
    for wrong in [factor, pool] {
        assert!(tiny.fit(&tiny.enumerate(&wrong), RESPONSES) < 1e-4);
    }
}

#[test]
fn not_for_feed_takes_posts_out_of_every_kind_of_slot() {
    let tiny = Tiny::new(&SEVEN, &[r#"kind = "not_for_feed", share = 0.5"#], &[]);
    let mut law = tiny.untilted();
    law.open = has(0).into_iter().map(|flagged| !flagged).collect();
    fits(&tiny, &tiny.enumerate(&law), "a share of all posts");
    let tiny = Tiny::new(&SEVEN, &[r#"kind = "not_for_feed", topic = "b", share = 1"#], &[]);
    law.open = SEVEN.iter().map(|post| post.0 != 1).collect();
    fits(&tiny, &tiny.enumerate(&law), "a topic");
}

#[test]
fn heat_takes_its_share_first_and_draws_uniformly_from_what_is_allowed() {
    let heat = r#"kind = "heat", share = 0.25, items = 0.5"#;
    let tiny = Tiny::new(&SEVEN, &[heat], &[]);
    let mut law = tiny.untilted();
    law.reserved = vec![(0.25, has(4))];
    fits(&tiny, &tiny.enumerate(&law), "one heat");
    // Planted: cold start before heat; heat by weight; a share that is a tenth too small.
    let mut late = law.clone();
    late.reserved[0].0 *= 1.0 - late.cold;
    let mut less = law.clone();
    less.reserved[0].0 *= 0.9;
    for wrong in [late, less] {
        assert!(tiny.fit(&tiny.enumerate(&wrong), RESPONSES) < 1e-4);
    }
    let second = r#"kind = "heat", share = 0.4, topic = "b", items = 0.25"#;
    let tiny = Tiny::new(&SEVEN, &[heat, second], &[]);
    law.reserved.push((0.4, has(5)));
    fits(&tiny, &tiny.enumerate(&law), "two heats");
}

#[test]
fn heat_of_throttled_and_of_withheld_posts_falls_back() {
    let heat = r#"kind = "heat", share = 0.4, topic = "b""#;
    let topic: Vec<bool> = SEVEN.iter().map(|post| post.0 == 1).collect();
    let mut tiny = Tiny::new(&SEVEN, &[heat, THROTTLE], &[]);
    for (kept, key) in people(&tiny).into_iter().filter(|(kept, _)| *kept == [2, 4] || kept.len() == 3) {
        tiny.person = key;
        let mut law = tiny.untilted();
        law.reserved = vec![(0.4, topic.clone())];
        kept.iter().for_each(|&post| law.open[post] = false);
        fits(&tiny, &tiny.enumerate(&law), &format!("heat, kept {kept:?}"));
    }
    // The tilts' flags: bit 0 for what is withheld, bit 4 for what is heated; posts 2 and 4 have both, post 0 the second.
    let withheld = r#"kind = "not_for_feed", share = 0.5"#;
    let tiny = Tiny::new(&SEVEN, &[r#"kind = "heat", share = 0.4, items = 0.5"#, withheld], &[]);
    let mut law = tiny.untilted();
    law.reserved = vec![(0.4, has(4))];
    law.open = has(0).into_iter().map(|flagged| !flagged).collect();
    fits(&tiny, &tiny.enumerate(&law), "heat of withheld posts");
}

#[test]
fn heat_without_a_second_post_of_a_topic_falls_back() {
    let tiny = Tiny::new(&SEVEN, &[r#"kind = "heat", share = 0.4, topic = "b""#], &["feed.topic_repeat=0"]);
    let mut law = tiny.untilted();
    law.reserved = vec![(0.4, SEVEN.iter().map(|post| post.0 == 1).collect())];
    fits(&tiny, &tiny.enumerate(&law), "no topic twice");
}

/// One topic's posts are scored by other weights, the rest by the scenario's; reserved slots know nothing of it. Ghosts read the
/// same law.
#[test]
fn head_scores_the_posts_that_it_means_by_its_weights() {
    let of_topic = r#"kind = "head", topic = "b", value = { long_view = 0.1, like = 9.0 }"#;
    let of_all = r#"kind = "head", value = { comment = 30.0 }"#;
    let cases: [(&[&str], [bool; 2]); 3] =
        [(&[of_topic], [true, false]), (&[of_all], [false, true]), (&[of_topic, of_all], [true, true])];
    for engine in ["cells", "candidates"] {
        let all = "feed.sources={interest=0, trending=0, fresh=0, region=0, explore=0, all=1}";
        let edits = [format!("feed.engine={engine}"), "feed.temperature=0.7".to_owned(), all.to_owned()];
        for (tilts, [topic, everywhere]) in &cases {
            let tiny = Tiny::new(&SEVEN, tilts, &edits.each_ref().map(String::as_str));
            let by = |topic: bool, everywhere: bool| {
                let old = tiny.weights();
                let (long_view, like) = if topic { (0.1, 9.0) } else { (old.long_view, old.like) };
                Value { long_view, like, comment: if everywhere { 30.0 } else { old.comment }, ..old }
            };
            let mut law = tiny.untilted();
            for (weight, post) in law.weights.iter_mut().zip(&SEVEN) {
                *weight = tiny.weight_by(post, &by(*topic && post.0 == 1, *everywhere));
            }
            let laws = tiny.enumerate(&law);
            fits(&tiny, &laws, &format!("{tilts:?}, {engine}"));
            let share = |topic: u8| -> f64 {
                let of = |law: &Vec<f64>| {
                    SEVEN.iter().zip(law).filter(|(post, _)| post.0 == topic).map(|(_, p)| p).sum::<f64>()
                };
                laws.iter().map(of).sum::<f64>() / laws.len() as f64
            };
            // Odds given the slots before scatter far less than what is drawn.
            for (topic, odds) in (0..3).zip(tiny.odds(20_000)) {
                assert!((odds - share(topic)).abs() < 0.005, "{tilts:?}, {engine}, {topic}: {odds} {}", share(topic));
            }
            // Planted: the untilted law; the weights of one topic on all.
            let mut wrong = law.clone();
            for (weight, post) in wrong.weights.iter_mut().zip(&SEVEN) {
                *weight = tiny.weight_by(post, &by(*topic, *everywhere && !*topic));
            }
            for wrong in [tiny.untilted(), wrong].iter().filter(|wrong| wrong.weights != law.weights) {
                assert!(tiny.fit(&tiny.enumerate(wrong), RESPONSES) < 1e-4, "{tilts:?}, {engine}");
            }
        }
    }
}

/// The feed knows no score, no topic that is there already, no reserved and no heated slots; creators do not follow themselves.
#[test]
fn random_is_uniform_over_the_allowed_posts() {
    let feed = r#"kind = "feed", ranker = "random""#;
    let others = [r#"kind = "score", topic = "a", multiply = 3"#, r#"kind = "heat", share = 0.5"#, THROTTLE];
    let mut tiny = Tiny::new(&SEVEN, &[others[0], feed, others[1]], &["feed.freshness=[1.2, 1.0, 0.9, 0.8]"]);
    let mut law = tiny.untilted();
    law.weights.fill(1.0);
    [law.cold, law.repeat] = [0.0, 1.0];
    fits(&tiny, &tiny.enumerate(&law), "random");
    tiny = Tiny::new(&SEVEN, &[feed, r#"kind = "not_for_feed", share = 0.5"#], &[]);
    law.open = has(0).into_iter().map(|flagged| !flagged).collect();
    fits(&tiny, &tiny.enumerate(&law), "random without withheld posts");
    tiny = Tiny::new(&SEVEN, &[others[2], feed], &[]);
    let (kept, key) = people(&tiny).swap_remove(3);
    tiny.person = key;
    law.open = (0..7).map(|post| !kept.contains(&post)).collect();
    fits(&tiny, &tiny.enumerate(&law), "random and throttled");
}

#[test]
fn popularity_knows_no_profile_and_keeps_the_other_rules() {
    let mut tiny = Tiny::new(&SEVEN, &[r#"kind = "feed", ranker = "popularity""#], &[]);
    let mut law = tiny.untilted();
    law.weights = SEVEN.iter().map(|post| tiny.weight(post, 128)).collect();
    let laws = tiny.enumerate(&law);
    fits(&tiny, &laws, "popularity");
    let counts = tiny.draw(20_000);
    tiny.profile = vec![60, 128, 220];
    assert_eq!(tiny.draw(20_000), counts, "another person is shown the same");
    // As the score it would not be.
    let own = Tiny::new(&SEVEN, &[r#"kind = "heat", share = 0"#], &[]);
    assert!(own.fit(&laws, RESPONSES) < 1e-4);
}

/// Three posts of the newest epoch: a reader arrives before the first, second or third, or after all of them, each with the
/// same chance, and reads on from there; what came later is not read in this response.
#[test]
fn chronological_is_newest_first_from_where_the_reader_arrives() {
    let posts: [Post; 8] = [
        (0, 0, 1, 0, [0, 0, 0], 0),
        (1, 1, 2, -6, [150, 70, 4], 1),
        (1, 2, 1, 0, [0, 0, 0], 0),
        (2, 0, 3, -2, [900, 400, 20], 0),
        (0, 1, 4, 0, [0, 0, 0], 1),
        (2, 0, 5, -2, [300, 60, 1], 0),
        (0, 2, 5, -2, [500, 500, 90], 0),
        (1, 2, 6, -30, [500, 50, 9], 0),
    ];
    let feed = r#"kind = "feed", ranker = "chronological""#;
    let law = |tiny: &Tiny, open: &dyn Fn(usize) -> bool| {
        let mut laws = vec![vec![0.0; 9]; 4];
        for arrival in 0..=3 {
            let mut before: Vec<usize> = Vec::new();
            for law in &mut laws {
                let last = before.last().map(|&post| posts[post].2);
                let allowed = |post: &usize| open(*post) && !before.contains(post) && Some(posts[*post].2) != last;
                match tiny.by_age()[arrival..].iter().copied().find(allowed) {
                    Some(post) => before.push(post),
                    None => break,
                }
                law[before[before.len() - 1]] += 0.25;
            }
        }
        for law in &mut laws {
            law[8] = 1.0 - law[..8].iter().sum::<f64>();
        }
        laws
    };
    let tiny = Tiny::new(&posts, &[feed, r#"kind = "heat", share = 0.5"#], &[]);
    assert_eq!(tiny.by_age(), [0, 2, 4, 3, 5, 6, 1, 7]);
    fits(&tiny, &law(&tiny, &|_| true), "chronological");
    let tiny = Tiny::new(&posts, &[feed, r#"kind = "not_for_feed", share = 0.5"#], &[]);
    fits(&tiny, &law(&tiny, &|post| posts[post].5 == 0), "chronological without withheld posts");
}

/// Posts 0, 1 (topic a) and 2 (topic b) are new.
#[test]
fn cold_start_draws_new_posts_by_weight() {
    let tilt = |multiply: &str| format!(r#"kind = "cold_start", topic = "a", multiply = {multiply}"#);
    for (multiply, weight) in [("3", 3.0), ("0.25", 0.25), ("40", 40.0)] {
        let tilt = tilt(multiply);
        let tiny = Tiny::new(&SEVEN, &[&tilt], &[]);
        let mut law = tiny.untilted();
        (0..2).for_each(|post| law.newcomers[post] = weight);
        fits(&tiny, &tiny.enumerate(&law), &tilt);
        // Planted: weights on the other topic, and none.
        let mut other = tiny.untilted();
        other.newcomers[2] = weight;
        for wrong in [other, tiny.untilted()] {
            assert!(tiny.fit(&tiny.enumerate(&wrong), RESPONSES) < 1e-4, "{multiply}");
        }
    }
}

#[test]
fn delay_bars_posts_that_are_too_young_from_every_kind_of_slot() {
    for (hours, young) in [(12, vec![0]), (24, vec![0, 2]), (36, vec![0, 2])] {
        let tilt = format!(r#"kind = "delay", hours = {hours}"#);
        let tiny = Tiny::new(&SEVEN, &[&tilt], &[]);
        let mut law = tiny.untilted();
        young.iter().for_each(|&post: &usize| law.open[post] = false);
        fits(&tiny, &tiny.enumerate(&law), &tilt);
    }
}

/// With a cap of 320, posts 3, 4 and 6 have had it, and of 5, sought a hundred times, twenty more may be shown.
#[test]
fn a_cap_takes_posts_out_and_shows_those_near_it_to_some() {
    let mut tiny = Tiny::new(&SEVEN, &[r#"kind = "reach_cap", impressions = 320"#], &[]);
    let root = tiny.person;
    let shown = |key: &Key| key.at(1).draw(5) < coin(0.2);
    let keys = || (0..100).map(|user| root.at(user));
    let all = [keys().find(|key| shown(key)), keys().find(|key| !shown(key))].map(|key| key.expect("one in five"));
    for key in all {
        tiny.person = key;
        let mut law = tiny.untilted();
        [3, 4, 6].iter().for_each(|&post: &usize| law.open[post] = false);
        law.open[5] = shown(&key);
        fits(&tiny, &tiny.enumerate(&law), "cap");
        law.open[5] = !shown(&key);
        assert!(tiny.fit(&tiny.enumerate(&law), RESPONSES) < 1e-4, "the other people's law");
    }
}

/// The flag of the tilt is bit 0: posts 1, 2 and 4 are by demoted creators.
#[test]
fn demotion_multiplies_the_score_of_the_demoted_creators_posts() {
    let tilt = r#"kind = "demote_creators", topic = "b", share = 0.5, multiply = 0.4"#;
    let tiny = Tiny::new(&SEVEN, &[tilt], &[]);
    let mut law = tiny.untilted();
    let factor = 0.4f64.powf(1.0 / 0.7);
    has(0).iter().zip(&mut law.weights).for_each(|(&demoted, weight)| *weight *= if demoted { factor } else { 1.0 });
    fits(&tiny, &tiny.enumerate(&law), "demoted");
    // The first slot alone, in closed form: p' = p·f ÷ (1 − p + p·f), p being the demoted posts' part of the mass.
    let plain = tiny.untilted();
    let part = |weights: &[f64]| {
        let demoted: f64 = weights.iter().zip(has(0)).filter(|(_, demoted)| *demoted).map(|(weight, _)| weight).sum();
        demoted / weights.iter().sum::<f64>()
    };
    let p = part(&plain.weights);
    assert!((part(&law.weights) - p * factor / (1.0 - p + p * factor)).abs() < 1e-12);
    assert!(tiny.fit(&tiny.enumerate(&plain), RESPONSES) < 1e-4);
}
