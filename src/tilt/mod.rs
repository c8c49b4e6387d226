//! Tilts: what a scenario changes in the ranker of an arm. Each kind compiles to [`Rules`] once per epoch.
//!
//! A tilt sees what the platform sees. It knows neither interests nor reactions.

pub mod audience;
mod cold_start;
mod delay;
mod demote_creators;
mod feed;
mod geo_block;
mod head;
mod heat;
mod jitter;
pub mod marks;
mod not_for_feed;
pub mod reach_cap;
pub mod schedule;
mod score;
mod self_only;
mod throttle;
mod weights;

use crate::feed::Rules;
use crate::feed::rules::{Kin, ONE, Variants, power};
use crate::feed::score::Weights;
use crate::scenario::{Arm, Blocked, Scenario, Tilt, TiltKind};
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
        self.rows_where(|_| true)
    }

    /// The same as far as the posts have something in common.
    fn rows_where(&self, also: impl Fn(Kin) -> bool) -> Vec<bool> {
        let catch = self.plan.marks.catch(self.tilt);
        let variants = self.plan.variants.count();
        let meant = |row: usize| {
            let kin = self.plan.variants.kin(row % variants);
            catch.holds(row / variants, kin.region, kin.flags) && also(kin)
        };
        (0..self.scenario.topic_count() * variants).map(meant).collect()
    }
}

/// Whether a tilt does something else with posts of one region than with those of another.
fn tells_regions_apart(tilt: &Tilt, regions: usize) -> bool {
    !tilt.origin.is_all(regions) || matches!(tilt.kind, TiltKind::GeoBlock { blocked: Blocked::Abroad, .. })
}

impl Plan {
    /// From all tilts of all arms.
    pub fn new(scenario: &Scenario) -> Self {
        let marks = Marks::new(scenario);
        let tilts = || scenario.arms.iter().flat_map(|arm| &arm.tilts);
        let delays: Vec<u32> =
            tilts().filter_map(|tilt| delay::epochs(tilt.kind, scenario.time.epochs_per_day)).collect();
        let by_region = tilts().any(|tilt| tells_regions_apart(tilt, scenario.population.regions.len()));
        let variants = Variants::new(scenario, marks.row_flags(), &delays, by_region);
        let classes = Classes::new(scenario);
        Self { weights: weights::all(scenario, &classes), classes, marks, variants }
    }

    /// The rules of an arm in an epoch; `None` stands for the baseline.
    pub fn compile(&self, scenario: &Scenario, arm: Option<&Arm>, epoch: i64) -> Rules {
        let mut rules = Rules::untilted(scenario, self.classes.count(), self.variants);
        let mut newcomers = vec![Vec::new(); self.classes.count()];
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
                TiltKind::SelfOnly { .. } => self_only::compile(&acting, &mut rules),
                TiltKind::GeoBlock { blocked, .. } => geo_block::compile(&acting, blocked, &mut rules),
                TiltKind::ReachCap { impressions, .. } => reach_cap::compile(&acting, impressions, &mut rules),
                TiltKind::Delay { .. } => delay::compile(&acting, &mut rules),
                TiltKind::ColdStart { multiply } => cold_start::compile(&acting, multiply, &mut newcomers),
                TiltKind::DemoteCreators { multiply, .. } => demote_creators::compile(&acting, multiply, &mut rules),
            }
        }
        if let Some(arm) = arm.filter(|_| !self.weights.is_empty()) {
            self.weigh(scenario, arm, epoch, &mut rules);
        }
        cold_start::finish(&newcomers, &mut rules);
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

    /// By class: whether a tilt of the arm ever acts on its people.
    pub fn classes_of(&self, arm: &Arm) -> Vec<bool> {
        let reached = |class| arm.tilts.iter().any(|tilt| self.classes.within(class, &tilt.audience));
        (0..self.classes.count()).map(reached).collect()
    }

    /// The largest factor that freshness and the tilts of any arm may put on a mass, for the scale of the masses.
    pub fn largest_factor(&self, scenario: &Scenario) -> f64 {
        let tau = scenario.feed.temperature;
        let fresh = scenario.feed.freshness.iter().fold(1.0f64, |a, &b| a.max(b));
        let of_tilt = |tilt: &Tilt| {
            tilt.kind.on_score().map_or(1.0, |multiply| power(multiply.max(1.0), tau) as f64 / ONE as f64)
        };
        let of_arm = |arm: &Arm| arm.tilts.iter().map(of_tilt).product::<f64>();
        let tilted = scenario.arms.iter().map(of_arm).fold(1.0f64, f64::max);
        tilted * power(fresh, tau) as f64 / ONE as f64
    }

    /// First tilted day of an arm: the day it is cloned from the baseline.
    pub fn fork_day(arm: &Arm) -> i64 {
        arm.tilts.iter().map(|tilt| i64::from(tilt.schedule.from_day)).min().unwrap_or(0)
    }
}
