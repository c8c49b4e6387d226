//! Other rules of choice against their definitions.

use feedtilt::scenario::Scenario;
use feedtilt::stats::chi_square::goodness_of_fit;

use super::tiny::{Post, Set, Tiny};
use super::{CASES, is_caught, same_law};
use crate::common::{finish, hash, small, world};

/// Two pairs of posts that look the same to the platform, with creators of their own, and others.
const EQUALS: [Post; 7] = [
    (0, 0, 1, 0, 1, [20, 8, 1], 0),
    (0, 1, 2, 1, 10, [150, 70, 4], 0),
    (0, 1, 3, 0, 11, [150, 70, 4], 16),
    (1, 0, 3, 1, 20, [900, 400, 20], 1),
    (1, 0, 4, 1, 21, [900, 400, 20], 1),
    (2, 0, 2, 1, 9, [300, 60, 1], 16),
    (2, 2, 4, 0, 33, [2_500, 1_500, 90], 2),
];

/// The cases of softmax, and one of equals: settings of the rule come on top.
fn cases(settings: &[&'static str]) -> Vec<(Tiny, [usize; 6])> {
    let of = |posts: &[Post], seen: Set, own: &[&'static str]| Tiny::new(posts, seen, &[own, settings].concat());
    let mut all: Vec<_> = CASES.iter().map(|case| (of(case.posts, case.seen, case.settings), case.quotas)).collect();
    all.push((of(&EQUALS, 0, &[]), [80, 40, 20, 20, 0, 40]));
    all.push((of(&EQUALS, 0, &["feed.candidates=4", "feed.topic_repeat=0"]), CASES[1].quotas));
    all
}

const GREEDY: [&str; 2] = ["feed.choice=epsilon_greedy", "feed.epsilon=0.3"];
const SOURCES: &str = "feed.sources={interest=0.5, trending=0.0, fresh=0.0, region=0.0, explore=0.0, all=0.5}";

/// 10⁶ responses a case, χ² per slot over posts at 10⁻⁴: false alarm 4·10⁻⁴ a case.
#[test]
fn epsilon_greedy_follows_the_exact_law_in_every_slot() {
    for (number, (tiny, quotas)) in cases(&[GREEDY[0], GREEDY[1]]).iter().enumerate().take(7) {
        let law = tiny.law(*quotas, 0.6);
        for (slot, counts) in tiny.draw(1_000_000).iter().enumerate() {
            let fit = goodness_of_fit(counts, &law[slot]).map_or(1.0, |fit| fit.p_value);
            assert!(fit > 1e-4, "case {number}, slot {slot}: p = {fit:e}\n{counts:?}\n{:?}", law[slot]);
        }
    }
}

/// No topic twice: what is left after three slots is nothing, whatever the coin says.
#[test]
fn where_topics_may_not_repeat_no_rule_repeats_them() {
    for choice in ["epsilon_greedy", "noisy_top"] {
        let settings = [SOURCES, "feed.topic_repeat=0", "feed.cold_start.share=0.0", "feed.epsilon=0.5"];
        let tiny = Tiny::new(&EQUALS, 0, &[&settings[..], &[&format!("feed.choice={choice}")]].concat());
        let counts = tiny.draw(20_000);
        assert_eq!(counts[3][7], 20_000, "{choice}");
        assert!(counts[0][7] == 0 && counts[1][7] == 0, "{choice}: {counts:?}");
    }
}

#[test]
fn planted_faults_in_epsilon_and_re_rank_are_caught() {
    let (tiny, quotas) = cases(&GREEDY).remove(6);
    let counts = tiny.draw(1_000_000);
    assert!(!is_caught(&counts, &tiny.law(quotas, 0.6)));
    assert!(is_caught(&counts, &tiny.law(quotas, 0.6 * 0.9)), "a re-rank factor a tenth too small");
    let (fewer, _) = cases(&[GREEDY[0], "feed.epsilon=0.29"]).remove(6);
    assert!(is_caught(&counts, &fewer.law(quotas, 0.6)), "a coin that is off by a thirtieth");
}

/// 200,000 responses a case and as many of its definition, carried out with other random numbers: two-sample χ² per slot over posts
/// at 10⁻⁴, false alarm 4·10⁻⁴ a case.
#[test]
fn noisy_top_does_what_its_definition_says() {
    const RESPONSES: u64 = 200_000;
    for (number, (tiny, quotas)) in cases(&["feed.choice=noisy_top"]).iter().enumerate().take(7) {
        let defined = tiny.bid(*quotas, RESPONSES, [0.6, 1.0], false);
        for (slot, (counts, defined)) in tiny.draw(RESPONSES).iter().zip(&defined).enumerate() {
            let p = same_law(counts, defined);
            assert!(p > 1e-4, "case {number}, slot {slot}: p = {p:e}\n{counts:?}\n{defined:?}");
        }
    }
}

#[test]
fn planted_faults_in_the_noise_are_caught() {
    const RESPONSES: u64 = 200_000;
    let (tiny, quotas) = cases(&["feed.choice=noisy_top"]).remove(6);
    let counts = tiny.draw(RESPONSES);
    let is_caught = |settings: [f64; 2], is_anew: bool| {
        let planted = tiny.bid(quotas, RESPONSES, settings, is_anew);
        counts.iter().zip(&planted).any(|(counts, planted)| same_law(counts, planted) < 1e-4)
    };
    assert!(!is_caught([0.6, 1.0], false));
    assert!(is_caught([0.6, 0.9], false), "noise a tenth too small");
    assert!(is_caught([0.6, 1.0], true), "noise anew in every slot");
    assert!(is_caught([0.54, 1.0], false), "a re-rank factor a tenth too small");
}

fn choosing(choice: &str, edits: &[&str]) -> Scenario {
    let rule = format!("feed.choice={choice}");
    small(&[&["measure.micro_users=0", "feed.engine=candidates", "feed.candidates=40", &rule], edits].concat())
}

#[test]
fn threads_and_chunks_change_no_hash_and_rules_and_their_constants_do() {
    let softmax = hash(&choosing("softmax", &[]));
    assert_eq!(hash(&choosing("softmax", &["feed.epsilon=0.3"])), softmax, "softmax knows no epsilon");
    let mut hashes = vec![softmax];
    for choice in ["noisy_top", "epsilon_greedy"] {
        let scenario = choosing(choice, &[]);
        let expected = hash(&scenario);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(5).build().expect("threads");
        assert_eq!(pool.install(|| hash(&scenario)), expected, "{choice}");
        let mut chunks = world(&scenario);
        (chunks.chunk, chunks.block) = (7, 21);
        assert_eq!(finish(chunks), expected, "{choice}");
        assert!(!hashes.contains(&expected), "{choice}");
        hashes.push(expected);
    }
    assert!(!hashes.contains(&hash(&choosing("epsilon_greedy", &["feed.epsilon=0.3"]))));
}
