//! All comparisons of a run: each arm against the arm it names, over the arm's tilted days, every measure and topic.

use crate::measure::attribution::{Parts, attribution};
use crate::measure::micro::{Ghosts, users_effect};
use crate::measure::persistence::persistence;
use crate::measure::shift::Sides;
use crate::measure::{
    Attribution, Comparison, Measure, Part, Persistence, Shift, UsersEffect, Window, count, reach, share,
};
use crate::scenario::{Arm, Loops, Scenario, TiltKind};
use crate::trace::{Capped, Micro, Picked, Tally};

/// Comparisons by arm, in file order.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Tilted arms.
    pub arms: Vec<ArmFigures>,
    /// Organic shares of the baseline over all measured days, mean over replicates, by topic.
    pub baseline_shares: Vec<Option<f64>>,
}

/// One arm against its reference.
#[derive(Debug, Clone)]
pub struct ArmFigures {
    /// Index in [`Scenario::arms`].
    pub arm: usize,
    /// Index of the arm it is compared with; `None` is the baseline.
    pub against: Option<usize>,
    /// First to last tilted day of the arm.
    pub window: Window,
    /// Everybody.
    everybody: PartFigures,
    /// Each region, where there are several, then each group.
    pub parts: Vec<PartFigures>,
    /// Effect on single people by tracked topic; empty without ghosts.
    pub users_effect: Vec<UsersEffect>,
    /// Which loops the shift of each tracked topic comes from; empty without `measure.attribution`.
    pub attribution: Vec<(usize, Attribution)>,
    /// What is left of it when the tilt is over; empty without `measure.persistence`.
    pub persistence: Vec<(usize, Persistence)>,
    /// Share of the slots that heating was to have and for which no heated post was left; `None` where that is so few that
    /// nobody need know, or nothing is heated.
    pub unheated: Option<f64>,
    /// Posts that reached a cap on impressions, all replicates; `None` where the arm has no cap, or no counters of its own to tell.
    pub capped: Option<Capped>,
    /// By tilt that picks posts by hash or by an imperfect classifier, place and count, all replicates.
    pub picked: Vec<(usize, Picked)>,
    /// By tracked topic: impressions of the people whom no tilt of the arm reaches, against the baseline; empty where everybody is
    /// reached, or the arm is compared with another.
    pub outside: Vec<Shift>,
}

/// Share of an arm's heated slots from which on it is told that they found no post.
const UNHEATED: f64 = 0.05;

/// One part of the population.
#[derive(Debug, Clone)]
pub struct PartFigures {
    /// Whose figures these are.
    pub part: Part,
    /// By measure, in the order of [`Measure::ALL`], and topic.
    shifts: Vec<Vec<Shift>>,
}

impl Figures {
    /// Measures all arms.
    pub fn new(scenario: &Scenario, tallies: &[Tally], micro: Option<&Micro>) -> Self {
        let whole = Window { from: 0, until: scenario.time.days as usize };
        let itself = Sides { arm: 0, reference: 0, echo: None, tilted: &[], track: &[] };
        let baseline = Comparison::new(tallies, itself, whole, Part::Everybody).shifts(&share::EXPOSURE);
        Self {
            arms: (0..scenario.arms.len()).map(|arm| ArmFigures::new(scenario, tallies, micro, arm)).collect(),
            baseline_shares: baseline.into_iter().map(|shift| shift.reference).collect(),
        }
    }
}

impl ArmFigures {
    fn new(scenario: &Scenario, tallies: &[Tally], micro: Option<&Micro>, arm: usize) -> Self {
        let against = scenario.arms[arm].against;
        let window = window(&scenario.arms[arm]);
        let reference = against.map_or(0, |index| index + 1);
        let tilted = tilted_on_either_side(scenario, arm);
        let track = &scenario.measure.track;
        let sides = Sides { arm: arm + 1, reference, echo: echo(scenario, tallies, arm), tilted: &tilted, track };
        let of = |part: Part| PartFigures::new(tallies, sides, window, part);
        let days = window.until - window.from;
        let ghosts = Ghosts { arm: arm + 1, reference, fork_day: window.from as i64, days };
        Self {
            arm,
            against,
            window,
            everybody: of(Part::Everybody),
            parts: parts(scenario, tallies).into_iter().map(of).collect(),
            unheated: unheated(tallies, arm + 1),
            capped: capped(scenario, tallies, arm),
            picked: picked(scenario, tallies, arm),
            outside: if against.is_none() { outside(tallies, arm + 1) } else { Vec::new() },
            users_effect: micro.map_or_else(Vec::new, |micro| users_effect(micro, ghosts, track)),
            attribution: attributed(scenario, tallies, arm, window),
            persistence: persisting(scenario, tallies, [arm + 1, reference], window),
        }
    }

    /// Shifts of a measure among everybody: by topic, or a single one for a measure of the whole feed.
    pub fn of(&self, measure: &Measure) -> &[Shift] {
        self.everybody.of(measure)
    }

    /// Shift of a topic's share of exposure.
    pub fn share(&self, topic: usize) -> &Shift {
        &self.of(&share::EXPOSURE)[topic]
    }

    /// Shift of a topic's impressions.
    pub fn impressions(&self, topic: usize) -> &Shift {
        &self.of(&count::IMPRESSIONS)[topic]
    }

    /// Shift of the people a topic reached by the last day of the window.
    pub fn reached(&self, topic: usize) -> &Shift {
        &self.of(&reach::REACHED)[topic]
    }

    /// Effect on single people for a topic, where it is tracked.
    pub fn users(&self, topic: usize) -> Option<&UsersEffect> {
        self.users_effect.iter().find(|effect| effect.topic == topic)
    }

    /// Days of the window.
    pub const fn days(&self) -> usize {
        self.window.until - self.window.from
    }

    /// ln(share′/share) ÷ ln of the tilt's factor, where one tilt at full strength on everybody and on all that it can mean of the
    /// topic is all that tells the arm from the baseline; anything else would be diluted or belong to another tilt.
    pub fn elasticity(&self, scenario: &Scenario, topic: usize) -> Option<f64> {
        let [only] = scenario.arms[self.arm].tilts.as_slice() else { return None };
        let everything = only.classifier.is_perfect() && only.origin.is_all(scenario.population.regions.len());
        let whole = only.audience.is_everybody() && everything && only.schedule.ramp_days == 0.0;
        let (TiltKind::Score { multiply: factor }
        | TiltKind::Throttle { keep: factor }
        | TiltKind::ColdStart { multiply: factor }
        | TiltKind::DemoteCreators { multiply: factor, .. }) = only.kind
        else {
            return None;
        };
        let alone = only.topic == Some(topic) && self.against.is_none();
        if whole && alone { self.share(topic).elasticity(factor) } else { None }
    }
}

impl PartFigures {
    fn new(tallies: &[Tally], sides: Sides<'_>, window: Window, part: Part) -> Self {
        let comparison = Comparison::new(tallies, sides, window, part);
        Self { part, shifts: Measure::ALL.iter().map(|measure| comparison.shifts(measure)).collect() }
    }

    /// Shifts of a measure: by topic, or a single one for a measure of the whole feed.
    pub fn of(&self, measure: &Measure) -> &[Shift] {
        let place = Measure::ALL.iter().position(|one| one == measure);
        &self.shifts[place.expect("every measure stands in the list of all")]
    }
}

fn capped(scenario: &Scenario, tallies: &[Tally], arm: usize) -> Option<Capped> {
    let has_cap = scenario.arms[arm].tilts.iter().any(|tilt| matches!(tilt.kind, TiltKind::ReachCap { .. }));
    let of_worlds = tallies.iter().filter_map(|tally| tally.capped.get(arm + 1));
    (has_cap && scenario.loops.popularity).then(|| {
        of_worlds.fold(Capped::default(), |mut all, &one| {
            all.join(one);
            all
        })
    })
}

fn picked(scenario: &Scenario, tallies: &[Tally], arm: usize) -> Vec<(usize, Picked)> {
    let sum = |place: usize| {
        tallies.iter().fold(Picked::default(), |mut all, tally| {
            if let Some(&one) = tally.picked.get(arm).and_then(|tilts| tilts.get(place)) {
                all.join(one);
            }
            all
        })
    };
    let tilts = scenario.arms[arm].tilts.iter().enumerate();
    let picks = tilts.filter(|(_, tilt)| tilt.kind.chance().share < 1.0 || !tilt.classifier.is_perfect());
    picks.map(|(place, _)| (place, sum(place))).collect()
}

fn outside(tallies: &[Tally], arm: usize) -> Vec<Shift> {
    let topics = tallies.first().map_or(0, |tally| tally.outside[arm].len());
    let of = |topic: usize, side: usize| -> Vec<f64> {
        tallies.iter().map(|tally| tally.outside[arm][topic][side] as f64).collect()
    };
    (0..topics).map(|topic| Shift::between(&of(topic, 1), &of(topic, 0))).collect()
}

/// Attribution by tracked topic, where it is measured.
fn attributed(scenario: &Scenario, tallies: &[Tally], arm: usize, window: Window) -> Vec<(usize, Attribution)> {
    if !scenario.measure.attribution {
        return Vec::new();
    }
    let partial = scenario.attribution_arms();
    let place = |live: Loops| {
        let found = partial.iter().position(|&other| other == (arm, live));
        // They stand last in the tally. The whole set is the arm itself.
        let first = tallies.first().map_or(0, |tally| tally.acceptance.len() - partial.len());
        found.map_or(arm + 1, |place| first + place)
    };
    let loops = scenario.loops;
    let of_loop = |one| [place(Loops::NONE.with(one, true)), place(loops.with(one, false))];
    let parts = Parts { all: arm + 1, none: place(Loops::NONE), loops: loops.iter().map(of_loop).collect() };
    tracked(scenario, attribution(tallies, &parts, window))
}

/// Persistence by tracked topic, where it is measured.
fn persisting(scenario: &Scenario, tallies: &[Tally], sides: [usize; 2], window: Window) -> Vec<(usize, Persistence)> {
    if scenario.measure.persistence { tracked(scenario, persistence(tallies, sides, window)) } else { Vec::new() }
}

/// What is known of every topic, of the tracked ones alone.
fn tracked<T>(scenario: &Scenario, all: Vec<T>) -> Vec<(usize, T)> {
    let is_tracked = |(topic, _): &(usize, T)| scenario.measure.track.contains(topic);
    all.into_iter().enumerate().filter(is_tracked).collect()
}

fn unheated(tallies: &[Tally], arm: usize) -> Option<f64> {
    let sum = |which: usize| -> u64 { tallies.iter().map(|tally| tally.acceptance[arm][which]).sum() };
    let (heats, unheated) = (sum(3), sum(4));
    (heats > 0).then(|| unheated as f64 / heats as f64).filter(|share| *share > UNHEATED)
}

/// The parts that are looked at beside everybody. A single region is everybody.
fn parts(scenario: &Scenario, tallies: &[Tally]) -> Vec<Part> {
    let regions = Some(scenario.population.regions.len()).filter(|&regions| regions > 1).unwrap_or(0);
    let groups = tallies.first().map_or(0, |tally| tally.exposure.shape()[3]);
    (0..regions).map(Part::Region).chain((0..groups).map(Part::Group)).collect()
}

/// The arm of a tally in which the baseline goes on with fresh draws from an arm's fork on. Such arms follow the scenario's,
/// one per distinct fork day, in ascending order.
fn echo(scenario: &Scenario, tallies: &[Tally], arm: usize) -> Option<usize> {
    let day = first_day(&scenario.arms[arm]);
    let mut earlier: Vec<u32> = scenario.arms.iter().map(first_day).filter(|&other| other < day).collect();
    earlier.sort_unstable();
    earlier.dedup();
    let place = 1 + scenario.arms.len() + earlier.len();
    tallies.first().filter(|tally| scenario.measure.echo && tally.acceptance.len() > place).map(|_| place)
}

/// Whether the single people followed are those of an audience: no tilt of the arm or of the one it is compared with acts on
/// everybody.
pub fn is_partial(scenario: &Scenario, arm: usize) -> bool {
    let sides = [Some(arm), scenario.arms[arm].against].into_iter().flatten();
    !sides.flat_map(|side| &scenario.arms[side].tilts).any(|tilt| tilt.audience.is_everybody())
}

/// Whether an arm tilts a topic by name.
pub fn tilted(arm: &Arm, topic: usize) -> bool {
    arm.tilts.iter().any(|tilt| tilt.topic == Some(topic))
}

/// The topics an arm tilts by name, each once, in file order.
pub fn tilted_topics(arm: &Arm) -> Vec<usize> {
    let mut topics = Vec::new();
    for topic in arm.tilts.iter().filter_map(|tilt| tilt.topic) {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    topics
}

/// The topics that an arm or the arm it is compared with tilts; none where a tilt means every topic, so that no topic is
/// untilted.
fn tilted_on_either_side(scenario: &Scenario, arm: usize) -> Vec<usize> {
    let arm = &scenario.arms[arm];
    let sides = [Some(arm), arm.against.map(|index| &scenario.arms[index])];
    if sides.iter().flatten().any(|side| side.tilts.iter().any(|tilt| tilt.topic.is_none())) {
        return Vec::new();
    }
    sides.into_iter().flatten().flat_map(tilted_topics).collect()
}

/// First tilted day of an arm, on which it leaves the baseline.
pub fn first_day(arm: &Arm) -> u32 {
    arm.tilted_days().start
}

fn window(arm: &Arm) -> Window {
    let days = arm.tilted_days();
    Window { from: days.start as usize, until: days.end as usize }
}
