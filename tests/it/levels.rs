//! Levels of reactions at the shipped settings, against those that were measured. `--nocapture` prints the table of
//! docs/validation.md.

use std::collections::BTreeMap;

use feedtilt::rng::{Decision, Key, below};
use feedtilt::run::{Alone, Replicate, Setup};
use feedtilt::stats::quantile::quantile;
use feedtilt::unit::LOGIT;

use crate::prerun::{quickstart, shipped};

/// Upper edges of duration classes, seconds.
const DURATIONS: [u32; 5] = [7, 15, 30, 60, 120];

/// Reactions to many impressions.
#[derive(Default)]
struct Levels {
    count: f64,
    /// Valid play, long view, like, comment, share, follow.
    signals: [f64; 6],
    finished: f64,
    below_a_tenth: f64,
    clipped: f64,
    /// Mean attention before its noise, log-odds, summed.
    attention: f64,
    ratios: Vec<f64>,
    by_duration: [[f64; 2]; 6],
}

impl Levels {
    /// `duration` in tenths of a second.
    fn add(&mut self, watch_ms: u32, duration: u16, signals: [bool; 6]) {
        let all_ms = u32::from(duration) * 100;
        let ratio = f64::from(watch_ms) / f64::from(all_ms);
        let finished = f64::from(u8::from(watch_ms >= all_ms));
        self.count += 1.0;
        self.signals.iter_mut().zip(signals).for_each(|(sum, hit)| *sum += f64::from(u8::from(hit)));
        self.finished += finished;
        self.below_a_tenth += f64::from(u8::from(ratio < 0.1));
        self.clipped += ratio.min(1.0);
        self.ratios.push(ratio);
        let class = &mut self.by_duration[DURATIONS.iter().filter(|&&edge| u32::from(duration) >= 10 * edge).count()];
        class[0] += 1.0;
        class[1] += finished;
    }

    fn signal(&self, signal: usize) -> f64 {
        self.signals[signal] / self.count
    }

    fn print(&self, name: &str) {
        let [valid, long, like, comment, share, follow] = [0, 1, 2, 3, 4, 5].map(|signal| self.signal(signal));
        println!("{name}: valid plays {valid:.3}, long views {long:.3}, likes {:.2} %", 100.0 * like);
        println!("  comments {:.2} %, shares {:.2} %, follows {:.2} %", 100.0 * comment, 100.0 * share, 100.0 * follow);
        let median = quantile(&self.ratios, 0.5).expect("impressions");
        let [finished, clipped, low] = [self.finished, self.clipped, self.below_a_tenth].map(|sum| sum / self.count);
        println!("  finished {finished:.3}, watch ratio {clipped:.3}, median {median:.3}, below .1 {low:.3}");
        println!("  finished by duration {:.2?}", self.by_duration.map(|[all, finished]| finished / all));
    }
}

/// A day of 4,000 of quickstart's 30,000 people in each of four worlds, shocks and all; the same people at random posts.
fn measure() -> (Levels, Levels) {
    let prepared = shipped();
    let setup = Setup::new(&quickstart(&["time.days=1"]), &prepared.appeal);
    let (mut organic, mut random) = (Levels::default(), Levels::default());
    for number in 0..4 {
        let mut world = Replicate::new(setup.clone(), number, 0..4_000, Some(&prepared.stock));
        world.logging = true;
        while world.step(&Alone).is_some() {}
        let log = world.take_log();
        let catalogue = world.catalogue();
        let slots: Vec<usize> = catalogue.living().map(|slot| slot as usize).collect();
        let by_id: BTreeMap<u64, usize> = slots.iter().map(|&slot| (catalogue.id(slot).0, slot)).collect();
        let key = Key::root(1, number).of(Decision::React);
        for (n, shown) in log.into_iter().enumerate() {
            // A post that has left since is not looked up.
            let Some(&slot) = by_id.get(&shown.item) else { continue };
            let truth = catalogue.truth(slot);
            let interest = world.people().interests(shown.user as usize)[usize::from(truth.topic)];
            let attention =
                setup.responder.topic_attention(world.people(), shown.user as usize, truth.topic.into(), interest);
            organic.attention += f64::from(attention + i32::from(truth.attention)) / f64::from(LOGIT);
            organic.add(shown.watch_ms, truth.duration, std::array::from_fn(|bit| shown.signals >> bit & 1 == 1));
            let truth = catalogue.truth(slots[below(key.draw(n as u64), slots.len() as u64) as usize]);
            let (people, index) = (world.people(), shown.user as usize);
            let watcher = setup.responder.watcher(people, index, people.interests(index), key.at(n as u64));
            let reaction = setup.responder.react(&watcher, truth, 0);
            let [comment, share, follow, _] = setup.responder.other_signals(&watcher, truth, reaction.valid_play);
            let signals = [reaction.valid_play, reaction.long_view, reaction.like, comment, share, follow];
            random.add(reaction.watch_ms, truth.duration, signals);
        }
    }
    (organic, random)
}

/// The F rows C6 and C7 within their tolerances, and C5 in the whole feed, although KuaiRand's watch ratios are of the most viewed posts;
/// but for the three that docs/validation.md names: these must be outside, so that it cannot go on telling of what is mended. About 6 million
/// impressions: sampling moves no level by a tenth of its tolerance; four worlds move valid plays by less than .01.
#[test]
fn levels_are_those_of_kuairand_but_for_three() {
    let (organic, random) = measure();
    organic.print("organic");
    println!("  mean attention {:.3}", organic.attention / organic.count);
    random.print("random");
    let clipped = organic.clipped / organic.count;
    let median = quantile(&organic.ratios, 0.5).expect("impressions");
    let levels = [
        ("mean watch ratio", clipped, 0.336 - 0.03, 0.336 + 0.03),
        ("finished", organic.finished / organic.count, 0.155 - 0.03, 0.155 + 0.03),
        ("median", median, 0.125 - 0.03, 0.125 + 0.03),
        ("below a tenth", organic.below_a_tenth / organic.count, 0.46 - 0.05, 0.46 + 0.05),
        ("likes", organic.signal(2), 0.0155 / 1.3, 0.0155 * 1.3),
        ("follows", organic.signal(5), 0.001 / 1.3, 0.001 * 1.3),
        ("valid plays", organic.signal(0), 0.378 - 0.03, 0.378 + 0.03),
        ("long views", organic.signal(1), 0.26 - 0.03, 0.26 + 0.03),
        ("valid plays at random", random.signal(0), 0.174 - 0.03, 0.174 + 0.03),
        ("long views at random", random.signal(1), 0.084 - 0.03, 0.084 + 0.03),
        ("lift of valid plays", organic.signal(0) / random.signal(0), 2.0, 2.9),
        ("lift of likes", organic.signal(2) / random.signal(2), 2.2, 3.4),
        ("lift of long views", organic.signal(1) / random.signal(1), 2.6, 4.2),
    ];
    levels.iter().for_each(|(name, value, low, high)| println!("{name}: {value:.4}, {low:.4} to {high:.4}"));
    let outside = levels.iter().filter(|(_, value, low, high)| !(low..=high).contains(&value));
    assert_eq!(outside.map(|level| level.0).collect::<Vec<_>>(), ["mean watch ratio", "follows", "lift of long views"]);
    let usual = quickstart(&[]).stay.usual;
    let attention = organic.attention / organic.count;
    assert!((attention - usual).abs() < 0.05, "mean attention {attention:.3}, `stay.usual` {usual}");
}
