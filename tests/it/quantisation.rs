//! Belief stands on a grid. A slow reference with continuous belief must give the same headline to within 2 % of the shift.

use feedtilt::feed::score::{Believed, Heads, value};
use feedtilt::run::{Alone, Replicate};
use feedtilt::scenario::{Scenario, load};
use feedtilt::study::prerun;
use feedtilt::unit::level_logit;

use crate::common::scenario;

fn quickstart(overrides: &[&str]) -> Scenario {
    scenario(&load("quickstart", &[]).expect("shipped").to_toml(), overrides)
}

/// Σ over people of the topic's first-slot probability, untilted and with its score × `multiply`, over the posts of one
/// stripe, with weights from `attention` and `approval` of each post.
fn shares(world: &Replicate, belief: &dyn Fn(usize) -> (f64, f64), multiply: f64) -> [f64; 2] {
    let scenario = &world.setup().scenario;
    let heads = Heads::new(scenario);
    let slots = world.catalogue().observed().items.len();
    let believed: Vec<Believed> = (0..slots).map(|slot| heads.believed(scenario, belief(slot))).collect();
    let protest = scenario.arms[0].tilts[0].topic.expect("a score tilt has a topic");
    let topics = scenario.topic_count();
    let levels = world.arm(0).and_then(|arm| arm.profile.as_ref()).expect("its own");
    let observed = world.catalogue().observed();
    let factor = multiply.powf(1.0 / scenario.feed.temperature);
    let mut sums = [0.0; 2];
    for index in (0..world.people().len()).step_by(10) {
        let profile = &levels[index * topics..(index + 1) * topics];
        let mut masses = vec![0.0; topics];
        for (slot, sight) in observed.items.iter().enumerate() {
            let Some(sight) = sight.filter(|sight| sight.stripe as usize == index % 4) else { continue };
            let level = level_logit(profile[sight.topic as usize] as usize);
            let class = sight.duration_class as usize;
            let v = value(scenario, &scenario.feed.value, &heads, &believed[slot], level, class);
            masses[sight.topic as usize] += v.powf(1.0 / scenario.feed.temperature);
        }
        let total: f64 = masses.iter().sum();
        let p = masses[protest] / total;
        sums[0] += p;
        sums[1] += p * factor / (1.0 - p + p * factor);
    }
    sums
}

#[test]
fn continuous_belief_moves_the_headline_by_less_than_two_per_cent() {
    let scenario = quickstart(&["population.users=1500", "time.burn_in_days=1"]);
    let prepared = prerun::prepare(&scenario);
    let mut world = Replicate::new(prepared.setup.clone(), 0, 0..1_500, Some(&prepared.stock));
    for _ in 0..4 {
        world.step(&Alone);
    }
    let counters = &world.arm(0).and_then(|arm| arm.items.as_ref()).expect("its own").counters;
    let grid = &world.setup().grid;
    let continuous = |slot: usize| grid.continuous(&counters[slot]);
    let quantised = |slot: usize| grid.middle(grid.tier(&counters[slot]));
    for multiply in [0.5, 0.95, 1.05] {
        let headline = |belief: &dyn Fn(usize) -> (f64, f64)| {
            let [before, after] = shares(&world, belief, multiply);
            after / before - 1.0
        };
        let (exact, grid) = (headline(&continuous), headline(&quantised));
        println!("× {multiply}: continuous {exact:.5}, grid {grid:.5}, ratio {:.4}", grid / exact);
        assert!((grid / exact - 1.0).abs() < 0.02, "× {multiply}: {grid} against {exact}");
    }
}
