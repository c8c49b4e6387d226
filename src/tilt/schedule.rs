//! When a tilt acts.

use crate::scenario::Schedule;

/// Strength of a tilt in an epoch, 0 (nothing) to 1 (full). During the ramp it grows linearly by epoch, so that the last
/// epoch of the ramp has full strength; a factor grows geometrically with it.
pub fn strength(schedule: &Schedule, epoch: i64, epochs_per_day: u32) -> f64 {
    let per_day = i64::from(epochs_per_day);
    let first = i64::from(schedule.from_day) * per_day;
    let end = i64::from(schedule.until_day) * per_day;
    if epoch < first || epoch >= end {
        return 0.0;
    }
    let ramp = schedule.ramp_days * per_day as f64;
    if ramp <= 0.0 { 1.0 } else { ((epoch - first + 1) as f64 / ramp).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_over_the_ramp_and_ends_at_until() {
        let schedule = Schedule { from_day: 1, until_day: 3, ramp_days: 1.0 };
        let strengths: Vec<f64> = (0..13).map(|epoch| strength(&schedule, epoch, 4)).collect();
        assert_eq!(strengths, [0., 0., 0., 0., 0.25, 0.5, 0.75, 1., 1., 1., 1., 1., 0.]);
    }
}
