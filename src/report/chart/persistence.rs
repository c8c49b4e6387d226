//! Persistence: how much of a shift is left on the days after the tilt.

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Estimate, Label, Origin, of_tilted_topics};
use super::{Chart, Table, palette};
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::words::chart::Words;
use crate::report::words::chart::persistence as words;
use crate::report::words::language::Language;

/// Name of the chart.
pub const NAME: &str = "persistence";

/// The picture of one tilted topic in one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Persistence {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// By days after the last tilted one, from 1: per cent of the shift that is left; nothing where the shift was not told from none.
    pub left: Vec<Estimate>,
}

/// The pictures of a run: of the shifts that were told from none.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    of_tilted_topics(results, NAME, |figures, topic, stem| {
        let (_, found) = figures.persistence.iter().find(|(place, _)| *place == topic)?;
        let left: Option<Vec<Estimate>> = found
            .days
            .iter()
            .map(|left| Some(Estimate { value: left.part?, interval: left.ci95 }.times(100.0)))
            .collect();
        Some(Persistence {
            stem,
            origin: Origin::of_arm(results.scenario, figures),
            topic: Label::of_topic(results.scenario, topic),
            left: left.filter(|left| !left.is_empty())?,
        })
    })
}

/// Height of the plot.
const HEIGHT: f64 = 230.0;
/// Space to the right of the plot for the name of the upper line.
const ROOM: f64 = 110.0;
/// A longer course has no dots on its days: they would run into each other.
const MOST_DOTS: usize = 40;
/// Most days that are named at the axis.
const MOST_NAMES: usize = 12;
/// Numbers at the axes.
const TICK: Style = Style::regular(11.0, palette::MUTED);

impl Chart for Persistence {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn words(&self, language: Language) -> Words {
        words::words(self, language)
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed> {
        let room = WIDTH - 2.0 * MARGIN;
        let top = canvas.paragraph(words::left_axis(language), (MARGIN, top + 12.0), room, TICK)? + 8.0;
        let bottom = top + HEIGHT;
        let places = self.left.iter().flat_map(|left| left.interval.into_iter().flatten().chain([left.value]));
        let [low, high] = places.fold([0.0_f64, 100.0_f64], |[low, high], place| [low.min(place), high.max(place)]);
        let y = Axis::new([low, 1.04 * high], [bottom, top]);
        let x = Axis::new([0.5, self.left.len() as f64 + 0.5], [MARGIN + 48.0, WIDTH - MARGIN - ROOM]);
        let [left, right] = [x.at(0.5), x.within(f64::MAX)];
        let ticks = y.ticks(4);
        for &value in &ticks.values {
            let colour = if value == 0.0 { palette::AXIS } else { palette::GRID };
            canvas.line(&[(left, y.at(value)), (right, y.at(value))], colour, 1.0)?;
            let label = words::tick(value, ticks.power, language);
            canvas.text(&label, (left - 6.0, y.at(value) + 4.0), TICK.at(Align::End))?;
        }
        canvas.dashes((left, y.at(100.0)), (right, y.at(100.0)), palette::TILT, 1.0)?;
        canvas.paragraph(words::tilted(language), (right + 8.0, y.at(100.0) - 6.0), ROOM - 8.0, TICK)?;
        self.draw_curve(canvas, &x, &y)?;
        let step = self.left.len().div_ceil(MOST_NAMES).max(1);
        for day in (1..=self.left.len()).step_by(step) {
            let place = x.at(day as f64);
            canvas.line(&[(place, bottom), (place, bottom + 4.0)], palette::AXIS, 1.0)?;
            canvas.text(&day.to_string(), (place, bottom + 15.0), TICK.at(Align::Middle))?;
        }
        canvas.paragraph(words::day_axis(language), (left, bottom + 18.0), WIDTH - MARGIN - left, TICK)
    }

    fn tables(&self) -> Vec<Table> {
        let reals = |value: &dyn Fn(&Estimate) -> Option<f64>| Cells::RealIfAny(self.left.iter().map(value).collect());
        let mut columns = Columns::default();
        columns.push("days_after", Cells::Short((1..=self.left.len() as u16).collect()));
        columns.push("left_percent", reals(&|left| Some(left.value)));
        columns.push("left_low", reals(&|left| left.interval.map(|ends| ends[0])));
        columns.push("left_high", reals(&|left| left.interval.map(|ends| ends[1])));
        vec![Table { suffix: "", columns }]
    }
}

impl Persistence {
    fn draw_curve(&self, canvas: &Canvas<'_>, x: &Axis, y: &Axis) -> Result<(), Failed> {
        let days = || (1..).map(|day| x.at(f64::from(day))).zip(&self.left);
        let end = |which: usize| days().filter_map(move |(x, left)| Some((x, left.interval?[which])));
        let band: Vec<(f64, f64)> = end(1).chain(end(0).collect::<Vec<_>>().into_iter().rev()).collect();
        let band: Vec<(f64, f64)> = band.into_iter().map(|(x, value)| (x, y.at(value))).collect();
        match self.left.as_slice() {
            [only] => {
                if let Some([low, high]) = only.interval {
                    canvas.upright(x.at(1.0), y.at(low), y.at(high), palette::TILT, 1.5)?;
                }
            }
            _ if band.len() > 2 => canvas.area(&band, palette::TILT_BAND)?,
            _ => {}
        }
        let curve: Vec<(f64, f64)> = days().map(|(x, left)| (x, y.at(left.value))).collect();
        canvas.line(&curve, palette::TILT, 2.5)?;
        for &place in curve.iter().filter(|_| curve.len() <= MOST_DOTS) {
            canvas.dot(place, 3.0, palette::TILT)?;
        }
        Ok(())
    }
}
