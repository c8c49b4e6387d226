//! `dose_response.csv`: shift against strength, for arms that differ in nothing but the strength of one tilt.

use super::columns::{Cells, Columns};
use super::figures::{ArmFigures, Figures};
use super::shift::reference_name;
use crate::measure::Shift;
use crate::scenario::{Arm, Scenario, TiltKind};

/// Name of the file.
pub const FILE: &str = "dose_response.csv";
/// Fewest strengths that make a curve.
const LEAST_ARMS: usize = 3;

/// Arms that differ in nothing but the strength of one tilt, by strength.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Place of the tilt that differs in each arm's list.
    pub tilt: usize,
    /// The arms, as indices of the scenario's list, weakest factor or share first.
    pub arms: Vec<usize>,
}

/// One strength of one topic's curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Dose<'a> {
    /// Number of its family, from 0.
    pub family: usize,
    /// Kind of the tilt.
    pub tilt: &'static str,
    /// Topic.
    pub topic: usize,
    /// Name of the arm; `baseline` for the point of no effect, where no arm stands there.
    pub arm: &'a str,
    /// Name of the arm it is compared with.
    pub against: &'a str,
    /// The tilt's factor, share or hours.
    pub strength: f64,
    /// ln of a factor; `None` for a share or hours, and for a factor of 0.
    pub ln_strength: Option<f64>,
    /// Shift of the topic's share of exposure.
    pub shift: Shift,
    /// As in `summary.json`.
    pub elasticity: Option<f64>,
}

/// A tilt's strength and the strength that has no effect; `None` where there is nothing between off and on.
const fn strength(kind: TiltKind) -> Option<(&'static str, f64, f64)> {
    match kind {
        TiltKind::Score { multiply } => Some(("score", multiply, 1.0)),
        TiltKind::Throttle { keep } => Some(("throttle", keep, 1.0)),
        TiltKind::NotForFeed { share } => Some(("not_for_feed", share, 0.0)),
        TiltKind::Heat { share, .. } => Some(("heat", share, 0.0)),
        TiltKind::Jitter { sigma, .. } => Some(("jitter", sigma, 0.0)),
        TiltKind::SelfOnly { share } => Some(("self_only", share, 0.0)),
        TiltKind::GeoBlock { share, .. } => Some(("geo_block", share, 0.0)),
        TiltKind::Delay { hours, .. } => Some(("delay", hours, 0.0)),
        TiltKind::ColdStart { multiply } => Some(("cold_start", multiply, 1.0)),
        TiltKind::DemoteCreators { multiply, .. } => Some(("demote_creators", multiply, 1.0)),
        // A cap without effect has no end.
        TiltKind::Feed { .. } | TiltKind::Head { .. } | TiltKind::ReachCap { .. } => None,
    }
}

/// The arm with one tilt's strength and its own name left out; `None` where that tilt has no strength.
fn without_strength(arm: &Arm, tilt: usize) -> Option<Arm> {
    let mut masked = Arm { name: String::new(), ..arm.clone() };
    let kind = &mut masked.tilts.get_mut(tilt)?.kind;
    match kind {
        TiltKind::Score { multiply: factor }
        | TiltKind::Throttle { keep: factor }
        | TiltKind::ColdStart { multiply: factor }
        | TiltKind::DemoteCreators { multiply: factor, .. } => *factor = 1.0,
        TiltKind::NotForFeed { share: size }
        | TiltKind::Heat { share: size, .. }
        | TiltKind::SelfOnly { share: size }
        | TiltKind::GeoBlock { share: size, .. }
        | TiltKind::Jitter { sigma: size, .. }
        | TiltKind::Delay { hours: size, .. } => *size = 0.0,
        TiltKind::Feed { .. } | TiltKind::Head { .. } | TiltKind::ReachCap { .. } => return None,
    }
    Some(masked)
}

/// All families of a scenario with at least three strengths, in the order of their first arms.
pub fn families(scenario: &Scenario) -> Vec<Family> {
    let mut found: Vec<(usize, Arm, Vec<usize>)> = Vec::new();
    for (index, arm) in scenario.arms.iter().enumerate() {
        for tilt in 0..arm.tilts.len() {
            let Some(masked) = without_strength(arm, tilt) else { continue };
            match found.iter_mut().find(|(place, other, _)| *place == tilt && *other == masked) {
                Some((_, _, arms)) => arms.push(index),
                None => found.push((tilt, masked, vec![index])),
            }
        }
    }
    let family = |(tilt, _, mut arms): (usize, Arm, Vec<usize>)| {
        let of = |arm: usize| strength(scenario.arms[arm].tilts[tilt].kind).map_or(0.0, |(_, value, _)| value);
        arms.sort_by(|&one, &other| of(one).total_cmp(&of(other)));
        let mut strengths: Vec<f64> = arms.iter().map(|&arm| of(arm)).collect();
        strengths.dedup();
        (strengths.len() >= LEAST_ARMS).then_some(Family { tilt, arms })
    };
    found.into_iter().filter_map(family).collect()
}

/// Every point of every curve: by family, topic (the tilt's, or every tracked one) and strength. The point of no effect is
/// among them: where no arm stands there, and the arms are compared with the baseline, it is the baseline against itself.
pub fn doses<'a>(scenario: &'a Scenario, figures: &Figures) -> Vec<Dose<'a>> {
    let mut doses = Vec::new();
    for (number, family) in families(scenario).iter().enumerate() {
        let tilted = scenario.arms[family.arms[0]].tilts[family.tilt].topic;
        let topics = tilted.map_or_else(|| scenario.measure.track.clone(), |topic| vec![topic]);
        for topic in topics {
            let mut curve: Vec<Dose<'a>> = family
                .arms
                .iter()
                .filter_map(|&arm| dose(scenario, &figures.arms[arm], number, family, topic))
                .collect();
            curve.extend(no_effect(scenario, &figures.arms[family.arms[0]], number, family, topic, &curve));
            curve.sort_by(|one, other| one.strength.total_cmp(&other.strength));
            doses.append(&mut curve);
        }
    }
    doses
}

fn dose<'a>(
    scenario: &'a Scenario,
    figures: &ArmFigures,
    number: usize,
    family: &Family,
    topic: usize,
) -> Option<Dose<'a>> {
    let arm = &scenario.arms[figures.arm];
    let (tilt, strength, neutral) = strength(arm.tilts[family.tilt].kind)?;
    Some(Dose {
        family: number,
        tilt,
        topic,
        arm: &arm.name,
        against: reference_name(scenario, figures),
        strength,
        ln_strength: (neutral == 1.0 && strength > 0.0).then(|| libm::log(strength)),
        shift: figures.share(topic).clone(),
        elasticity: figures.elasticity(scenario, topic),
    })
}

/// The baseline against itself, unless an arm stands there or the arms are compared with another one.
fn no_effect<'a>(
    scenario: &'a Scenario,
    figures: &ArmFigures,
    number: usize,
    family: &Family,
    topic: usize,
    curve: &[Dose<'a>],
) -> Option<Dose<'a>> {
    let (tilt, _, neutral) = strength(scenario.arms[figures.arm].tilts[family.tilt].kind)?;
    // An arm with further tilts differs from the baseline by more than this one's strength.
    let alone = figures.against.is_none() && scenario.arms[figures.arm].tilts.len() == 1;
    let taken = curve.iter().any(|dose| dose.strength == neutral);
    let share = figures.share(topic);
    let nothing = share.difference_ci95.map(|_| [0.0; 2]);
    let shift = Shift {
        arm: share.reference,
        difference: share.reference.map(|_| 0.0),
        difference_ci95: nothing,
        relative: share.relative.map(|_| 0.0),
        relative_ci95: nothing.filter(|_| share.relative.is_some()),
        identical: true,
        ..share.clone()
    };
    (alone && !taken).then(|| Dose {
        family: number,
        tilt,
        topic,
        arm: "baseline",
        against: "baseline",
        strength: neutral,
        ln_strength: (neutral == 1.0).then_some(0.0),
        shift,
        elasticity: None,
    })
}

/// The table; `None` without a family.
pub fn columns<'a>(scenario: &'a Scenario, figures: &Figures) -> Option<Columns<'a>> {
    let doses = doses(scenario, figures);
    if doses.is_empty() {
        return None;
    }
    let mut columns = Columns::default();
    let reals = |value: fn(&Dose<'_>) -> Option<f64>| Cells::RealIfAny(doses.iter().map(value).collect());
    columns.push("family", Cells::Short(doses.iter().map(|dose| dose.family as u16).collect()));
    columns.push("tilt", Cells::Name(doses.iter().map(|dose| dose.tilt).collect()));
    columns.push("topic", Cells::Name(doses.iter().map(|dose| scenario.topics[dose.topic].id.as_str()).collect()));
    columns.push("arm", Cells::Name(doses.iter().map(|dose| dose.arm).collect()));
    columns.push("against", Cells::Name(doses.iter().map(|dose| dose.against).collect()));
    columns.push("strength", reals(|dose| Some(dose.strength)));
    columns.push("ln_strength", reals(|dose| dose.ln_strength));
    columns.push("baseline_share", reals(|dose| dose.shift.reference));
    columns.push("arm_share", reals(|dose| dose.shift.arm));
    columns.push("shift_pp", reals(|dose| dose.shift.difference.map(points)));
    columns.push("shift_pp_low", reals(|dose| dose.shift.difference_ci95.map(|ends| points(ends[0]))));
    columns.push("shift_pp_high", reals(|dose| dose.shift.difference_ci95.map(|ends| points(ends[1]))));
    columns.push("relative", reals(|dose| dose.shift.relative));
    columns.push("relative_low", reals(|dose| dose.shift.relative_ci95.map(|ends| ends[0])));
    columns.push("relative_high", reals(|dose| dose.shift.relative_ci95.map(|ends| ends[1])));
    columns.push("ln_ratio", reals(|dose| dose.shift.relative.and_then(ln_ratio)));
    columns.push("ln_ratio_low", reals(|dose| dose.shift.relative_ci95.and_then(|ends| ln_ratio(ends[0]))));
    columns.push("ln_ratio_high", reals(|dose| dose.shift.relative_ci95.and_then(|ends| ln_ratio(ends[1]))));
    columns.push("elasticity", reals(|dose| dose.elasticity));
    columns.push("replicates", Cells::Short(vec![scenario.replicates.count as u16; doses.len()]));
    Some(columns)
}

fn points(share: f64) -> f64 {
    share * 100.0
}

/// ln(arm ÷ reference): opposite strengths lie symmetrically about zero on this scale.
fn ln_ratio(relative: f64) -> Option<f64> {
    Some(libm::log1p(relative)).filter(|ratio| ratio.is_finite())
}
