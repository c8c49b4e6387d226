//! `shift_by_group.csv`: the comparisons among the people of each region and of each group: tracked topics, and measures of
//! the whole feed.

use super::columns::{Cells, Columns};
use super::figures::{ArmFigures, Figures, PartFigures};
use super::shift::{Row, of_scope, push_days, push_shifts, reference_name};
use crate::measure::{Measure, Part, Scope, expected_share};
use crate::scenario::Scenario;

/// Name of the file.
pub const FILE: &str = "shift_by_group.csv";

/// The table. Rows are ordered by arm, part (regions, then groups), topic and measure.
pub fn columns<'a>(scenario: &'a Scenario, figures: &Figures) -> Columns<'a> {
    let parts: Vec<(&ArmFigures, &PartFigures)> =
        figures.arms.iter().flat_map(|arm| arm.parts.iter().map(move |part| (arm, part))).collect();
    let (mut rows, mut regions, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for (arm, part) in parts {
        rows.extend(rows_of(scenario, arm, part));
        let (region, group) = match part.part {
            Part::Everybody => ("", None),
            Part::Region(region) => (scenario.population.regions[region].id.as_str(), None),
            Part::Group(group) => ("", Some(group as u64)),
        };
        regions.resize(rows.len(), region);
        groups.resize(rows.len(), group);
    }
    let mut columns = Columns::default();
    push_days(&mut columns, &rows);
    columns.push("region", Cells::Name(regions));
    columns.push("group", Cells::CountIfAny(groups));
    push_shifts(&mut columns, &rows, scenario.replicates.count);
    columns
}

fn rows_of<'a, 'f>(
    scenario: &'a Scenario,
    arm: &'f ArmFigures,
    part: &'f PartFigures,
) -> impl Iterator<Item = Row<'a, 'f>> {
    let row = move |topic: &'a str, measure: &'static Measure, place: usize| Row {
        arm,
        name: &scenario.arms[arm.arm].name,
        against: reference_name(scenario, arm),
        topic,
        measure,
        shift: &part.of(measure)[place],
        // The band is one of everybody.
        model_band: None,
    };
    // Masses are not summed by region or group.
    let counted = || of_scope(Scope::Topic).filter(|&measure| *measure != expected_share::EXPECTED);
    let tracked = scenario.measure.track.iter();
    let by_topic =
        tracked.flat_map(move |&topic| counted().map(move |measure| row(&scenario.topics[topic].id, measure, topic)));
    by_topic.chain(of_scope(Scope::Feed).map(move |measure| row("", measure, 0)))
}
