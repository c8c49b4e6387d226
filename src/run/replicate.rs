//! One world in all its arms.

use std::ops::Range;

use rayon::prelude::*;

use crate::feed::{Counters, Index};
use crate::rng::{Decision, Key};
use crate::run::accounts::Accounts;
use crate::run::arms::{Branch, ItemState, SupplyState, branches};
use crate::run::ghosts::Ghosts;
use crate::run::watch::Sums;
use crate::run::{ArmState, Setup, Stock};
use crate::trace::{Capped, Impression, Micro, Picked, Public, Tally};
use crate::world::catalogue::Births;
use crate::world::people::GROUPS;
use crate::world::{Catalogue, Creators, People, Seeds, Shocks, Supply};

/// How the draws of ghosts in different arms hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coupling {
    /// The same words down the same keyed tree: a small change moves few draws.
    #[default]
    Tree,
    /// The same word for the whole walk, a plain inverse distribution function; with the engine `candidates`, which walks down no
    /// tree, the same as the tree.
    InverseCdf,
    /// Other words in every arm.
    Independent,
}

/// One world: people, catalogue, shocks, and the state of each arm. Arm 0 is the baseline; the others stand in file order
/// and exist from their fork on.
#[derive(Debug)]
pub struct Replicate {
    pub(super) setup: Setup,
    pub(super) number: u32,
    pub(super) seeds: Seeds,
    pub(super) people: People,
    pub(super) creators: Creators,
    pub(super) catalogue: Catalogue,
    pub(super) shocks: Shocks,
    pub(super) arms: Vec<Option<ArmState>>,
    /// How each arm beside the baseline comes to be.
    pub(super) branches: Vec<Branch>,
    pub(super) tally: Tally,
    pub(super) ghosts: Option<Ghosts>,
    pub(super) accounts: Option<Accounts>,
    pub(super) workers: Vec<Sums>,
    /// Epoch counted from day 0 that comes next.
    pub(super) next: i64,
    /// People per task of the thread pool; no result depends on it.
    pub chunk: usize,
    /// People after whom workers' packed counters are opened, at most two million; no result depends on it.
    pub block: usize,
    /// Level of the instruction set to use instead of the best one; no result depends on it.
    pub isa: Option<String>,
    /// How the draws of ghosts in different arms hang together; no expected figure depends on it.
    pub coupling: Coupling,
    /// Keep every impression in [`Replicate::take_log`].
    pub logging: bool,
    /// Where a log is kept: of people with smaller ids than this alone.
    pub logged_people: u32,
}

impl Replicate {
    /// Draws the world of replicate `number` with the people `users` (all of them in a single process) and the start that
    /// `stock` gives; without one nobody is known and no post has been seen.
    pub fn new(setup: Setup, number: u32, users: Range<u32>, stock: Option<&Stock>) -> Self {
        let time = setup.scenario.time.clone();
        let first_day = -i64::from(time.burn_in_days);
        let seeds = Seeds::new(&setup.scenario, number);
        let shocks = Shocks::draw(&setup.scenario, seeds.world, first_day, i64::from(time.days) - 1);
        Self::start(setup, number, users, stock, shocks, Catalogue::new())
    }

    /// A world without shocks whose posts are spread evenly over qualities, and people over interests: the pre-run.
    pub fn even(setup: Setup, ladder: Vec<[f64; 3]>, stock: Option<&Stock>) -> Self {
        let time = setup.scenario.time.clone();
        let shocks = Shocks::none(&setup.scenario, -i64::from(time.burn_in_days), i64::from(time.days) - 1);
        let (users, topics) = (0..setup.scenario.population.users, setup.scenario.topic_count());
        Self::start(setup, 0, users, stock, shocks, Catalogue::even(topics, ladder))
    }

    fn start(
        setup: Setup,
        number: u32,
        users: Range<u32>,
        stock: Option<&Stock>,
        shocks: Shocks,
        mut catalogue: Catalogue,
    ) -> Self {
        let scenario = &setup.scenario;
        let seeds = Seeds::new(scenario, number);
        let first_day = -i64::from(scenario.time.burn_in_days);
        let start = first_day * i64::from(scenario.time.epochs_per_day);
        let class_of = |region: usize, [audience, signs]: [u64; 2]| setup.plan.classes.of(region, audience, signs);
        let people = People::draw(scenario, seeds.world, users, &class_of, catalogue.is_even());
        let creators = Creators::draw(scenario, seeds.world);
        let flagger = |id, topic, creator| setup.plan.marks.flags(seeds.world, id, topic, creator);
        let depth = i64::from(scenario.catalogue.depth_days) * i64::from(scenario.time.epochs_per_day);
        for epoch in start - depth..start {
            let births = Births { creators: &creators, shocks: None, flagger: &flagger, potential: None };
            catalogue.publish(scenario, seeds.world, births, epoch);
        }
        let tracked = scenario.measure.track.len();
        let topics = scenario.topic_count();
        let mut baseline = ArmState::blank(people.len(), topics, tracked, Index::new(setup.shape));
        if scenario.loops.interest && !scenario.arms.is_empty() {
            baseline.seen = vec![0; people.len() * topics];
        }
        if scenario.loops.supply && !catalogue.is_even() {
            let supply = Supply::new(scenario.supply, creators.len());
            baseline.supply = Some(SupplyState { supply, published: vec![true; catalogue.slots()] });
        }
        stock_up(&setup, seeds, &people, &catalogue, &mut baseline, stock, start);
        let regions = scenario.population.regions.len();
        let branches = branches(scenario);
        let arms = 1 + branches.len();
        let (burn_in, days) = (scenario.time.burn_in_days as usize, scenario.time.days as usize);
        let people_count = people.len();
        let mut all = vec![Some(baseline)];
        all.resize_with(arms, || None);
        Self {
            tally: Tally {
                capped: vec![Capped::default(); if setup.caps { arms } else { 0 }],
                picked: scenario.arms.iter().map(|arm| vec![Picked::default(); arm.tilts.len()]).collect(),
                ..Tally::new(burn_in, days, arms, regions, GROUPS, topics, tracked)
            },
            accounts: Accounts::new(scenario, &setup.plan, seeds),
            ghosts: Ghosts::new(&setup, number, seeds, &people),
            setup,
            number,
            seeds,
            people,
            creators,
            catalogue,
            shocks,
            arms: all,
            branches,
            workers: Vec::new(),
            next: start,
            chunk: (people_count / 64).clamp(64, 2048),
            block: usize::MAX,
            isa: std::env::var("FEEDTILT_ISA").ok(),
            coupling: Coupling::Tree,
            logging: false,
            logged_people: u32::MAX,
        }
    }

    /// Root of the platform's draws in an arm: fresh ones in an echo arm. What people do by themselves hangs on
    /// [`Seeds::behaviour`] in every arm.
    pub(super) fn platform_draws(&self, arm: usize) -> Key {
        let echo = arm.checked_sub(1).is_some_and(|i| self.branches[i].arm.is_none());
        if echo { self.seeds.behaviour.of(Decision::Echo) } else { self.seeds.behaviour }
    }

    /// Number of the replicate.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// What is derived from the scenario.
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Replaces the topic appeals from the next epoch on (the pre-run's solver).
    pub fn set_appeal(&mut self, appeal: &[Vec<f64>]) {
        self.setup.set_appeal(appeal);
    }

    /// Lets profiles learn and forget `pace` times as fast from the next epoch on (the pre-run's first days).
    pub fn set_pace(&mut self, pace: f64) {
        self.setup.set_pace(pace);
    }

    /// Everybody hands on how much they approve to the next one, from the next epoch on (the pre-run).
    pub fn hand_on_approval(&mut self) {
        self.people.hand_on_approval();
    }

    /// The people.
    pub const fn people(&self) -> &People {
        &self.people
    }

    /// The catalogue.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The creators.
    pub const fn creators(&self) -> &Creators {
        &self.creators
    }

    /// The shocks.
    pub const fn shocks(&self) -> &Shocks {
        &self.shocks
    }

    /// Roots of the draws.
    pub const fn seeds(&self) -> Seeds {
        self.seeds
    }

    /// State of an arm, `None` before its fork.
    pub fn arm(&self, arm: usize) -> Option<&ArmState> {
        self.arms[arm].as_ref()
    }

    /// Counts so far.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Counts of a finished run, those of single people where some were followed, and what accounts were shown where there
    /// are any.
    pub fn into_results(self) -> (Tally, Option<Micro>, Option<Public>) {
        let micro = self.ghosts.map(|ghosts| ghosts.into_micro(&self.setup, self.number, &self.people));
        (self.tally, micro, self.accounts.map(Accounts::into_public))
    }

    /// Counts of a finished run.
    pub fn into_tally(self) -> Tally {
        self.tally
    }

    /// Epoch that comes next, counted from day 0.
    pub const fn next_epoch(&self) -> i64 {
        self.next
    }

    /// Impressions logged since the last call, sorted.
    pub fn take_log(&mut self) -> Vec<Impression> {
        let mut log: Vec<Impression> = self.workers.iter_mut().flat_map(|w| std::mem::take(&mut w.log)).collect();
        log.sort_unstable();
        log
    }

    /// What the baseline has learned, as a start for other worlds.
    pub fn stock(&self, born_after: i64) -> Stock {
        let baseline = self.arms[0].as_ref().expect("the baseline exists from the start");
        Stock::collect(&self.setup, &self.people, &self.catalogue, baseline, self.next, born_after)
    }
}

/// Gives the baseline its first counters, cells and profiles.
fn stock_up(
    setup: &Setup,
    seeds: Seeds,
    people: &People,
    catalogue: &Catalogue,
    baseline: &mut ArmState,
    stock: Option<&Stock>,
    start: i64,
) {
    let items = baseline.items.as_mut().expect("the baseline keeps its own counters");
    items.counters = vec![Counters::default(); catalogue.slots()];
    items.sought = vec![0; if setup.caps { catalogue.slots() } else { 0 }];
    let Some(stock) = stock else { return };
    let ItemState { counters, .. } = items;
    counters.par_iter_mut().enumerate().for_each(|(slot, counters)| {
        if let Some(sight) = catalogue.observed().items[slot] {
            let age = start - i64::from(sight.born);
            *counters = stock.counters(setup, seeds.world, catalogue.id(slot), catalogue.truth(slot), age);
        }
    });
    let profile = baseline.profile.as_mut().expect("the baseline keeps its own profiles");
    profile.par_chunks_mut(people.topics).enumerate().for_each(|(index, levels)| {
        stock.profile(setup, seeds.world, people, index, levels);
    });
}
