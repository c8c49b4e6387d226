//! The table under the headline.

use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent, presets};

use super::attribution::rows;
use super::figures::{ArmFigures, Figures, tilted};
use super::words::number::{count, rough, signed, size, supported};
use crate::measure::attribution::Component;
use crate::scenario::Scenario;

/// Most topics of an arm that are neither tilted nor tracked: those that moved most.
const OTHERS: usize = 3;
const HEADER: [&str; 8] = [
    "arm",
    "topic",
    "before %",
    "after %",
    "shift, points",
    "95 % interval",
    "two worlds, points",
    "views moved, scaled",
];

const PEOPLE: [&str; 10] = [
    "topic",
    "median",
    "5th percentile",
    "95th percentile",
    "own weekly sd",
    "below one video, %",
    "noticeable, %",
    "noticeable without noise, %",
    "top 1 % bear, %",
    "top 10 % bear, %",
];

/// Shares of the topics that matter most, by arm; `None` without a tilted arm.
pub fn terminal(scenario: &Scenario, figures: &Figures) -> Option<String> {
    if figures.arms.is_empty() {
        return None;
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    for line in [TableComponent::HeaderLines, TableComponent::MiddleHeaderIntersections] {
        table.set_style(line, '─');
    }
    table.set_header(HEADER);
    for arm in &figures.arms {
        for topic in shown(scenario, arm) {
            table.add_row(row(scenario, arm, topic));
        }
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    Some(format!(
        "{}\n\nShares of all videos seen. Of each arm the tilted and tracked topics and the {OTHERS} others that moved most; all \
         topics stand in summary.md.",
        table.trim_fmt()
    ))
}

/// The same as a Markdown table, with every topic.
pub fn markdown(scenario: &Scenario, arm: &ArmFigures) -> String {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(HEADER);
    for topic in 0..scenario.topic_count() {
        table.add_row(row(scenario, arm, topic));
    }
    table.trim_fmt()
}

/// What single people could expect, as a Markdown table with every tracked topic; `None` where it is not known.
pub fn people(scenario: &Scenario, arm: &ArmFigures) -> Option<String> {
    let known: Vec<_> = arm.users_effect.iter().filter(|effect| effect.median.is_some()).collect();
    if known.is_empty() {
        return None;
    }
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(PEOPLE);
    for effect in known {
        let number = |value: Option<f64>| value.map_or_else(none, |value| signed(value, supported(value, None)));
        let percent = |value: Option<f64>| value.map_or_else(none, |value| rough(value * 100.0));
        table.add_row([
            scenario.topics[effect.topic].id.clone(),
            number(effect.median),
            number(effect.p5),
            number(effect.p95),
            effect.own_sd_median.map_or_else(none, rough),
            percent(effect.share_below_one_video),
            percent(effect.noticeable_share),
            percent(effect.without_noise.noticeable_share),
            percent(effect.top_1_percent_bears),
            percent(effect.top_10_percent_bears),
        ]);
    }
    Some(table.trim_fmt())
}

const PARTS: [&str; 7] =
    ["topic", "part", "points", "95 % interval", "last in, points", "95 % interval of it", "separable"];

/// Which loops a shift comes from, as a Markdown table; `None` where it is not known.
pub fn attribution(scenario: &Scenario, arm: &ArmFigures) -> Option<String> {
    let rows = rows(scenario, arm);
    if rows.is_empty() {
        return None;
    }
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(PARTS);
    for row in rows {
        let [value, ends] = points(Some(row.value));
        let [last, last_ends] = points(row.last);
        let separable = row.separable.map_or_else(none, |separable| if separable { "yes" } else { "no" }.to_owned());
        let topic = scenario.topics[row.topic].id.clone();
        table.add_row([topic, row.component.to_owned(), value, ends, last, last_ends, separable]);
    }
    Some(table.trim_fmt())
}

/// A part and its interval in percentage points, rounded to what the interval supports.
fn points(part: Option<Component>) -> [String; 2] {
    let Some((value, part)) = part.and_then(|part| Some((part.value? * 100.0, part))) else { return [none(), none()] };
    let ends = part.ci95.map(|ends| ends.map(|end| end * 100.0));
    let power = if value == 0.0 { -2 } else { supported(value, ends) };
    let interval = ends.map_or_else(none, |[low, high]| format!("{} to {}", signed(low, power), signed(high, power)));
    [signed(value, power), interval]
}

/// Tilted and tracked topics, then those that moved most.
fn shown(scenario: &Scenario, arm: &ArmFigures) -> Vec<usize> {
    let tilts = &scenario.arms[arm.arm];
    let first = |topic: &usize| tilted(tilts, *topic) || scenario.measure.track.contains(topic);
    let mut topics: Vec<usize> = (0..scenario.topic_count()).filter(first).collect();
    let size = |topic: &usize| arm.share(*topic).difference.map_or(0.0, f64::abs);
    let mut others: Vec<usize> = (0..scenario.topic_count()).filter(|topic| !first(topic)).collect();
    others.sort_by(|a, b| size(b).total_cmp(&size(a)));
    topics.extend(others.into_iter().take(OTHERS));
    topics
}

fn row(scenario: &Scenario, arm: &ArmFigures, topic: usize) -> [String; 8] {
    let share = arm.share(topic);
    let points = |value: f64| value * 100.0;
    let ends = share.difference_ci95.map(|ends| ends.map(points));
    let power = share
        .difference
        .filter(|&difference| difference != 0.0)
        .map_or(-2, |difference| supported(points(difference), ends));
    let percent = |value: Option<f64>| value.map_or_else(none, |value| size(points(value), power));
    let scale = scenario.population.represents as f64 / f64::from(scenario.population.users);
    let impressions = arm.impressions(topic);
    let moved = impressions.difference.map(|moved| moved * scale);
    let moved_ends = impressions.difference_ci95.map(|ends| ends.map(|end| end * scale));
    [
        scenario.arms[arm.arm].name.clone(),
        scenario.topics[topic].id.clone(),
        percent(share.reference),
        percent(share.arm),
        share.difference.map_or_else(none, |difference| signed(points(difference), power)),
        ends.map_or_else(none, |[low, high]| format!("{} to {}", signed(low, power), signed(high, power))),
        share.floor_worlds.map_or_else(none, |floor| rough(points(floor))),
        moved.map_or_else(none, |moved| signed_count(moved, moved_ends)),
    ]
}

fn none() -> String {
    "–".to_owned()
}

fn signed_count(moved: f64, ends: Option<[f64; 2]>) -> String {
    let text = count(moved, supported(moved, ends).max(0));
    match text.as_str() {
        "0" => text,
        _ if moved < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}
