//! Tilts: what a scenario changes in the ranker of an arm. Each kind compiles to [`Rules`] once per epoch.
//!
//! A tilt sees what the platform sees. It knows neither interests nor reactions.

pub mod audience;
pub mod classifier;
pub mod schedule;
mod score;

use crate::feed::Rules;
use crate::feed::rules::{ONE, Variants, power};
use crate::scenario::{Arm, Scenario, TiltKind};
use audience::Classes;
use classifier::Classifiers;

/// What all arms of a scenario share: policy classes, classifiers and the rows that they split topics into.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Policy classes.
    pub classes: Classes,
    /// Imperfect classifiers.
    pub classifiers: Classifiers,
    /// Rows of a topic.
    pub variants: Variants,
}

impl Plan {
    /// From all tilts of all arms.
    pub fn new(scenario: &Scenario) -> Self {
        let classifiers = Classifiers::new(scenario);
        let variants = Variants::new(scenario, classifiers.count());
        Self { classes: Classes::new(scenario), classifiers, variants }
    }

    /// The rules of an arm in an epoch; `None` stands for the baseline.
    pub fn compile(&self, scenario: &Scenario, arm: Option<&Arm>, epoch: i64) -> Rules {
        let mut rules = Rules::untilted(scenario, self.classes.count(), self.variants);
        for tilt in arm.map_or(&[][..], |arm| &arm.tilts) {
            let strength = schedule::strength(&tilt.schedule, epoch, scenario.time.epochs_per_day);
            if strength == 0.0 {
                continue;
            }
            match tilt.kind {
                TiltKind::Score { multiply } => score::compile(scenario, self, tilt, multiply, strength, &mut rules),
                TiltKind::Throttle { .. }
                | TiltKind::NotForFeed { .. }
                | TiltKind::Heat { .. }
                | TiltKind::Feed { .. } => {}
            }
        }
        rules
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
                    _ => 1.0,
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
