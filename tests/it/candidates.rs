//! The engine `candidates` against laws that can be written down, and against the engine `cells`.

mod choices;
mod runs;
mod tiny;

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::feed::Tables;
use feedtilt::feed::retrieve::{Ask, Candidates, Retriever, Source};
use feedtilt::feed::rules::Rules;
use feedtilt::feed::select::{Lane, View};
use feedtilt::rng::{Decision, Key};
use feedtilt::run::{Alone, Replicate, Setup};
use feedtilt::stats::chi_square::goodness_of_fit;
use feedtilt::world::{ItemTruth, Sight};

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::closed_forms::{invert, one_slot_world, profile_of, tilted};
use crate::common::{scenario, setup, small, world};
use tiny::{Post, SEVEN, Set, Tiny};

/// A tiny world, the posts seen before, settings, and quotas in the order in which sources are asked.
struct Case {
    posts: &'static [Post],
    seen: Set,
    settings: &'static [&'static str],
    quotas: [usize; 6],
}

/// Every source with a place of its own and every slot rule; a source that gives by weight; one that runs dry; a throttle that
/// keeps posts from the person, some withheld from everybody, and heated slots; fewer posts than candidates; two posts, so that responses
/// end early.
const CASES: [Case; 6] = [
    Case {
        posts: &SEVEN,
        seen: 1 << 3,
        settings: &[
            "feed.candidates=5",
            "feed.sources={interest=0.2, trending=0.2, fresh=0.2, region=0.2, explore=0.2, all=0.0}",
        ],
        quotas: [1, 1, 1, 1, 0, 1],
    },
    Case {
        posts: &SEVEN,
        seen: 0,
        settings: &[
            "feed.candidates=4",
            "feed.sources={interest=0.5, trending=0.0, fresh=0.0, region=0.0, explore=0.0, all=0.5}",
        ],
        quotas: [2, 0, 0, 0, 2, 0],
    },
    Case {
        posts: &SEVEN,
        seen: 1 << 2,
        settings: &[
            "feed.candidates=5",
            "feed.sources={interest=0.0, trending=0.0, fresh=0.8, region=0.2, explore=0.0, all=0.0}",
        ],
        quotas: [0, 0, 4, 1, 0, 0],
    },
    Case {
        posts: &SEVEN,
        seen: 0,
        settings: &[
            "feed.candidates=4",
            "feed.sources={interest=0.75, trending=0.25, fresh=0.0, region=0.0, explore=0.0, all=0.0}",
            "arm=[{name='tilted', tilt=[{kind='score', topic='b', multiply=1.3, classifier={recall=0.5, \
             false_positive_rate=0.1}}, {kind='throttle', topic='b', keep=0.5}, {kind='not_for_feed', topic='c', \
             share=0.5}, {kind='heat', share=0.2, items=0.5}]}]",
        ],
        quotas: [3, 1, 0, 0, 0, 0],
    },
    Case { posts: &SEVEN, seen: 1 << 5, settings: &[], quotas: [80, 40, 20, 20, 0, 40] },
    Case { posts: SEVEN.split_at(2).0, seen: 0, settings: &["feed.candidates=1"], quotas: [1, 0, 0, 0, 0, 0] },
];

impl Case {
    fn tiny(&self) -> Tiny {
        Tiny::new(self.posts, self.seen, self.settings)
    }
}

/// Retrieval alone: 10⁶ requests a case, χ² over sets of candidates at 10⁻⁴; the number of sets is up to 35.
#[test]
fn sets_of_candidates_follow_the_exact_law() {
    for (number, case) in CASES.iter().enumerate() {
        let tiny = case.tiny();
        let law = tiny.retrieval_law(case.quotas);
        assert!((law.values().sum::<f64>() - 1.0).abs() < 1e-12);
        let counts = tiny.retrieve(1_000_000);
        assert!(counts.keys().all(|set| law.contains_key(set)), "case {number}: {counts:?}\n{law:?}");
        let observed: Vec<u64> = law.keys().map(|set| counts.get(set).copied().unwrap_or(0)).collect();
        let expected: Vec<f64> = law.values().copied().collect();
        let fit = goodness_of_fit(&observed, &expected).map_or(1.0, |fit| fit.p_value);
        assert!(fit > 1e-4, "case {number}: p = {fit:e}\n{counts:?}\n{law:?}");
    }
}

/// Check 2 for `candidates`: 10⁶ responses a case, χ² per slot over posts at 10⁻⁴: four slots a case, false alarm 4·10⁻⁴ each.
#[test]
fn every_slot_with_every_rule_on_follows_the_exact_law() {
    for (number, case) in CASES.iter().enumerate() {
        let tiny = case.tiny();
        let law = tiny.law(case.quotas, 0.6);
        for (slot, counts) in tiny.draw(1_000_000).iter().enumerate() {
            let fit = goodness_of_fit(counts, &law[slot]).map_or(1.0, |fit| fit.p_value);
            assert!(fit > 1e-4, "case {number}, slot {slot}: p = {fit:e}\n{counts:?}\n{:?}", law[slot]);
        }
    }
}

fn is_caught(counts: &[Vec<u64>], law: &[Vec<f64>]) -> bool {
    counts.iter().zip(law).any(|(counts, law)| goodness_of_fit(counts, law).is_some_and(|fit| fit.p_value < 1e-4))
}

#[test]
fn planted_faults_in_re_rank_and_quotas_are_caught() {
    let tiny = CASES[0].tiny();
    let counts = tiny.draw(1_000_000);
    assert!(is_caught(&counts, &tiny.law(CASES[0].quotas, 0.6 * 0.9)), "a re-rank factor a tenth too small");
    // A place of `fresh` given to `explore`.
    assert!(is_caught(&counts, &tiny.law([1, 1, 0, 1, 0, 2], 0.6)), "a quota that moved");
}

/// Were a dropped candidate replaced, every request would end with as many as there are open posts or as were asked for.
#[test]
fn nothing_takes_the_place_of_a_dropped_candidate() {
    let tiny = CASES[3].tiny();
    let open = tiny.open().count_ones();
    assert!(open >= 4, "{open}");
    let counts = tiny.retrieve(10_000);
    let short: u64 = counts.iter().filter(|(set, _)| set.count_ones() < 4).map(|(_, count)| count).sum();
    assert!(short > 5_000, "{short}: {counts:?}");
}

/// The throttle must keep some posts from the person and leave some, or the case says nothing.
#[test]
fn throttled_and_withheld_posts_are_no_candidates() {
    let tiny = CASES[3].tiny();
    let closed = !tiny.open() & 0b111_1111;
    assert!(closed != 0 && tiny.open() != 0);
    assert!(tiny.retrieve(10_000).keys().all(|set| set & closed == 0));
}

/// A world whose stripes hold far more posts than a response has candidates.
fn large() -> (Replicate, Vec<Rules>, Vec<Option<Tables<ItemTruth>>>) {
    let scenario = small(&[
        "feed.engine=candidates",
        "feed.candidates=50",
        "feed.no_repeat_epochs=2",
        "population.region=[{id='de', share=0.7}, {id='at', share=0.3}]",
        "catalogue.impressions_per_post=10",
        "catalogue.depth_days=8",
    ]);
    let mut world = world(&scenario);
    for _ in 0..5 {
        world.step(&Alone);
    }
    let (rules, tables) = world.compile();
    (world, rules, tables)
}

#[test]
fn sources_meet_their_quotas_with_posts_of_their_own_kind_and_no_post_comes_twice() {
    let (world, rules, tables) = large();
    let setup = world.setup().clone();
    let feed = &setup.scenario.feed;
    let tables = tables[0].as_ref().expect("the baseline has tables");
    let retriever = Retriever::new(feed, &world.setup().scenario.topics.iter().map(|t| t.share[0]).collect::<Vec<_>>());
    let view = View::new(tables, &rules[0], &setup.score, 1, 0);
    let lists = &view.stripe.lists;
    assert!(lists.len() > 1_000, "{}", lists.len());
    let sight = |number: u32| -> Sight {
        let slot = tables.slots[lists.entries[number as usize] as usize];
        world.catalogue().observed().items[slot as usize].expect("living")
    };
    let mut lane = Lane::new();
    let (mut candidates, mut topics) = (Candidates::default(), BTreeSet::new());
    for person in 0..200 {
        let profile = profile_of(&world, person);
        lane.profile[..profile.len()].copy_from_slice(profile);
        lane.enter(64);
        lane.region = world.people().region[person];
        lane.request = Key::root(8, 0).at(person as u64);
        let seen: Vec<u32> = view.stripe.pool.iter().take(30).map(|chosen| chosen.entry).collect();
        seen.iter().for_each(|&entry| lane.show(entry, &view));
        let found = retriever.retrieve(&Ask { view: &view, lane: &lane }, &mut candidates);
        // .4, .2, .1, .1, 0, .2 of 50.
        assert_eq!(found, [20, 10, 5, 5, 0, 10]);
        let numbers = candidates.numbers();
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 50);
        assert!(numbers.iter().all(|&number| !seen.contains(&lists.entries[number as usize])));
        topics.extend(numbers[..20].iter().map(|&number| sight(number).topic));
        assert!(numbers[20..30].iter().all(|number| lists.trending.contains(number)));
        let age = |number: u32| world.next_epoch() - i64::from(sight(number).born);
        assert!(numbers[30..35].iter().all(|&number| (0..8).contains(&age(number))));
        assert!(numbers[35..40].iter().all(|&number| sight(number).region == lane.region));
        assert!(numbers[40..].iter().any(|&number| age(number) >= 8));
    }
    assert!(topics.len() > 15, "{topics:?}");
}

#[test]
fn trending_posts_have_more_views_per_day_of_their_life_than_others() {
    let (world, _, tables) = large();
    let tables = tables[0].as_ref().expect("the baseline has tables");
    let known = &world.arm(0).and_then(|arm| arm.items.as_ref()).expect("its own").counters;
    for stripe in &tables.stripes {
        let rate = |number: u32| {
            let slot = tables.slots[stripe.lists.entries[number as usize] as usize] as usize;
            let born = world.catalogue().observed().items[slot].expect("living").born;
            f64::from(known[slot].impressions) / (world.next_epoch() - i64::from(born) + 4) as f64
        };
        let trending: BTreeSet<u32> = stripe.lists.trending.iter().copied().collect();
        assert_eq!(trending.len(), stripe.lists.len() / 50 + 1);
        let least = trending.iter().map(|&number| rate(number)).fold(f64::INFINITY, f64::min);
        let others = (0..stripe.lists.len() as u32).filter(|number| !trending.contains(number));
        // Rates are compared in steps of 2⁻¹⁶.
        assert!(others.map(rate).all(|rate| rate < least + 1e-4), "{least}");
    }
}

/// A source of 5,000 that the stripe cannot fill, on posts that are nearly all seen: every open post is a candidate.
#[test]
fn where_little_is_left_everything_open_is_a_candidate() {
    let (world, rules, tables) = large();
    let setup = world.setup().clone();
    let tables = tables[0].as_ref().expect("the baseline has tables");
    let view = View::new(tables, &rules[0], &setup.score, 0, 0);
    let lists = &view.stripe.lists;
    let mut lane = Lane::new();
    lane.enter(lists.len());
    lane.request = Key::root(9, 0);
    let open: BTreeSet<u32> = (7..lists.len() as u32).step_by(lists.len() / 40).collect();
    assert!((30..50).contains(&open.len()), "{}", open.len());
    for number in (0..lists.len() as u32).filter(|number| !open.contains(number)) {
        lane.show(lists.entries[number as usize], &view);
    }
    let mut candidates = Candidates::default();
    let retriever = Retriever::new(&setup.scenario.feed, &[1.0 / 23.0; 23]);
    let found = retriever.retrieve(&Ask { view: &view, lane: &lane }, &mut candidates);
    assert_eq!(candidates.numbers().iter().copied().collect::<BTreeSet<_>>(), open);
    assert_eq!(candidates.numbers().len(), open.len());
    assert!(found[Source::Explore as usize] > 10, "{found:?}");
}

#[test]
fn candidates_scored_are_counted() {
    let (mut world, _, tables) = large();
    let least = tables[0].iter().flat_map(|tables| &tables.stripes).map(|stripe| stripe.lists.len()).min();
    assert!(least.expect("there are stripes") > 100);
    let epoch = world.step(&Alone).expect("there is time left");
    // Every response is full and has 50 candidates.
    assert_eq!(epoch.candidates, epoch.impressions / 8 * 50);
}

/// Both engines on the same tables: with the source `all` and as many candidates as there are posts, candidates are the
/// catalogue.
fn two_engines(overrides: &[&str]) -> (Replicate, [Setup; 2]) {
    let mut all = vec!["feed.engine=candidates", "feed.candidates=2_000", "feed.temperature=0.3"];
    all.push("feed.sources={interest=0.0, trending=0.0, fresh=0.0, region=0.0, explore=0.0, all=1.0}");
    all.extend(overrides);
    let world = one_slot_world(&all);
    let engine = |name: &str| {
        let changed = scenario(&world.setup().scenario.to_toml(), &[&format!("feed.engine={name}")]);
        setup(&changed)
    };
    let setups = [engine("cells"), engine("candidates")];
    (world, setups)
}

/// 24 people × 2 engines × 20,000 responses of six slots. Two-sample χ² over the posts of a person's stripe by slot: 144 tests
/// at 10⁻⁶ each, false alarm 1.4·10⁻⁴; and over topics in all, 6 tests at 10⁻⁴.
#[test]
fn with_the_whole_catalogue_for_candidates_the_engine_agrees_with_cells() {
    let settings =
        ["feed.response=6", "feed.cold_start.share=0.1", "feed.topic_repeat=0.5", "catalogue.impressions_per_post=120"];
    let (world, setups) = two_engines(&settings);
    let (_, rules, tables) = tilted(&world, 1.3);
    let (responses, slots) = (20_000, 6);
    let mut topics = vec![[vec![0u64; 23], vec![0u64; 23]]; slots];
    for person in 0..24 {
        let (stripe, profile) = (person % setups[0].shape.stripes, profile_of(&world, person));
        let mut counts = [(); 2].map(|()| vec![vec![0u64; tables.entries.len()]; slots]);
        for (engine, (setup, counts)) in setups.iter().zip(&mut counts).enumerate() {
            let view = View::new(&tables, &rules, &setup.score, stripe, 0);
            assert!(view.stripe.lists.len() < 2_000);
            let mut lane = Lane::new();
            lane.profile[..profile.len()].copy_from_slice(profile);
            // Keys of their own: the two samples are independent.
            let keys = Key::root(21, engine as u32).of(Decision::Select).at(person as u64);
            for response in 0..responses {
                lane.request = keys.at(response);
                lane.enter(slots);
                setup.selector.respond(std::slice::from_ref(&view), std::slice::from_mut(&mut lane));
                for (slot, chosen) in lane.chosen().iter().enumerate() {
                    counts[slot][chosen.entry as usize] += 1;
                    topics[slot][engine][chosen.topic as usize] += 1;
                }
            }
        }
        for (slot, (cells, candidates)) in counts[0].iter().zip(&counts[1]).enumerate() {
            let p = same_law(cells, candidates);
            assert!(p > 1e-6, "person {person}, slot {slot}: p = {p:e}");
        }
    }
    for (slot, [cells, candidates]) in topics.iter().enumerate() {
        let p = same_law(cells, candidates);
        assert!(p > 1e-4, "topics in slot {slot}: p = {p:e}\n{cells:?}\n{candidates:?}");
    }
}

/// p-value that two samples of equal size come from one law: each pair of counts is split evenly, given its sum. Cells of
/// fewer than 20 are joined.
fn same_law(one: &[u64], two: &[u64]) -> f64 {
    let mut rare = (0, 0);
    let mut pairs: Vec<(u64, u64)> = Vec::new();
    for (&a, &b) in one.iter().zip(two) {
        if a + b < 20 {
            rare = (rare.0 + a, rare.1 + b);
        } else {
            pairs.push((a, b));
        }
    }
    pairs.push(rare);
    let pairs: Vec<(u64, u64)> = pairs.into_iter().filter(|(a, b)| a + b >= 20).collect();
    if pairs.len() < 2 {
        // One post is left, or none: then the samples differ at most in how often.
        let [a, b] = [one, two].map(|counts| counts.iter().sum::<u64>() as f64);
        return if (a - b).abs() <= 5.0 * (a + b).sqrt() { 1.0 } else { 0.0 };
    }
    let statistic: f64 = pairs.iter().map(|&(a, b)| (a as f64 - b as f64).powi(2) / (a + b) as f64).sum();
    ChiSquared::new((pairs.len() - 1) as f64).expect("there are some pairs").sf(statistic)
}

/// §5 for `candidates`: 200 people × 5,000 first slots with the same keys in both arms. The laws are those given the
/// candidates, which the tilt does not reach. A race is off by at most twice the total variation; an inverse CDF must fail.
#[test]
fn a_small_tilt_moves_few_topic_draws() {
    let world = one_slot_world(&["feed.engine=candidates", "feed.candidates=100"]);
    let (setup, base_rules, base) = tilted(&world, 1.0);
    let (_, tilt_rules, tilt) = tilted(&world, 0.95);
    let topics = world.people().topics;
    let (mut differ, mut inverse, mut variation) = (0u64, 0u64, 0.0);
    for index in 0..200 {
        let (stripe, profile) = (index % setup.shape.stripes, profile_of(&world, index));
        let views = [(&base, &base_rules), (&tilt, &tilt_rules)]
            .map(|(tables, rules)| View::new(tables, rules, &setup.score, stripe, 0));
        let keys = Key::root(7, 0).of(Decision::Select).at(index as u64);
        let mut lanes = [Lane::new(), Lane::new()];
        lanes.iter_mut().for_each(|lane| lane.profile[..topics].copy_from_slice(profile));
        for draw in 0..5_000 {
            let law = |view: &View<ItemTruth>, lane: &mut Lane| -> (u8, Vec<f64>) {
                lane.request = keys.at(draw);
                lane.enter(1);
                setup.selector.respond(std::slice::from_ref(view), std::slice::from_mut(lane));
                let total = lane.total as f64;
                (lane.chosen()[0].topic, (0..topics).map(|k| lane.first_mass(view, k) as f64 / total).collect())
            };
            let (one, p) = law(&views[0], &mut lanes[0]);
            let (two, q) = law(&views[1], &mut lanes[1]);
            variation += 0.5 * p.iter().zip(&q).map(|(p, q)| (p - q).abs()).sum::<f64>();
            differ += u64::from(one != two);
            inverse += u64::from(invert(&p, keys.at(draw)) != invert(&q, keys.at(draw)));
        }
    }
    let (ratio, planted) = (differ as f64 / variation, inverse as f64 / variation);
    println!("candidates: topic draws that differ ÷ total variation: race {ratio:.2}, inverse CDF {planted:.2}");
    // At about 1,500 expected differences the ratio's standard error is 3 %.
    assert!(ratio >= 0.9, "fewer draws differ than the laws do: {ratio}");
    assert!(ratio <= 2.1, "{ratio}");
    assert!(planted > 2.1, "the planted inverse CDF passes: {planted}");
}

/// Retrieval must not see a score tilt: both arms have the same candidates on the first day.
#[test]
fn a_score_tilt_does_not_reach_retrieval() {
    let world = one_slot_world(&["feed.engine=candidates", "feed.candidates=60"]);
    let (setup, base_rules, base) = tilted(&world, 1.0);
    let (_, tilt_rules, tilt) = tilted(&world, 0.2);
    let mut found = BTreeMap::new();
    for (arm, (tables, rules)) in [(&base, &base_rules), (&tilt, &tilt_rules)].into_iter().enumerate() {
        let view = View::new(tables, rules, &setup.score, 0, 0);
        let retriever = Retriever::new(&setup.scenario.feed, &[1.0 / 23.0; 23]);
        let mut candidates = Candidates::default();
        for person in 0..50 {
            let mut lane = Lane::new();
            lane.profile[..23].copy_from_slice(profile_of(&world, person));
            lane.request = Key::root(5, 0).at(person as u64);
            lane.enter(8);
            retriever.retrieve(&Ask { view: &view, lane: &lane }, &mut candidates);
            found.insert((arm, person), candidates.numbers().to_vec());
        }
    }
    assert!((0..50).all(|person| found[&(0, person)] == found[&(1, person)]));
}
