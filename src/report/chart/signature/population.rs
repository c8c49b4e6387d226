//! The left panel: the shift of the share of exposure, in rows above one axis, with what chance alone does.

use super::{LABEL, Panel, Signature, TICK, Unit, draw_ticks, words};
use crate::report::chart::axis::{Axis, Ticks};
use crate::report::chart::canvas::{Canvas, Failed, Style};
use crate::report::chart::palette;
use crate::report::columns::{Cells, Columns};
use crate::report::words::language::Language;

/// Least height of a row's mark.
const MARK: f64 = 24.0;

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
            Self::Fork => "one world, ranked anew",
        }
    }
}

fn rows(chart: &Signature, language: Language) -> Vec<Row> {
    let population = &chart.population;
    let row = |kind, label, value, ends| Row { label, value, ends, kind };
    let shift = population.shift;
    let mut rows = vec![row(RowKind::Tilt, words::shift_row(chart, language), Some(shift.value), shift.interval)];
    if let Some(band) = population.model_band {
        rows.push(row(RowKind::Model, words::model_row(chart, band, language), None, Some(band)));
    }
    let floors = [(RowKind::Worlds, population.floor_worlds), (RowKind::Fork, population.floor_fork)];
    for (kind, floor) in floors {
        let Some(floor) = floor else { continue };
        let label = match kind {
            RowKind::Fork => words::fork_row(chart, floor, language),
            _ => words::worlds_row(chart, floor, language),
        };
        rows.push(row(kind, label, None, Some(around_zero(chart, floor))));
    }
    rows
}

/// Both ways from zero, but nothing falls by more than all of it.
fn around_zero(chart: &Signature, floor: f64) -> [f64; 2] {
    match chart.population.unit {
        Unit::Percent => [-floor.min(100.0), floor],
        Unit::Points => [-floor, floor],
    }
}

/// From `top` on, the axis at `bottom` if there is room enough above it; says where the panel ends.
pub(super) fn draw(
    chart: &Signature,
    canvas: &Canvas<'_>,
    panel: Panel,
    [top, bottom]: [f64; 2],
    language: Language,
) -> Result<f64, Failed> {
    let rows = rows(chart, language);
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
    let labels = ticks.values.iter().map(|&value| (value, words::shift_tick(chart, value, ticks.power, language)));
    draw_ticks(canvas, &axis, panel, y, labels)?;
    canvas.paragraph(&words::shift_axis(chart, language), (panel.left, y + 18.0), panel.width, TICK)
}

/// What stands in the rows on the left.
pub(super) fn table(chart: &Signature) -> Columns<'static> {
    let rows = rows(chart, Language::En);
    let ends = |end: usize| Cells::RealIfAny(rows.iter().map(|row| row.ends.map(|ends| ends[end])).collect());
    let names = match chart.population.unit {
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
