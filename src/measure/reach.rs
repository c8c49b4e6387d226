//! How many people met a topic at least once.

use super::Measure;

/// People who met the topic at least once since day 0, as of the last day compared; undefined for later windows.
pub const REACHED: Measure = Measure::level("reached_users", |course| {
    course.reached.iter().map(|reached| reached.map(|people| people as f64)).collect()
});
