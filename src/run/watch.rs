//! The hot loop: a chunk of people, one epoch, all arms side by side.
//!
//! Within an epoch the tables stand still, so people are independent of one another and chunks may run in any order.

use multiversion::multiversion;

use crate::feed::{Acceptance, Chosen, Counters, Outcome, Rules, Seen, Tables};
use crate::feed::select::View;
use crate::rng::{Decision, Key};
use crate::run::Setup;
use crate::trace::{Counter, Impression};
use crate::world::people::GROUPS;
use crate::world::{ItemTruth, People, Seeds, user_stripe};

/// What every person of an epoch shares.
pub(super) struct Ground<'a> {
    pub setup: &'a Setup,
    pub people: &'a People,
    pub seeds: Seeds,
    pub day: i64,
    /// Epoch within the day.
    pub part: u32,
    /// Epoch counted from day 0.
    pub epoch: i64,
    /// Demand shocks of the day.
    pub demand: &'a [i16],
    pub arms: &'a [ArmTables<'a>],
    /// Whether any arm replays the baseline's profiles.
    pub replayed: bool,
    /// Whether the day is measured.
    pub measured: bool,
    /// Posts' lasting identities by slot, for the log.
    pub logged: Option<&'a (dyn Fn(u32) -> u64 + Sync)>,
}

/// One arm's tables.
pub(super) struct ArmTables<'a> {
    pub arm: usize,
    pub tables: &'a Tables<ItemTruth>,
    pub rules: &'a Rules,
}

/// One arm's columns of a chunk of people.
pub(super) struct Columns<'a> {
    pub profile: Option<&'a mut [u8]>,
    pub reach: &'a mut [u64],
    pub expected: &'a mut [u32],
    pub met: &'a mut [u16],
}

/// What a worker sums up; merged by addition at the end of an epoch.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    pub arms: Vec<ArmSums>,
    pub log: Vec<Impression>,
    seen: Seen,
    chosen: Vec<Chosen>,
    played: Vec<Outcome>,
    counted: Vec<(u32, bool, bool)>,
    course: Vec<u8>,
}

/// One arm's sums.
#[derive(Debug, Clone, Default)]
pub(super) struct ArmSums {
    /// By entry of the arm's tables.
    pub items: Vec<Counters>,
    /// `[region][group][topic][summed counter]`.
    pub exposure: Vec<u64>,
    /// `[region][group]`: slots filled, slots asked for in vain.
    pub slots: Vec<[u64; 2]>,
    pub acceptance: Acceptance,
    /// Per tracked topic, since the last record.
    pub expected: Vec<u64>,
    pub asked: u64,
    /// Posts scored: requests × posts of the stripe, this epoch.
    pub candidates: u64,
}

impl Sums {
    /// Empties the item counters for an epoch with these numbers of entries; the rest goes on until the day's record.
    pub fn prepare(&mut self, setup: &Setup, count: usize, arms: &[ArmTables]) {
        let scenario = &setup.scenario;
        let groups = scenario.population.regions.len() * GROUPS;
        self.arms.resize_with(count, ArmSums::default);
        for arm in arms {
            let sums = &mut self.arms[arm.arm];
            sums.items.clear();
            sums.items.resize(arm.tables.entries.len(), Counters::default());
            sums.exposure.resize(groups * scenario.topic_count() * Counter::SUMMED, 0);
            sums.slots.resize(groups, [0; 2]);
            sums.expected.resize(scenario.measure.track.len(), 0);
        }
    }
}

/// Levels of the processor's instruction set that `FEEDTILT_ISA` may name.
pub const LEVELS: [&str; 3] = ["baseline", "v3", "v4"];

/// One chunk at the best level of this machine, or at the one that `FEEDTILT_ISA` names.
pub(super) fn watch(ground: &Ground, first: usize, columns: &mut [Columns], sums: &mut Sums, forced: Option<&str>) {
    if forced == Some(LEVELS[0]) {
        chunk(ground, first, columns, sums);
    } else if forced == Some(LEVELS[1]) {
        chunk_v3(ground, first, columns, sums);
    } else {
        chunk_best(ground, first, columns, sums);
    }
}

#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt+fma"))]
fn chunk_v3(ground: &Ground, first: usize, columns: &mut [Columns], sums: &mut Sums) {
    chunk(ground, first, columns, sums);
}

#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt+fma",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt+fma",
    "aarch64+neon"
))]
fn chunk_best(ground: &Ground, first: usize, columns: &mut [Columns], sums: &mut Sums) {
    chunk(ground, first, columns, sums);
}

/// People of one stripe after another, so that a stripe's tables stay in the cache.
#[inline(always)]
fn chunk(ground: &Ground, first: usize, columns: &mut [Columns], sums: &mut Sums) {
    let people = columns[0].reach.len();
    let stripes = ground.setup.scenario.feed.no_repeat_epochs;
    let of: Vec<u32> = (0..people)
        .map(|i| user_stripe(ground.seeds.world, ground.people.id[first + i], ground.epoch, stripes))
        .collect();
    for stripe in 0..stripes {
        for i in (0..people).filter(|&i| of[i] == stripe) {
            person(ground, first + i, i, stripe as usize, columns, sums);
        }
    }
}

/// One person's epoch in all arms. Where a profile is replayed, the baseline's course is noted request by request.
#[inline(always)]
fn person(ground: &Ground, index: usize, i: usize, stripe: usize, columns: &mut [Columns], sums: &mut Sums) {
    let people = ground.people;
    let user = people.id[index];
    let behaviour = ground.seeds.behaviour;
    let mean = people.mean_impressions(index);
    let requests = ground.setup.opening.requests(behaviour, user, mean, ground.day, ground.part);
    if requests == 0 {
        return;
    }
    let topics = people.topics;
    let keys = Keys {
        select: behaviour.of(Decision::Select).at(u64::from(user)).at_signed(ground.epoch),
        learn: behaviour.of(Decision::Learn).at(u64::from(user)).at_signed(ground.epoch),
        today: behaviour.of(Decision::React).at(u64::from(user)).at_signed(ground.day),
    };
    if ground.replayed {
        sums.course.clear();
    }
    for (arm, column) in ground.arms.iter().zip(columns) {
        let mut here = Visit {
            ground,
            arm,
            index,
            stripe,
            keys: &keys,
            reach: &mut column.reach[i],
            expected: tracked(column.expected, i, ground),
            met: tracked(column.met, i, ground),
        };
        sums.seen.reset((requests * ground.setup.selector.slots()) as usize);
        sums.arms[arm.arm].candidates += u64::from(requests) * arm.tables.range(stripe).len() as u64;
        for request in 0..requests {
            if let Some(profile) = column.profile.as_deref_mut() {
                let profile = &mut profile[i * topics..(i + 1) * topics];
                if ground.replayed && arm.arm == 0 {
                    sums.course.extend_from_slice(profile);
                }
                here.request(request, profile, sums);
                ground.setup.learner.learn(profile, &sums.played, keys.learn.at(u64::from(request)));
            } else {
                let from = request as usize * topics;
                let course = std::mem::take(&mut sums.course);
                here.request(request, &course[from..from + topics], sums);
                sums.course = course;
            }
        }
    }
}

fn tracked<'a, T>(column: &'a mut [T], i: usize, ground: &Ground) -> &'a mut [T] {
    let count = ground.setup.scenario.measure.track.len();
    &mut column[i * count..(i + 1) * count]
}

struct Keys {
    select: Key,
    learn: Key,
    today: Key,
}

/// A person in one arm during one epoch.
struct Visit<'a, 'g> {
    ground: &'g Ground<'g>,
    arm: &'g ArmTables<'g>,
    index: usize,
    stripe: usize,
    keys: &'a Keys,
    reach: &'a mut u64,
    expected: &'a mut [u32],
    met: &'a mut [u16],
}

impl Visit<'_, '_> {
    /// One request: score and select, respond, count.
    #[inline(always)]
    fn request(&mut self, request: u32, profile: &[u8], sums: &mut Sums) {
        let (ground, setup) = (self.ground, self.ground.setup);
        let people = ground.people;
        let class = people.class[self.index] as usize;
        let view = View::new(self.arm.tables, self.arm.rules, &setup.score, self.stripe, class);
        let own = &mut sums.arms[self.arm.arm];
        let before = own.acceptance.unserved;
        let key = self.keys.select.at(u64::from(request));
        let total = setup.selector.respond(&view, profile, key, &mut sums.seen, &mut sums.chosen, &mut own.acceptance);
        let cell = people.region[self.index] as usize * GROUPS + people.group[self.index] as usize;
        own.slots[cell][0] += sums.chosen.len() as u64;
        own.slots[cell][1] += own.acceptance.unserved - before;
        if ground.measured {
            self.expect(&view, total, profile, own);
        }
        let row = people.topics * Counter::SUMMED;
        let exposure = &mut own.exposure[cell * row..(cell + 1) * row];
        sums.played.clear();
        sums.counted.clear();
        for (slot, chosen) in sums.chosen.iter().enumerate() {
            let item = &self.arm.tables.entries[chosen.entry as usize].payload;
            let demand = ground.demand[chosen.topic as usize];
            let reaction = setup.responder.react(people, self.index, item, demand, self.keys.today);
            sums.counted.push((chosen.entry, reaction.valid_play, reaction.like));
            let at = chosen.topic as usize * Counter::SUMMED;
            let counts = &mut exposure[at..at + Counter::SUMMED];
            counts[Counter::Impressions as usize] += 1;
            counts[Counter::WatchMs as usize] += u64::from(reaction.watch_ms);
            counts[Counter::ValidPlays as usize] += u64::from(reaction.valid_play);
            counts[Counter::LongViews as usize] += u64::from(reaction.long_view);
            counts[Counter::Likes as usize] += u64::from(reaction.like);
            let row = setup.grid.row_of(chosen.tier as usize) as u8;
            sums.played.push(Outcome { topic: chosen.topic, row, valid_play: reaction.valid_play });
            if let Some(id_of) = ground.logged {
                sums.log.push(Impression {
                    arm: self.arm.arm as u32,
                    epoch: ground.epoch,
                    user: people.id[self.index],
                    request,
                    slot: slot as u32,
                    item: id_of(self.arm.tables.slots[chosen.entry as usize]),
                    watch_ms: reaction.watch_ms,
                    signals: reaction.signals(),
                    cold: chosen.cold,
                });
            }
        }
        // A loop of its own: the counters lie far apart, and short iterations let their cache misses overlap.
        for &(entry, valid_play, like) in &sums.counted {
            let counters = &mut own.items[entry as usize];
            counters.impressions += 1;
            counters.valid_plays += u32::from(valid_play);
            counters.likes += u32::from(like);
        }
        if ground.measured {
            self.meet(&sums.chosen);
        }
    }

    /// Notes the expected exposure of tracked topics: mass ÷ total at the start of the response × its slots.
    #[inline(always)]
    fn expect(&mut self, view: &View<ItemTruth>, total: u64, profile: &[u8], own: &mut ArmSums) {
        let setup = self.ground.setup;
        let slots = setup.selector.slots();
        own.asked += u64::from(slots);
        for (t, &topic) in setup.scenario.measure.track.iter().enumerate() {
            let mass = view.masses[topic * 256 + profile[topic] as usize];
            // Both are below 2⁶³; f64 division is the same on every machine, and the result is quantised at once.
            let part = if total == 0 { 0 } else { (mass as f64 / total as f64 * 4096.0 * f64::from(slots)) as u32 };
            self.expected[t] = self.expected[t].saturating_add(part);
            own.expected[t] += u64::from(part);
        }
    }

    #[inline(always)]
    fn meet(&mut self, chosen: &[Chosen]) {
        let track = &self.ground.setup.scenario.measure.track;
        for chosen in chosen {
            *self.reach |= 1 << chosen.topic;
            for (met, &topic) in self.met.iter_mut().zip(track) {
                *met = met.saturating_add(u16::from(topic == chosen.topic as usize));
            }
        }
    }
}
