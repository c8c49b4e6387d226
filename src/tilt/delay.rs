//! The tilt `delay`: posts enter the feed some hours after they were published.
//!
//! Meaning: review queues, in which a post waits before anybody is shown it. Ages are told by epochs, so the hours must be a
//! whole number of them; a post is out in every epoch that begins before its age has reached them, from every kind of slot,
//! and in as if nothing had been afterwards. Its age counts from publication, so the wait is taken from its time as a new
//! post: beyond `feed.cold_start.hours` it never gets a reserved slot, and `freshness` and chronological feeds find it old.
//! It misleads where the clock of a platform begins with the release, where a queue is short at night, or where people share
//! links meanwhile. Posts that were in the feed when the tilt began, and are younger than the hours, leave it until they are
//! not.

use crate::feed::Rules;
use crate::scenario::TiltKind;
use crate::tilt::Acting;

/// Epochs of a delay; `None` for other kinds.
pub(super) fn epochs(kind: TiltKind, per_day: u32) -> Option<u32> {
    match kind {
        TiltKind::Delay { hours, .. } => Some(libm::round(hours / 24.0 * f64::from(per_day)) as u32),
        _ => None,
    }
}

pub(super) fn compile(acting: &Acting, rules: &mut Rules) {
    let Some(wait) = epochs(acting.tilt.kind, acting.scenario.time.epochs_per_day) else { return };
    // Every delay is a border between age classes, so all posts of a row have waited long enough or none has.
    let rows = acting.rows_where(|kin| kin.age < wait);
    for class in acting.classes() {
        rules.withhold(class, &rows);
    }
}
