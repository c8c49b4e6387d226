//! One latent: within a person every head is a function of one number.

use feedtilt::rng::{Decision, Key};
use feedtilt::run::Replicate;
use feedtilt::scenario::Spread;
use feedtilt::unit::logistic;
use feedtilt::world::ItemTruth;

use crate::common::{setup, small, world};

/// Mean attention and approval of every post for a person, in 1/256 of log-odds.
fn latents(world: &Replicate, index: usize, items: &[ItemTruth]) -> Vec<[i32; 2]> {
    let watcher =
        world.setup().responder.watcher(world.people(), index, world.people().interests(index), Key::root(1, 0));
    items.iter().map(|item| world.setup().responder.latents(&watcher, item)).collect()
}

/// 3,000 posts of all topics, spread over what posts are like.
fn items(world: &Replicate) -> Vec<ItemTruth> {
    let key = Key::root(77, 0);
    let topics = world.people().topics as u64;
    let one = |name: u64| {
        let part = |word: u64| (key.at(name).draw(word) % 800) as i16 - 400;
        let duration = 20 + (key.at(name).draw(2) % 2_000) as u16;
        let approval = if world.setup().scenario.respond.latents == 1 { 0 } else { part(1) };
        ItemTruth { name: name as u32, attention: part(0), approval, duration, topic: (name % topics) as u16 }
    };
    (0..3_000).map(one).collect()
}

/// The order of videos by P(like) is that by attention for every person, and so is that by every other head of approval, which are
/// monotone in it; with two latents it is not.
#[test]
fn with_one_latent_videos_have_one_order_for_a_person() {
    for latents_of_model in [1, 2] {
        let setting = format!("respond.latents={latents_of_model}");
        let scenario = small(&[&setting, "catalogue.attention_sd=0.8", "catalogue.approval_sd=0.9"]);
        let mut world = world(&scenario);
        let topics = scenario.topic_count();
        let appeal: Vec<f64> = (0..topics).map(|topic| 0.3 * (topic as f64).sin()).collect();
        let mut setup = setup(&scenario);
        setup.set_appeal(&[appeal]);
        world = Replicate::new(setup, 0, 0..world.people().len() as u32, None);
        let items = items(&world);
        let mut out_of_order = 0;
        for index in 0..50 {
            let mut all = latents(&world, index, &items);
            all.sort_unstable();
            out_of_order += all.windows(2).filter(|pair| pair[0][0] < pair[1][0] && pair[0][1] > pair[1][1]).count();
            if latents_of_model == 1 {
                // Approval stands still where attention does, and goes along with it at a ratio of .9 to .8.
                assert!(all.windows(2).all(|pair| pair[0][0] != pair[1][0] || pair[0][1] == pair[1][1]));
                let [first, last] = [all[0], all[all.len() - 1]];
                let ratio = f64::from(last[1] - first[1]) / f64::from(last[0] - first[0]);
                assert!((ratio - 0.9 / 0.8).abs() < 0.01, "{ratio}");
            }
        }
        assert_eq!(out_of_order == 0, latents_of_model == 1, "{out_of_order}");
    }
}

/// 20,000 days of 8 people and a post each: likes come as often as the latent says, |z| < 4 within a step of the table, false alarm
/// 5·10⁻⁴.
#[test]
fn with_one_latent_likes_follow_attention() {
    let edits = ["respond.latents=1", "respond.like=-1.0", "catalogue.attention_sd=0.8", "catalogue.approval_sd=0.6"];
    let scenario = small(&edits);
    let world = world(&scenario);
    let (people, responder) = (world.people(), &world.setup().responder);
    let days = 20_000;
    for index in 0..8 {
        let item = items(&world)[index * 31];
        let likes = (0..days)
            .filter(|&day| {
                let today = Key::root(8, 0).of(Decision::React).at(day);
                responder.react(&responder.watcher(people, index, people.interests(index), today), &item, 0).like
            })
            .count() as f64;
        let [attention, approval] = latents(&world, index, &[item])[0];
        let x = f64::from(attention - i32::from(people.attention[index])) / 256.0 - scenario.respond.attention;
        let expected = f64::from(people.approval[index]) / 256.0 + 0.75 * x;
        assert!((f64::from(approval) / 256.0 - expected).abs() < 0.01, "{approval} {expected}");
        let odds = expected + scenario.respond.like + f64::from(people.propensity[index][0]) / 256.0;
        let r = &scenario.respond;
        let played = logistic(
            f64::from(attention) / 256.0
                - r.fall_within((f64::from(item.duration) / 10.0).min(7.0), f64::from(item.duration) / 10.0),
        );
        let z = |p: f64| (likes - days as f64 * p) / (days as f64 * p * (1.0 - p)).sqrt();
        let [low, high] = [-0.045, 0.045].map(|step| z(r.rate(0, played, odds + step, &Spread::new(0.0))));
        assert!(high < 4.0 && low > -4.0, "{likes} likes, z = {high:.1} to {low:.1}");
    }
}

/// Posts of a drawn world have no approval of their own, and creators' parts come along with attention.
#[test]
fn with_one_latent_posts_have_no_approval_of_their_own() {
    let mut world = world(&small(&["respond.latents=1"]));
    world.step(&feedtilt::run::Alone).expect("there is time left");
    let catalogue = world.catalogue();
    assert!(catalogue.living().count() > 100);
    assert!(catalogue.living().all(|slot| catalogue.truth(slot as usize).approval == 0));
    assert!(catalogue.living().any(|slot| catalogue.truth(slot as usize).attention != 0));
}
