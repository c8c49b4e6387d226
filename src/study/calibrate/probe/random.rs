//! The same people before videos drawn at random: what a feed owes to its ranking, and how well its score tells what is watched.
//!
//! When the first day that counts begins, a set of videos is drawn from the most viewed ones (`calibrate.pool_share`), and each watched
//! person reacts to some of them on each day of a week, as they would if the feed had shown them. Profiles and counters stand as they
//! were learned from feeds until then.

use rayon::prelude::*;

use super::{Figures, Moment, Probe, share};
use crate::rng::{Decision, below};
use crate::run::Replicate;
use crate::stats::interval::average;
use crate::stats::ranking::area_under_curve;

/// Most videos of the set: as many as KuaiRand's.
const MOST: usize = 7_583;
/// Videos a person reacts to on a day.
const A_DAY: u64 = 30;
const DAYS: i64 = 7;
/// Fewest hits and misses of a person whose AUC counts.
const LEAST: usize = 5;

/// Sums over reactions.
#[derive(Debug, Default)]
pub(super) struct Random {
    count: f64,
    /// Valid plays, long views, likes, follows.
    hits: [f64; 4],
    /// AUC of each person in whom it is defined well enough.
    areas: Vec<f64>,
}

impl Probe for Random {
    fn look(&mut self, moment: &Moment) {
        if moment.world.next_epoch() == 0 {
            let set = set(moment.world);
            let people = (moment.watched as usize).min(moment.world.people().len());
            let all: Vec<OfPerson> =
                (0..people).into_par_iter().map(|index| of_person(moment.world, &set, index)).collect();
            for one in all {
                self.count += one.cases.len() as f64;
                self.hits.iter_mut().zip(one.hits).for_each(|(sum, hits)| *sum += hits);
                let long = one.cases.iter().filter(|case| case.1).count();
                if long >= LEAST && one.cases.len() - long >= LEAST {
                    self.areas.extend(area_under_curve(&one.cases));
                }
            }
        }
    }

    fn report(&self, figures: &mut Figures) {
        let names = ["valid plays at random", "long views at random", "likes at random", "follows at random"];
        for (name, hits) in names.into_iter().zip(self.hits) {
            figures.insert(name, share(hits, self.count));
        }
        figures.insert("AUC within people", average(&self.areas));
    }
}

/// What personalised exposure has over random exposure.
pub(super) fn lifts(figures: &mut Figures) {
    let names = [
        ("valid plays, lift", "valid plays", "valid plays at random"),
        ("long views, lift", "long views", "long views at random"),
        ("likes, lift", "likes", "likes at random"),
        ("follows, lift", "follows", "follows at random"),
    ];
    for (name, organic, random) in names {
        let of = |name: &str| figures.get(name).copied().flatten();
        let lift = of(organic).zip(of(random)).and_then(|(organic, random)| share(organic, random));
        figures.insert(name, lift);
    }
}

/// Slots of the videos, drawn without return from the most viewed.
fn set(world: &Replicate) -> Vec<u32> {
    let mut pool = most_viewed(world, world.setup().scenario.calibrate.pool_share);
    let key = world.seeds().world.of(Decision::Probe);
    // A partial Fisher–Yates shuffle.
    let size = MOST.min(pool.len());
    for place in 0..size {
        let other = place + below(key.draw(place as u64), (pool.len() - place) as u64) as usize;
        pool.swap(place, other);
    }
    pool.truncate(size);
    pool
}

/// The most viewed share of the posts, at least one where there are any; ties by identity.
pub(super) fn most_viewed(world: &Replicate, share: f64) -> Vec<u32> {
    let catalogue = world.catalogue();
    let items = world.arm(0).and_then(|arm| arm.items.as_ref()).expect("the baseline keeps its own counters");
    let mut slots: Vec<u32> = catalogue.living().collect();
    let views = |slot: u32| items.counters.get(slot as usize).map_or(0, |counters| counters.impressions);
    slots.sort_unstable_by_key(|&slot| (std::cmp::Reverse(views(slot)), catalogue.id(slot as usize).0));
    slots.truncate(libm::ceil(slots.len() as f64 * share) as usize);
    slots
}

/// One person's reactions: score and long view of each video, and hits.
struct OfPerson {
    cases: Vec<(f64, bool)>,
    hits: [f64; 4],
}

fn of_person(world: &Replicate, set: &[u32], index: usize) -> OfPerson {
    let (people, catalogue, setup) = (world.people(), world.catalogue(), world.setup());
    let baseline = world.arm(0).expect("the baseline exists from the start");
    let items = baseline.items.as_ref().expect("the baseline keeps its own counters");
    let profile = baseline.profile.as_ref().expect("the baseline keeps its own profiles");
    let user = u64::from(people.id[index]);
    // Demand stands still as profiles and counters do.
    let demand = world.shocks().demand(0);
    let mut found = OfPerson { cases: Vec::new(), hits: [0.0; 4] };
    for day in 0..DAYS {
        let today = world.seeds().behaviour.of(Decision::React).at(user).at_signed(day);
        let watcher = setup.responder.watcher(people, index, people.interests(index), today);
        let key = world.seeds().behaviour.of(Decision::Probe).at(user).at_signed(day);
        for number in 0..A_DAY {
            let slot = set[below(key.draw(number), set.len() as u64) as usize] as usize;
            let truth = catalogue.truth(slot);
            let reaction = setup.responder.react(&watcher, truth, demand[truth.topic as usize]);
            let [_, _, follow, _] = setup.responder.other_signals(&watcher, truth, reaction.valid_play);
            let hits = [reaction.valid_play, reaction.long_view, reaction.like, follow];
            found.hits.iter_mut().zip(hits).for_each(|(sum, hit)| *sum += f64::from(u8::from(hit)));
            let class = catalogue.observed().items[slot].map_or(0, |sight| usize::from(sight.duration_class));
            let cell = setup.grid.tier(&items.counters[slot]) * crate::feed::score::DURATIONS + class;
            let level = profile[index * people.topics + truth.topic as usize];
            found
                .cases
                .push((setup.score.own.values[usize::from(level) * setup.score.own.cells + cell], reaction.long_view));
        }
    }
    found
}
