//! What a simulated platform shows of the stylised facts: one organic world with a few people who are watched closely, and
//! one long world for the weeks.
//!
//! A probe looks at the world between epochs and reports figures under the names that [`facts`](super::facts) give them.

mod births;
mod inputs;
mod levels;
mod personas;
mod pool;
mod random;
mod watching;
mod weeks;

use std::collections::BTreeMap;

use crate::run::{Alone, Replicate, Setup, Stock};
use crate::scenario::Scenario;
use crate::study::Prepared;
use crate::trace::Impression;
use crate::world::ItemTruth;

/// Figures by name; what is undefined is `None`.
pub type Figures = BTreeMap<&'static str, Option<f64>>;

/// Size of the worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// People of the organic world.
    pub people: u32,
    /// Of these, who are simulated at all; the others' posts are there without them.
    pub present: u32,
    /// Of these, whose impressions are kept.
    pub watched: u32,
    /// Days before those that count.
    pub burn_in_days: u32,
    /// Days that count.
    pub days: u32,
    /// Number of the world.
    pub replicate: u32,
    /// People and weeks of the long world; none where it is left out.
    pub weeks: Option<[u32; 2]>,
    /// Whether scripted accounts look on.
    pub accounts: bool,
}

impl Extent {
    /// For the table of facts: posts' first seven days are seen whole, and views per post are hardly bounded by people.
    pub const TABLE: Self = Self {
        people: 200_000,
        present: 200_000,
        watched: 4_000,
        burn_in_days: 1,
        days: 8,
        replicate: 0,
        weeks: Some([8_000, 54]),
        accounts: true,
    };
    /// For a fit: one day of some people of a world that starts where a platform would stand.
    pub const FIT: Self = Self {
        people: 60_000,
        present: 12_000,
        watched: 12_000,
        burn_in_days: 0,
        days: 1,
        replicate: 0,
        weeks: None,
        accounts: false,
    };
}

/// One impression of a watched person, with the post's truth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub shown: Impression,
    pub truth: ItemTruth,
}

impl Seen {
    fn duration_ms(&self) -> u32 {
        u32::from(self.truth.duration) * 100
    }

    /// Watch time over duration.
    fn ratio(&self) -> f64 {
        f64::from(self.shown.watch_ms) / f64::from(self.duration_ms())
    }

    fn is_finished(&self) -> bool {
        self.shown.watch_ms >= self.duration_ms()
    }

    /// Valid play, long view, like, comment, share, follow.
    fn signals(&self) -> [bool; 6] {
        std::array::from_fn(|bit| self.shown.signals >> bit & 1 == 1)
    }
}

/// A look at the world: before the first epoch, then after each.
pub(super) struct Moment<'a> {
    pub world: &'a Replicate,
    /// People whose impressions are kept.
    pub watched: u32,
    /// What watched people met in the epoch before; nothing in burn-in.
    pub log: &'a [Seen],
}

/// Looks at a world, then reports.
trait Probe {
    fn look(&mut self, moment: &Moment);
    fn report(&self, figures: &mut Figures);
}

/// All figures of a scenario without its arms. `see` is called with the part of the work that is done.
pub fn figures(scenario: &Scenario, prepared: &Prepared, extent: Extent, see: &mut dyn FnMut(f64)) -> Figures {
    let mut figures = Figures::new();
    let part = if extent.weeks.is_some() { 0.5 } else { 1.0 };
    organic(scenario, prepared, extent, &mut figures, &mut |done| see(part * done));
    inputs::report(scenario, &prepared.reached, &mut figures);
    if let Some(size) = extent.weeks {
        weeks::report(scenario, prepared, size, &mut figures, &mut |done| see(part + (1.0 - part) * done));
    }
    figures
}

fn organic(scenario: &Scenario, prepared: &Prepared, extent: Extent, figures: &mut Figures, see: &mut dyn FnMut(f64)) {
    let mut scenario = quiet(scenario, extent.people, extent.burn_in_days, extent.days);
    if extent.accounts {
        scenario.accounts = personas::accounts(&scenario);
    }
    let mut world = world(&scenario, prepared, extent.replicate, extent.present, &prepared.stock);
    world.logged_people = extent.watched;
    let mut probes: Vec<Box<dyn Probe>> = vec![
        Box::new(inputs::Activity::default()),
        Box::new(levels::Levels::default()),
        Box::new(random::Random::default()),
        Box::new(pool::Pool::default()),
        Box::new(births::Births::default()),
    ];
    let mut look = |world: &Replicate, log: &[Seen]| {
        let moment = Moment { world, watched: extent.watched, log };
        probes.iter_mut().for_each(|probe| probe.look(&moment));
    };
    look(&world, &[]);
    let epochs = f64::from((extent.burn_in_days + extent.days) * scenario.time.epochs_per_day);
    let mut done = 0.0;
    loop {
        world.logging = world.next_epoch() >= 0;
        if world.step(&Alone).is_none() {
            break;
        }
        let log = resolved(&mut world);
        look(&world, &log);
        done += 1.0;
        see(done / epochs);
    }
    probes.iter().for_each(|probe| probe.report(figures));
    random::lifts(figures);
    let (_, _, accounts) = world.into_results();
    if let Some(public) = accounts {
        personas::report(&scenario, &public, figures);
    }
}

/// The log since the last call, with the truth about each post.
fn resolved(world: &mut Replicate) -> Vec<Seen> {
    let log = world.take_log();
    if log.is_empty() {
        return Vec::new();
    }
    let catalogue = world.catalogue();
    let mut slots: Vec<(u64, u32)> = catalogue.living().map(|slot| (catalogue.id(slot as usize).0, slot)).collect();
    slots.sort_unstable();
    let truth = |item: u64| {
        let place =
            slots.binary_search_by_key(&item, |one| one.0).expect("what was shown in an epoch lives through it");
        *catalogue.truth(slots[place].1 as usize)
    };
    log.into_iter().map(|shown| Seen { shown, truth: truth(shown.item) }).collect()
}

/// The scenario without arms, accounts and followed people.
fn quiet(scenario: &Scenario, people: u32, burn_in_days: u32, days: u32) -> Scenario {
    let mut quiet = scenario.clone();
    quiet.population.users = people;
    quiet.time.burn_in_days = burn_in_days;
    quiet.time.days = days;
    quiet.arms.clear();
    quiet.accounts.clear();
    quiet.measure.micro_users = 0;
    quiet.measure.echo = false;
    quiet
}

fn world(scenario: &Scenario, prepared: &Prepared, replicate: u32, present: u32, stock: &Stock) -> Replicate {
    Replicate::new(Setup::new(scenario, &prepared.appeal), replicate, 0..present, Some(stock))
}

/// `part` of `all`, undefined where there is nothing.
fn share(part: f64, all: f64) -> Option<f64> {
    (all > 0.0).then(|| part / all)
}
