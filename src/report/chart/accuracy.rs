//! The shift against how well the ranker knows people and videos: a point for every accepted vector of constants.

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Label, Origin, of_tilted_topics};
use super::{Chart, Table, palette};
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::words::chart::Words;
use crate::report::words::chart::accuracy as words;
use crate::report::words::language::Language;

/// Name of the chart.
pub const NAME: &str = "accuracy";

/// The picture of one arm and topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Accuracy {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// Accuracy (AUC within people) and relative shift, per cent, of each vector.
    pub points: Vec<[f64; 2]>,
    /// 5th and 95th percentile of the shifts, per cent.
    pub band: [f64; 2],
    /// The run's own shift, per cent.
    pub shift: f64,
}

/// The pictures of a run: one for every arm and tilted topic with a model band.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    let scenario = results.scenario;
    of_tilted_topics(results, NAME, |figures, topic, stem| {
        let band = scenario.model_band(figures.arm, topic)?;
        let tracked = scenario.measure.track.iter().position(|&tracked| tracked == topic)?;
        let points = scenario.valid_band()?.vectors.iter();
        let points =
            points.filter_map(|vector| Some([vector.accuracy, 100.0 * vector.relative[figures.arm][tracked]?]));
        Some(Accuracy {
            stem,
            origin: Origin::of_arm(scenario, figures),
            topic: Label::of_topic(scenario, topic),
            points: points.collect(),
            band: band.map(|end| 100.0 * end),
            shift: 100.0 * figures.share(topic).relative?,
        })
    })
}

/// Height of the plot.
const HEIGHT: f64 = 280.0;
/// Space to the right of the points, for labels.
const ROOM: f64 = 120.0;
/// Numbers at the axes.
const TICK: Style = Style::regular(11.0, palette::MUTED);

impl Chart for Accuracy {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn words(&self, language: Language) -> Words {
        words::words(self, language)
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed> {
        let room = WIDTH - 2.0 * MARGIN;
        let top = canvas.paragraph(words::shift_axis(language), (MARGIN, top + 12.0), room, TICK)? + 4.0;
        let bottom = top + HEIGHT;
        let y = Axis::new(with_room(self.points.iter().map(|point| point[1]).chain([0.0, self.shift])), [bottom, top]);
        let ticks = y.ticks(5);
        let label = |value: f64| words::tick(value, ticks.power, language);
        let widest = ticks.values.iter().map(|&value| TICK.width(&label(value))).fold(0.0, f64::max);
        let [left, right] = [MARGIN + widest + 8.0, WIDTH - MARGIN - ROOM];
        let x = Axis::new(with_room(self.points.iter().map(|point| point[0])), [left + 8.0, right]);
        canvas.block((left, y.at(self.band[1])), (right, y.at(self.band[0])), palette::TILT_BAND)?;
        for &value in &ticks.values {
            let colour = if value == 0.0 { palette::AXIS } else { palette::GRID };
            canvas.line(&[(left, y.at(value)), (right, y.at(value))], colour, 1.0)?;
            canvas.text(&label(value), (left - 6.0, y.at(value) + 4.0), TICK.at(Align::End))?;
        }
        canvas.line(&[(left, bottom), (right, bottom)], palette::AXIS, 1.0)?;
        let accuracies = x.ticks(5);
        for &value in &accuracies.values {
            canvas.text(
                &language.size(value, accuracies.power),
                (x.at(value), bottom + 15.0),
                TICK.at(Align::Middle),
            )?;
        }
        canvas.dashes((left, y.at(self.shift)), (right, y.at(self.shift)), palette::TILT, 1.0)?;
        for point in &self.points {
            canvas.dot((x.at(point[0]), y.at(point[1])), 3.0, palette::TILT)?;
        }
        self.draw_labels(canvas, &y, right + 10.0, language)?;
        canvas.paragraph(words::accuracy_axis(language), (left, bottom + 32.0), WIDTH - MARGIN - left, TICK)
    }

    fn tables(&self) -> Vec<Table> {
        let column = |axis: usize| Cells::RealIfAny(self.points.iter().map(|point| Some(point[axis])).collect());
        let mut columns = Columns::default();
        columns.push("accuracy", column(0));
        columns.push("change_percent", column(1));
        vec![Table { suffix: "", columns }]
    }
}

impl Accuracy {
    /// What the shade and the dashed line are, beside them and apart from each other.
    fn draw_labels(&self, canvas: &Canvas<'_>, y: &Axis, left: f64, language: Language) -> Result<(), Failed> {
        let middle = y.at(0.5 * (self.band[0] + self.band[1]));
        let mut places = [y.at(self.shift), middle];
        let apart = 2.0 * TICK.leading() + 4.0;
        if (places[0] - places[1]).abs() < apart {
            // The label of the line moves away from that of the shade.
            places[1] = if places[1] < places[0] { places[0] - apart } else { places[0] + apart };
        }
        canvas.paragraph(&words::own(self, language), (left, places[0] - 2.0), ROOM - 12.0, TICK)?;
        canvas.paragraph(&words::shade(self, language), (left, places[1] - 2.0), ROOM - 12.0, TICK).map(|_| ())
    }
}

/// Ends of some values, with a little room.
fn with_room(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)]);
    let room = 0.06 * (high - low);
    [low - room, high + room]
}
