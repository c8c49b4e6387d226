//! The loop. One epoch is the numbered list that `docs/odd.md` and `check --explain` print.

use std::sync::Mutex;

use rayon::prelude::*;

use crate::feed::{Counters, Index, Rules, Tables};
use crate::id::ItemId;
use crate::rng::{Decision, Key, share_of_words};
use crate::run::accounts::Display;
use crate::run::arms::ItemState;
use crate::run::watch::{ArmSums, ArmTables, Columns, Ground, Packed, Pass, Sums, Visitor, open, watch};
use crate::run::{ArmState, Reduce, Replicate};
use crate::scenario::Ranker;
use crate::stats::concentration::gini;
use crate::tilt::reach_cap;
use crate::trace::{Counter, SELECTION_COUNTS, SlotCounter};
use crate::world::catalogue::{Births, Potential, word_of};
use crate::world::drift::{WEEK, drift};
use crate::world::people::GROUPS;
use crate::world::{ItemTruth, Supply};

/// The steps of an epoch, as documented: name and what happens.
pub const SCHEDULE: [(&str, &str); 11] = [
    ("publish", "creators post; new items enter the cold-start pool; items past the catalogue's depth leave"),
    ("index", "belief is quantised, eligibility and tilts are compiled into tables"),
    ("open", "each person's number of requests is drawn"),
    ("score", "each request scores the whole eligible catalogue of the person's stripe"),
    ("select", "a response is filled slot by slot"),
    ("respond", "the person watches and approves"),
    ("learn", "the profile moves once per response; item counters are folded in at the end of the epoch"),
    ("forget", "once a day, every profile level shrinks towards zero"),
    ("drift", "once a week, interests move with what was shown beyond the baseline's shares (loop `interest`)"),
    ("supply", "once a day, creators react to reach (loop `supply`)"),
    ("record", "once a day, the tally by arm, region, group and topic"),
];

/// What one epoch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    /// Day, negative in burn-in.
    pub day: i64,
    /// Epoch within the day.
    pub part: u32,
    /// Impressions in all arms of this process.
    pub impressions: u64,
    /// Posts that could be shown, summed over the requests served: candidates scored.
    pub candidates: u64,
}

impl Replicate {
    /// Advances all arms by one epoch; `None` when the run is over.
    pub fn step(&mut self, reduce: &dyn Reduce) -> Option<Epoch> {
        let per_day = i64::from(self.setup.scenario.time.epochs_per_day);
        let (day, part) = (self.next.div_euclid(per_day), self.next.rem_euclid(per_day) as u32);
        if day >= i64::from(self.setup.scenario.time.days) {
            return None;
        }
        if part == 0 {
            self.fork(day);
            self.open_week(day);
            self.note_outside(day, reduce);
        }
        self.publish();
        let (rules, tables) = self.compile();
        let others = self.other_rankers(&rules);
        self.watch(day, part, &tables, &others, &rules);
        let impressions = self.fold(day, &tables, &others, &rules, reduce);
        let candidates =
            self.workers.iter_mut().flat_map(|w| &mut w.arms).map(|a| std::mem::take(&mut a.candidates)).sum();
        if i64::from(part) == per_day - 1 {
            self.forget(day);
            self.drift(day);
            self.supply();
            if let Some(ghosts) = &mut self.ghosts {
                ghosts.close_day(&self.setup, self.seeds, &self.people, &self.arms, day);
            }
            if let Some(accounts) = &mut self.accounts {
                accounts.close_day(&self.setup, day);
            }
            self.record(day, reduce);
            self.note_outside(day + 1, reduce);
            self.note_picked(day);
        }
        self.next += 1;
        Some(Epoch { day, part, impressions, candidates })
    }

    /// Clones the baseline into the arms whose first tilted day this is.
    fn fork(&mut self, day: i64) {
        for (i, branch) in self.branches.iter().enumerate() {
            if branch.day == day {
                let baseline = self.arms[0].as_ref().expect("the baseline exists from the start");
                self.arms[i + 1] = Some(baseline.fork(branch.live, &self.people.interest));
                let (of_baseline, of_arms) = self.tally.expected.split_at_mut(1);
                of_arms[i].clone_from(&of_baseline[0]);
                self.tally.asked[i + 1] = self.tally.asked[0];
                self.tally.acceptance[i + 1] = self.tally.acceptance[0];
                self.tally.item_impressions[i + 1] = self.tally.item_impressions[0];
            }
        }
        if let (Some(ghosts), Some(baseline)) = (&mut self.ghosts, &self.arms[0]) {
            ghosts.fork(day, baseline, self.people.topics);
        }
        if let Some(accounts) = &mut self.accounts {
            accounts.fork(day);
        }
    }

    /// Weekly counts per person start anew.
    fn open_week(&mut self, day: i64) {
        if day.rem_euclid(7) == 0 {
            for arm in self.arms.iter_mut().flatten() {
                arm.met.fill(0);
                arm.seen.fill(0);
            }
        }
    }

    /// Counts what people outside of arms' audiences have met, as of the beginning of a day: what they had met in the running week
    /// when the arm was forked is taken off, what they have when the week or the tilt ends is added.
    fn note_outside(&mut self, day: i64, reduce: &dyn Reduce) {
        let Self { setup, people, arms, tally, next, .. } = self;
        let tracked = setup.scenario.measure.track.len();
        for (number, arm) in setup.scenario.arms.iter().enumerate() {
            let inside = setup.plan.classes_of(arm);
            let days = arm.tilted_days();
            let (from, until) = (i64::from(days.start), i64::from(days.end));
            let is_over = *next < day * i64::from(setup.scenario.time.epochs_per_day);
            // The end of a day is looked at after its last epoch, the beginning before its first.
            let (is_start, is_end) = (!is_over && day == from, is_over && from < day && (day % 7 == 0 || day == until));
            if inside.iter().all(|&inside| inside) || day > until || !(is_start || is_end) {
                continue;
            }
            let Some(own) = &arms[number + 1] else { continue };
            let Some(baseline) = &arms[0] else { continue };
            let mut counts = vec![0u64; 2 * tracked];
            for (index, _) in people.class.iter().enumerate().filter(|(_, class)| !inside[usize::from(**class)]) {
                for topic in 0..tracked {
                    counts[2 * topic] += u64::from(baseline.met[index * tracked + topic]);
                    counts[2 * topic + 1] += u64::from(own.met[index * tracked + topic]);
                }
            }
            reduce.sum(&mut counts);
            let outside = &mut tally.outside[number + 1];
            outside.resize(tracked, [0; 2]);
            for (sums, counts) in outside.iter_mut().zip(counts.chunks_exact(2)) {
                for (sum, &count) in sums.iter_mut().zip(counts) {
                    *sum = if is_start { sum.wrapping_sub(count) } else { sum.wrapping_add(count) };
                }
            }
        }
    }

    fn publish(&mut self) {
        let Self { setup, seeds, creators, catalogue, shocks, arms, next, .. } = self;
        let scenario = &setup.scenario;
        let depth = i64::from(scenario.catalogue.depth_days) * i64::from(scenario.time.epochs_per_day);
        let stripes: Vec<u8> = catalogue.observed().items.iter().map(|s| s.map_or(0, |s| s.stripe)).collect();
        let gone = catalogue.expire(*next - depth);
        for items in arms.iter_mut().flatten().filter_map(|arm| arm.items.as_mut()) {
            // Posts that were published and expired before the first epoch were never indexed.
            for &slot in &gone {
                if items.index.knows(slot) {
                    items.index.remove(slot, stripes[slot as usize] as usize);
                }
            }
        }
        let flagger = |id, topic, creator| setup.plan.marks.flags(seeds.world, id, topic, creator);
        let publishes =
            |own: &Supply, id: ItemId, creator| own.publishes(creator, id.is_spare(), word_of(seeds.world, id));
        let wanted = |id, creator| {
            arms.iter().flatten().filter_map(|arm| arm.supply.as_ref()).any(|own| publishes(&own.supply, id, creator))
        };
        let potential = Potential { spare: scenario.supply.bound - 1.0, wanted: &wanted };
        let reacts = arms[0].as_ref().is_some_and(|arm| arm.supply.is_some());
        let potential = Some(&potential).filter(|_| reacts);
        let births = Births { creators, shocks: Some(shocks), flagger: &flagger, potential };
        let born = catalogue.publish(scenario, seeds.world, births, *next);
        for own in arms.iter_mut().flatten().filter_map(|arm| arm.supply.as_mut()) {
            own.published.resize(catalogue.slots(), false);
            for &slot in &born {
                let creator = catalogue.observed().items[slot as usize].map_or(0, |sight| sight.creator);
                own.published[slot as usize] = publishes(&own.supply, catalogue.id(slot as usize), creator);
            }
        }
        for items in arms.iter_mut().flatten().filter_map(|arm| arm.items.as_mut()) {
            items.counters.resize(catalogue.slots(), Counters::default());
            items.sought.resize(if setup.caps { catalogue.slots() } else { 0 }, 0);
            for &slot in &born {
                items.counters[slot as usize] = Counters::default();
                items.sought.get_mut(slot as usize).into_iter().for_each(|sought| *sought = 0);
            }
        }
    }

    /// Rules and tables of every arm for the epoch that comes next; `None` for arms that have not forked.
    pub fn compile(&mut self) -> (Vec<Rules>, Vec<Option<Tables<ItemTruth>>>) {
        let rules = self.rules();
        let tables = self.index(&rules);
        (rules, tables)
    }

    /// Rules of every arm this epoch.
    fn rules(&self) -> Vec<Rules> {
        let scenario = &self.setup.scenario;
        let arm = |arm: usize| Some(&scenario.arms[self.branches[arm.checked_sub(1)?].arm?]);
        let mut rules: Vec<Rules> =
            (0..self.arms.len()).map(|number| self.setup.plan.compile(scenario, arm(number), self.next)).collect();
        for (number, rules) in rules.iter_mut().enumerate() {
            if let Some(items) = self.items(number) {
                let catalogue = &self.catalogue;
                reach_cap::act(rules, catalogue.observed(), catalogue.living(), &items.counters, &items.sought);
            }
        }
        rules
    }

    /// What the platform knows of posts in a living arm; an arm without counters of its own stands on the baseline's.
    fn items(&self, arm: usize) -> Option<&ItemState> {
        let baseline = self.arms[0].as_ref().and_then(|arm| arm.items.as_ref());
        self.arms[arm].as_ref().and_then(|arm| arm.items.as_ref().or(baseline))
    }

    /// Tables of the other rankers that the rules of an arm name, by arm.
    fn other_rankers(&self, rules: &[Rules]) -> Vec<Vec<(Ranker, Tables<ItemTruth>)>> {
        let baseline = self.arms[0].as_ref().and_then(|arm| arm.items.as_ref());
        let of_arm = |(arm, rules): (&Option<ArmState>, &Rules)| {
            let Some(items) = arm.as_ref().and_then(|arm| arm.items.as_ref().or(baseline)) else { return Vec::new() };
            let named = |ranker: Ranker| rules.special.iter().any(|special| special.ranker == Some(ranker));
            self.setup
                .others
                .iter()
                .filter(|(ranker, _)| named(*ranker))
                .map(|(ranker, score)| {
                    let truth = |slot: u32| *self.catalogue.truth(slot as usize);
                    let published = self.published(arm.as_ref());
                    let oracle = (*ranker == Ranker::Oracle).then(|| self.true_index(&items.counters, published));
                    let index = oracle.as_ref().unwrap_or(&items.index);
                    (*ranker, Tables::compile(index, self.catalogue.observed(), score, rules, truth))
                })
                .collect()
        };
        self.arms.iter().zip(rules).map(of_arm).collect()
    }

    /// By slot, which posts are there in an arm; `None` is all of them.
    pub(super) fn published<'a>(&'a self, arm: Option<&'a ArmState>) -> Option<&'a [bool]> {
        let own = arm.and_then(|arm| arm.supply.as_ref());
        let baseline = self.arms[0].as_ref().and_then(|arm| arm.supply.as_ref());
        own.or(baseline).map(|own| own.published.as_slice())
    }

    /// The index of a platform that knows how good each post is.
    fn true_index(&self, counters: &[Counters], published: Option<&[bool]>) -> Index {
        let Self { setup, catalogue, next, .. } = self;
        let mut index = Index::new(setup.shape);
        let known = |slot: u32| {
            let (attention, approval) = setup.responder.true_odds(catalogue.truth(slot as usize));
            (setup.grid.tier_at(attention, approval), counters[slot as usize].impressions)
        };
        let living = catalogue.living().filter(|&slot| published.is_none_or(|there| there[slot as usize]));
        index.refresh(&setup.scenario, catalogue.observed(), living, known, *next);
        index
    }

    /// Tables of every living arm; an arm without counters of its own stands on the baseline's.
    fn index(&mut self, rules: &[Rules]) -> Vec<Option<Tables<ItemTruth>>> {
        let Self { setup, catalogue, arms, next, .. } = self;
        let catalogue = &*catalogue;
        let of_baseline = arms[0].as_ref().and_then(|arm| arm.supply.as_ref()).map(|own| own.published.clone());
        for ArmState { items, supply, .. } in arms.iter_mut().flatten() {
            let Some(items) = items else { continue };
            let published = supply.as_ref().map(|own| &own.published).or(of_baseline.as_ref());
            let living = catalogue.living().filter(|&slot| published.is_none_or(|there| there[slot as usize]));
            let counters = &items.counters;
            let believed = |slot: u32| {
                let counted = &counters[slot as usize];
                (setup.grid.tier(counted), counted.impressions)
            };
            items.index.refresh(&setup.scenario, catalogue.observed(), living, believed, *next);
        }
        let baseline = arms[0].as_ref().and_then(|arm| arm.items.as_ref());
        arms.iter()
            .zip(rules)
            .map(|(arm, rules)| {
                let items = arm.as_ref().map(|arm| arm.items.as_ref().or(baseline))??;
                let truth = |slot: u32| *catalogue.truth(slot as usize);
                Some(Tables::compile(&items.index, catalogue.observed(), &setup.score, rules, truth))
            })
            .collect()
    }

    /// Steps 3 to 7: everybody's requests, in chunks that may run in any order.
    fn watch(
        &mut self,
        day: i64,
        part: u32,
        tables: &[Option<Tables<ItemTruth>>],
        others: &[Vec<(Ranker, Tables<ItemTruth>)>],
        rules: &[Rules],
    ) {
        let draws: Vec<Key> = (0..self.arms.len()).map(|arm| self.platform_draws(arm)).collect();
        let Self {
            setup,
            seeds,
            people,
            catalogue,
            shocks,
            arms,
            ghosts,
            accounts,
            workers,
            branches,
            chunk,
            block: most,
            isa,
            coupling,
            logging,
            logged_people,
            next,
            ..
        } = self;
        let (setup, catalogue) = (&*setup, &*catalogue);
        // Interests are read where the other columns are written.
        let interests: Vec<Option<Vec<i8>>> =
            arms.iter_mut().map(|arm| arm.as_mut().and_then(|arm| arm.interest.take())).collect();
        let living: Vec<ArmTables> = tables
            .iter()
            .enumerate()
            .filter_map(|(arm, tables)| {
                let mut tables = ArmTables::new(arm, draws[arm], setup, tables.as_ref()?, &others[arm], &rules[arm]);
                let stays = arm.checked_sub(1).is_none_or(|i| branches[i].live.stay);
                tables.interest = interests[arm].as_deref();
                tables.replays_stay = setup.scenario.loops.stay && !stays;
                Some(tables)
            })
            .collect();
        let id_of = |slot: u32| catalogue.id(slot as usize).0;
        let ground = Ground {
            setup,
            people,
            seeds: *seeds,
            day,
            part,
            epoch: *next,
            demand: shocks.demand(day),
            replayed: arms.iter().flatten().any(|arm| arm.profile.is_none())
                || living.iter().any(|arm| arm.replays_stay),
            measured: day >= 0,
            coupling: *coupling,
            logged: if *logging { Some((*logged_people, &id_of)) } else { None },
        };
        let arm_count = arms.len();
        for sums in workers.iter_mut() {
            sums.prepare(setup, arm_count, &living);
        }
        let idle = Mutex::new(std::mem::take(workers));
        let lock = || idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let isa = isa.as_deref();
        let mut chunks: Vec<Chunk> = split(arms, setup, people.len(), *chunk)
            .into_par_iter()
            .enumerate()
            .map(|(number, columns)| Chunk {
                visitors: open(&ground, number * *chunk, columns[0].reach.len()),
                columns,
            })
            .collect();
        // Everybody is at the same stripe of the same arm at a time, so that all threads share its tables' part of the cache.
        let together = if ground.replayed { living.len() } else { 1 };
        for block in chunks.chunks_mut(((*most).min(Packed::MOST) / *chunk).max(1)) {
            for stripe in 0..setup.shape.stripes {
                for from in (0..living.len()).step_by(together) {
                    let arms = from..from + together;
                    block.par_iter_mut().for_each(|chunk| {
                        let mut sums = lock().pop().unwrap_or_else(|| {
                            let mut sums = Sums::default();
                            sums.prepare(setup, arm_count, &living);
                            sums
                        });
                        let pass = Pass { stripe, arms: &living[arms.clone()], visitors: &chunk.visitors[stripe] };
                        let mut columns: Vec<&mut Columns> = chunk.columns[arms.clone()].iter_mut().collect();
                        watch(&ground, &pass, &mut columns, &mut sums, isa);
                        lock().push(sums);
                    });
                }
            }
            if people.len() > Packed::MOST.min(*most) {
                lock().iter_mut().for_each(Sums::spill);
            }
        }
        *workers = std::mem::take(&mut *lock());
        if let Some(ghosts) = ghosts {
            ghosts.watch(&ground, &living);
        }
        if let Some(accounts) = accounts {
            accounts.watch(&ground, &living, &Display::new(catalogue, arms));
        }
        for (arm, interest) in arms.iter_mut().zip(interests) {
            if let Some(arm) = arm {
                arm.interest = interest;
            }
        }
    }

    /// Adds what was seen in the epoch to the platform's counters. Returns the impressions of all arms.
    fn fold(
        &mut self,
        day: i64,
        tables: &[Option<Tables<ItemTruth>>],
        others: &[Vec<(Ranker, Tables<ItemTruth>)>],
        rules: &[Rules],
        reduce: &dyn Reduce,
    ) -> u64 {
        let mut impressions = 0;
        for (arm, tables) in tables.iter().enumerate() {
            let Some(tables) = tables else { continue };
            let before = self.impressions_by_slot(arm);
            let mut first = 0;
            for tables in std::iter::once(tables).chain(others[arm].iter().map(|(_, tables)| tables)) {
                impressions += self.fold_tables(day, arm, tables, first, reduce);
                first += tables.entries.len();
            }
            self.note_caps(arm, &before, &rules[arm]);
        }
        self.replay_counters();
        impressions
    }

    /// Impressions of posts in an arm with counters of its own, where a tilt of the scenario caps them.
    fn impressions_by_slot(&self, arm: usize) -> Vec<u32> {
        let items = self.arms[arm].as_ref().and_then(|arm| arm.items.as_ref()).filter(|_| self.setup.caps);
        items.map_or_else(Vec::new, |items| items.counters.iter().map(|counted| counted.impressions).collect())
    }

    /// Notes what was sought in an epoch that began with these impressions `before`, and the posts that reached their cap in it.
    fn note_caps(&mut self, arm: usize, before: &[u32], rules: &Rules) {
        let Self { arms, catalogue, tally, .. } = self;
        let Some(items) = arms[arm].as_mut().and_then(|arm| arm.items.as_mut()) else { return };
        for ((sought, counted), before) in items.sought.iter_mut().zip(&items.counters).zip(before) {
            *sought = counted.impressions - before;
        }
        for &(slot, keep) in &rules.thinned {
            let sought = &mut items.sought[slot as usize];
            *sought = libm::round(f64::from(*sought) / share_of_words(keep)) as u32;
        }
        if rules.caps.is_empty() {
            return;
        }
        for ((sight, counted), &before) in catalogue.observed().items.iter().zip(&items.counters).zip(before) {
            let cap = sight.and_then(|sight| reach_cap::cap(&rules.caps, &sight));
            if let Some(beyond) = cap.filter(|&cap| before < cap).and_then(|cap| counted.impressions.checked_sub(cap)) {
                tally.capped[arm].add(beyond.into());
            }
        }
    }

    /// Where an arm replays popularity and not supply, posts that the baseline has are counted as there.
    fn replay_counters(&mut self) {
        let Self { arms, branches, catalogue, .. } = self;
        let Some((Some(baseline), others)) = arms.split_first_mut() else { return };
        let (Some(there), Some(items)) = (&baseline.supply, &baseline.items) else { return };
        for (arm, _) in others.iter_mut().zip(branches).filter(|(_, branch)| !branch.live.popularity) {
            let Some(own) = arm.as_mut().and_then(|arm| arm.items.as_mut()) else { continue };
            for slot in catalogue.living().map(|slot| slot as usize).filter(|&slot| there.published[slot]) {
                own.counters[slot] = items.counters[slot];
                if let Some(&sought) = items.sought.get(slot) {
                    own.sought[slot] = sought;
                }
            }
        }
    }

    /// The counters of one arm's tables, whose entries are counted from `first` on.
    fn fold_tables(
        &mut self,
        day: i64,
        arm: usize,
        tables: &Tables<ItemTruth>,
        first: usize,
        reduce: &dyn Reduce,
    ) -> u64 {
        let impressions;
        {
            let parts: Vec<&ArmSums> = self.workers.iter().map(|w| &w.arms[arm]).collect();
            let mut sums: Vec<Counters> = (0..tables.slots.len())
                .into_par_iter()
                .map(|entry| {
                    let mut sum = Counters::default();
                    parts.iter().for_each(|part| sum.add(part.item(first + entry)));
                    sum
                })
                .collect();
            impressions = sums.iter().map(|c| u64::from(c.impressions)).sum::<u64>();
            reduce_counters(&mut sums, reduce);
            self.tally.item_impressions[arm] += sums.iter().map(|c| u64::from(c.impressions)).sum::<u64>();
            if arm == 0 {
                let age = |slot: u32| {
                    self.catalogue.observed().items[slot as usize].map_or(0, |s| self.next - i64::from(s.born))
                };
                let total: u64 =
                    sums.iter().zip(&tables.slots).map(|(c, &slot)| u64::from(c.impressions) * age(slot) as u64).sum();
                self.tally.age_epochs[(day + self.tally.burn_in as i64) as usize] += total;
            }
            if let Some(own) = self.arms[arm].as_mut().and_then(|arm| arm.supply.as_mut()) {
                for (sum, &slot) in sums.iter().zip(&tables.slots) {
                    if let Some(sight) = self.catalogue.observed().items[slot as usize] {
                        own.supply.reached(sight.creator, sum.impressions);
                    }
                }
            }
            if let Some(items) = self.arms[arm].as_mut().and_then(|arm| arm.items.as_mut()) {
                for (sum, &slot) in sums.into_iter().zip(&tables.slots) {
                    items.counters[slot as usize].add(sum);
                }
            }
        }
        impressions
    }

    fn forget(&mut self, day: i64) {
        let keys: Vec<Key> = (0..self.arms.len()).map(|arm| self.platform_draws(arm).of(Decision::Forget)).collect();
        let Self { setup, people, arms, .. } = self;
        for (arm, key) in arms.iter_mut().zip(keys) {
            let Some(profile) = arm.as_mut().and_then(|arm| arm.profile.as_mut()) else { continue };
            profile.par_chunks_mut(people.topics).zip(&people.id).for_each(|(levels, &user)| {
                setup.learner.forget(levels, key.at(u64::from(user)).at_signed(day));
            });
        }
    }

    /// Interests of arms that have their own move at the end of a week.
    fn drift(&mut self, day: i64) {
        let Self { setup, seeds, people, arms, .. } = self;
        let Some((Some(baseline), others)) = arms.split_first_mut() else { return };
        if day < 0 || (day + 1) % WEEK != 0 || baseline.seen.is_empty() {
            return;
        }
        let (topics, strength) = (people.topics, setup.scenario.interest.strength);
        let key = seeds.behaviour.of(Decision::Drift);
        for arm in others.iter_mut().flatten() {
            let Some(interest) = &mut arm.interest else { continue };
            let weeks = arm.seen.par_chunks(topics).zip(baseline.seen.par_chunks(topics));
            interest.par_chunks_mut(topics).zip(weeks).zip(&people.id).for_each(|((own, (seen, usual)), &user)| {
                drift(own, seen, usual, strength, key.at(u64::from(user)).at_signed(day));
            });
        }
    }

    /// Creators look at the day's reach.
    fn supply(&mut self) {
        let own = self.arms.iter_mut().flatten().filter_map(|arm| arm.supply.as_mut());
        own.for_each(|own| own.supply.close_day());
    }

    /// Moves the day's sums into the tally; an arm that has not forked repeats the baseline.
    fn record(&mut self, day: i64, reduce: &dyn Reduce) {
        let at = (day + self.tally.burn_in as i64) as usize;
        self.tally.gini[at] = self.gini();
        for arm in 0..self.arms.len() {
            if self.arms[arm].is_none() {
                self.tally.repeat_day(at, 0, arm);
                continue;
            }
            self.record_exposure(at, arm, reduce);
            self.record_sums(at, arm, reduce);
        }
    }

    /// Gini coefficient of impressions over the baseline's catalogue, millionths.
    fn gini(&self) -> u64 {
        let items = self.arms[0].as_ref().and_then(|arm| arm.items.as_ref());
        let there = self.published(None);
        let views: Vec<u64> = items.map_or_else(Vec::new, |items| {
            let living = self.catalogue.living().filter(|&slot| there.is_none_or(|there| there[slot as usize]));
            living.map(|slot| u64::from(items.counters[slot as usize].impressions)).collect()
        });
        gini(&views).map_or(0, |g| (g * 1e6) as u64)
    }

    fn record_exposure(&mut self, at: usize, arm: usize, reduce: &dyn Reduce) {
        let topics = self.people.topics;
        let width = Counter::ALL.len();
        let mut counts = vec![0u64; self.setup.scenario.population.regions.len() * GROUPS * topics * width];
        for sums in &mut self.workers {
            let part = &mut sums.arms[arm].exposure;
            for (row, summed) in part.chunks_exact_mut(Counter::SUMMED).enumerate() {
                for (count, add) in counts[row * width..].iter_mut().zip(summed.iter_mut()) {
                    *count += std::mem::take(add);
                }
            }
        }
        if let Some(state) = &self.arms[arm] {
            for (index, &bits) in state.reach.iter().enumerate() {
                let cell = self.people.region[index] as usize * GROUPS + self.people.group[index] as usize;
                let mut left = bits;
                while left != 0 {
                    let topic = left.trailing_zeros() as usize;
                    left &= left - 1;
                    counts[(cell * topics + topic) * width + Counter::Reached as usize] += 1;
                }
            }
        }
        reduce.sum(&mut counts);
        let mut day = self.tally.day_mut(at, arm);
        day.iter_mut().zip(counts).for_each(|(to, from)| *to = from);
    }

    fn record_sums(&mut self, at: usize, arm: usize, reduce: &dyn Reduce) {
        let cells = self.setup.scenario.population.regions.len() * GROUPS;
        let tracked = self.setup.scenario.measure.track.len();
        // One vector, so that one reduction does: slots, acceptance, asked, expected.
        let mut counts = vec![0u64; 2 * cells + SELECTION_COUNTS + 1 + tracked];
        for sums in &mut self.workers {
            let own = &mut sums.arms[arm];
            for (cell, slots) in own.slots.iter_mut().enumerate() {
                let [served, unserved] = std::mem::take(slots);
                counts[2 * cell] += served;
                counts[2 * cell + 1] += unserved;
            }
            let rest = &mut counts[2 * cells..];
            rest.iter_mut().zip(std::mem::take(&mut own.acceptance).counts()).for_each(|(to, from)| *to += from);
            let rest = &mut rest[SELECTION_COUNTS..];
            rest[0] += std::mem::take(&mut own.asked);
            rest[1..].iter_mut().zip(&mut own.expected).for_each(|(to, from)| *to += std::mem::take(from));
        }
        reduce.sum(&mut counts);
        let regions = self.setup.scenario.population.regions.len();
        for region in 0..regions {
            for group in 0..GROUPS {
                let cell = region * GROUPS + group;
                self.tally.slots[[at, arm, region, group, SlotCounter::Served as usize]] = counts[2 * cell];
                self.tally.slots[[at, arm, region, group, SlotCounter::Unserved as usize]] = counts[2 * cell + 1];
            }
        }
        let (acceptance, rest) = counts[2 * cells..].split_at(SELECTION_COUNTS);
        self.tally.acceptance[arm].iter_mut().zip(acceptance).for_each(|(to, from)| *to += from);
        self.tally.asked[arm] += rest[0];
        self.tally.expected[arm].iter_mut().zip(&rest[1..]).for_each(|(to, from)| *to += from);
    }
}

fn reduce_counters(sums: &mut [Counters], reduce: &dyn Reduce) {
    if reduce.processes() == 1 {
        return;
    }
    let mut flat: Vec<u64> = sums.iter().flat_map(|c| [c.impressions, c.valid_plays, c.likes].map(u64::from)).collect();
    reduce.sum(&mut flat);
    for (c, part) in sums.iter_mut().zip(flat.chunks_exact(3)) {
        *c = Counters { impressions: part[0] as u32, valid_plays: part[1] as u32, likes: part[2] as u32 };
    }
}

/// A chunk of people in an epoch: who asks, by stripe, and their columns in every living arm.
struct Chunk<'a> {
    visitors: Vec<Vec<Visitor>>,
    columns: Vec<Columns<'a>>,
}

/// Columns of every living arm, cut into chunks of people.
fn split<'a>(
    arms: &'a mut [Option<ArmState>],
    setup: &crate::run::Setup,
    people: usize,
    chunk: usize,
) -> Vec<Vec<Columns<'a>>> {
    let topics = setup.scenario.topic_count();
    let tracked = setup.scenario.measure.track.len();
    let mut tasks: Vec<Vec<Columns>> = (0..people.div_ceil(chunk)).map(|_| Vec::new()).collect();
    for arm in arms.iter_mut().flatten() {
        let mut profiles = arm.profile.as_mut().map(|profile| profile.chunks_mut(chunk * topics));
        let mut expected = pieces(&mut arm.expected, chunk * tracked);
        let mut met = pieces(&mut arm.met, chunk * tracked);
        let mut seen = pieces(&mut arm.seen, chunk * topics);
        for (task, reach) in tasks.iter_mut().zip(arm.reach.chunks_mut(chunk)) {
            task.push(Columns {
                profile: profiles.as_mut().and_then(Iterator::next),
                reach,
                expected: expected.next().unwrap_or_default(),
                met: met.next().unwrap_or_default(),
                seen: seen.next().unwrap_or_default(),
            });
        }
    }
    tasks
}

/// Chunks of a column, none where it is empty.
fn pieces<T>(column: &mut [T], size: usize) -> std::slice::ChunksMut<'_, T> {
    column.chunks_mut(size.max(1))
}
