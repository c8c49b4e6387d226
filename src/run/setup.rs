//! What is derived once from a scenario and shared by all its replicates.

use crate::feed::index::Shape;
use crate::feed::lists::Wanted;
use crate::feed::score::Bounds;
use crate::feed::score::DURATIONS;
use crate::feed::{Grid, Learner, ScoreTable, Scores, Selector};
use crate::scenario::{Ranker, Scenario, TiltKind};
use crate::tilt::Plan;
use crate::world::Responder;
use crate::world::people::Opening;

/// Tables and rules of one scenario.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The scenario.
    pub scenario: Scenario,
    /// Policy classes, classifiers, variants.
    pub plan: Plan,
    /// The belief grid.
    pub grid: Grid,
    /// S(level, tier, duration)^(1/τ), by the scenario's value weights and by those of tilts.
    pub score: Scores,
    /// What tilts of the kind `feed` rank by instead.
    pub others: Vec<(Ranker, Scores)>,
    /// Selection.
    pub selector: Selector,
    /// Learning.
    pub learner: Learner,
    /// Reactions.
    pub responder: Responder,
    /// Activity.
    pub opening: Opening,
    /// Shape of the index.
    pub shape: Shape,
    /// Tracked topics, one bit each.
    pub tracked: u64,
    /// Whether a tilt of any arm caps impressions.
    pub caps: bool,
}

impl Setup {
    /// Derives it; `appeal[region][topic]` is the solved `b_rk`.
    pub fn new(scenario: &Scenario, appeal: &[Vec<f64>]) -> Self {
        let plan = Plan::new(scenario);
        let grid = Grid::new(&scenario.feed);
        let bounds = Bounds { capacity: capacity(scenario), largest_factor: plan.largest_factor(scenario) };
        let score = Scores::new(scenario, &grid, &plan.weights, bounds);
        let shape = Shape {
            stripes: scenario.feed.no_repeat_epochs as usize,
            topics: scenario.topic_count(),
            variants: plan.variants,
            cells: grid.tiers() * DURATIONS,
            lists: Wanted::new(scenario),
        };
        Self {
            learner: Learner::new(scenario, &grid),
            selector: Selector::new(scenario),
            responder: Responder::new(scenario, appeal),
            opening: Opening::new(scenario),
            others: other_rankers(scenario, &score),
            tracked: scenario.measure.track.iter().fold(0, |bits, &topic| bits | 1 << topic),
            caps: scenario.has_caps(),
            scenario: scenario.clone(),
            plan,
            grid,
            score,
            shape,
        }
    }

    /// Lets profiles learn and forget `pace` times as fast as the scenario says.
    pub fn set_pace(&mut self, pace: f64) {
        self.learner = Learner::new(&self.scenario, &self.grid).at_pace(pace);
    }

    /// Replaces the topic appeals.
    pub fn set_appeal(&mut self, appeal: &[Vec<f64>]) {
        self.responder = Responder::new(&self.scenario, appeal);
    }
}

/// Scores of the rankers that tilts name.
fn other_rankers(scenario: &Scenario, score: &Scores) -> Vec<(Ranker, Scores)> {
    let mut others: Vec<(Ranker, Scores)> = Vec::new();
    for tilt in scenario.arms.iter().flat_map(|arm| &arm.tilts) {
        let TiltKind::Feed { ranker } = tilt.kind else { continue };
        if others.iter().all(|(known, _)| *known != ranker) {
            let score = match ranker {
                Ranker::Random => score.map(ScoreTable::flat),
                Ranker::Popularity => score.map(ScoreTable::impersonal),
                Ranker::Chronological | Ranker::Oracle => score.clone(),
            };
            others.push((ranker, score));
        }
    }
    others
}

/// The largest number of posts that a stripe may ever hold: the expected catalogue, with room for every topic's supply to
/// stand three standard deviations and two bursts above its mean at once. [`crate::feed::Tables::compile`] holds it.
pub fn capacity(scenario: &Scenario) -> f64 {
    let s = &scenario.shocks;
    let burst = if s.burst_probability > 0.0 { 2.0 * s.burst_size.max(0.0) } else { 0.0 };
    let room = libm::exp(3.0 * s.supply_sd + burst);
    let room = if scenario.loops.supply { room.max(scenario.supply.bound) } else { room };
    let items = scenario.posts_per_day() * f64::from(scenario.catalogue.depth_days + 1);
    let per_stripe = items * room / f64::from(scenario.feed.no_repeat_epochs);
    per_stripe + 6.0 * libm::sqrt(per_stripe) + 64.0
}
