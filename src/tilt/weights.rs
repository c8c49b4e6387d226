//! Value weights that tilts put in the place of the scenario's: which sets of them a file needs, and whose feed has which.

use super::audience::Classes;
use super::{head, jitter, schedule};
use crate::feed::score::Weights;
use crate::scenario::{Arm, Scenario, TiltKind};

/// Weights of a class's feed in an arm on an epoch; `None` where no tilt on weights acts on it. Weights that are what they
/// were before are `Some` all the same: a tilt without an effect goes the way of one with.
pub(super) fn of_class(scenario: &Scenario, classes: &Classes, arm: &Arm, epoch: i64, class: usize) -> Option<Weights> {
    let acting = || {
        arm.tilts.iter().filter(|tilt| {
            schedule::strength(&tilt.schedule, epoch, scenario.time.epochs_per_day) > 0.0
                && classes.within(class, &tilt.audience)
        })
    };
    if !acting().any(|tilt| matches!(tilt.kind, TiltKind::Head { .. } | TiltKind::Jitter { .. })) {
        return None;
    }
    let mut by_topic = vec![scenario.feed.value; scenario.topic_count()];
    let mut is_split = false;
    for tilt in acting() {
        if let TiltKind::Head { value } = tilt.kind {
            is_split |= tilt.topic.is_some();
            head::replace(value, tilt.topic, &mut by_topic);
        }
    }
    for tilt in acting() {
        if let TiltKind::Jitter { sigma, heads } = tilt.kind {
            jitter::multiply(sigma, heads, |head| classes.is_up(class, head), &mut by_topic);
        }
    }
    Some(Weights { by_topic, is_split })
}

/// Every set that some class of the arm has on a day, each once.
pub(super) fn on_day(scenario: &Scenario, classes: &Classes, arm: &Arm, day: u32) -> Vec<Weights> {
    let epoch = i64::from(day) * i64::from(scenario.time.epochs_per_day);
    let mut sets = Vec::new();
    add(&mut sets, (0..classes.count()).filter_map(|class| of_class(scenario, classes, arm, epoch, class)));
    sets
}

/// Every set that some class of some arm has on some day, each once.
pub(super) fn all(scenario: &Scenario, classes: &Classes) -> Vec<Weights> {
    let mut sets = Vec::new();
    for arm in &scenario.arms {
        // Weights change only where a tilt begins or ends.
        for day in arm.tilts.iter().flat_map(|tilt| [tilt.schedule.from_day, tilt.schedule.until_day]) {
            add(&mut sets, on_day(scenario, classes, arm, day).into_iter());
        }
    }
    sets
}

fn add(sets: &mut Vec<Weights>, more: impl Iterator<Item = Weights>) {
    for set in more {
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
}
