//! Ghosts: some people of every replicate whose course is drawn again and again from their state at a fork.
//!
//! A ghost reads an arm's tables and is learned from as a person is, and adds to no counter: everybody else is bit for bit
//! what they would be without it. All its draws hang on a root of its own, the same in every arm; so its activity, reactions
//! and selections are those of another course of the same person's life. Where an arm replays the baseline's profiles, its
//! ghosts replay those of the baseline's ghosts.

use rayon::prelude::*;

use crate::feed::select::{Lane, Odds};
use crate::rng::{Decision, Key};
use crate::run::arms::echo_days;
use crate::run::watch::{ArmTables, Ground};
use crate::run::{ArmState, Coupling, Setup};
use crate::scenario::{Arm, Ranker, Redraw, Scenario};
use crate::tilt::Plan;
use crate::trace::micro::WEEK;
use crate::trace::{GhostCourse, Micro, RealisedCourse};
use crate::world::{People, Seeds, audience_word, region_of, sign_word, user_stripe};

/// All ghosts of a replicate.
#[derive(Debug, Clone)]
pub(super) struct Ghosts {
    /// Indices of the people followed.
    people: Vec<usize>,
    /// Ghosts of each of them.
    each: usize,
    tracked: usize,
    /// By fork day: the baseline first, then the arms that fork on it.
    courses: Vec<Course>,
    /// By person and course.
    states: Vec<Vec<State>>,
    realised: Vec<RealisedCourse>,
}

/// The people in the audience of an arm, by the policy classes of the plan.
#[derive(Debug, Clone, Copy)]
struct Reach<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
}

impl Reach<'_> {
    fn is_within(self, arm: &Arm, class: u8) -> bool {
        arm.tilts.iter().any(|tilt| self.plan.classes.within(class as usize, &tilt.audience))
    }

    fn is_within_any(self, class: u8) -> bool {
        self.scenario.arms.iter().any(|arm| self.is_within(arm, class))
    }
}

/// One arm's ghosts that left their people on a day.
#[derive(Debug, Clone, Copy)]
struct Course {
    arm: usize,
    fork_day: i64,
    weeks: usize,
    /// Whether profiles are those of the baseline's ghosts.
    replays: bool,
}

/// The ghosts of one person in one course.
#[derive(Debug, Clone, Default)]
struct State {
    /// `[ghost][topic]`; empty before the fork.
    profile: Vec<u8>,
    /// `[ghost][week][tracked]`, 2⁻²⁴.
    expected: Vec<u64>,
    met: Vec<u32>,
}

/// What a worker needs to move ghosts.
#[derive(Debug, Default)]
struct Desk {
    lane: Lane,
    odds: Odds,
    /// Profiles of the baseline's ghost before each request.
    course: Vec<u8>,
    looked: Vec<u64>,
}

impl Ghosts {
    /// The replicate's part of the people followed, `None` when nobody is. Of an untilted scenario nothing is asked.
    pub fn new(setup: &Setup, number: u32, seeds: Seeds, people: &People) -> Option<Self> {
        let scenario = &setup.scenario;
        let measure = &scenario.measure;
        if measure.micro_users == 0 || scenario.arms.is_empty() || measure.track.is_empty() {
            return None;
        }
        let chosen = chosen(setup, number, seeds.world);
        let first = people.id.first().copied().unwrap_or(0);
        let people: Vec<usize> = chosen
            .into_iter()
            .filter_map(|id| Some(id.checked_sub(first)? as usize).filter(|&index| index < people.len()))
            .collect();
        let mut days: Vec<i64> = scenario.arms.iter().map(Plan::fork_day).collect();
        days.sort_unstable();
        days.dedup();
        let mut courses = Vec::new();
        for fork_day in days {
            let weeks = (i64::from(scenario.time.days) - fork_day) as usize / WEEK;
            let arms = scenario.arms.iter().enumerate().filter(|(_, arm)| Plan::fork_day(arm) == fork_day);
            courses.push(Course { arm: 0, fork_day, weeks, replays: false });
            courses.extend(arms.map(|(i, _)| Course { arm: i + 1, fork_day, weeks, replays: !scenario.loops.profile }));
        }
        let weeks = scenario.time.days as usize / WEEK;
        let realised = |arm| RealisedCourse::new(arm, [people.len(), weeks, measure.track.len()]);
        let arms = 1 + scenario.arms.len() + echo_days(scenario).len();
        Some(Self {
            each: measure.ghosts as usize,
            tracked: measure.track.len(),
            states: vec![vec![State::default(); courses.len()]; people.len()],
            realised: (0..arms).map(realised).collect(),
            courses,
            people,
        })
    }

    /// Clones people into the ghosts that leave them on this day.
    pub fn fork(&mut self, day: i64, baseline: &ArmState, topics: usize) {
        let Some(profile) = &baseline.profile else { return };
        for (states, &index) in self.states.iter_mut().zip(&self.people) {
            for (state, course) in states.iter_mut().zip(&self.courses).filter(|(_, course)| course.fork_day == day) {
                state.profile = profile[index * topics..(index + 1) * topics].repeat(self.each);
                state.expected = vec![0; self.each * course.weeks * self.tracked];
                state.met = vec![0; self.each * course.weeks * self.tracked];
            }
        }
    }

    /// Steps 3 to 7 of an epoch, for ghosts.
    pub fn watch(&mut self, ground: &Ground, living: &[ArmTables]) {
        let Self { people, each: ghosts, courses, states, .. } = self;
        states.par_iter_mut().zip(&*people).for_each_init(Desk::default, |desk, (states, &index)| {
            for ghost in 0..*ghosts {
                let root = ground.seeds.behaviour.of(Decision::Ghost).at(ghost as u64);
                desk.lane.inverse = ground.coupling == Coupling::InverseCdf;
                for (course, state) in courses.iter().zip(states.iter_mut()) {
                    let arm = living.iter().find(|tables| tables.arm == course.arm);
                    if let Some(arm) = arm.filter(|_| !state.profile.is_empty()) {
                        desk.visit(ground, arm, course, root, (index, ghost), state);
                    }
                }
            }
        });
    }

    /// Once a day, profiles shrink; what people themselves met is noted at the end of a week.
    pub fn close_day(&mut self, setup: &Setup, seeds: Seeds, people: &People, arms: &[Option<ArmState>], day: i64) {
        let topics = people.topics;
        for (states, &index) in self.states.iter_mut().zip(&self.people) {
            for (_, state) in self.courses.iter().zip(states).filter(|(course, _)| !course.replays) {
                for (ghost, levels) in state.profile.chunks_exact_mut(topics).enumerate() {
                    let root = seeds.behaviour.of(Decision::Ghost).at(ghost as u64);
                    let key = root.of(Decision::Forget).at(u64::from(people.id[index])).at_signed(day);
                    setup.learner.forget(levels, key);
                }
            }
        }
        if day >= 0 && (day + 1) % WEEK as i64 == 0 {
            let week = day as usize / WEEK;
            for (realised, arm) in self.realised.iter_mut().zip(arms) {
                let Some(met) = arm.as_ref().or(arms[0].as_ref()).map(|arm| &arm.met) else { continue };
                for (person, &index) in self.people.iter().enumerate() {
                    for tracked in 0..self.tracked {
                        realised.met[[person, week, tracked]] = u32::from(met[index * self.tracked + tracked]);
                    }
                }
            }
        }
    }

    /// All counts, by global id.
    pub fn into_micro(self, setup: &Setup, number: u32, people: &People) -> Micro {
        let reach = Reach { scenario: &setup.scenario, plan: &setup.plan };
        let mut micro = Micro {
            users: self.people.iter().map(|&index| people.id[index]).collect(),
            replicates: vec![number; self.people.len()],
            courses: Vec::new(),
            realised: self.realised,
        };
        for (place, course) in self.courses.iter().enumerate() {
            let shape = [self.people.len(), self.each, course.weeks, self.tracked];
            let mut counts = GhostCourse::new(course.arm, course.fork_day, shape);
            if let Some(arm) = course.arm.checked_sub(1).map(|arm| &setup.scenario.arms[arm]) {
                counts.audience = self.people.iter().map(|&index| reach.is_within(arm, people.class[index])).collect();
            }
            let of = |states: &Vec<State>| states[place].clone();
            let states: Vec<State> = self.states.iter().map(of).collect();
            counts.expected.iter_mut().zip(states.iter().flat_map(|s| &s.expected)).for_each(|(to, from)| *to = *from);
            counts.met.iter_mut().zip(states.iter().flat_map(|s| &s.met)).for_each(|(to, from)| *to = *from);
            micro.courses.push(counts);
        }
        micro
    }
}

impl Desk {
    /// One ghost's requests of an epoch.
    fn visit(
        &mut self,
        ground: &Ground,
        arm: &ArmTables,
        course: &Course,
        root: Key,
        (index, ghost): (usize, usize),
        state: &mut State,
    ) {
        let (setup, people) = (ground.setup, ground.people);
        let (topics, user) = (people.topics, people.id[index]);
        let scenario = &setup.scenario;
        let requests = setup.opening.requests(root, user, people.mean_impressions(index), ground.day, ground.part);
        if course.arm == 0 {
            self.course.clear();
        }
        if requests == 0 {
            return;
        }
        let stripe = user_stripe(ground.seeds.world, user, ground.epoch, scenario.feed.no_repeat_epochs);
        let view = arm.view(people.class[index], stripe as usize);
        let own = |root: Key, decision: Decision| root.of(decision).at(u64::from(user));
        let person = |decision: Decision| own(root, decision);
        let platform = if ground.coupling == Coupling::Independent { root.at(course.arm as u64) } else { root };
        let (select, learn) = (own(platform, Decision::Select), own(platform, Decision::Learn));
        let stay = person(Decision::Stay).at_signed(ground.epoch);
        let today = person(Decision::React).at_signed(ground.day);
        let watcher = setup.responder.watcher(people, index, arm.interests(people, index), today);
        let profile = &mut state.profile[ghost * topics..(ghost + 1) * topics];
        let Self { lane, odds, course: record, looked } = self;
        let is_oracle = arm.prepare(ground, lane, index, (requests * setup.selector.slots()) as usize);
        if !is_oracle {
            lane.profile[..topics].copy_from_slice(profile);
        }
        odds.enter(&view, lane);
        // Given when its reader arrives, a chronological feed leaves nothing to chance. Where odds are not known, what happens stands
        // for them: right on average, and noisier.
        let counted = view.special.ranker == Some(Ranker::Chronological) || !setup.selector.has_odds(&view);
        let week = (ground.day - course.fork_day) as usize / WEEK;
        let track = &scenario.measure.track;
        for request in 0..requests {
            if course.arm == 0 {
                record.extend_from_slice(&lane.profile[..topics]);
            } else if course.replays && !is_oracle {
                lane.profile[..topics].copy_from_slice(&record[request as usize * topics..][..topics]);
                lane.plant_anew();
            }
            if lane.gone {
                continue;
            }
            lane.request = select.at_signed(ground.epoch).at(u64::from(request));
            looked.clear();
            looked.resize(track.len(), 0);
            setup.selector.respond_carefully(&view, lane, &mut |lane, scored| {
                odds.look(&setup.selector, &view, lane, scored, track, looked);
            });
            odds.close(&view, lane);
            let (mut valid, mut attention) = (0u64, 0);
            for (slot, chosen) in lane.chosen().iter().enumerate() {
                let item = &view.entries[chosen.entry as usize].payload;
                let reaction = setup.responder.react(&watcher, item, ground.demand[chosen.topic as usize]);
                valid |= u64::from(reaction.valid_play) << slot;
                attention += reaction.attention;
            }
            if week < course.weeks {
                let cell = (ghost * course.weeks + week) * track.len();
                for (t, &topic) in track.iter().enumerate() {
                    let met = lane.chosen().iter().filter(|chosen| chosen.topic as usize == topic).count();
                    state.met[cell + t] += met as u32;
                    state.expected[cell + t] += if counted { (met as u64) << 24 } else { looked[t] };
                }
            }
            if !course.replays && !is_oracle {
                let key = learn.at_signed(ground.epoch).at(u64::from(request));
                lane.learn(&setup.learner, topics, valid, key);
            }
            if scenario.loops.stay {
                lane.gone = setup.responder.leaves(attention, lane.chosen().len(), stay, request);
            }
        }
        if !course.replays && !is_oracle {
            profile.copy_from_slice(&lane.profile[..topics]);
        }
    }
}

/// Ids of the people of a replicate who are followed, ascending, wherever they are: of those in the audience of some tilt the
/// ones with the smallest hashes, as many as are this replicate's even part. Where replicates have the same people, each
/// takes others.
fn chosen(setup: &Setup, number: u32, world: Key) -> Vec<u32> {
    let (scenario, plan) = (&setup.scenario, &setup.plan);
    let key = world.of(Decision::Micro);
    let class =
        |id: u32| plan.classes.of(region_of(scenario, world, id), audience_word(world, id), sign_word(world, id));
    let reach = Reach { scenario, plan };
    let within = (0..scenario.population.users).filter(|&id| reach.is_within_any(class(id)));
    let mut hashed: Vec<(u64, u32)> = within.map(|id| (key.draw(u64::from(id)), id)).collect();
    hashed.sort_unstable();
    let same_people = scenario.replicates.redraw == Redraw::Behaviour;
    let asked = u64::from(scenario.measure.micro_users);
    let all = if same_people { asked.min(hashed.len() as u64) } else { asked };
    let part = |number: u32| (all * u64::from(number) / u64::from(scenario.replicates.count)) as usize;
    let count = part(number + 1) - part(number);
    let before = if same_people { part(number) } else { 0 };
    let mut ids: Vec<u32> = hashed.into_iter().skip(before).take(count).map(|(_, id)| id).collect();
    ids.sort_unstable();
    ids
}
