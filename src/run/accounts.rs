//! Accounts injected from outside, such as an auditor's sock puppets.
//!
//! An account reads an arm's tables and is learned from as a person is, and adds to no counter: everybody else is bit for bit
//! what they would be without it. It lives in the baseline and in every tilted arm, from its fork on, with the same keys;
//! echo arms have none. Where an arm replays the baseline's profiles, its accounts replay those of the baseline's accounts.
//!
//! A script watches, not a person: it has no interests, likes nothing and never leaves before its session is over. Draws hang
//! on the accounts' name and the number among them, so that one account more changes no other. Every process of a
//! world has all accounts, and all processes record the same.

use rayon::prelude::*;

use crate::feed::Counters;
use crate::feed::select::Lane;
use crate::rng::{Decision, Key, coin};
use crate::run::watch::{ArmTables, Ground};
use crate::run::{ArmState, Setup};
use crate::scenario::{Account, Scenario};
use crate::tilt::Plan;
use crate::trace::{Public, Shown};
use crate::unit::LEVEL_ZERO;
use crate::world::respond::VALID_MS;
use crate::world::{Catalogue, Seeds, user_stripe};

/// Longest that an account watches what it does not play, milliseconds.
const SKIP_MS: u32 = 1_000;

/// All accounts of a replicate.
#[derive(Debug, Clone)]
pub(super) struct Accounts {
    puppets: Vec<Puppet>,
    /// Fork day of each tilted arm.
    forks: Vec<i64>,
}

/// One account.
#[derive(Debug, Clone)]
struct Puppet {
    /// Place among the scenario's accounts.
    account: usize,
    /// Number within it.
    number: u32,
    /// Policy class.
    class: u8,
    /// Roots of the draws of all accounts of this name.
    world: Key,
    behaviour: Key,
    /// By arm, empty before its fork.
    states: Vec<Option<State>>,
}

/// What an account is in one arm.
#[derive(Debug, Clone)]
struct State {
    profile: Vec<u8>,
    shown: Vec<Shown>,
}

/// What stands beside the videos of an epoch.
pub(super) struct Display<'a> {
    catalogue: &'a Catalogue,
    /// Counters of posts by arm and slot, as they stood before the epoch.
    counters: Vec<&'a [Counters]>,
}

impl<'a> Display<'a> {
    /// An arm without counters of its own shows the baseline's.
    pub fn new(catalogue: &'a Catalogue, arms: &'a [Option<ArmState>]) -> Self {
        let own = |arm: &'a Option<ArmState>| arm.as_ref().and_then(|arm| arm.items.as_ref());
        let baseline = own(&arms[0]);
        let of_arm = |arm| own(arm).or(baseline).map_or(&[][..], |items| &items.counters[..]);
        Self { catalogue, counters: arms.iter().map(of_arm).collect() }
    }
}

/// What a worker needs to move accounts.
#[derive(Debug, Default)]
struct Desk {
    lane: Lane,
    /// Profiles of the baseline's account before each request, and after the last.
    course: Vec<u8>,
}

impl Accounts {
    /// Accounts of whom nothing is known; `None` where there are none.
    pub fn new(scenario: &Scenario, plan: &Plan, seeds: Seeds) -> Option<Self> {
        let blank = State { profile: vec![LEVEL_ZERO; scenario.topic_count()], shown: Vec::new() };
        let mut puppets = Vec::new();
        for (place, account) in scenario.accounts.iter().enumerate() {
            let (world, behaviour) = (root(seeds.world, account), root(seeds.behaviour, account));
            puppets.extend((0..account.count).map(|number| {
                let word = |decision: Decision| world.of(decision).draw(number.into());
                let mut states = vec![None; 1 + scenario.arms.len()];
                states[0] = Some(blank.clone());
                Puppet {
                    account: place,
                    number,
                    class: plan.classes.of(account.region, word(Decision::Audience), word(Decision::Jitter)),
                    world,
                    behaviour,
                    states,
                }
            }));
        }
        (!puppets.is_empty()).then(|| Self { puppets, forks: scenario.arms.iter().map(Plan::fork_day).collect() })
    }

    /// Clones the baseline's accounts into the arms whose first tilted day this is.
    pub fn fork(&mut self, day: i64) {
        for puppet in &mut self.puppets {
            for (arm, _) in self.forks.iter().enumerate().filter(|&(_, &fork_day)| fork_day == day) {
                puppet.states[arm + 1] = puppet.states[0].clone();
            }
        }
    }

    /// Steps 3 to 7 of an epoch, for accounts.
    pub fn watch(&mut self, ground: &Ground, living: &[ArmTables], display: &Display) {
        let accounts = &ground.setup.scenario.accounts;
        let due: Vec<Option<u32>> = accounts.iter().map(|account| session(account, ground.day, ground.part)).collect();
        if due.iter().all(Option::is_none) {
            return;
        }
        self.puppets.par_iter_mut().for_each_init(Desk::default, |desk, puppet| {
            let Some(session) = due[puppet.account] else { return };
            for arm in living {
                // Echo arms stand behind the tilted ones, where an account has no state.
                if let Some(mut state) = puppet.states.get_mut(arm.arm).and_then(Option::take) {
                    desk.session(ground, arm, display, puppet, session, &mut state);
                    puppet.states[arm.arm] = Some(state);
                }
            }
        });
    }

    /// Once a day, profiles shrink.
    pub fn close_day(&mut self, setup: &Setup, day: i64) {
        let own = if setup.scenario.loops.profile { self.forks.len() } else { 0 };
        self.puppets.par_iter_mut().for_each(|puppet| {
            let key = puppet.behaviour.of(Decision::Forget).at(puppet.number.into()).at_signed(day);
            for state in puppet.states[..=own].iter_mut().flatten() {
                setup.learner.forget(&mut state.profile, key);
            }
        });
    }

    /// What all of them were shown.
    pub fn into_public(self) -> Public {
        let mut arms = vec![Vec::new(); 1 + self.forks.len()];
        for puppet in self.puppets {
            let Some(baseline) = &puppet.states[0] else { continue };
            for (arm, state) in arms.iter_mut().zip(&puppet.states) {
                arm.extend_from_slice(&state.as_ref().unwrap_or(baseline).shown);
            }
        }
        Public { arms }
    }
}

impl Desk {
    /// One session in one arm: responses until enough videos were shown, or nothing is left to show. The baseline comes first.
    fn session(
        &mut self,
        ground: &Ground,
        arm: &ArmTables,
        display: &Display,
        puppet: &Puppet,
        session: u32,
        state: &mut State,
    ) {
        let (setup, topics) = (ground.setup, ground.people.topics);
        let scenario = &setup.scenario;
        let number = u64::from(puppet.number);
        let own = |decision: Decision| puppet.behaviour.of(decision).at(number).at_signed(ground.epoch);
        let (select, learn) = (own(Decision::Select), own(Decision::Learn));
        let stripe = user_stripe(puppet.world, puppet.number, ground.epoch, scenario.feed.no_repeat_epochs);
        let view = arm.view(puppet.class, stripe as usize);
        let screen = Screen { ground, display, puppet, arm, session };
        let replays = arm.arm != 0 && !scenario.loops.profile;
        let Self { lane, course } = self;
        let mut left = scenario.accounts[puppet.account].videos_per_session as usize;
        lane.enter(left + setup.selector.slots() as usize);
        lane.throttle = puppet.world.of(Decision::Throttle).at(number);
        lane.region = scenario.accounts[puppet.account].region as u8;
        if arm.arm == 0 {
            course.clear();
            course.extend_from_slice(&state.profile);
        }
        for request in 0.. {
            if left == 0 {
                return;
            }
            // Where rules leave the baseline with fewer responses, its last profile stands.
            let known = (request as usize).min(course.len() / topics - 1);
            let profile = if replays { &course[known * topics..][..topics] } else { &state.profile };
            lane.profile[..topics].copy_from_slice(profile);
            lane.plant_anew();
            lane.request = select.at(request);
            setup.selector.respond_carefully(&view, lane, &mut |_, _| {});
            // The last response may be longer than the session: only what is played counts.
            let chosen = &lane.chosen()[..lane.chosen().len().min(left)];
            if chosen.is_empty() {
                return;
            }
            let mut valid = 0;
            for (slot, chosen) in chosen.iter().enumerate() {
                let position = scenario.accounts[puppet.account].videos_per_session as usize - left;
                let shown = screen.show(chosen.entry, position as u32, state.shown.len());
                valid |= u64::from(shown.played) << slot;
                state.shown.push(shown);
                left -= 1;
            }
            if !replays {
                setup.learner.learn(&mut state.profile, chosen, valid, learn.at(request));
            }
            if arm.arm == 0 {
                course.extend_from_slice(&state.profile);
            }
        }
    }
}

/// What an account sees of videos, and what it does with them.
struct Screen<'a> {
    ground: &'a Ground<'a>,
    display: &'a Display<'a>,
    puppet: &'a Puppet,
    arm: &'a ArmTables<'a>,
    session: u32,
}

impl Screen<'_> {
    /// Plays a post, of which an account that has been shown `before` videos makes what its persona does.
    fn show(&self, entry: u32, position: u32, before: usize) -> Shown {
        let (ground, puppet) = (self.ground, self.puppet);
        let slot = self.arm.slot(puppet.class, entry) as usize;
        let catalogue = self.display.catalogue;
        let (truth, item) = (catalogue.truth(slot), catalogue.id(slot).0);
        let counters = self.display.counters[self.arm.arm][slot];
        let sight = catalogue.observed().items[slot].expect("what is in an epoch's tables is in the catalogue");
        let account = &ground.setup.scenario.accounts[puppet.account];
        let today = puppet.behaviour.of(Decision::React).at(puppet.number.into()).at_signed(ground.day);
        let played = today.draw(item) < coin(engagement(account, before, truth.topic.into()));
        Shown {
            item,
            account: puppet.account as u32,
            number: puppet.number,
            session: self.session,
            position,
            day: ground.day as u32,
            epoch: ground.epoch as u32,
            creator: sight.creator,
            age_epochs: (ground.epoch - i64::from(sight.born)) as u32,
            impressions: counters.impressions,
            likes: counters.likes,
            watch_ms: watch_ms(u32::from(truth.duration) * 100, played),
            topic: truth.topic,
            duration_tenths: truth.duration,
            played,
        }
    }
}

/// Root of the draws of all accounts of one name.
fn root(replicate: Key, account: &Account) -> Key {
    account.name.bytes().fold(replicate.of(Decision::Account), |key, letter| key.at(letter.into()))
}

/// Which session of its accounts falls into an epoch: the first of a day, one each.
fn session(account: &Account, day: i64, part: u32) -> Option<u32> {
    let days = u32::try_from(day - i64::from(account.from_day)).ok()?;
    let session = days * account.sessions_per_day + part;
    (part < account.sessions_per_day && session < account.sessions).then_some(session)
}

/// Probability of a valid play of a video of a topic, `before` others having been shown.
fn engagement(account: &Account, before: usize, topic: usize) -> f64 {
    let persona = before < account.conditioning as usize && account.topic == Some(topic);
    if persona { account.engages } else { account.otherwise }
}

/// A valid play ends as soon as it is one; what is skipped is skipped after a second, or half-way through a video shorter than
/// two seconds, which would else count as played.
fn watch_ms(duration_ms: u32, played: bool) -> u32 {
    if played { duration_ms.min(VALID_MS) } else { SKIP_MS.min(duration_ms / 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            name: "persona".into(),
            count: 1,
            region: 0,
            topic: Some(3),
            engages: 0.9,
            otherwise: 0.02,
            from_day: 2,
            sessions: 5,
            sessions_per_day: 2,
            videos_per_session: 10,
            conditioning: 20,
        }
    }

    #[test]
    fn sessions_take_the_first_epochs_of_their_days() {
        let account = account();
        let of = |day| [0, 1, 2, 3].map(|part| session(&account, day, part));
        assert_eq!((of(-1), of(1)), ([None; 4], [None; 4]));
        assert_eq!(of(2), [Some(0), Some(1), None, None]);
        assert_eq!(of(3), [Some(2), Some(3), None, None]);
        assert_eq!(of(4), [Some(4), None, None, None]);
        assert_eq!(of(5), [None; 4]);
    }

    #[test]
    fn a_persona_prefers_its_topic_while_it_is_conditioned() {
        let mut account = account();
        assert_eq!([0, 19, 20, 99].map(|before| engagement(&account, before, 3)), [0.9, 0.9, 0.02, 0.02]);
        assert_eq!(engagement(&account, 0, 2), 0.02);
        account.topic = None;
        assert_eq!(engagement(&account, 0, 3), 0.02);
    }

    #[test]
    fn what_is_watched_is_a_valid_play_exactly_where_it_is_meant_to_be() {
        for duration in [1_000, 1_900, 2_000, 6_900, 7_000, 7_100, 3_600_000] {
            assert!(watch_ms(duration, true) == duration.min(VALID_MS), "{duration}");
            assert!(
                watch_ms(duration, false) <= 1_000 && watch_ms(duration, false) < duration.min(VALID_MS),
                "{duration}"
            );
        }
    }
}
