//! The naive twin: the whole course of one world in all arms, by plain loops over people and posts.
//!
//! It shares with the engine the keys of the draws, the scenario, the midpoints of the belief grid and the definition of
//! V⁺, and nothing else: it keeps no tables of masses, no running sums and no positions, and adds everything up anew for
//! each slot. The drawn world comes in as plain data. It is slow on purpose; where it can be plain or fast it is plain.

mod course;
mod oracle;
mod person;
mod score;
mod select;
mod tilts;
mod visit;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use feedtilt::feed::Grid;
use feedtilt::rng::{Decision, Key, below, coin, share_of_words};
use feedtilt::scenario::{Redraw, Scenario, Tilt, TiltKind, Value};

pub use course::{Course, Path, Shown};
use score::Units;
use tilts::Choice;
pub use world::{Person, Post, World};

/// A fault put into the twin, to see that the comparison finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The re-rank factor of a topic that is in the response is a tenth too small.
    WeakRepeat,
    /// The slow path leaves the re-rank factor out.
    SlowWithoutRepeat,
    /// Two posts of one creator may stand side by side.
    NoCreatorRule,
    /// What was seen is forgotten from one request to the next.
    SeenPerRequest,
    /// One impression is missing from the item counters.
    LostIncrement,
    /// round(step + u) instead of floor(step + u).
    RoundedSteps,
    /// A post that leaves a cell moves all later members, not the last one.
    ShiftedMembers,
    /// Posts stay an epoch longer.
    LateExpiry,
    /// A tilt acts on the day on which it should have ended.
    LateEnd,
    /// An arm begins with the profiles of the first day.
    ForkWithoutLearning,
    /// Reactions are keyed by epoch, not by day.
    NoiseByEpoch,
    /// A replayed profile stands still within an epoch.
    FrozenReplay,
    /// A throttle forgets the pool of new posts.
    ThrottleForgetsPool,
    /// A throttle is drawn anew on each day.
    ThrottleByDay,
    /// Posts that are not for the feed stand in reserved slots.
    WithheldInPool,
    /// Reserved slots are looked at before heated ones.
    HeatAfterColdStart,
    /// A random feed keeps the re-rank factor.
    RandomWithRepeat,
    /// A feed by popularity reads profiles.
    PopularityByProfile,
    /// A reader of the newest posts always begins with the newest.
    NewestFromTheTop,
    /// The oracle knows people and not posts.
    OracleByCounters,
    /// People leave with the same hazard whatever they saw.
    LeavesByChance,
    /// People who left come back in the same epoch.
    ComesBack,
    /// A new weight of one topic acts on all.
    HeadForAllTopics,
    /// A weight that a tilt of heads does not name is 0 in its arm.
    HeadForgetsTheRest,
    /// Everybody has the larger weights.
    JitterOneWay,
    /// A person has one sign for all weights.
    OneSignForAll,
    /// A person's signs are drawn anew in each epoch.
    SignsByEpoch,
    /// Interests move with what was shown, not with what was shown beyond the baseline's.
    DriftWithoutReference,
    /// Steps of interests are rounded to the nearest.
    RoundedDrift,
    /// Creators react to reach from the first day on.
    ReactsAtOnce,
    /// Who leaves in an arm that replays that loop is drawn anew.
    LeavesAnew,
    /// Profiles of an echo arm are rounded by the baseline's draws.
    EchoOfLearning,
    /// A post is blocked in the regions by whose creators it is.
    BlockedAtTheSource,
    /// Posts wait an epoch longer than they should.
    DelayedTooLong,
    /// Posts are demoted one by one instead of with their creators.
    DemotesPosts,
    /// All new posts weigh the same in reserved slots.
    NewcomersAlike,
    /// A post that nears its cap is kept from people by the word of a throttle.
    ThinnedByThrottle,
    /// What was sought of a thinned post is taken for what was shown.
    SoughtAsShown,
    /// A post leaves the feed one impression late.
    CapPassed,
}

/// The cell a post stands in: stripe, topic, variant, tier, duration class.
type Cell = [usize; 5];

/// What the platform knows of posts in one arm.
#[derive(Debug, Clone, Default)]
struct Shelf {
    known: Vec<[u32; 3]>,
    stands: Vec<Option<Cell>>,
    cells: BTreeMap<Cell, Vec<usize>>,
    pools: BTreeMap<usize, Vec<usize>>,
    /// Impressions that each post would have had in the last epoch, had everybody been shown it.
    sought: Vec<u32>,
    /// Posts that only some people are shown, and the word below which a person is.
    thinned: BTreeMap<usize, u64>,
}

/// One arm; a loop that is off keeps `None` and reads the baseline's.
#[derive(Debug, Clone)]
struct Arm {
    levels: Option<Vec<Vec<u8>>>,
    shelf: Option<Shelf>,
    /// Posts as an oracle has them; made anew each epoch where one ranks.
    truth: Option<Shelf>,
    /// Posts that have not reached a cap; made anew each epoch where there is one.
    open: Option<Shelf>,
    /// Topics met since day 0, by person.
    met: Vec<BTreeSet<usize>>,
    /// Interests by person, where they have left the baseline's.
    interests: Option<Vec<Vec<i8>>>,
    /// Videos of the running week by person and topic.
    week: Vec<Vec<u64>>,
    /// What creators post here; `None` reads the baseline's.
    supply: Option<Supply>,
}

/// What creators post in an arm.
#[derive(Debug, Clone, Default)]
struct Supply {
    /// By post: whether it is there.
    there: Vec<bool>,
    /// By creator: logarithm of the factor on the posting rate, 2⁻²⁰.
    logs: BTreeMap<u32, f64>,
    /// By day and creator: views.
    reach: Vec<BTreeMap<u32, u64>>,
}

/// One filled slot.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    post: usize,
    source: Source,
}

/// Which kind of slot a post stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Ordinary,
    ColdStart,
    Heat,
}

/// What a person did with a post.
struct Reaction {
    /// 1/256 of log-odds.
    attention: i32,
    watch_ms: u32,
    signals: [bool; 7],
}

const ONE: u64 = 1 << 32;

/// The run.
pub struct Twin<'a> {
    scenario: &'a Scenario,
    fault: Option<Fault>,
    world: World,
    grid: Grid,
    /// Units by the value weights of topics.
    units: Vec<(Vec<Value>, Units)>,
    leaves: Vec<Option<usize>>,
    choices: Vec<Choice>,
    world_key: Key,
    behaviour: Key,
    first_epoch: i64,
    epoch: i64,
    living: Vec<usize>,
    arms: Vec<Option<Arm>>,
    pub course: Course,
}

impl<'a> Twin<'a> {
    pub fn new(scenario: &'a Scenario, world: World, fault: Option<Fault>) -> Self {
        let grid = Grid::new(&scenario.feed);
        let arms = 1 + tilts::branches(scenario).len();
        let days = (scenario.time.burn_in_days + scenario.time.days) as usize;
        let first_epoch = -i64::from(scenario.time.burn_in_days * scenario.time.epochs_per_day);
        let of_world = if scenario.replicates.redraw == Redraw::World { world.replicate } else { 0 };
        let baseline = Arm {
            levels: Some(world.people.iter().map(|person| person.levels.clone()).collect()),
            shelf: Some(Shelf { known: world.posts.iter().map(|post| post.known).collect(), ..Shelf::default() }),
            truth: None,
            open: None,
            met: vec![BTreeSet::new(); world.people.len()],
            interests: None,
            week: vec![vec![0; scenario.topic_count()]; world.people.len()],
            supply: scenario.loops.supply.then(|| Supply { there: vec![true; world.posts.len()], ..Supply::default() }),
        };
        let mut all = vec![None; arms];
        all[0] = Some(baseline);
        Self {
            scenario,
            fault,
            units: Vec::new(),
            grid,
            leaves: select::leaves(scenario),
            choices: tilts::choices(scenario),
            world_key: Key::root(scenario.replicates.seed, of_world),
            behaviour: Key::root(scenario.replicates.seed, world.replicate),
            first_epoch,
            epoch: first_epoch,
            living: (0..world.posts.len()).collect(),
            arms: all,
            course: Course {
                item_impressions: vec![0; arms],
                age_epochs: vec![0; days],
                gini: vec![0; days],
                expected: vec![vec![0; scenario.measure.track.len()]; arms],
                asked: vec![0; arms],
                acceptance: vec![[0; 5]; arms],
                capped: vec![[0; 3]; arms],
                ..Course::default()
            },
            world,
        }
    }

    /// The whole course.
    pub fn run(mut self) -> Course {
        while self.day() < i64::from(self.scenario.time.days) {
            self.step();
        }
        self.course.shown.sort_unstable();
        self.course
    }

    /// One epoch.
    pub fn step(&mut self) {
        if self.part() == 0 {
            self.fork();
            if self.day().rem_euclid(7) == 0 {
                let weeks = self.arms.iter_mut().flatten().flat_map(|arm| &mut arm.week);
                weeks.for_each(|week| week.fill(0));
            }
        }
        self.publish();
        self.refresh();
        let mut fresh = vec![vec![[0u32; 3]; self.world.posts.len()]; self.arms.len()];
        for person in 0..self.world.people.len() {
            self.visit(person, &mut fresh);
        }
        self.fold(&fresh);
        if self.part() == self.per_day() - 1 {
            self.forget();
            self.drift();
            self.react_to_reach();
            self.record();
        }
        self.epoch += 1;
    }

    fn per_day(&self) -> i64 {
        i64::from(self.scenario.time.epochs_per_day)
    }

    fn day(&self) -> i64 {
        self.epoch.div_euclid(self.per_day())
    }

    fn part(&self) -> i64 {
        self.epoch.rem_euclid(self.per_day())
    }

    /// Day counted from the first simulated one.
    fn row(&self) -> usize {
        (self.day() + i64::from(self.scenario.time.burn_in_days)) as usize
    }

    fn planted(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn took(&mut self, path: Path) {
        *self.course.paths.entry(path).or_default() += 1;
    }

    fn alive(&self) -> Vec<usize> {
        (0..self.arms.len()).filter(|&arm| self.arms[arm].is_some()).collect()
    }

    fn arm(&self, arm: usize) -> &Arm {
        self.arms[arm].as_ref().expect("only living arms are asked for")
    }

    fn arm_mut(&mut self, arm: usize) -> &mut Arm {
        self.arms[arm].as_mut().expect("only living arms are asked for")
    }

    /// The arm's shelf, or the baseline's.
    fn shelf(&self, arm: usize) -> &Shelf {
        self.arm(arm).shelf.as_ref().or(self.arm(0).shelf.as_ref()).expect("the baseline has a shelf")
    }

    /// The same without the posts that have reached a cap.
    fn open_shelf(&self, arm: usize) -> &Shelf {
        self.arm(arm).open.as_ref().unwrap_or(self.shelf(arm))
    }

    // Step 1 and the arms' beginning.

    fn fork(&mut self) {
        for (number, branch) in tilts::branches(self.scenario).into_iter().enumerate() {
            if branch.day != self.day() {
                continue;
            }
            let mut own = self.arm(0).clone();
            own.levels = own.levels.filter(|_| branch.live.profile);
            own.shelf = own.shelf.filter(|_| branch.live.popularity || branch.live.supply);
            own.supply = own.supply.filter(|_| branch.live.supply);
            let drawn = || self.world.people.iter().map(|person| person.interests.clone()).collect();
            own.interests = branch.live.interest.then(drawn);
            if self.planted(Fault::ForkWithoutLearning) {
                own.levels = Some(self.world.people.iter().map(|person| person.levels.clone()).collect());
            }
            self.arms[number + 1] = Some(own);
            let course = &mut self.course;
            course.item_impressions[number + 1] = course.item_impressions[0];
            let expected = course.expected[0].clone();
            course.expected[number + 1] = expected;
            course.asked[number + 1] = course.asked[0];
            course.acceptance[number + 1] = course.acceptance[0];
        }
    }

    /// Where the platform's draws of an arm hang: an echo arm has its own.
    fn platform(&self, arm: usize) -> Key {
        if self.is_echo(arm) { self.behaviour.of(Decision::Echo) } else { self.behaviour }
    }

    fn is_echo(&self, arm: usize) -> bool {
        arm.checked_sub(1).is_some_and(|number| tilts::branches(self.scenario)[number].arm.is_none())
    }

    fn publish(&mut self) {
        let late = i64::from(self.planted(Fault::LateExpiry));
        let oldest = self.epoch - i64::from(self.scenario.catalogue.depth_days) * self.per_day() - late;
        let (gone, stay): (Vec<usize>, Vec<usize>) =
            self.living.iter().partition(|&&post| self.world.posts[post].born < oldest);
        self.living = stay;
        let shifted = self.planted(Fault::ShiftedMembers);
        for &post in &gone {
            self.took(Path::Expired);
            for shelf in self.arms.iter_mut().flatten().filter_map(|arm| arm.shelf.as_mut()) {
                shelf.leave_cell(post, shifted);
                shelf.pools.values_mut().for_each(|pool| take(pool, post, shifted));
            }
        }
        let born = self.world.births[(self.epoch - self.first_epoch) as usize].clone();
        for post in born {
            self.living.push(self.world.posts.len());
            for arm in self.alive() {
                let there = self.publishes(arm, &post);
                if let Some(supply) = &mut self.arm_mut(arm).supply {
                    supply.there.push(there);
                }
            }
            for shelf in self.arms.iter_mut().flatten().filter_map(|arm| arm.shelf.as_mut()) {
                shelf.known.push([0; 3]);
            }
            self.world.posts.push(post);
        }
    }

    // Step 2: where every post stands.

    /// Puts every living post where its counters and age say, in order of birth.
    pub fn refresh(&mut self) {
        let feed = &self.scenario.feed;
        let pool_epochs = feed.cold_start_hours / 24.0 * self.per_day() as f64;
        let shifted = self.planted(Fault::ShiftedMembers);
        for arm in self.alive() {
            let Some(mut shelf) = self.arm_mut(arm).shelf.take() else { continue };
            shelf.stands.resize(self.world.posts.len(), None);
            for post in self.posts(arm) {
                let cell = self.cell(post, shelf.known[post]);
                if let Some(old) = shelf.stands[post].filter(|&old| old != cell) {
                    shelf.leave_cell(post, shifted);
                    if old[3] != cell[3] {
                        self.took(Path::ChangedTier);
                    }
                }
                if shelf.stands[post].is_none() {
                    shelf.stands[post] = Some(cell);
                    shelf.cells.entry(cell).or_default().push(post);
                }
                let young = self.age(post) < pool_epochs;
                let unknown = shelf.known[post][0] < feed.cold_start_until;
                let pool = shelf.pools.entry(cell[0]).or_default();
                match (young && unknown, pool.contains(&post)) {
                    (true, false) => pool.push(post),
                    (false, true) => {
                        take(pool, post, shifted);
                        self.took(if young { Path::LeftPoolSeenEnough } else { Path::LeftPoolTooOld });
                    }
                    _ => {}
                }
            }
            self.arm_mut(arm).shelf = Some(shelf);
        }
        for arm in self.alive() {
            self.arm_mut(arm).truth = None;
            if self.has_oracle(arm) {
                let truth = self.true_shelf(arm);
                self.arm_mut(arm).truth = Some(truth);
            }
            let open = self.capped_shelf(arm);
            self.arm_mut(arm).open = open;
        }
    }

    /// The shelf of an arm that caps impressions: posts that have reached a cap leave it in order of birth, those that would pass
    /// it are shown to some people.
    fn capped_shelf(&mut self, arm: usize) -> Option<Shelf> {
        let active = self.active(arm);
        let caps = |(tilt, _): &(&Tilt, f64)| matches!(tilt.kind, TiltKind::ReachCap { .. });
        active.iter().find(|one| caps(one))?;
        let mut shelf = self.shelf(arm).clone();
        let late = u32::from(self.planted(Fault::CapPassed));
        for post in self.living.clone() {
            let Some(cap) = self.cap(&active, post) else { continue };
            let left = (cap + late).saturating_sub(shelf.known[post][0]);
            let sought = shelf.sought.get(post).copied().unwrap_or(0);
            if left == 0 {
                self.took(Path::Capped);
                shelf.leave_cell(post, false);
                shelf.pools.values_mut().for_each(|pool| take(pool, post, false));
            } else if sought > left {
                self.took(Path::Thinned);
                shelf.thinned.insert(post, coin(f64::from(left) / f64::from(sought)));
            }
        }
        Some(shelf)
    }

    /// Age in epochs.
    fn age(&self, post: usize) -> f64 {
        (self.epoch - self.world.posts[post].born) as f64
    }

    fn cell(&self, post: usize, known: [u32; 3]) -> Cell {
        self.cell_of(post, self.tier(known))
    }

    fn cell_of(&self, post: usize, tier: usize) -> Cell {
        let Post { id, topic, duration_class, .. } = self.world.posts[post];
        let stripes = u64::from(self.scenario.feed.no_repeat_epochs);
        let stripe = below(self.world_key.of(Decision::ItemStripe).draw(id.0), stripes) as usize;
        let variant = self.variant(self.age(post) as i64, self.world.posts[post].region, self.flags(post));
        [stripe, topic, variant, tier, duration_class]
    }

    fn age_class(&self, post: usize) -> usize {
        let days = self.age(post) / self.per_day() as f64;
        [1.0, 2.0, 7.0].iter().filter(|&&border| days >= border).count()
    }

    fn ages_differ(&self) -> bool {
        let fresh = self.scenario.feed.freshness;
        fresh.iter().any(|&f| f != fresh[0])
    }

    fn flag_values(&self) -> usize {
        1 << self.choices.len()
    }

    /// Which choices by chance mean the post, as a binary number.
    fn flags(&self, post: usize) -> usize {
        let meant = |(bit, choice): (usize, &Choice)| if self.means(choice, post) { 1 << bit } else { 0 };
        self.choices.iter().enumerate().map(meant).sum()
    }

    /// Tier of the shrunk rates of valid plays and of likes.
    fn tier(&self, [impressions, valid_plays, likes]: [u32; 3]) -> usize {
        let feed = &self.scenario.feed;
        let of = f64::from(impressions) + feed.prior_impressions;
        let square = |hits: u32, prior: f64, range: [f64; 2], squares: u32| {
            let hits = f64::from(hits) + feed.prior_impressions * prior;
            let width = (range[1] - range[0]) / f64::from(squares);
            (1..squares).filter(|&i| hits >= logistic(range[0] + width * f64::from(i)) * of).count()
        };
        square(valid_plays, feed.prior_valid_play, feed.attention_range, feed.tiers_attention)
            * feed.tiers_approval as usize
            + square(likes, feed.prior_like, feed.approval_range, feed.tiers_approval)
    }

    /// Adds the epoch's counts to what the platform knows.
    fn fold(&mut self, fresh: &[Vec<[u32; 3]>]) {
        for arm in self.alive() {
            self.note_caps(arm, &fresh[arm]);
            let mut lost = self.planted(Fault::LostIncrement) && arm == 0 && self.epoch == 0;
            for (post, &counts) in fresh[arm].iter().enumerate().filter(|(_, counts)| counts[0] > 0) {
                let mut counts = counts;
                if std::mem::take(&mut lost) {
                    counts[0] -= 1;
                }
                self.course.item_impressions[arm] += u64::from(counts[0]);
                if arm == 0 {
                    let row = self.row();
                    self.course.age_epochs[row] += u64::from(counts[0]) * self.age(post) as u64;
                }
                let (day, creator) = (self.row(), self.world.posts[post].creator);
                if let Some(supply) = &mut self.arm_mut(arm).supply {
                    supply.reach.resize(day + 1, BTreeMap::new());
                    *supply.reach[day].entry(creator).or_default() += u64::from(counts[0]);
                }
                if let Some(shelf) = &mut self.arm_mut(arm).shelf {
                    shelf.known[post].iter_mut().zip(counts).for_each(|(known, count)| *known += count);
                }
            }
        }
        // Where popularity is replayed and supply is not, posts of the baseline are known as there.
        let Some(there) = self.arm(0).supply.as_ref().map(|supply| supply.there.clone()) else { return };
        let of_baseline = self.shelf(0).known.clone();
        let branches = tilts::branches(self.scenario);
        for arm in self.alive().into_iter().skip(1).filter(|&arm| !branches[arm - 1].live.popularity) {
            if let Some(shelf) = &mut self.arm_mut(arm).shelf {
                for post in (0..there.len()).filter(|&post| there[post]) {
                    shelf.known[post] = of_baseline[post];
                }
            }
        }
    }

    /// Living posts that an arm's creators have published, in order of birth.
    fn posts(&self, arm: usize) -> Vec<usize> {
        let supply = self.arm(arm).supply.as_ref().or(self.arm(0).supply.as_ref());
        let there = |post: &usize| supply.is_none_or(|supply| supply.there[*post]);
        self.living.iter().copied().filter(there).collect()
    }

    /// What was sought of each post, and which posts reached their cap.
    fn note_caps(&mut self, arm: usize, fresh: &[[u32; 3]]) {
        let as_shown = self.planted(Fault::SoughtAsShown);
        let active = self.active(arm);
        let thinned = self.open_shelf(arm).thinned.clone();
        let Some(known) = self.arm(arm).shelf.as_ref().map(|shelf| shelf.known.clone()) else { return };
        let sought = |(post, counts): (usize, &[u32; 3])| match thinned.get(&post).filter(|_| !as_shown) {
            Some(&keep) => libm::round(f64::from(counts[0]) / share_of_words(keep)) as u32,
            None => counts[0],
        };
        let sought = fresh.iter().enumerate().map(sought).collect();
        for (post, counts) in fresh.iter().enumerate() {
            let Some(cap) = self.cap(&active, post).filter(|&cap| known[post][0] < cap) else { continue };
            if let Some(beyond) = (known[post][0] + counts[0]).checked_sub(cap) {
                let capped = &mut self.course.capped[arm];
                *capped = [capped[0] + 1, capped[1] + u64::from(beyond), capped[2].max(beyond.into())];
            }
        }
        self.arm_mut(arm).shelf.as_mut().expect("it has one").sought = sought;
    }

    /// Once a day: reach, Gini, and what the arms that are not there yet repeat.
    fn record(&mut self) {
        let row = self.row();
        self.course.gini[row] = self.gini();
        for arm in self.alive() {
            for (person, met) in self.arm(arm).met.clone().into_iter().enumerate() {
                let Person { region, group, .. } = self.world.people[person];
                for topic in met {
                    *self.course.exposure.entry([row, arm, region, group, topic, 5]).or_default() += 1;
                }
            }
        }
        for arm in (0..self.arms.len()).filter(|&arm| self.arms[arm].is_none()) {
            for (mut cell, count) in self.course.exposure.clone().into_iter().filter(|(cell, _)| cell[..2] == [row, 0])
            {
                cell[1] = arm;
                self.course.exposure.insert(cell, count);
            }
            for (mut cell, count) in self.course.slots.clone().into_iter().filter(|(cell, _)| cell[..2] == [row, 0]) {
                cell[1] = arm;
                self.course.slots.insert(cell, count);
            }
        }
    }

    /// Gini coefficient of the baseline's impressions over the catalogue, millionths: the differences of all pairs over
    /// number × sum.
    fn gini(&self) -> u64 {
        let known = &self.shelf(0).known;
        let views: Vec<u64> = self.posts(0).into_iter().map(|post| u64::from(known[post][0])).collect();
        let total: u64 = views.iter().sum();
        let of_pairs = |(i, &one): (usize, &u64)| views[i + 1..].iter().map(|&other| one.abs_diff(other)).sum::<u64>();
        let differences: u64 = views.iter().enumerate().map(of_pairs).sum();
        if total == 0 { 0 } else { (differences as f64 / (views.len() as u64 * total) as f64 * 1e6) as u64 }
    }
}

impl Shelf {
    fn leave_cell(&mut self, post: usize, shifted: bool) {
        if let Some(cell) = self.stands[post].take() {
            take(self.cells.entry(cell).or_default(), post, shifted);
        }
    }
}

/// Swap-remove where the post stands in the list; the planted fault moves all later members instead.
fn take(list: &mut Vec<usize>, post: usize, shifted: bool) {
    match list.iter().position(|&member| member == post) {
        Some(position) if shifted => drop(list.remove(position)),
        Some(position) => drop(list.swap_remove(position)),
        None => {}
    }
}

// Plain numbers.

fn scale(mass: u64, factor: u64) -> u64 {
    (u128::from(mass) * u128::from(factor) / u128::from(ONE)) as u64
}

/// What a factor on the score does to a weight, 2⁻³².
fn power(multiply: f64, temperature: f64) -> u64 {
    libm::round(libm::exp(libm::log(multiply) / temperature) * ONE as f64) as u64
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Log-odds of a profile level.
fn log_odds(level: u8) -> f64 {
    (f64::from(level) - 128.0) / 32.0
}

/// Log-odds in fixed point, 1/256.
fn fixed(x: f64) -> i32 {
    libm::round(x * 256.0) as i32
}

/// Fixed-point log-odds held within ±16 and rounded down to a multiple of `step`.
fn stepped(x: i32, step: i32) -> f64 {
    f64::from(x.clamp(-4096, 4095).div_euclid(step) * step) / 256.0
}
