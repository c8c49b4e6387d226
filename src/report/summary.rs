//! `summary.json`: the headline figures. Deterministic: no time, machine or thread enters it.

use serde::Serialize;

use super::attribution::AttributionSummary;
use super::columns::significant;
use super::figures::{ArmFigures, Figures, tilted};
use super::shift::reference_name;
use super::structure::{self, StructureSummary};
use super::users_summary::UsersSummary;
use super::{ReportError, SUMMARY, warnings, words};
use crate::measure::Shift;
use crate::provenance::VERSION;
use crate::scenario::Scenario;
use crate::trace::{Capped, Picked, Tally};
use crate::warning::Warning;

/// Version of the form of the file.
pub const SCHEMA_VERSION: u32 = 1;

/// The whole file. Shares are parts of 1, `_pp` are percentage points; what is undefined is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Version of feedtilt that made it.
    pub feedtilt_version: &'static str,
    /// Name of the scenario.
    pub scenario: String,
    /// BLAKE3 of `scenario.toml`.
    pub scenario_hash: String,
    /// BLAKE3 over the integer tallies.
    pub trace_hash: String,
    /// Name of the untilted arm.
    pub baseline: &'static str,
    /// Number of replicates.
    pub replicates: u32,
    /// People simulated.
    pub users: u32,
    /// People that scaled counts stand for.
    pub represents: u64,
    /// The result in words, one sentence group per arm.
    pub headline: Vec<String>,
    /// Tilted arms in file order.
    pub arms: Vec<ArmSummary>,
    /// Shifts with the model built otherwise; null where they were not computed.
    pub structure: Option<Vec<StructureSummary>>,
    /// How selection went, all arms, days and replicates.
    pub acceptance: Acceptance,
    /// What a reader must know.
    pub warnings: Vec<WarningEntry>,
}

/// One arm against its reference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArmSummary {
    /// Name.
    pub name: String,
    /// The arm it is compared with.
    pub against: String,
    /// First tilted day.
    pub from_day: usize,
    /// First day after the last tilted one.
    pub until_day: usize,
    /// Videos that reached a cap on impressions, where the arm has one and counters of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capped: Option<CappedSummary>,
    /// What tilts have picked that pick videos by hash or by an imperfect classifier; left out where none does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub picked: Vec<PickedSummary>,
    /// People whom no tilt of the arm reaches, by tracked topic; left out where everybody is reached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside_of_audience: Vec<OutsideSummary>,
    /// Every topic, in the scenario's order.
    pub topics: Vec<TopicSummary>,
    /// Effect on single people by tracked topic.
    pub users_effect: Vec<UsersSummary>,
    /// Which loops the shift comes from; left out without `measure.attribution`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<AttributionSummary>,
}

/// Videos that reached a cap on impressions while it held, all replicates together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CappedSummary {
    /// How many.
    pub videos: u64,
    /// Mean over them of impressions beyond the cap; null where there are none.
    pub mean_beyond: Option<f64>,
    /// The most of any of them.
    pub most_beyond: u64,
}

impl CappedSummary {
    fn new(capped: Capped) -> Self {
        let Capped { posts: videos, beyond, most_beyond } = capped;
        let mean_beyond = (videos > 0).then(|| significant(beyond as f64 / videos as f64));
        Self { videos, mean_beyond, most_beyond }
    }
}

/// What a tilt has picked on its last day, all replicates together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PickedSummary {
    /// Place of the tilt in the arm's list, from 0.
    pub tilt: usize,
    /// Videos on its topic and from its regions.
    pub videos: u64,
    /// Of these, videos that it means.
    pub picked: u64,
    /// `picked` ÷ `videos`; null where there are none.
    pub share: Option<f64>,
    /// Videos on other topics that it means.
    pub besides: u64,
}

impl PickedSummary {
    fn new(&(tilt, counted): &(usize, Picked)) -> Self {
        let Picked { posts: videos, picked, besides } = counted;
        let share = (videos > 0).then(|| significant(picked as f64 / videos as f64));
        Self { tilt, videos, picked, share, besides }
    }
}

/// One topic among the people whom no tilt of an arm reaches, over the arm's tilted days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutsideSummary {
    /// Topic.
    pub topic: String,
    /// Their impressions in the baseline, mean over replicates.
    pub baseline_impressions: Option<f64>,
    /// Their impressions in the arm.
    pub arm_impressions: Option<f64>,
    /// Ratio of the two − 1.
    pub relative: Option<f64>,
    /// Its 95 % simulation interval.
    pub relative_ci95: Option<[f64; 2]>,
}

fn outside_summary(scenario: &Scenario, (&topic, shift): (&usize, &Shift)) -> OutsideSummary {
    OutsideSummary {
        topic: scenario.topics[topic].id.clone(),
        baseline_impressions: shift.reference.map(significant),
        arm_impressions: shift.arm.map(significant),
        relative: shift.relative.map(significant),
        relative_ci95: shift.relative_ci95.map(|ends| ends.map(significant)),
    }
}

/// One topic in one arm, over the arm's tilted days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicSummary {
    /// Topic.
    pub topic: String,
    /// Whether the arm tilts it.
    pub tilted: bool,
    /// Share of impressions in the reference.
    pub baseline_share: Option<f64>,
    /// Share of impressions in the arm.
    pub arm_share: Option<f64>,
    /// Difference of the shares, percentage points.
    pub shift_pp: Option<f64>,
    /// Its 95 % simulation interval.
    pub shift_pp_ci95: Option<[f64; 2]>,
    /// Ratio of the shares − 1.
    pub relative: Option<f64>,
    /// Its 95 % simulation interval.
    pub relative_ci95: Option<[f64; 2]>,
    /// Band over the accepted set of constants, of `relative`, 5th to 95th percentile; null where none was computed.
    pub model_band: Option<[f64; 2]>,
    /// What two untilted worlds differ by (95th percentile), percentage points.
    pub floor_worlds_pp: Option<f64>,
    /// What two courses of one world differ by (95th percentile), percentage points; null without an echo arm.
    pub floor_fork_pp: Option<f64>,
    /// ln(arm share ÷ reference share) ÷ ln of the tilt's factor.
    pub elasticity: Option<f64>,
    /// Impressions in the arm − in the reference, mean over replicates.
    pub impressions_moved: Option<f64>,
    /// The same, scaled to the people represented.
    pub impressions_moved_represented: Option<f64>,
    /// Change of people reached by the last tilted day, mean over replicates.
    pub people_reached_change: Option<f64>,
    /// The same, scaled to the people represented.
    pub people_reached_change_represented: Option<f64>,
}

/// How selection went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    /// Draws that were rejected and repeated.
    pub rejected_draws: u64,
    /// Draws that took the exact slow path.
    pub slow_path_draws: u64,
    /// Slots that stayed empty.
    pub unserved_slots: u64,
    /// Slots that went to heating by its coin.
    pub heated_slots: u64,
    /// Those of them for which no heated post was left.
    pub unheated_slots: u64,
}

/// A warning with its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WarningEntry {
    /// Kind and figures.
    #[serde(flatten)]
    pub warning: Warning,
    /// For readers.
    pub message: String,
}

impl Summary {
    /// Sums up a run; `known` are the warnings that could be given beforehand.
    pub fn new(scenario: &Scenario, tallies: &[Tally], figures: &Figures, trace_hash: &str, known: &[Warning]) -> Self {
        let entry = |warning: Warning| WarningEntry { message: warning.to_string(), warning };
        Self {
            schema_version: SCHEMA_VERSION,
            feedtilt_version: VERSION,
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash(),
            trace_hash: trace_hash.to_owned(),
            baseline: "baseline",
            replicates: scenario.replicates.count,
            users: scenario.population.users,
            represents: scenario.population.represents,
            headline: words::headline(scenario, figures),
            arms: figures.arms.iter().map(|arm| arm_summary(scenario, arm)).collect(),
            structure: structure::summaries(scenario),
            acceptance: acceptance(tallies),
            warnings: warnings::of_run(scenario, tallies, figures, known).into_iter().map(entry).collect(),
        }
    }

    /// The file.
    pub fn json(&self) -> Result<String, ReportError> {
        let text = serde_json::to_string_pretty(self).map_err(|cause| ReportError::Json { file: SUMMARY, cause })?;
        Ok(text + "\n")
    }
}

fn arm_summary(scenario: &Scenario, arm: &ArmFigures) -> ArmSummary {
    ArmSummary {
        name: scenario.arms[arm.arm].name.clone(),
        against: reference_name(scenario, arm).to_owned(),
        from_day: arm.window.from,
        until_day: arm.window.until,
        capped: arm.capped.map(CappedSummary::new),
        picked: arm.picked.iter().map(PickedSummary::new).collect(),
        outside_of_audience: {
            let topics = scenario.measure.track.iter().zip(&arm.outside);
            topics.map(|one| outside_summary(scenario, one)).collect()
        },
        topics: (0..scenario.topic_count()).map(|topic| topic_summary(scenario, arm, topic)).collect(),
        users_effect: arm.users_effect.iter().map(|effect| UsersSummary::new(scenario, effect)).collect(),
        attribution: AttributionSummary::of_arm(scenario, arm),
    }
}

fn topic_summary(scenario: &Scenario, arm: &ArmFigures, topic: usize) -> TopicSummary {
    let share = arm.share(topic);
    let scale = scenario.population.represents as f64 / f64::from(scenario.population.users);
    let (moved, reached) = (arm.impressions(topic).difference, arm.reached(topic).difference);
    let number = |value: Option<f64>, factor: f64| value.map(|value| significant(value * factor));
    let pair = |ends: Option<[f64; 2]>, factor: f64| ends.map(|ends| ends.map(|end| significant(end * factor)));
    TopicSummary {
        topic: scenario.topics[topic].id.clone(),
        tilted: tilted(&scenario.arms[arm.arm], topic),
        baseline_share: number(share.reference, 1.0),
        arm_share: number(share.arm, 1.0),
        shift_pp: number(share.difference, 100.0),
        shift_pp_ci95: pair(share.difference_ci95, 100.0),
        relative: number(share.relative, 1.0),
        relative_ci95: pair(share.relative_ci95, 1.0),
        model_band: pair(scenario.model_band(arm.arm, topic), 1.0),
        floor_worlds_pp: number(share.floor_worlds, 100.0),
        floor_fork_pp: number(share.floor_fork, 100.0),
        elasticity: number(arm.elasticity(scenario, topic), 1.0),
        impressions_moved: number(moved, 1.0),
        impressions_moved_represented: number(moved, scale),
        people_reached_change: number(reached, 1.0),
        people_reached_change_represented: number(reached, scale),
    }
}

fn acceptance(tallies: &[Tally]) -> Acceptance {
    let sum = |which: usize| tallies.iter().flat_map(|tally| &tally.acceptance).map(|counts| counts[which]).sum();
    Acceptance {
        rejected_draws: sum(0),
        slow_path_draws: sum(1),
        unserved_slots: sum(2),
        heated_slots: sum(3),
        unheated_slots: sum(4),
    }
}
