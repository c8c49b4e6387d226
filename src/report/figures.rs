//! All comparisons of a run: each arm against the arm it names, over the arm's tilted days, every measure and topic.

use crate::measure::{Measure, Shift, UsersEffect, Window};
use crate::scenario::{Arm, Scenario, TiltKind};
use crate::trace::{Counter, Tally};

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
    /// By measure, in the order of [`Measure::ALL`], and topic.
    shifts: Vec<Vec<Shift>>,
    /// Effect on single people by tracked topic; empty without them.
    pub users_effect: Vec<UsersEffect>,
}

impl Figures {
    /// Measures all arms.
    pub fn new(scenario: &Scenario, tallies: &[Tally]) -> Self {
        let whole = Window { from: 0, until: scenario.time.days as usize };
        let track = &scenario.measure.track;
        let baseline = Shift::by_topic(tallies, Measure::ExposureShare, 0, 0, whole, track);
        Self {
            arms: (0..scenario.arms.len()).map(|arm| ArmFigures::new(scenario, tallies, arm)).collect(),
            baseline_shares: baseline.into_iter().map(|shift| shift.reference).collect(),
        }
    }
}

impl ArmFigures {
    fn new(scenario: &Scenario, tallies: &[Tally], arm: usize) -> Self {
        let against = scenario.arms[arm].against;
        let window = window(&scenario.arms[arm]);
        let reference = against.map_or(0, |index| index + 1);
        let of =
            |&measure: &Measure| Shift::by_topic(tallies, measure, arm + 1, reference, window, &scenario.measure.track);
        Self { arm, against, window, shifts: Measure::ALL.iter().map(of).collect(), users_effect: Vec::new() }
    }

    /// Shifts of a measure by topic.
    pub fn of(&self, measure: Measure) -> &[Shift] {
        let place = Measure::ALL.iter().position(|&one| one == measure);
        &self.shifts[place.expect("every measure stands in the list of all")]
    }

    /// Shift of a topic's share of exposure.
    pub fn share(&self, topic: usize) -> &Shift {
        &self.of(Measure::ExposureShare)[topic]
    }

    /// Shift of a topic's impressions.
    pub fn impressions(&self, topic: usize) -> &Shift {
        &self.of(Measure::Count(Counter::Impressions))[topic]
    }

    /// Shift of the people a topic reached by the last day of the window.
    pub fn reached(&self, topic: usize) -> &Shift {
        &self.of(Measure::Count(Counter::Reached))[topic]
    }

    /// Days of the window.
    pub const fn days(&self) -> usize {
        self.window.until - self.window.from
    }

    /// ln(share′/share) ÷ ln `multiply`, where one tilt at full strength on everybody and every post of the topic is all that
    /// tells the arm from the baseline; anything else would be diluted or belong to another tilt.
    pub fn elasticity(&self, scenario: &Scenario, topic: usize) -> Option<f64> {
        let [only] = scenario.arms[self.arm].tilts.as_slice() else { return None };
        let everybody = only.audience.share >= 1.0 && only.audience.regions.iter().all(|&within| within);
        let whole = everybody && only.classifier.is_perfect() && only.schedule.ramp_days == 0.0;
        let TiltKind::Score { multiply } = only.kind else { return None };
        let alone = only.topic == Some(topic) && self.against.is_none();
        if whole && alone { self.share(topic).elasticity(multiply) } else { None }
    }
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

/// First tilted day of an arm, on which it leaves the baseline.
pub fn first_day(arm: &Arm) -> u32 {
    arm.tilts.iter().map(|tilt| tilt.schedule.from_day).min().unwrap_or(0)
}

fn window(arm: &Arm) -> Window {
    let until = arm.tilts.iter().map(|tilt| tilt.schedule.until_day).max().unwrap_or(1);
    Window { from: first_day(arm) as usize, until: until as usize }
}
