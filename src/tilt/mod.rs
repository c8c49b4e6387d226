//! Tilts: what a scenario changes in the ranker of an arm. Each kind compiles to [`Rules`] once per epoch.
//!
//! A tilt sees what the platform sees. It knows neither interests nor reactions.

pub mod audience;
mod feed;
mod head;
mod heat;
mod jitter;
pub mod marks;
mod not_for_feed;
pub mod schedule;
mod score;
mod throttle;
mod weights;

use crate::feed::Rules;
use crate::feed::rules::{ONE, Variants, power};
use crate::feed::score::Weights;
use crate::scenario::{Arm, Scenario, Tilt, TiltKind};
use audience::Classes;
use marks::Marks;

/// What all arms of a scenario share: policy classes, marks on posts and the rows that they split topics into.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Policy classes.
    pub classes: Classes,
    /// Flags of posts that tilts mean.
    pub marks: Marks,
    /// Rows of a topic.
    pub variants: Variants,
    /// Sets of value weights that tilts put in the place of the scenario's.
    pub weights: Vec<Weights>,
}

/// One tilt in one epoch, as the kinds compile it.
struct Acting<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    tilt: &'a Tilt,
    /// 0 (nothing) to 1 (full), for the kinds that have strengths.
    strength: f64,
}

impl Acting<'_> {
    /// Classes of the tilt's audience.
    fn classes(&self) -> impl Iterator<Item = usize> + use<'_> {
        (0..self.plan.classes.count()).filter(|&class| self.plan.classes.within(class, &self.tilt.audience))
    }

    /// Rows of the posts that it means.
    fn rows(&self) -> Vec<bool> {
        let catch = self.plan.marks.catch(self.tilt);
        let variants = self.plan.variants.count();
        let meant = |row: usize| catch.holds(row / variants, self.plan.variants.parts(row % variants).1 as u8);
        (0..self.scenario.topic_count() * variants).map(meant).collect()
    }
}

impl Plan {
    /// From all tilts of all arms.
    pub fn new(scenario: &Scenario) -> Self {
        let marks = Marks::new(scenario);
        let variants = Variants::new(scenario, marks.row_flags());
        let classes = Classes::new(scenario);
        Self { weights: weights::all(scenario, &classes), classes, marks, variants }
    }

    /// The rules of an arm in an epoch; `None` stands for the baseline.
    pub fn compile(&self, scenario: &Scenario, arm: Option<&Arm>, epoch: i64) -> Rules {
        let mut rules = Rules::untilted(scenario, self.classes.count(), self.variants);
        for tilt in arm.map_or(&[][..], |arm| &arm.tilts) {
            let strength = schedule::strength(&tilt.schedule, epoch, scenario.time.epochs_per_day);
            if strength == 0.0 {
                continue;
            }
            let acting = Acting { scenario, plan: self, tilt, strength };
            match tilt.kind {
                TiltKind::Score { multiply } => score::compile(&acting, multiply, &mut rules),
                TiltKind::Throttle { keep } => throttle::compile(&acting, keep, &mut rules),
                TiltKind::NotForFeed { .. } => not_for_feed::compile(&acting, &mut rules),
                TiltKind::Heat { share, .. } => heat::compile(&acting, share, &mut rules),
                TiltKind::Feed { ranker } => feed::compile(&acting, ranker, &mut rules),
                // Together, below.
                TiltKind::Head { .. } | TiltKind::Jitter { .. } => {}
            }
        }
        if let Some(arm) = arm.filter(|_| !self.weights.is_empty()) {
            self.weigh(scenario, arm, epoch, &mut rules);
        }
        feed::finish(&mut rules);
        rules.note_touched(scenario.topic_count());
        rules
    }

    /// Which value weights each class's feed is scored by.
    fn weigh(&self, scenario: &Scenario, arm: &Arm, epoch: i64, rules: &mut Rules) {
        for class in 0..self.classes.count() {
            let Some(set) = weights::of_class(scenario, &self.classes, arm, epoch, class) else { continue };
            let place = self.weights.iter().position(|known| *known == set).expect("the plan has every set");
            rules.weights[class] = 1 + place as u16;
            rules.special[class].split = set.is_split;
        }
    }

    /// Days × tables that an arm has by other value weights than the scenario's.
    pub fn weighted_days(&self, scenario: &Scenario, arm: &Arm) -> usize {
        (0..scenario.time.days).map(|day| weights::on_day(scenario, &self.classes, arm, day).len()).sum()
    }

    /// Tables that all arms have at a time by other value weights than the scenario's, at the most.
    pub fn weighted_tables(&self, scenario: &Scenario) -> usize {
        let most = |arm: &Arm| {
            let days = arm.tilts.iter().map(|tilt| tilt.schedule.from_day);
            days.map(|day| weights::on_day(scenario, &self.classes, arm, day).len()).max().unwrap_or(0)
        };
        scenario.arms.iter().map(most).sum()
    }

    /// The largest factor that freshness and the tilts of any arm may put on a mass, for the scale of the masses.
    pub fn largest_factor(&self, scenario: &Scenario) -> f64 {
        let tau = scenario.feed.temperature;
        let fresh = scenario.feed.freshness.iter().fold(1.0f64, |a, &b| a.max(b));
        let of_arm = |arm: &Arm| {
            arm.tilts
                .iter()
                .map(|tilt| match tilt.kind {
                    TiltKind::Score { multiply } => power(multiply.max(1.0), tau) as f64 / ONE as f64,
                    TiltKind::Throttle { .. }
                    | TiltKind::NotForFeed { .. }
                    | TiltKind::Heat { .. }
                    | TiltKind::Feed { .. }
                    // Their weights have a scale of their own.
                    | TiltKind::Head { .. }
                    | TiltKind::Jitter { .. } => 1.0,
                })
                .product::<f64>()
        };
        let tilted = scenario.arms.iter().map(of_arm).fold(1.0f64, f64::max);
        tilted * power(fresh, tau) as f64 / ONE as f64
    }

    /// First tilted day of an arm: the day it is cloned from the baseline.
    pub fn fork_day(arm: &Arm) -> i64 {
        arm.tilts.iter().map(|tilt| i64::from(tilt.schedule.from_day)).min().unwrap_or(0)
    }
}
