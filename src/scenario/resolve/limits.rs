//! Limits on the whole: rows of the exposure table, policy classes.

use super::Findings;
use super::view::View;
use crate::scenario::raw::Fault;
use crate::scenario::{Scenario, Tilt};

/// Groups of people in the exposure table: activity tercile × interest tercile.
pub const GROUP_COUNT: u64 = 9;

/// Most classes of people that tilts may tell apart.
const MOST_POLICY_CLASSES: usize = 256;

/// Checks both limits.
pub(super) fn check(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    check_rows(root, scenario, findings);
    check_policy_classes(root, scenario, findings);
}

impl Scenario {
    /// Rows of the exposure table: measured days × arms × replicates × the columns of `record.by`.
    pub fn exposure_rows(&self) -> u64 {
        let by = self.record.by;
        let columns = [
            (by.day, u64::from(self.time.days)),
            (by.region, self.population.regions.len() as u64),
            (by.group, GROUP_COUNT),
            (by.topic, self.topics.len() as u64),
        ];
        let cells: u64 = columns.into_iter().filter(|(kept, _)| *kept).map(|(_, values)| values).product();
        cells * (1 + self.arms.len() as u64) * u64::from(self.replicates.count)
    }
}

fn check_rows(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let rows = scenario.exposure_rows();
    let reads = ["record", "time", "arm", "population", "topic", "catalogue", "replicates"];
    if rows > scenario.record.max_rows && findings.sound(&reads) {
        let view = root.table("record");
        let most = scenario.record.max_rows;
        let problem = format!("the exposure table would have {rows} rows; expected at most {most}");
        let hint = "name fewer columns in record.by, or raise record.max_rows";
        findings.about_with_hint(&view, "max_rows", problem, hint);
    }
}

/// People fall into region × interval between the audience shares of all tilts, because audiences are nested by hash.
fn check_policy_classes(root: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let regions = scenario.population.regions.len();
    let mut thresholds: Vec<f64> = Vec::new();
    if !findings.sound(&["arm", "population"]) {
        return;
    }
    for (arm, view) in scenario.arms.iter().zip(root.array("arm", "name")) {
        for (tilt, view) in arm.tilts.iter().zip(view.array("tilt", "")) {
            if splits(tilt) && !thresholds.contains(&tilt.audience.share) {
                thresholds.push(tilt.audience.share);
            }
            let classes = regions * (thresholds.len() + 1);
            if classes > MOST_POLICY_CLASSES {
                let audience = view.table("audience");
                let shares = thresholds.len();
                let problem = format!(
                    "this tilt is the first to need more than {MOST_POLICY_CLASSES} classes of people: {regions} regions × \
                     {} intervals between {shares} audience shares make {classes}",
                    shares + 1
                );
                let fault = Fault::new(audience.place("share"), audience.path("share"), problem);
                findings.add(fault.hint("let tilts share the same audience.share"));
                return;
            }
        }
    }
}

/// Whether an audience divides the people of a region.
fn splits(tilt: &Tilt) -> bool {
    tilt.audience.share > 0.0 && tilt.audience.share < 1.0
}
