//! Lorenz curve of the shift over people: whether each bears a little, or a few bear most.

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Label, Origin, of_tilted_topics};
use super::{Chart, Table, palette};
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::words::chart::Words;
use crate::report::words::chart::lorenz as words;
use crate::report::words::language::Language;

/// Name of the chart.
pub const NAME: &str = "lorenz";
/// Most points of the curve that are drawn.
const POINTS: usize = 400;

/// The picture of one tilted topic in one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Lorenz {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// People looked at.
    pub people: u64,
    /// `[share of the people, share of the shift]`, least affected first.
    pub curve: Vec<[f64; 2]>,
    /// What the most affected tenth bears.
    pub top_tenth: Borne,
    /// What the most affected hundredth bears.
    pub top_hundredth: Borne,
}

/// A part of the shift that some people bear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Borne {
    /// As the curve has it. Picking the most affected also picks those with most noise, so it is too large.
    pub drawn: f64,
    /// With the noise of the simulation taken out, where it can be.
    pub without_noise: Option<f64>,
}

impl Borne {
    /// The figure to quote.
    pub fn quoted(self) -> f64 {
        self.without_noise.unwrap_or(self.drawn)
    }
}

/// The pictures of a run.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    of_tilted_topics(results, NAME, |figures, topic, stem| {
        let effect = figures.users(topic)?;
        let curve = thinned(&effect.lorenz);
        (curve.len() > 1).then_some(())?;
        Some(Lorenz {
            stem,
            origin: Origin::of_arm(results.scenario, figures),
            topic: Label::of_topic(results.scenario, topic),
            people: effect.changes.len() as u64,
            curve,
            top_tenth: Borne {
                drawn: effect.top_10_percent_bears?,
                without_noise: effect.without_noise.top_10_percent_bears,
            },
            top_hundredth: Borne {
                drawn: effect.top_1_percent_bears?,
                without_noise: effect.without_noise.top_1_percent_bears,
            },
        })
    })
}

/// No more points than can be seen, first and last among them.
fn thinned(curve: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let step = curve.len().div_ceil(POINTS).max(1);
    let last = curve.len().saturating_sub(1);
    let kept = |place: usize| place.is_multiple_of(step) || place == last;
    curve.iter().enumerate().filter(|(place, _)| kept(*place)).map(|(_, point)| *point).collect()
}

/// Width and height of the plot.
const SIDE: f64 = 300.0;
/// Space between the plot and the words beside it.
const GAP: f64 = 22.0;
/// Numbers at the axes.
const TICK: Style = Style::regular(11.0, palette::MUTED);
/// Labels beside the curve.
const LABEL: Style = Style::bold(11.5, palette::TILT);

impl Chart for Lorenz {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn words(&self, language: Language) -> Words {
        words::words(self, language)
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed> {
        let room = WIDTH - 2.0 * MARGIN;
        let top = canvas.paragraph(words::shift_axis(language), (MARGIN, top + 12.0), room, TICK)? + 10.0;
        let (left, bottom) = (MARGIN + 48.0, top + SIDE);
        let lowest = self.curve.iter().map(|point| point[1]).fold(0.0, f64::min);
        let x = Axis::new([0.0, 1.0], [left, left + SIDE]);
        let y = Axis::new([lowest, 1.0], [bottom, top]);
        for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let label = words::tick(tick, language);
            canvas.line(&[(left, y.at(tick)), (left + SIDE, y.at(tick))], palette::GRID, 1.0)?;
            canvas.text(&label, (left - 6.0, y.at(tick) + 4.0), TICK.at(Align::End))?;
            canvas.line(&[(x.at(tick), bottom), (x.at(tick), bottom + 4.0)], palette::AXIS, 1.0)?;
            canvas.text(&label, (x.at(tick), bottom + 15.0), TICK.at(Align::Middle))?;
        }
        canvas.line(&[(left, bottom), (left + SIDE, bottom)], palette::AXIS, 1.0)?;
        canvas.dashes((x.at(0.0), y.at(0.0)), (x.at(1.0), y.at(1.0)), palette::AXIS, 1.0)?;
        let curve: Vec<(f64, f64)> = self.curve.iter().map(|[people, shift]| (x.at(*people), y.at(*shift))).collect();
        canvas.line(&curve, palette::TILT, 2.5)?;
        self.draw_labels(canvas, &x, &y, language)?;
        canvas.paragraph(words::people_axis(language), (left, bottom + 18.0), WIDTH - MARGIN - left, TICK)
    }

    fn tables(&self) -> Vec<Table> {
        let column =
            |place: usize| Cells::RealIfAny(self.curve.iter().map(|point| Some(100.0 * point[place])).collect());
        let mut columns = Columns::default();
        columns.push("people_percent", column(0));
        columns.push("shift_percent", column(1));
        let marks = [("most affected 1 percent", self.top_hundredth), ("most affected 10 percent", self.top_tenth)];
        let mut figures = Columns::default();
        figures.push("people", Cells::Name(marks.map(|(name, _)| name).to_vec()));
        figures.push("drawn_percent", Cells::RealIfAny(marks.map(|(_, borne)| Some(100.0 * borne.drawn)).to_vec()));
        let without_noise = marks.map(|(_, borne)| borne.without_noise.map(|part| 100.0 * part));
        figures.push("without_noise_percent", Cells::RealIfAny(without_noise.to_vec()));
        vec![Table { suffix: "", columns }, Table { suffix: ".figures", columns: figures }]
    }
}

impl Lorenz {
    /// What the most affected bear, at their places on the curve, and what the dashed line means.
    fn draw_labels(&self, canvas: &Canvas<'_>, x: &Axis, y: &Axis, language: Language) -> Result<(), Failed> {
        let left = x.at(1.0) + GAP;
        let room = WIDTH - MARGIN - left;
        let mut free = y.at(1.0);
        let marks = [(0.99, self.top_hundredth), (0.9, self.top_tenth)];
        for (from, borne) in marks {
            let place = (x.at(from), y.at(1.0 - borne.drawn));
            let label = words::bears(1.0 - from, borne, language);
            let wanted = (place.1 - 8.0).max(free);
            canvas.line(&[place, (x.at(1.0) + 6.0, wanted + 8.0), (left - 4.0, wanted + 8.0)], palette::TILT, 1.0)?;
            canvas.dot(place, 3.5, palette::TILT)?;
            free = canvas.paragraph(&label, (left, wanted), room, LABEL)? + 6.0;
        }
        canvas.text(words::even(language), (x.at(0.57) - 8.0, y.at(0.57)), TICK.at(Align::End))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_both_ends() {
        let curve: Vec<[f64; 2]> = (0..=1000).map(|n| [f64::from(n) / 1000.0; 2]).collect();
        let thin = thinned(&curve);
        assert!(thin.len() <= POINTS + 1 && thin[0] == [0.0, 0.0] && thin[thin.len() - 1] == [1.0, 1.0]);
        assert_eq!(thinned(&curve[..5]), curve[..5]);
        assert!(thinned(&[]).is_empty());
    }
}
