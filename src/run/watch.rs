//! The hot loop: a chunk of people, one epoch, all arms side by side.
//!
//! Within an epoch the tables stand still, so people are independent of one another and chunks may run in any order.

use multiversion::multiversion;
use multiversion::target::target_cfg_f;

use crate::feed::select::{Lane, MOST_SLOTS, View};
use crate::feed::{Acceptance, Counters, Rules, Scores, Tables};
use crate::rng::{Decision, Key};
use crate::run::{Coupling, Setup};
use crate::scenario::Ranker;
use crate::trace::{Counter, Impression};
use crate::world::people::GROUPS;
use crate::world::{ItemTruth, People, Reaction, Seeds, user_stripe};

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
    /// Whether any arm replays the baseline's profiles, or who left it when.
    pub replayed: bool,
    /// Whether the day is measured.
    pub measured: bool,
    /// How ghosts of different arms are coupled.
    pub coupling: Coupling,
    /// First person who is not logged, and posts' lasting identities by slot.
    pub logged: Option<(u32, &'a (dyn Fn(u32) -> u64 + Sync))>,
}

/// One arm's tables.
pub(super) struct ArmTables<'a> {
    pub arm: usize,
    pub rules: &'a Rules,
    /// Root of the platform's draws.
    draws: Key,
    /// The scored feed first, then other rankers.
    shelves: Vec<Shelf<'a>>,
    /// Shelf of each policy class.
    shelf_of: Vec<usize>,
    /// Whether slots are filled one draw after the other.
    special: bool,
    /// Whether people leave when they left the baseline.
    pub replays_stay: bool,
    /// Interests in this arm, one row per person, where they have moved away from the baseline's.
    pub interest: Option<&'a [i8]>,
}

/// Tables of one ranker of an arm.
pub(super) struct Shelf<'a> {
    pub tables: &'a Tables<ItemTruth>,
    scores: &'a Scores,
    /// Whether it ranks by the truth.
    oracle: bool,
    /// Place of its first entry among those of all shelves.
    first: usize,
}

impl<'a> ArmTables<'a> {
    pub fn new(
        arm: usize,
        draws: Key,
        setup: &'a Setup,
        tables: &'a Tables<ItemTruth>,
        others: &'a [(Ranker, Tables<ItemTruth>)],
        rules: &'a Rules,
    ) -> Self {
        let mut shelves = vec![Shelf { tables, scores: &setup.score, oracle: false, first: 0 }];
        let mut first = tables.entries.len();
        for (ranker, tables) in others {
            let scores =
                &setup.others.iter().find(|(known, _)| known == ranker).expect("rankers of tilts have scores").1;
            shelves.push(Shelf { tables, scores, oracle: *ranker == Ranker::Oracle, first });
            first += tables.entries.len();
        }
        let shelf =
            |ranker: Option<Ranker>| others.iter().position(|(known, _)| Some(*known) == ranker).map_or(0, |i| i + 1);
        let shelf_of = rules.special.iter().map(|special| shelf(special.ranker)).collect();
        Self { arm, rules, draws, shelves, shelf_of, special: rules.is_special(), replays_stay: false, interest: None }
    }

    /// What the person at `index` is interested in, in this arm.
    #[inline(always)]
    pub fn interests<'b>(&self, people: &'b People, index: usize) -> &'b [i8]
    where
        'a: 'b,
    {
        self.interest.map_or_else(|| people.interests(index), |own| &own[index * people.topics..][..people.topics])
    }

    fn entries(&self) -> usize {
        self.shelves.iter().map(|shelf| shelf.tables.entries.len()).sum()
    }

    #[inline(always)]
    fn shelf(&self, class: u8) -> &Shelf<'a> {
        &self.shelves[self.shelf_of[class as usize]]
    }

    /// Whether a person's feed ranks by the truth: then the profile stands still, for nobody reads it.
    #[inline(always)]
    fn is_oracle(&self, ground: &Ground, visitor: Visitor) -> bool {
        self.special && self.shelf(ground.people.class[visitor.index as usize]).oracle
    }

    /// Makes a lane ready for the person at `index`, who will be shown at most `most` posts. Where the person's feed ranks by
    /// the truth, the lane's profile is the truth; says whether it is.
    #[inline(always)]
    pub fn prepare(&self, ground: &Ground, lane: &mut Lane, index: usize, most: usize) -> bool {
        lane.enter(most);
        lane.throttle = ground.seeds.world.of(Decision::Throttle).at(u64::from(ground.people.id[index]));
        lane.region = ground.people.region[index];
        lane.tracked = ground.setup.tracked;
        let oracle = self.shelf(ground.people.class[index]).oracle;
        if oracle {
            for (topic, level) in lane.profile[..ground.people.topics].iter_mut().enumerate() {
                let interest = self.interests(ground.people, index)[topic];
                *level = ground.setup.responder.true_level(ground.people, index, topic, interest);
            }
        }
        oracle
    }

    /// Where the catalogue keeps the post of an entry that people of a class are shown.
    pub fn slot(&self, class: u8, entry: u32) -> u32 {
        self.shelf(class).tables.slots[entry as usize]
    }

    #[inline(always)]
    pub fn view(&self, class: u8, stripe: usize) -> View<'a, ItemTruth> {
        let shelf = self.shelf(class);
        View::new(shelf.tables, self.rules, shelf.scores, stripe, class as usize)
    }
}

/// One arm's columns of a chunk of people.
pub(super) struct Columns<'a> {
    pub profile: Option<&'a mut [u8]>,
    pub reach: &'a mut [u64],
    pub expected: &'a mut [u32],
    pub met: &'a mut [u16],
    /// Per person and topic: impressions in the running week, where interests move with them.
    pub seen: &'a mut [u16],
}

/// What a worker sums up; merged by addition at the end of an epoch.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    pub arms: Vec<ArmSums>,
    pub log: Vec<Impression>,
    lanes: Vec<Lane>,
    /// Per lane and slot: what the last response adds to its posts' counters.
    ones: Vec<Packed>,
    /// Per lane: the baseline's profile before each request.
    course: [Vec<u8>; LANES],
    /// Per lane: responses that the baseline's session had, where the person left it.
    ends: [u32; LANES],
}

/// One arm's sums.
#[derive(Debug, Clone, Default)]
pub(super) struct ArmSums {
    /// By entry of the arm's tables.
    pub items: Vec<Packed>,
    /// What was moved out of `items` before they could overflow; empty in worlds of up to [`Packed::MOST`] people.
    spilled: Vec<Counters>,
    /// `[region][group][topic][summed counter]`.
    pub exposure: Vec<u64>,
    /// `[region][group]`: slots filled, slots asked for in vain.
    pub slots: Vec<[u64; 2]>,
    pub acceptance: Acceptance,
    /// Per tracked topic, since the last record.
    pub expected: Vec<u64>,
    pub asked: u64,
    /// Posts scored, this epoch: of each request the stripe's, or those retrieved.
    pub candidates: u64,
}

/// Counters of a post in one word, so that an impression touches one cache line: impressions in the lowest 22 bits, valid
/// plays and likes in 21 each. A person sees a post at most once in an epoch, so [`Packed::MOST`] people cannot overflow.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Packed(u64);

impl Packed {
    /// Most people between two folds.
    pub const MOST: usize = (1 << 21) - 1;

    #[inline(always)]
    const fn one(reaction: Reaction) -> Self {
        Self(1 | (reaction.valid_play as u64) << 22 | (reaction.like as u64) << 43)
    }

    /// The three counters.
    pub const fn open(self) -> Counters {
        Counters {
            impressions: (self.0 & 0x3f_ffff) as u32,
            valid_plays: (self.0 >> 22 & 0x1f_ffff) as u32,
            likes: (self.0 >> 43) as u32,
        }
    }
}

impl Sums {
    /// Moves the packed counters to where they cannot overflow.
    pub fn spill(&mut self) {
        for arm in &mut self.arms {
            arm.spilled.resize(arm.items.len(), Counters::default());
            for (spilled, packed) in arm.spilled.iter_mut().zip(&mut arm.items) {
                spilled.add(std::mem::take(packed).open());
            }
        }
    }

    /// Empties the item counters for an epoch with these numbers of entries; the rest goes on until the day's record.
    pub fn prepare(&mut self, setup: &Setup, count: usize, arms: &[ArmTables]) {
        let scenario = &setup.scenario;
        let groups = scenario.population.regions.len() * GROUPS;
        self.arms.resize_with(count, ArmSums::default);
        for arm in arms {
            let sums = &mut self.arms[arm.arm];
            sums.items.clear();
            sums.spilled.clear();
            sums.items.resize(arm.entries(), Packed::default());
            sums.exposure.resize(groups * scenario.topic_count() * Counter::SUMMED, 0);
            sums.slots.resize(groups, [0; 2]);
            sums.expected.resize(scenario.measure.track.len(), 0);
        }
    }
}

impl ArmSums {
    /// Counts of one entry.
    pub fn item(&self, entry: usize) -> Counters {
        let mut counters = self.items[entry].open();
        if let Some(&spilled) = self.spilled.get(entry) {
            counters.add(spilled);
        }
        counters
    }
}

/// Levels of the processor's instruction set that `FEEDTILT_ISA` may name.
pub const LEVELS: [&str; 3] = ["baseline", "v3", "v4"];

/// A chunk's people of one stripe in some arms, at the best level of this machine or at the one that `FEEDTILT_ISA` names.
pub(super) fn watch(ground: &Ground, pass: &Pass, columns: &mut [&mut Columns], sums: &mut Sums, forced: Option<&str>) {
    if forced == Some(LEVELS[0]) {
        pass_baseline(ground, pass, columns, sums);
    } else if forced == Some(LEVELS[1]) {
        pass_v3(ground, pass, columns, sums);
    } else {
        pass_v4(ground, pass, columns, sums);
    }
}

// Each level hands over to the one below where the machine lacks it, so that the loop is compiled once for each.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt+fma"))]
fn pass_v4(ground: &Ground, pass: &Pass, columns: &mut [&mut Columns], sums: &mut Sums) {
    if target_cfg_f!(target_feature = "avx512f") {
        run_pass(ground, pass, columns, sums);
    } else {
        pass_v3(ground, pass, columns, sums);
    }
}

#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt+fma"))]
fn pass_v3(ground: &Ground, pass: &Pass, columns: &mut [&mut Columns], sums: &mut Sums) {
    if target_cfg_f!(target_feature = "avx2") {
        run_pass(ground, pass, columns, sums);
    } else {
        pass_baseline(ground, pass, columns, sums);
    }
}

#[inline(never)]
fn pass_baseline(ground: &Ground, pass: &Pass, columns: &mut [&mut Columns], sums: &mut Sums) {
    run_pass(ground, pass, columns, sums);
}

/// What a chunk of people does at a time: one stripe's visitors, in one arm or, where arms replay the baseline, in all.
pub(super) struct Pass<'a> {
    pub stripe: usize,
    pub arms: &'a [ArmTables<'a>],
    pub visitors: &'a [Visitor],
}

/// People side by side in the selection: enough to overlap their cache misses.
const LANES: usize = 12;

/// A person who asks for something in this epoch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor {
    /// Index into the people.
    index: u32,
    /// Index into the chunk's columns.
    column: u32,
    requests: u32,
}

/// Step 3: who of a chunk asks how often, by stripe; people with similar numbers of requests side by side, so that lanes stay
/// full. No result depends on the order.
pub(super) fn open(ground: &Ground, first: usize, people: usize) -> Vec<Vec<Visitor>> {
    let stripes = ground.setup.scenario.feed.no_repeat_epochs;
    let mut visitors: Vec<Vec<Visitor>> = vec![Vec::new(); stripes as usize];
    for column in 0..people {
        let index = first + column;
        let user = ground.people.id[index];
        let mean = ground.people.mean_impressions(index);
        let requests = ground.setup.opening.requests(ground.seeds.behaviour, user, mean, ground.day, ground.part);
        if requests > 0 {
            let stripe = user_stripe(ground.seeds.world, user, ground.epoch, stripes);
            visitors[stripe as usize].push(Visitor { index: index as u32, column: column as u32, requests });
        }
    }
    visitors.iter_mut().for_each(|v| v.sort_by_key(|visitor| std::cmp::Reverse(visitor.requests)));
    visitors
}

/// Batch by batch, and in each batch arm by arm: an arm that replays needs the baseline's course of the same people.
#[inline(always)]
fn run_pass(ground: &Ground, pass: &Pass, columns: &mut [&mut Columns], sums: &mut Sums) {
    for batch in pass.visitors.chunks(LANES) {
        for (arm, columns) in pass.arms.iter().zip(columns.iter_mut()) {
            visit(ground, arm, pass.stripe, batch, columns, sums);
        }
    }
}

/// A batch of people in one arm: all their requests of the epoch.
#[inline(always)]
fn visit(ground: &Ground, arm: &ArmTables, stripe: usize, batch: &[Visitor], columns: &mut Columns, sums: &mut Sums) {
    let (people, setup) = (ground.people, ground.setup);
    let topics = people.topics;
    let views: [View<ItemTruth>; LANES] =
        std::array::from_fn(|i| arm.view(people.class[batch[i.min(batch.len() - 1)].index as usize], stripe));
    let keys: [Keys; LANES] =
        std::array::from_fn(|i| Keys::new(ground, arm.draws, batch[i.min(batch.len() - 1)].index as usize));
    sums.lanes.resize_with(LANES.max(sums.lanes.len()), Lane::new);
    sums.ones.resize(LANES * MOST_SLOTS, Packed::default());
    let mut lanes = std::mem::take(&mut sums.lanes);
    for (lane, visitor) in lanes.iter_mut().zip(batch) {
        if let Some(profile) = columns.profile.as_deref() {
            lane.profile[..topics]
                .copy_from_slice(&profile[visitor.column as usize * topics..(visitor.column as usize + 1) * topics]);
        }
        arm.prepare(ground, lane, visitor.index as usize, (visitor.requests * setup.selector.slots()) as usize);
    }
    let records = ground.replayed && arm.arm == 0;
    if records {
        sums.ends = [u32::MAX; LANES];
    }
    for request in 0..batch[0].requests {
        // Sorted by requests, so those who still ask are a prefix.
        let asking = batch.partition_point(|visitor| visitor.requests > request);
        for (i, lane) in lanes[..asking].iter_mut().enumerate() {
            lane.request = keys[i].select.at(u64::from(request));
            if records {
                sums.course[i].resize(batch[i].requests as usize * topics, 0);
                sums.course[i][request as usize * topics..][..topics].copy_from_slice(&lane.profile[..topics]);
            } else if columns.profile.is_none() && !arm.is_oracle(ground, batch[i]) {
                lane.profile[..topics].copy_from_slice(&sums.course[i][request as usize * topics..][..topics]);
                lane.plant_anew();
            }
        }
        if arm.special {
            for (view, lane) in views[..asking].iter().zip(&mut lanes) {
                setup.selector.respond_carefully(view, lane, &mut |_, _| {});
            }
        } else {
            setup.selector.respond(&views[..asking], &mut lanes[..asking]);
        }
        for i in 0..asking {
            if lanes[i].gone {
                continue;
            }
            let mut here = Visit { ground, arm, visitor: batch[i], today: keys[i].today, columns };
            let played = here.request(request, i, &views[i], &lanes[i], sums);
            if columns.profile.is_some() && !arm.is_oracle(ground, batch[i]) {
                let key = keys[i].learn.at(u64::from(request));
                lanes[i].learn(&setup.learner, topics, played.valid, key);
            }
            if setup.scenario.loops.stay {
                lanes[i].gone = if arm.replays_stay {
                    request + 1 >= sums.ends[i]
                } else {
                    setup.responder.leaves(played.attention, lanes[i].chosen().len(), keys[i].stay, request)
                };
                if records && lanes[i].gone {
                    sums.ends[i] = request + 1;
                }
            }
        }
        // A loop of its own: the counters lie far apart, and short iterations let their cache misses overlap.
        let items = &mut sums.arms[arm.arm].items;
        for ((lane, ones), visitor) in lanes[..asking].iter().zip(sums.ones.as_chunks::<{ MOST_SLOTS }>().0).zip(batch)
        {
            let first = arm.shelf(people.class[visitor.index as usize]).first;
            for (chosen, one) in lane.chosen().iter().zip(ones) {
                items[first + chosen.entry as usize].0 += one.0;
            }
        }
    }
    for (lane, visitor) in lanes.iter().zip(batch) {
        sums.arms[arm.arm].acceptance.add(lane.acceptance);
        sums.arms[arm.arm].candidates += lane.candidates;
        if let Some(profile) = columns.profile.as_deref_mut().filter(|_| !arm.is_oracle(ground, *visitor)) {
            profile[visitor.column as usize * topics..(visitor.column as usize + 1) * topics]
                .copy_from_slice(&lane.profile[..topics]);
        }
    }
    sums.lanes = lanes;
}

/// Signals as bits, in the order of [`Impression::signals`].
fn signals(reaction: Reaction, others: [bool; 4]) -> u8 {
    let first = [reaction.valid_play, reaction.long_view, reaction.like];
    first.into_iter().chain(others).enumerate().map(|(bit, flag)| u8::from(flag) << bit).sum()
}

/// Where a person's draws of the epoch hang.
#[derive(Debug, Clone, Copy)]
struct Keys {
    select: Key,
    learn: Key,
    today: Key,
    stay: Key,
}

/// What a response led to.
#[derive(Debug, Clone, Copy, Default)]
struct Played {
    /// A bit for each slot that was a valid play.
    valid: u64,
    /// Sum of attention over slots, log-odds units.
    attention: i32,
}

impl Keys {
    #[inline(always)]
    fn new(ground: &Ground, platform: Key, index: usize) -> Self {
        let user = u64::from(ground.people.id[index]);
        let behaviour = ground.seeds.behaviour;
        Self {
            select: platform.of(Decision::Select).at(user).at_signed(ground.epoch),
            learn: platform.of(Decision::Learn).at(user).at_signed(ground.epoch),
            stay: behaviour.of(Decision::Stay).at(user).at_signed(ground.epoch),
            today: behaviour.of(Decision::React).at(user).at_signed(ground.day),
        }
    }
}

/// A person in one arm during one epoch.
struct Visit<'a, 'c, 'g> {
    ground: &'g Ground<'g>,
    arm: &'g ArmTables<'g>,
    visitor: Visitor,
    today: Key,
    columns: &'a mut Columns<'c>,
}

impl Visit<'_, '_, '_> {
    /// One response: react, count.
    #[inline(always)]
    fn request(&mut self, request: u32, at: usize, view: &View<ItemTruth>, lane: &Lane, sums: &mut Sums) -> Played {
        let (ground, setup) = (self.ground, self.ground.setup);
        let (people, index) = (ground.people, self.visitor.index as usize);
        let own = &mut sums.arms[self.arm.arm];
        let cell = people.region[index] as usize * GROUPS + people.group[index] as usize;
        own.slots[cell][0] += lane.chosen().len() as u64;
        own.slots[cell][1] += u64::from(setup.selector.slots()) - lane.chosen().len() as u64;
        if ground.measured {
            self.expect(view, lane, own);
        }
        let row = people.topics * Counter::SUMMED;
        let (exposure, _) = own.exposure[cell * row..(cell + 1) * row].as_chunks_mut::<{ Counter::SUMMED }>();
        let ones = &mut sums.ones[at * MOST_SLOTS..(at + 1) * MOST_SLOTS];
        let watcher = setup.responder.watcher(people, index, self.arm.interests(people, index), self.today);
        let mut played = Played::default();
        for ((slot, chosen), one) in lane.chosen().iter().enumerate().zip(ones) {
            let item = &view.entries[chosen.entry as usize].payload;
            let demand = ground.demand[chosen.topic as usize];
            let reaction = setup.responder.react(&watcher, item, demand);
            *one = Packed::one(reaction);
            played.valid |= u64::from(reaction.valid_play) << slot;
            played.attention += reaction.attention;
            let counts = &mut exposure[chosen.topic as usize];
            counts[Counter::Impressions as usize] += 1;
            counts[Counter::WatchMs as usize] += u64::from(reaction.watch_ms);
            counts[Counter::ValidPlays as usize] += u64::from(reaction.valid_play);
            counts[Counter::LongViews as usize] += u64::from(reaction.long_view);
            counts[Counter::Likes as usize] += u64::from(reaction.like);
            if let Some((_, id_of)) = ground.logged.filter(|&(end, _)| people.id[index] < end) {
                sums.log.push(Impression {
                    arm: self.arm.arm as u32,
                    epoch: ground.epoch,
                    user: people.id[index],
                    request,
                    slot: slot as u32,
                    item: id_of(self.arm.shelf(people.class[index]).tables.slots[chosen.entry as usize]),
                    watch_ms: reaction.watch_ms,
                    signals: signals(reaction, setup.responder.other_signals(&watcher, item, reaction.valid_play)),
                    source: chosen.source,
                });
            }
        }
        if ground.measured {
            self.meet(lane);
        }
        played
    }

    /// Notes the expected exposure of tracked topics: mass ÷ total at the start of the response × its slots.
    #[inline(always)]
    fn expect(&mut self, view: &View<ItemTruth>, lane: &Lane, own: &mut ArmSums) {
        let setup = self.ground.setup;
        let slots = setup.selector.slots();
        own.asked += u64::from(slots);
        let track = &setup.scenario.measure.track;
        let expected = &mut self.columns.expected[self.visitor.column as usize * track.len()..][..track.len()];
        for ((t, &topic), expected) in track.iter().enumerate().zip(expected) {
            let mass = lane.first_mass(view, topic);
            // Both are below 2⁶³; f64 division is the same on every machine, and the result is quantised at once.
            let part = mass as f64 / (lane.total as f64).max(1.0) * 4096.0 * f64::from(slots);
            *expected = expected.saturating_add(part as u32);
            own.expected[t] += u64::from(part as u32);
        }
    }

    /// Notes which topics the person met, and how often the tracked ones: few responses hold any.
    #[inline(always)]
    fn meet(&mut self, lane: &Lane) {
        let (setup, column) = (self.ground.setup, self.visitor.column as usize);
        if !self.columns.seen.is_empty() {
            let seen = &mut self.columns.seen[column * self.ground.people.topics..][..self.ground.people.topics];
            for chosen in lane.chosen() {
                seen[chosen.topic as usize] = seen[chosen.topic as usize].saturating_add(1);
            }
        }
        self.columns.reach[column] |= lane.present();
        if lane.present() & setup.tracked != 0 {
            let track = &setup.scenario.measure.track;
            let met = &mut self.columns.met[column * track.len()..][..track.len()];
            for chosen in lane.chosen() {
                for (met, &topic) in met.iter_mut().zip(track) {
                    *met = met.saturating_add(u16::from(topic == chosen.topic as usize));
                }
            }
        }
    }
}
