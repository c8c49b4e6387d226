//! The pre-run: topic appeals meet the scenario's shares, and worlds start where they stay.

use std::sync::OnceLock;

use feedtilt::run::{Alone, Replicate};
use feedtilt::scenario::presets::SHIPPED;
use feedtilt::scenario::{Scenario, load};
use feedtilt::stats::interval::{average, standard_error};
use feedtilt::study::{Prepared, prerun};
use feedtilt::trace::{Counter, Tally};
use ndarray::Axis;

use crate::common::scenario;

const CALM: [&str; 3] = ["shocks.demand_sd=0", "shocks.supply_sd=0", "shocks.burst_probability=0"];

/// The baseline of quickstart, with these changes.
pub fn quickstart(overrides: &[&str]) -> Scenario {
    let text = load("quickstart", &[]).expect("shipped").to_toml();
    scenario(&text, &[&["arm=[]", "time.burn_in_days=0", "population.represents=20000000"], overrides].concat())
}

/// The same without shocks.
fn calm(overrides: &[&str]) -> Scenario {
    quickstart(&[&CALM, overrides].concat())
}

/// The pre-run of quickstart.
pub fn shipped() -> &'static Prepared {
    static PREPARED: OnceLock<Prepared> = OnceLock::new();
    PREPARED.get_or_init(|| prerun::prepare(&calm(&["time.days=1"])))
}

#[test]
fn shipped_scenarios_carry_appeals_for_their_own_settings() {
    for (name, _) in SHIPPED {
        assert!(load(name, &[]).expect("shipped").valid_appeal().is_some(), "{name}");
    }
}

/// Ratio of each topic's exposure share to its target over days `from` … `until` − 1, baseline, one region.
fn ratios(tally: &Tally, scenario: &Scenario, region: usize, from: usize, until: usize) -> Vec<f64> {
    let mut counts = vec![0; scenario.topic_count()];
    for day in from..until {
        let day = tally.day(day, 0);
        let region = day.index_axis(Axis(0), region);
        let impressions = region.index_axis(Axis(2), Counter::Impressions as usize);
        counts.iter_mut().zip(impressions.axis_iter(Axis(1))).for_each(|(sum, topic)| *sum += topic.sum());
    }
    let all: u64 = counts.iter().sum();
    counts.iter().zip(&scenario.topics).map(|(&n, topic)| n as f64 / all as f64 / topic.share[region]).collect()
}

/// Mean over worlds of each topic's ratio, and its standard error.
fn over_worlds(worlds: &[Vec<f64>], scenario: &Scenario) -> Vec<(f64, f64)> {
    let of = |k: usize| {
        let ratios: Vec<f64> = worlds.iter().map(|world| world[k]).collect();
        let (mean, error) = (average(&ratios).expect("worlds"), standard_error(&ratios).expect("worlds"));
        println!("{:16} {:.4} {mean:.3} ± {error:.3}", scenario.topics[k].id, scenario.topics[k].share[0]);
        (mean, error)
    };
    (0..scenario.topic_count()).map(of).collect()
}

/// 24 whole worlds of 12,000 people for two weeks, with the appeals that quickstart carries. Appeals are solved for what is shown once
/// worlds have settled, after as many days as quickstart's burn-in has: from then on each topic's mean share is within 12 % of its target.
/// On the first days it is within 10 %. Worlds scatter, for their posts are drawn: standard errors
/// are held too. Topics below 2 % are held to 5 % together.
#[test]
fn organic_shares_are_met_on_average_over_worlds_for_two_weeks() {
    let scenario = calm(&["population.users=12000", "time.days=14"]);
    assert!(scenario.valid_appeal().is_some());
    let prepared = prerun::prepare(&scenario);
    let worlds: Vec<Tally> = (0..24)
        .map(|number| {
            let mut world = Replicate::new(prepared.setup.clone(), number, 0..12_000, Some(&prepared.stock));
            while world.step(&Alone).is_some() {}
            world.into_tally()
        })
        .collect();
    let (mut small, mut off) = (Vec::new(), Vec::new());
    for from in [0, 3, 7, 12] {
        println!("days {from} and {}", from + 1);
        let ratios: Vec<Vec<f64>> = worlds.iter().map(|tally| ratios(tally, &scenario, 0, from, from + 2)).collect();
        for (topic, (mean, error)) in scenario.topics.iter().zip(over_worlds(&ratios, &scenario)) {
            let [most, least_known] = match topic.share[0] {
                _ if from == 0 => [0.1, 0.04],
                // Of the smallest topic 24 worlds know no more.
                small if small < 0.005 => [0.12, 0.065],
                _ => [0.12, 0.06],
            };
            if (mean - 1.0).abs() >= most || error >= least_known {
                off.push(format!("days {from} and {}: {} {mean:.3} ± {error:.3}", from + 1, topic.id));
            }
        }
        small.push(average(&ratios.iter().map(|world| small_topics(world, &scenario)).collect::<Vec<_>>()));
    }
    println!("topics below 2 % together: {small:.3?}");
    assert!(off.is_empty(), "{off:#?}");
    assert!(small.iter().flatten().all(|ratio| (ratio - 1.0).abs() < 0.05), "{small:?}");
}

/// Ratio of the joint share of all topics below 2 % to its target.
fn small_topics(ratios: &[f64], scenario: &Scenario) -> f64 {
    let small = || scenario.topics.iter().zip(ratios).filter(|(topic, _)| topic.share[0] < 0.02);
    small().map(|(topic, ratio)| topic.share[0] * ratio).sum::<f64>()
        / small().map(|(topic, _)| topic.share[0]).sum::<f64>()
}

/// Two regions that like other topics, and supply that is not what is watched.
const REGIONS: &str = r#"
schema = 1
[population]
users = 4_000
activity_median = 130
[[population.region]]
id = "de"
share = 0.6
[[population.region]]
id = "at"
share = 0.4
[catalogue]
topics = "none"
impressions_per_post = 1_200
[[topic]]
id = "news"
share = { de = 0.35, at = 0.25 }
supply = 0.2
[[topic]]
id = "politics"
share = { de = 0.02, at = 0.04 }
supply = 0.05
[[topic]]
id = "music"
share = 0.25
supply = 0.3
[[topic]]
id = "sport"
share = { de = 0.3, at = 0.4 }
supply = 0.4
[[topic]]
id = "rest"
share = { de = 0.08, at = 0.06 }
supply = 0.05
[time]
burn_in_days = 0
days = 2
[shocks]
demand_sd = 0
supply_sd = 0
burst_probability = 0
"#;

/// Without carried appeals: 32 worlds of 4,000 people on their first day. Standard errors are held below 3 %, so a share whose true
/// mean is 3 % off fails in one of a hundred sets of worlds at most.
#[test]
fn appeals_solved_at_run_time_meet_the_shares_of_every_region() {
    let scenario = scenario(REGIONS, &["time.days=1"]);
    let prepared = prerun::prepare(&scenario);
    assert!(prepared.solved_here);
    assert!(prepared.appeal.iter().flatten().any(|b| b.abs() > 0.2), "{:?}", prepared.appeal);
    let worlds: Vec<Tally> = (0..32)
        .map(|number| {
            let mut world = Replicate::new(prepared.setup.clone(), number, 0..4_000, Some(&prepared.stock));
            while world.step(&Alone).is_some() {}
            world.into_tally()
        })
        .collect();
    for region in 0..2 {
        let ratios: Vec<Vec<f64>> = worlds.iter().map(|tally| ratios(tally, &scenario, region, 0, 1)).collect();
        for (topic, (mean, error)) in scenario.topics.iter().zip(over_worlds(&ratios, &scenario)) {
            assert!((mean - 1.0).abs() < 0.10, "{} in region {region}: {mean:.3} ± {error:.3}", topic.id);
            assert!(error < 0.03, "{} in region {region}: {mean:.3} ± {error:.3}", topic.id);
        }
    }
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (x, y) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let moment = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
    let spread = moment(&|p| (p.0 - x).powi(2)) * moment(&|p| (p.1 - y).powi(2));
    if spread == 0.0 { 0.0 } else { moment(&|p| (p.0 - x) * (p.1 - y)) / spread.sqrt() }
}

/// Correlation over people and topics between a profile's level and what a perfect profile would say.
fn known_of_people(world: &Replicate) -> f64 {
    let levels = world.arm(0).and_then(|arm| arm.profile.as_ref()).expect("its own");
    let (people, topics) = (world.people(), world.people().topics);
    let responder = &world.setup().responder;
    let truth = |i: usize| f64::from(responder.topic_attention(people, i / topics, i % topics, people.interest[i]));
    let pairs: Vec<(f64, f64)> = (0..people.len() * topics).map(|i| (f64::from(levels[i]), truth(i))).collect();
    correlation(&pairs)
}

/// Correlation over posts with some impressions between the counted and the true log-odds of a valid play.
fn known_of_posts(world: &Replicate) -> f64 {
    let counters = &world.arm(0).and_then(|arm| arm.items.as_ref()).expect("its own").counters;
    let pairs: Vec<(f64, f64)> = world
        .catalogue()
        .living()
        .map(|slot| slot as usize)
        .filter(|&slot| counters[slot].impressions >= 300)
        .map(|slot| {
            let (hits, all) = (f64::from(counters[slot].valid_plays), f64::from(counters[slot].impressions));
            let counted = ((hits + 0.5) / (all - hits + 0.5)).ln();
            (counted, world.setup().responder.true_odds(world.catalogue().truth(slot)).0)
        })
        .collect();
    correlation(&pairs)
}

#[test]
fn a_world_starts_from_the_stock_and_not_from_nothing() {
    let prepared = shipped();
    let stocked = Replicate::new(prepared.setup.clone(), 0, 0..2_000, Some(&prepared.stock));
    let bare = Replicate::new(prepared.setup.clone(), 0, 0..2_000, None);
    let counters = &stocked.arm(0).and_then(|arm| arm.items.as_ref()).expect("its own").counters;
    let views = counters.iter().map(|c| f64::from(c.impressions)).sum::<f64>() / counters.len() as f64;
    // Posts that leave after 30 days have about 2,400 impressions; those of all ages have fewer.
    assert!((600.0..2_600.0).contains(&views), "{views}");
    assert!(known_of_people(&stocked) > 0.7);
    assert_eq!(known_of_people(&bare), 0.0);
}

/// What the stock knows is what a platform knows that goes on learning: three worlds of 4,000 people for six days. A platform
/// that knew people or posts less well at the start would learn; one whose knowledge was less or more noisy would give small
/// topics another share. Between days two to three sampling moves rates of valid plays by some .3 %, the joint share of small
/// topics by 1 %.
#[test]
fn a_world_stays_where_it_starts() {
    let scenario = calm(&["population.users=4000", "time.days=6"]);
    let prepared = prerun::prepare(&scenario);
    let (mut rates, mut small) = ([0.0; 2], [0.0; 2]);
    for number in 0..3 {
        let mut world = Replicate::new(prepared.setup.clone(), number, 0..4_000, Some(&prepared.stock));
        let start = [known_of_people(&world), known_of_posts(&world)];
        while world.step(&Alone).is_some() {}
        let end = [known_of_people(&world), known_of_posts(&world)];
        println!("known of people and posts: {start:.3?} at the start, {end:.3?} six days later");
        assert!(start.iter().zip(&end).all(|(start, end)| (end / start - 1.0).abs() < 0.015), "{start:.3?} {end:.3?}");
        for (part, from) in [0, 4].into_iter().enumerate() {
            let sum = |counter: Counter| world.tally().by_topic(0, counter, from, from + 2).iter().sum::<u64>() as f64;
            rates[part] += sum(Counter::ValidPlays) / sum(Counter::Impressions) / 3.0;
            small[part] += small_topics(&ratios(world.tally(), &scenario, 0, from, from + 2), &scenario) / 3.0;
        }
    }
    println!("on the first and last two days: valid plays {rates:.4?}, small topics {small:.3?}");
    assert!((rates[1] / rates[0] - 1.0).abs() < 0.01, "{rates:?}");
    assert!((small[1] / small[0] - 1.0).abs() < 0.04, "{small:?}");
}

#[test]
fn the_pre_run_is_the_same_for_every_seed_and_arm() {
    let arms = "arm=[{name='a', tilt=[{kind='score', topic='protest', multiply=0.9}]}]";
    let one = calm(&["population.users=400"]);
    let two = calm(&["population.users=400", "replicates.seed=1", arms]);
    let hash = |scenario: &Scenario| {
        // The same seed again for the worlds themselves, so that only the pre-run can differ.
        let prepared = prerun::prepare(scenario);
        let world = Replicate::new(prerun::prepare(&one).setup, 0, 0..400, Some(&prepared.stock));
        crate::common::finish(world)
    };
    assert_eq!(hash(&one), hash(&two));
}
