//! The signature of feedtilt: what a tilt moved for the population, beside what single people would have noticed.
//!
//! On the left the shift of the topic's share of exposure with what chance alone does; on the right how the expected
//! weekly change is spread over people, with the ups and downs that a person's week has anyway.

use super::axis::{Axis, Ticks, round_step};
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Estimate, Label, Origin, of_tilted_topics};
use super::{Chart, Table, font, palette};
use crate::measure::UsersEffect;
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::figures::ArmFigures;
use crate::report::words::chart::Words;
use crate::report::words::chart::signature as words;
use crate::report::words::language::Language;
use crate::scenario::Scenario;
use crate::stats::quantile::quantile;

/// Name of the chart.
pub const NAME: &str = "signature";

/// The picture of one tilted topic in one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// What happened to the population.
    pub population: Population,
    /// What happened to single people; `None` where nobody was looked at.
    pub people: Option<People>,
}

/// What happened to the population. All but `views` in per cent of the share compared with, or in percentage points.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Unit of the shift.
    pub unit: Unit,
    /// What can be said of it.
    pub verdict: Verdict,
    /// Shift of the share of exposure.
    pub shift: Estimate,
    /// Its band over calibrated settings.
    pub model_band: Option<[f64; 2]>,
    /// What two untilted worlds differ by (95th percentile).
    pub floor_worlds: Option<f64>,
    /// What two courses of one world differ by (95th percentile).
    pub floor_fork: Option<f64>,
    /// Impressions moved, scaled to the people represented; `None` where their sign is not certain.
    pub views: Option<Estimate>,
}

/// Unit of the shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Per cent of the share compared with.
    Percent,
    /// Percentage points, where one of the two shares is zero and nothing is relative to it.
    Points,
}

/// What can be said of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The topic's share changed.
    Moved,
    /// The interval includes zero.
    Untold,
    /// Arm and reference are the same to the last bit.
    Identical,
    /// Nobody saw the topic in the arm.
    Vanished,
    /// Nobody saw the topic in the reference.
    Appeared,
}

/// What happened to single people, one value for each of those that were looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// Expected change of videos of the topic in a week.
    pub changes: Vec<f64>,
    /// Standard deviation of the person's own weekly count without any tilt.
    pub own_sd: Vec<f64>,
    /// Share of people who would more likely than not notice.
    pub noticeable_share: Option<f64>,
}

impl People {
    /// How many were looked at.
    pub fn count(&self) -> u64 {
        self.changes.len() as u64
    }

    /// How many would notice.
    pub fn noticing(&self) -> Option<u64> {
        self.noticeable_share.map(|share| (share * self.changes.len() as f64).round() as u64)
    }

    /// Median of the changes.
    pub fn median(&self) -> Option<f64> {
        quantile(&self.changes, 0.5)
    }

    /// What two weeks of the median person differ by, up and down, in 19 of 20 pairs of weeks.
    pub fn ups_and_downs(&self) -> Option<f64> {
        quantile(&self.own_sd, 0.5).map(|sd| 1.96 * std::f64::consts::SQRT_2 * sd)
    }
}

/// The pictures of a run.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    let made = of_tilted_topics(results, NAME, |figures, topic, stem| {
        Some(Signature {
            stem,
            origin: Origin::of_arm(results.scenario, figures),
            topic: Label::of_topic(results.scenario, topic),
            population: population(results.scenario, figures, topic)?,
            people: figures.users_effect.iter().find(|effect| effect.topic == topic).and_then(people),
        })
    });
    made.into_iter().map(|chart| Box::new(chart) as Box<dyn Chart>).collect()
}

/// `None` where nobody was looked at.
fn people(effect: &UsersEffect) -> Option<People> {
    let (changes, own_sd) = (effect.changes.clone(), effect.own_sd.clone());
    let someone = !changes.is_empty();
    someone.then_some(People { changes, own_sd, noticeable_share: effect.noticeable_share })
}

/// `None` where nobody saw any video.
fn population(scenario: &Scenario, figures: &ArmFigures, topic: usize) -> Option<Population> {
    let share = figures.share(topic);
    let (reference, arm, difference) = (share.reference?, share.arm?, share.difference?);
    let verdict = match share.relative {
        _ if share.identical => Verdict::Identical,
        _ if share.difference_ci95.is_some_and(|[low, high]| low <= 0.0 && 0.0 <= high) => Verdict::Untold,
        Some(_) => Verdict::Moved,
        None if arm == 0.0 => Verdict::Vanished,
        None => Verdict::Appeared,
    };
    let (unit, shift, floor_unit) = match share.relative {
        Some(relative) => {
            let relative = Estimate { value: relative, interval: share.relative_ci95 };
            (Unit::Percent, relative.times(100.0), 100.0 / reference)
        }
        None => {
            let points = Estimate { value: difference, interval: share.difference_ci95 };
            (Unit::Points, points.times(100.0), 100.0)
        }
    };
    let scale = scenario.population.represents as f64 / f64::from(scenario.population.users);
    let moved = figures.impressions(topic);
    let views = moved.difference.map(|value| Estimate { value, interval: moved.difference_ci95 }.times(scale));
    Some(Population {
        unit,
        verdict,
        shift,
        model_band: None,
        floor_worlds: share.floor_worlds.map(|floor| floor * floor_unit),
        floor_fork: share.floor_fork.map(|floor| floor * floor_unit),
        views: views.filter(|views| !views.may_be_zero() && views.value != 0.0),
    })
}

/// Space between the two panels.
const GUTTER: f64 = 28.0;
/// Least height of a row's mark.
const MARK: f64 = 24.0;
/// Height of the bars.
const BARS: f64 = 112.0;
/// Labels in the panels.
const LABEL: Style = Style::regular(11.5, palette::INK);
/// Numbers at the axes.
const TICK: Style = Style::regular(11.0, palette::MUTED);

/// Where a panel stands.
#[derive(Debug, Clone, Copy)]
struct Panel {
    left: f64,
    width: f64,
}

impl Panel {
    fn right(self) -> f64 {
        self.left + self.width
    }
}

impl Chart for Signature {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn words(&self, language: Language) -> Words {
        words::words(self, language)
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed> {
        let whole = WIDTH - 2.0 * MARGIN;
        let Some(people) = &self.people else {
            let panel = Panel { left: MARGIN, width: whole };
            let top = head(canvas, panel, top, &words::population(self, language))?;
            return self.draw_population(canvas, panel, [top + 10.0, 0.0], language);
        };
        let width = 0.5 * (whole - GUTTER);
        let left = Panel { left: MARGIN, width };
        let right = Panel { left: MARGIN + width + GUTTER, width };
        let left_head = head(canvas, left, top, &words::population(self, language))?;
        let right_head = head(canvas, right, top, &words::people(people, language))?;
        let top = left_head.max(right_head) + 10.0;
        let (right_axis, right_end) = self.draw_people(people, canvas, right, top, language)?;
        let left_end = self.draw_population(canvas, left, [top, right_axis], language)?;
        Ok(left_end.max(right_end))
    }

    fn tables(&self) -> Vec<Table> {
        let mut tables = vec![Table { suffix: "", columns: self.rows_table() }];
        if let Some(people) = &self.people {
            tables.push(Table { suffix: ".people", columns: Histogram::new(people).table() });
        }
        tables.push(Table { suffix: ".figures", columns: self.figures_table() });
        tables
    }
}

/// Heading, figure in large letters, and what it counts; says where they end.
fn head(canvas: &Canvas<'_>, panel: Panel, top: f64, words: &words::Head) -> Result<f64, Failed> {
    let place = |y: f64| (panel.left, y);
    let end = canvas.paragraph(words.heading, place(top + 14.0), panel.width, Style::bold(12.5, palette::INK))?;
    let end = canvas.paragraph(&words.figure, place(end + 2.0), panel.width, Style::bold(25.0, palette::TILT))?;
    canvas.paragraph(&words.note, place(end), panel.width, Style::regular(12.0, palette::INK))
}

/// A mark with its label: what the tilt did, or what chance does.
struct Row {
    label: String,
    value: Option<f64>,
    ends: Option<[f64; 2]>,
    kind: RowKind,
}

impl Row {
    fn style(&self) -> Style {
        if self.kind == RowKind::Tilt { Style::bold(11.5, palette::TILT) } else { LABEL }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Tilt,
    Model,
    Worlds,
    Fork,
}

impl RowKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Tilt => "shift",
            Self::Model => "shift over calibrated settings",
            Self::Worlds => "two untilted worlds",
            Self::Fork => "one world run twice",
        }
    }
}

impl Signature {
    fn rows(&self, language: Language) -> Vec<Row> {
        let population = &self.population;
        let row = |kind, label, value, ends| Row { label, value, ends, kind };
        let shift = population.shift;
        let mut rows =
            vec![row(RowKind::Tilt, words::shift_row(self, language), Some(shift.value), shift.interval)];
        if let Some(band) = population.model_band {
            rows.push(row(RowKind::Model, words::model_row(self, band, language), None, Some(band)));
        }
        let floors = [(RowKind::Worlds, population.floor_worlds), (RowKind::Fork, population.floor_fork)];
        for (kind, floor) in floors {
            let Some(floor) = floor else { continue };
            let label = match kind {
                RowKind::Fork => words::fork_row(self, floor, language),
                _ => words::worlds_row(self, floor, language),
            };
            rows.push(row(kind, label, None, Some(self.around_zero(floor))));
        }
        rows
    }

    /// Both ways from zero, but nothing falls by more than all of it.
    fn around_zero(&self, floor: f64) -> [f64; 2] {
        match self.population.unit {
            Unit::Percent => [-floor.min(100.0), floor],
            Unit::Points => [-floor, floor],
        }
    }

    /// From `top` on, the axis at `bottom` if there is room enough above it; says where the panel ends.
    fn draw_population(
        &self,
        canvas: &Canvas<'_>,
        panel: Panel,
        [top, bottom]: [f64; 2],
        language: Language,
    ) -> Result<f64, Failed> {
        let rows = self.rows(language);
        let axis = shift_axis(&rows, panel);
        let ticks = axis.ticks(3);
        let heights = rows.iter().map(|row| row.style().height(&row.label, panel.width));
        let mark = ((bottom - top - heights.sum::<f64>()) / rows.len() as f64).max(MARK);
        let mut y = top;
        for row in &rows {
            let label_end = canvas.paragraph(&row.label, (panel.left, y), panel.width, row.style())?;
            y = label_end + mark;
            draw_row(canvas, row, &axis, &ticks, [label_end, y])?;
        }
        canvas.line(&[(panel.left, y), (panel.right(), y)], palette::AXIS, 1.0)?;
        let labels = ticks.values.iter().map(|&value| (value, words::shift_tick(self, value, ticks.power, language)));
        draw_ticks(canvas, &axis, panel, y, labels)?;
        canvas.paragraph(&words::shift_axis(self, language), (panel.left, y + 18.0), panel.width, TICK)
    }

    /// Says where its axis is and where the panel ends.
    fn draw_people(
        &self,
        people: &People,
        canvas: &Canvas<'_>,
        panel: Panel,
        top: f64,
        language: Language,
    ) -> Result<(f64, f64), Failed> {
        let histogram = Histogram::new(people);
        let axis = Axis::new(histogram.range(), [panel.left, panel.right()]);
        let ups_and_downs = people.ups_and_downs().filter(|reach| *reach > 0.0);
        let mut y = top;
        if let Some(reach) = ups_and_downs {
            y = canvas.paragraph(&words::ups_and_downs(reach, language), (panel.left, y), panel.width, LABEL)? + 8.0;
        }
        // The median's label stands between the band's upper edge and the bars, above the label of a height.
        let bars_top = y + 34.0;
        let bottom = bars_top + BARS;
        if let Some(reach) = ups_and_downs {
            let [from, to] = [axis.within(-reach), axis.within(reach)];
            canvas.block((from, y), (to, bottom), palette::CHANCE)?;
            canvas.span(from, to, y, palette::AXIS, 1.5)?;
        }
        histogram.draw(canvas, &axis, [bars_top, bottom], language)?;
        canvas.line(&[(panel.left, bottom), (panel.right(), bottom)], palette::AXIS, 1.0)?;
        if let Some(median) = people.median() {
            let x = axis.within(median);
            canvas.dashes((x, y + 6.0), (x, bottom), palette::INK, 1.0)?;
            let room_right = panel.right() - x;
            let (at, shift) = if room_right > 100.0 { (Align::Start, 4.0) } else { (Align::End, -4.0) };
            let style = Style::bold(11.0, palette::INK).at(at);
            canvas.text(&words::median(median, language), (x + shift, y + 15.0), style)?;
        }
        let ticks = axis.ticks(5);
        let labels = ticks.values.iter().map(|&value| (value, language.signed(value, ticks.power)));
        draw_ticks(canvas, &axis, panel, bottom, labels)?;
        let title = words::change_axis(self, language);
        let mut end = canvas.paragraph(&title, (panel.left, bottom + 18.0), panel.width, TICK)?;
        if let Some(note) = words::beyond(histogram.beyond(), people.count(), language) {
            end = canvas.paragraph(&note, (panel.left, end), panel.width, TICK)?;
        }
        Ok((bottom, end))
    }

    /// What stands in the rows on the left.
    fn rows_table(&self) -> Columns<'static> {
        let rows = self.rows(Language::En);
        let ends = |end: usize| Cells::RealIfAny(rows.iter().map(|row| row.ends.map(|ends| ends[end])).collect());
        let names = match self.population.unit {
            Unit::Percent => ["change_percent", "low_percent", "high_percent"],
            Unit::Points => ["change_points", "low_points", "high_points"],
        };
        let mut columns = Columns::default();
        columns.push("quantity", Cells::Name(rows.iter().map(|row| row.kind.name()).collect()));
        columns.push(names[0], Cells::RealIfAny(rows.iter().map(|row| row.value).collect()));
        columns.push(names[1], ends(0));
        columns.push(names[2], ends(1));
        columns
    }

    /// The figures in large letters and at single marks.
    fn figures_table(&self) -> Columns<'static> {
        let mut rows: Vec<(&'static str, &'static str, Option<f64>, Option<[f64; 2]>)> = Vec::new();
        if let Some(views) = self.population.views {
            rows.push(("views moved", "videos", Some(views.value), views.interval));
        }
        if let Some(people) = &self.people {
            rows.push(("people looked at", "people", Some(people.count() as f64), None));
            rows.push(("people who would notice", "percent", people.noticeable_share.map(|s| s * 100.0), None));
            let beyond = Histogram::new(people);
            rows.push(("people beyond the bars", "percent", Some(beyond.percent(beyond.beyond())), None));
            rows.push(("median change", "videos per week", people.median(), None));
            let reach = people.ups_and_downs().map(|reach| [-reach, reach]);
            rows.push(("ups and downs of the median person", "videos per week", None, reach));
        }
        let ends = |end: usize| Cells::RealIfAny(rows.iter().map(|row| row.3.map(|ends| ends[end])).collect());
        let mut columns = Columns::default();
        columns.push("quantity", Cells::Name(rows.iter().map(|row| row.0).collect()));
        columns.push("unit", Cells::Name(rows.iter().map(|row| row.1).collect()));
        columns.push("value", Cells::RealIfAny(rows.iter().map(|row| row.2).collect()));
        columns.push("low", ends(0));
        columns.push("high", ends(1));
        columns
    }
}

/// Wide enough for every mark and for zero, with some room at both ends.
fn shift_axis(rows: &[Row], panel: Panel) -> Axis {
    let all = || rows.iter().flat_map(|row| row.value.into_iter().chain(row.ends.into_iter().flatten()));
    let (low, high) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
    let room = if high > low { 0.06 * (high - low) } else { 1.0 };
    Axis::new([low - room, high + room], [panel.left, panel.right()])
}

fn draw_row(canvas: &Canvas<'_>, row: &Row, axis: &Axis, ticks: &Ticks, [top, bottom]: [f64; 2]) -> Result<(), Failed> {
    // Close below its label rather than half way to the next.
    let middle = top + 0.5 * MARK.min(bottom - top);
    for &tick in &ticks.values {
        let (colour, width) = if tick == 0.0 { (palette::AXIS, 1.0) } else { (palette::GRID, 1.0) };
        canvas.line(&[(axis.at(tick), top + 2.0), (axis.at(tick), bottom - 2.0)], colour, width)?;
    }
    let ends = row.ends.map(|ends| ends.map(|end| axis.at(end)));
    // A narrow interval has a smaller dot, and no strokes at its ends, so that it can still be seen.
    let narrow = ends.is_some_and(|[from, to]| to - from < 14.0);
    match (row.kind, ends) {
        (RowKind::Tilt, Some([from, to])) if narrow => {
            canvas.line(&[(from, middle), (to, middle)], palette::TILT, 2.0)?;
        }
        (RowKind::Tilt, Some([from, to])) => canvas.span(from, to, middle, palette::TILT, 2.0)?,
        (RowKind::Model, Some([from, to])) => {
            canvas.block((from, middle - 5.0), (to, middle + 5.0), palette::TILT_BAND)?;
            canvas.span(from, to, middle, palette::TILT, 1.0)?;
        }
        (_, Some([from, to])) => {
            canvas.block((from, middle - 5.0), (to, middle + 5.0), palette::CHANCE)?;
            canvas.span(from, to, middle, palette::AXIS, 1.5)?;
        }
        (_, None) => {}
    }
    let radius = if narrow { 2.8 } else { 4.0 };
    row.value.map_or(Ok(()), |value| canvas.dot((axis.at(value), middle), radius, palette::TILT))
}

/// Labels at an axis, moved inwards where they would leave the panel.
fn draw_ticks(
    canvas: &Canvas<'_>,
    axis: &Axis,
    panel: Panel,
    y: f64,
    labels: impl Iterator<Item = (f64, String)>,
) -> Result<(), Failed> {
    for (value, text) in labels {
        let x = axis.at(value);
        canvas.line(&[(x, y), (x, y + 4.0)], palette::AXIS, 1.0)?;
        let half = 0.5 * font::width(&text, TICK.size, TICK.weight);
        let middle = x.clamp(panel.left + half, panel.right() - half);
        canvas.text(&text, (middle, y + 15.0), TICK.at(Align::Middle))?;
    }
    Ok(())
}

/// How the changes are spread over people.
#[derive(Debug, Clone, PartialEq)]
struct Histogram {
    /// Width of a bar.
    step: f64,
    /// Number of the first bar: it begins at that many steps from zero.
    first: i64,
    /// People by bar.
    counts: Vec<usize>,
    /// People below the first bar and above the last.
    outside: [usize; 2],
}

impl Histogram {
    /// About this many bars.
    const BARS: f64 = 36.0;

    /// From the lowest hundredth of people to the highest, wide enough for zero and for the ups and downs.
    fn new(people: &People) -> Self {
        let reach = people.ups_and_downs().unwrap_or(0.0);
        let end = |probability| quantile(&people.changes, probability).unwrap_or(0.0);
        let (low, high) = (end(0.01).min(-reach).min(0.0), end(0.99).max(reach).max(0.0));
        let step = if high > low { round_step((high - low) / Self::BARS) } else { 1.0 };
        let number = |value: f64| (value / step).floor() as i64;
        let (first, last) = (number(low), number(high));
        let mut counts = vec![0; (last - first + 1) as usize];
        let mut outside = [0, 0];
        for &change in &people.changes {
            match number(change) {
                below if below < first => outside[0] += 1,
                above if above > last => outside[1] += 1,
                within => counts[(within - first) as usize] += 1,
            }
        }
        Self { step, first, counts, outside }
    }

    fn edge(&self, bar: usize) -> f64 {
        (self.first + bar as i64) as f64 * self.step
    }

    fn range(&self) -> [f64; 2] {
        [self.edge(0), self.edge(self.counts.len())]
    }

    fn beyond(&self) -> usize {
        self.outside[0] + self.outside[1]
    }

    fn total(&self) -> usize {
        self.counts.iter().sum::<usize>() + self.beyond()
    }

    /// Share of people in a bar, per cent.
    fn percent(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.total().max(1) as f64
    }

    fn draw(&self, canvas: &Canvas<'_>, x: &Axis, [top, bottom]: [f64; 2], language: Language) -> Result<(), Failed> {
        let highest = self.percent(self.counts.iter().copied().max().unwrap_or(0)).max(1e-9);
        let y = Axis::new([0.0, highest], [bottom, top]);
        let [left, right] = self.range().map(|end| x.at(end));
        let ticks = y.ticks(2);
        let heights = || ticks.values.iter().filter(|&&value| value > 0.0);
        for &value in heights() {
            canvas.line(&[(left, y.at(value)), (right, y.at(value))], palette::GRID, 1.0)?;
        }
        for (bar, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let [from, to] = [bar, bar + 1].map(|edge| x.at(self.edge(edge)));
            // A bar of few people keeps a height that can be seen.
            let height = y.at(self.percent(count)).min(bottom - 0.6);
            canvas.block((from + 0.4, height), (to - 0.4, bottom), palette::TILT)?;
        }
        let last = ticks.values.last().copied().unwrap_or_default();
        let (place, at) = if self.lower_on_the_right() { (right, Align::End) } else { (left, Align::Start) };
        for &value in heights() {
            let label = words::people_tick(value, ticks.power, value == last, language);
            canvas.text(&label, (place, y.at(value) - 3.0), TICK.at(at))?;
        }
        Ok(())
    }

    /// Where the labels of heights get in the way of fewer bars: the third at either end.
    fn lower_on_the_right(&self) -> bool {
        let third = self.counts.len() / 3;
        let highest = |bars: &[usize]| bars.iter().max().copied().unwrap_or(0);
        highest(&self.counts[self.counts.len() - third..]) <= highest(&self.counts[..third])
    }

    /// One row per bar.
    fn table(&self) -> Columns<'static> {
        let edges = |offset: usize| Cells::RealIfAny((0..self.counts.len()).map(|bar| Some(self.edge(bar + offset))).collect());
        let percent = self.counts.iter().map(|&count| Some(self.percent(count))).collect();
        let mut columns = Columns::default();
        columns.push("change_from", edges(0));
        columns.push("change_to", edges(1));
        columns.push("people_percent", Cells::RealIfAny(percent));
        columns
    }
}
