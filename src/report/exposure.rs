//! The exposure table: what was seen, by arm, replicate and the columns of `record.by`; measured days only.

use std::ops::Range;

use ndarray::{ArrayView4, ArrayView5, Axis, Slice};

use super::columns::{Cells, Columns};
use crate::scenario::Scenario;
use crate::trace::{Counter, SlotCounter, Tally};

/// Name of the file.
#[cfg(feature = "tables")]
pub const FILE: &str = "exposure.parquet";
/// Name of the file; Parquet needs the feature `tables`.
#[cfg(not(feature = "tables"))]
pub const FILE: &str = "exposure.csv";

/// The table. Rows are ordered by arm, replicate, day, region, group and topic; a column of `record.by` that is left out
/// is summed over.
pub fn columns<'a>(scenario: &'a Scenario, tallies: &[Tally]) -> Columns<'a> {
    let mut rows = Rows::default();
    for arm in 0..=scenario.arms.len() {
        for (replicate, tally) in tallies.iter().enumerate() {
            rows.add(scenario, tally, arm, replicate);
        }
    }
    rows.into_columns(scenario)
}

/// The table while it grows: one entry per row in each list.
#[derive(Default)]
struct Rows<'a> {
    arm: Vec<&'a str>,
    replicate: Vec<u16>,
    day: Vec<u16>,
    region: Vec<&'a str>,
    group: Vec<u8>,
    topic: Vec<&'a str>,
    counts: [Vec<u64>; Counter::SUMMED],
    reached: Vec<Option<u64>>,
    slots: [Vec<u64>; 2],
}

impl<'a> Rows<'a> {
    fn add(&mut self, scenario: &'a Scenario, tally: &Tally, arm: usize, replicate: usize) {
        let by = scenario.record.by;
        let name = arm.checked_sub(1).map_or("baseline", |index| scenario.arms[index].name.as_str());
        let exposure = tally.exposure.index_axis(Axis(1), arm);
        let slots = tally.slots.index_axis(Axis(1), arm);
        let [all_days, regions, groups, topics] = [0, 1, 2, 3].map(|axis| exposure.shape()[axis]);
        for day in parts(by.day, tally.burn_in..all_days) {
            for region in parts(by.region, 0..regions) {
                for group in parts(by.group, 0..groups) {
                    let slots = slots_of(&slots, &day, &region, &group);
                    for topic in parts(by.topic, 0..topics) {
                        self.arm.push(name);
                        self.replicate.push(replicate as u16);
                        self.day.push((day.start - tally.burn_in) as u16);
                        self.region.push(&scenario.population.regions[region.start].id);
                        self.group.push(group.start as u8);
                        self.topic.push(&scenario.topics[topic.start].id);
                        self.count(&exposure, [&day, &region, &group, &topic], by.topic);
                        self.slots.iter_mut().zip(slots).for_each(|(cells, slots)| cells.push(slots));
                    }
                }
            }
        }
    }

    fn count(
        &mut self,
        exposure: &ArrayView5<'_, u64>,
        [day, region, group, topic]: [&Range<usize>; 4],
        by_topic: bool,
    ) {
        let part = exposure
            .slice_axis(Axis(1), region.clone().into())
            .slice_axis_move(Axis(2), group.clone().into())
            .slice_axis_move(Axis(3), topic.clone().into());
        let days = part.slice_axis(Axis(0), day.clone().into());
        for (counter, cells) in self.counts.iter_mut().enumerate() {
            cells.push(days.index_axis(Axis(4), counter).sum());
        }
        // Cumulative, so the last day says it all; people cannot be added up over topics.
        let last = part.index_axis(Axis(0), day.end - 1);
        let reached = last.index_axis(Axis(3), Counter::Reached as usize).sum();
        self.reached.push(by_topic.then_some(reached));
    }

    fn into_columns(self, scenario: &Scenario) -> Columns<'a> {
        let by = scenario.record.by;
        let mut columns = Columns::default();
        columns.push("arm", Cells::Name(self.arm));
        columns.push("replicate", Cells::Short(self.replicate));
        let kept = [
            (by.day, "day", Cells::Short(self.day)),
            (by.region, "region", Cells::Name(self.region)),
            (by.group, "group", Cells::Small(self.group)),
            (by.topic, "topic", Cells::Name(self.topic)),
        ];
        for (_, name, cells) in kept.into_iter().filter(|(kept, ..)| *kept) {
            columns.push(name, cells);
        }
        let names = ["impressions", "watch_ms", "valid_plays", "long_views", "likes"];
        for (name, cells) in names.into_iter().zip(self.counts) {
            columns.push(name, Cells::Count(cells));
        }
        columns.push("reached_users", Cells::CountIfAny(self.reached));
        for (name, cells) in ["served_slots", "unserved_slots"].into_iter().zip(self.slots) {
            columns.push(name, Cells::Count(cells));
        }
        columns
    }
}

/// Every index on its own where the column is kept, else all at once.
fn parts(kept: bool, all: Range<usize>) -> Vec<Range<usize>> {
    if kept { all.map(|index| index..index + 1).collect() } else { vec![all] }
}

/// Served and unserved slots of a part, all topics together.
fn slots_of(slots: &ArrayView4<'_, u64>, day: &Range<usize>, region: &Range<usize>, group: &Range<usize>) -> [u64; 2] {
    let part = slots
        .slice_axis(Axis(0), Slice::from(day.clone()))
        .slice_axis_move(Axis(1), region.clone().into())
        .slice_axis_move(Axis(2), group.clone().into());
    [SlotCounter::Served, SlotCounter::Unserved].map(|counter| part.index_axis(Axis(3), counter as usize).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Override, parse};

    /// Two days (one of burn-in), two arms, two topics; every cell holds a number of its own.
    fn table(by: &str) -> String {
        let text = "schema = 1\nname = 'x'\n[population]\nusers = 10\n[catalogue]\ntopics = 'none'\n[[topic]]\nid = 'a'\n\
                    share = 0.2\n[[topic]]\nid = 'b'\nshare = 0.8\n[time]\nburn_in_days = 1\ndays = 2\n[[arm]]\n\
                    name = 'tilted'\n[[arm.tilt]]\nkind = 'score'\ntopic = 'a'\nmultiply = 0.5\n";
        let scenario = parse("x.toml", text, &[Override::new("record.by", by)]).unwrap();
        let mut tally = Tally::new(1, 2, 2, 1, 9, 2, 1);
        tally.exposure.iter_mut().zip(1..).for_each(|(cell, number)| *cell = number);
        tally.slots.iter_mut().zip(1..).for_each(|(cell, number)| *cell = number);
        String::from_utf8(columns(&scenario, &[tally]).csv("x.csv").unwrap()).unwrap()
    }

    #[test]
    fn the_first_measured_day_stands_first_and_burn_in_nowhere() {
        let text = table("['day', 'region', 'group', 'topic']");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 2 * 2 * 9 * 2);
        // A day has 2 arms × 9 groups × 2 topics × 6 counters = 216 numbers; its slots have 2 × 9 × 2 = 36.
        assert_eq!(lines[1], "baseline,0,0,all,0,a,217,218,219,220,221,222,37,38");
        assert_eq!(lines[2], "baseline,0,0,all,0,b,223,224,225,226,227,228,37,38");
        assert_eq!(lines[72], "tilted,0,1,all,8,b,643,644,645,646,647,648,107,108");
    }

    #[test]
    fn what_is_left_out_is_summed_but_people_only_over_groups() {
        let text = table("['topic']");
        let lines: Vec<&str> = text.lines().collect();
        let sum =
            |first: u64| -> u64 { [0, 216].iter().flat_map(|day| (0..9).map(move |g| first + day + 12 * g)).sum() };
        let reached: u64 = (0..9).map(|group| 438 + 12 * group).sum();
        assert!(lines[1].starts_with(&format!("baseline,0,a,{},", sum(217))), "{}", lines[1]);
        assert_eq!(lines[1].split(',').nth(8), Some(reached.to_string().as_str()), "as of the last day");
        assert_eq!(table("['group']").lines().nth(1).unwrap().split(',').nth(8), Some(""), "people of no single topic");
    }
}
