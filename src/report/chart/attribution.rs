//! Attribution: which loops a shift comes from, as bars that begin where the one before ends.

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Estimate, Label, Origin, of_tilted_topics};
use super::{Chart, Table, palette};
use crate::measure::attribution::Component;
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::words::chart::Words;
use crate::report::words::chart::attribution as words;
use crate::report::words::language::Language;
use crate::scenario::Loop;

/// Name of the chart.
pub const NAME: &str = "attribution";

/// The picture of one tilted topic in one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from; they are always against the baseline.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// The whole shift, percentage points.
    pub total: Estimate,
    /// Its parts, in the order of the bars.
    pub parts: Vec<Part>,
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// What it is.
    pub source: Source,
    /// Percentage points.
    pub points: Estimate,
    /// Of a loop, whether it can be told from the others; `None` where that is not known.
    pub separable: Option<bool>,
}

/// Where a part of a shift comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// What the tilt does while every loop is replayed.
    Mechanical,
    /// What a loop adds to that.
    Loop(Loop),
    /// What is left.
    Interaction,
}

impl Source {
    const fn name(self) -> &'static str {
        match self {
            Self::Mechanical => "mechanical",
            Self::Loop(one) => one.name(),
            Self::Interaction => "interaction",
        }
    }
}

/// The pictures of a run.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    let points = |part: Component| Some(Estimate { value: part.value?, interval: part.ci95 }.times(100.0));
    of_tilted_topics(results, NAME, |figures, topic, stem| {
        let (_, found) = figures.attribution.iter().find(|(place, _)| *place == topic)?;
        let part = |source, value, separable| Some(Part { source, points: points(value)?, separable });
        let loops = results.scenario.loops.iter().zip(&found.loops);
        let loops = loops.map(|(one, added)| part(Source::Loop(one), added.first, added.separable));
        let parts = [part(Source::Mechanical, found.mechanical, None)].into_iter().chain(loops);
        let parts: Option<Vec<Part>> = parts.chain([part(Source::Interaction, found.interaction, None)]).collect();
        Some(Attribution {
            stem,
            origin: Origin { against: None, ..Origin::of_arm(results.scenario, figures) },
            topic: Label::of_topic(results.scenario, topic),
            total: points(found.total)?,
            parts: parts?,
        })
    })
}

/// Height of a row, and of its bar.
const ROW: f64 = 30.0;
const BAR: f64 = 16.0;
/// Space for the names of the parts, and for their figures.
const NAMES: f64 = 168.0;
const FIGURES: f64 = 162.0;
/// Numbers at the axis.
const TICK: Style = Style::regular(11.0, palette::MUTED);
/// Names of the parts.
const NAME_STYLE: Style = Style::regular(12.0, palette::INK);

impl Chart for Attribution {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn words(&self, language: Language) -> Words {
        words::words(self, language)
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed> {
        let room = WIDTH - 2.0 * MARGIN;
        let top = canvas.paragraph(words::points_axis(language), (MARGIN, top + 12.0), room, TICK)? + 6.0;
        let rows = self.parts.len() + 1;
        let bottom = top + ROW * rows as f64;
        let x = self.axis();
        let ticks = x.ticks(4);
        for &value in &ticks.values {
            let colour = if value == 0.0 { palette::AXIS } else { palette::GRID };
            canvas.line(&[(x.at(value), top), (x.at(value), bottom)], colour, 1.0)?;
            let label = words::tick(value, ticks.power, language);
            canvas.text(&label, (x.at(value), bottom + 15.0), TICK.at(Align::Middle))?;
        }
        let mut from = 0.0;
        for (row, part) in self.parts.iter().enumerate() {
            let middle = top + ROW * (row as f64 + 0.5);
            let until = from + part.points.value;
            draw_bar(canvas, &x, [from, until], middle, (part.points, palette::TILT))?;
            // The next bar begins where this one ends.
            canvas.line(&[(x.at(until), middle), (x.at(until), middle + ROW)], palette::AXIS, 1.0)?;
            let name = words::name(part, language);
            canvas.text(&name, (MARGIN, middle + 4.0), NAME_STYLE)?;
            draw_figure(canvas, part.points, middle, language)?;
            from = until;
        }
        let middle = bottom - 0.5 * ROW;
        draw_bar(canvas, &x, [0.0, self.total.value], middle, (self.total, palette::BASELINE))?;
        canvas.text(words::total(language), (MARGIN, middle + 4.0), Style::bold(12.0, palette::INK))?;
        draw_figure(canvas, self.total, middle, language)?;
        match words::note(self, language) {
            Some(note) => canvas.paragraph(note, (MARGIN, bottom + 26.0), room, TICK),
            None => Ok(bottom + 20.0),
        }
    }

    fn tables(&self) -> Vec<Table> {
        let total = [("total", self.total, None)];
        let parts = self.parts.iter().map(|part| (part.source.name(), part.points, part.separable));
        let rows: Vec<(&'static str, Estimate, Option<bool>)> = parts.chain(total).collect();
        let reals = |value: &dyn Fn(&Estimate) -> Option<f64>| {
            Cells::RealIfAny(rows.iter().map(|(_, points, _)| value(points)).collect())
        };
        let answer = |separable: Option<bool>| separable.map_or("", |separable| if separable { "yes" } else { "no" });
        let mut columns = Columns::default();
        columns.push("part", Cells::Name(rows.iter().map(|row| row.0).collect()));
        columns.push("points", reals(&|points| Some(points.value)));
        columns.push("points_low", reals(&|points| points.interval.map(|ends| ends[0])));
        columns.push("points_high", reals(&|points| points.interval.map(|ends| ends[1])));
        columns.push("separable", Cells::Name(rows.iter().map(|row| answer(row.2)).collect()));
        vec![Table { suffix: "", columns }]
    }
}

impl Attribution {
    /// Everything that is drawn, and zero.
    fn axis(&self) -> Axis {
        let mut from = 0.0;
        let mut ends = vec![0.0, self.total.value];
        for part in &self.parts {
            let begin = from;
            from += part.points.value;
            ends.push(from);
            ends.extend(part.points.interval.into_iter().flatten().map(|end| begin + end));
        }
        ends.extend(self.total.interval.into_iter().flatten());
        let [low, high] = [ends.iter().copied().fold(0.0, f64::min), ends.iter().copied().fold(0.0, f64::max)];
        Axis::new([low, high], [MARGIN + NAMES, WIDTH - MARGIN - FIGURES])
    }
}

fn draw_bar(
    canvas: &Canvas<'_>,
    x: &Axis,
    [from, until]: [f64; 2],
    middle: f64,
    (points, colour): (Estimate, plotters::style::RGBColor),
) -> Result<(), Failed> {
    let [left, right] = [x.at(from.min(until)), x.at(from.max(until))];
    canvas.block((left, middle - 0.5 * BAR), (right.max(left + 0.5), middle + 0.5 * BAR), colour)?;
    match points.interval {
        Some([low, high]) => canvas.span(x.at(from + low), x.at(from + high), middle, palette::INK, 1.5),
        None => Ok(()),
    }
}

fn draw_figure(canvas: &Canvas<'_>, points: Estimate, y: f64, language: Language) -> Result<(), Failed> {
    let place = (WIDTH - MARGIN - FIGURES + 14.0, y + 4.0);
    canvas.text(&words::figure(points, language), place, Style::regular(11.0, palette::INK))
}
