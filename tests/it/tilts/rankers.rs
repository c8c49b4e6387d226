//! Other rankers in a settled world: what each knows is worth something, and the oracle knows the truth.

use feedtilt::rng::{Decision, Key};
use feedtilt::run::{Alone, Replicate};
use feedtilt::study::prerun;
use feedtilt::trace::Counter;
use feedtilt::unit::{LEVEL_ZERO, level_logit, logistic, logit, normal_quantile};
use feedtilt::world::{ItemTruth, People};

use super::{WORLD, arms, z};
use crate::common::{scenario, setup, world};

const ARMS: &[(&str, &[&str])] = &[
    ("random", &[r#"kind = "feed", ranker = "random""#]),
    ("popularity", &[r#"kind = "feed", ranker = "popularity""#]),
    ("chronological", &[r#"kind = "feed", ranker = "chronological""#]),
    ("oracle", &[r#"kind = "feed", ranker = "oracle""#]),
];

/// 600 people whose profiles and posts are known from the start. Differences are of several percentage points in some 100,000
/// impressions an arm, whose standard errors are below .3.
#[test]
fn the_more_a_ranker_knows_the_more_is_watched() {
    let edits = [
        "population.users=600",
        "catalogue.impressions_per_post=60",
        "topic.news.interest_sd=1",
        "topic.music.interest_sd=1",
    ];
    let mut own = scenario(&format!("{WORLD}{}", arms(ARMS)), &edits);
    own = own.with_solved(vec![vec![0.0; 5]; 2]);
    let prepared = prerun::prepare(&own);
    let mut world = Replicate::new(prepared.setup.clone(), 0, 0..600, Some(&prepared.stock));
    while world.step(&Alone).is_some() {}
    let rate = |arm: usize| {
        let sum = |counter| world.tally().by_topic(arm, counter, 0, 2).iter().sum::<u64>() as f64;
        sum(Counter::ValidPlays) / sum(Counter::Impressions)
    };
    let [learned, random, popularity, chronological, oracle] = [0, 1, 2, 3, 4].map(rate);
    println!(
        "random {random:.3}, newest {chronological:.3}, popularity {popularity:.3}, learned {learned:.3}, oracle {oracle:.3}"
    );
    assert!(popularity > random + 0.02);
    assert!(learned > popularity + 0.005);
    assert!(oracle > learned + 0.02);
    assert!((chronological - random).abs() < 0.03);
}

/// No attention of one's own, all interests 0, the mean appeal, and approval as people have it: `true_odds` is how often such people watch
/// 7 s or like.
/// 50,000 days in each of 16 z-tests at 4: false alarm 10⁻³. Tables step by 1/64 and 1/32 of log-odds, which is allowed for.
#[test]
fn the_oracle_knows_how_good_posts_are_and_what_people_like() {
    let world = world(&scenario(WORLD, &[]));
    let appeal = vec![vec![0.3, -0.2, 0.0, 0.1, 0.2], vec![-0.4, 0.5, 0.1, 0.1, 0.2]];
    let mut setup = setup(&scenario(WORLD, &[]));
    setup.set_appeal(&appeal);
    let mut people: People = world.people().clone();
    let days = 50_000;
    let rates = |people: &mut People, index: usize, item: &ItemTruth, spread: f64| {
        let mut hits = [0; 2];
        for day in 0..days {
            // Evenly over the distribution.
            let part = (0.5 + day as f64 * 0.618_033_988_749_895).fract();
            people.approval[index] = (256.0 * spread * normal_quantile(part.clamp(1e-6, 1.0 - 1e-6))).round() as i16;
            let today = Key::root(8, 0).of(Decision::React).at(day as u64);
            let reaction =
                setup.responder.react(&setup.responder.watcher(people, index, people.interests(index), today), item, 0);
            hits[0] += usize::from(reaction.valid_play);
            hits[1] += usize::from(reaction.like);
        }
        hits
    };
    let within = |hits: usize, odds: f64, step: f64, what: &str| {
        let [low, high] = [z(hits, days, logistic(odds - step)), z(hits, days, logistic(odds + step))];
        assert!(high < 4.0 && low > -4.0, "{what}: {hits} of {days}, z = {low:.2} to {high:.2}");
    };
    for (index, (topic, duration, attention, approval)) in
        [(1, 40, 200, 400), (3, 350, -150, 100), (3, 65, 100, 700), (4, 900, 300, -100)].into_iter().enumerate()
    {
        let item = ItemTruth { name: 77, attention, approval, duration, topic };
        let odds = setup.responder.true_odds(&item);
        // The person of topic 1 lives where its appeal is .5; on average it is .01.
        let level = setup.responder.true_level(&people, index, topic as usize, people.interests(index)[topic as usize]);
        let hits = rates(&mut people, index, &item, 0.0)[0];
        within(hits, odds.0 + level_logit(level.into()), 0.035, "a person");
        people.interest[index * 5..(index + 1) * 5].fill(0);
        people.attention[index] = 0;
        people.propensity[index].fill(0);
        let level = setup.responder.true_level(&people, index, topic as usize, people.interests(index)[topic as usize]);
        let own = &setup.scenario.population;
        let hits = rates(&mut people, index, &item, own.approval_sd.hypot(own.propensity_sd));
        within(hits[0], odds.0 + level_logit(level.into()), 0.035, "valid plays");
        // Where topics appeal more than on average, more is played and so more is liked.
        let r = &setup.scenario.respond;
        let people_all = setup.scenario.approval_spread();
        let swiped = r.swiped(0, logistic(odds.0), logistic(odds.1), &people_all);
        let liked = r.rate(0, logistic(odds.0 + level_logit(level.into())), swiped, &people_all);
        within(hits[1], logit(liked), 0.035, "likes");
        let here = appeal[people.region[index] as usize][topic as usize];
        let everywhere = 0.7 * appeal[0][topic as usize] + 0.3 * appeal[1][topic as usize];
        assert!((level_logit(level.into()) - (here - everywhere)).abs() < 0.02);
        assert!(here != everywhere || level == LEVEL_ZERO);
    }
}
