//! Exposure over time: the topic's share by day with and without the tilt.
//!
//! Means over replicates. The interval is that of the paired difference, drawn around the tilted line: worlds differ by
//! far more than the two arms of one world do, and an interval of each line on its own would hide that.

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Estimate, Label, Origin, of_tilted_topics};
use super::{Chart, Table, palette};
use crate::measure::shift::LEAST_REPLICATES;
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::figures::ArmFigures;
use crate::report::words::chart::Words;
use crate::report::words::chart::exposure_over_time as words;
use crate::report::words::language::Language;
use crate::stats::interval::{average, paired_difference};
use crate::trace::{Counter, Tally};

/// Name of the chart.
pub const NAME: &str = "exposure-over-time";

/// The picture of one tilted topic in one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureOverTime {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// The topic's share over all days compared, per cent: without the tilt and with it.
    pub shares: [f64; 2],
    /// Difference of these shares, percentage points.
    pub difference: Estimate,
    /// First tilted day and first day no longer tilted.
    pub tilted: [i64; 2],
    /// Days in order; those below 0 are burn-in.
    pub days: Vec<Day>,
}

/// One day, in per cent of all videos shown that day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Counted from the first measured day.
    pub day: i64,
    /// Share in the arm compared with.
    pub without: f64,
    /// Share in the tilted arm.
    pub with: f64,
    /// Interval of with − without.
    pub difference: Option<[f64; 2]>,
}

impl Day {
    /// The interval of the difference, around the share without the tilt.
    fn band(&self) -> Option<[f64; 2]> {
        self.difference.map(|ends| ends.map(|end| self.without + end))
    }
}

/// The pictures of a run.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    of_tilted_topics(results, NAME, |figures, topic, stem| {
        let share = figures.share(topic);
        let points = Estimate { value: share.difference?, interval: share.untold().or(share.difference_ci95) };
        Some(ExposureOverTime {
            stem,
            origin: Origin::of_arm(results.scenario, figures),
            topic: Label::of_topic(results.scenario, topic),
            shares: [share.reference? * 100.0, share.arm? * 100.0],
            difference: points.times(100.0),
            tilted: [figures.window.from as i64, figures.window.until as i64],
            days: days(results.tallies, figures, topic),
        })
    })
}

/// All days; one on which somebody's replicate showed no video at all is left out.
fn days(tallies: &[Tally], figures: &ArmFigures, topic: usize) -> Vec<Day> {
    let Some(first) = tallies.first() else { return Vec::new() };
    let reference = figures.against.map_or(0, |index| index + 1);
    let of_arm = |arm: usize, day: usize| -> Option<Vec<f64>> {
        tallies.iter().map(|tally| share(tally, day, arm, topic)).collect()
    };
    let of_day = |day: usize| {
        let (without, with) = (of_arm(reference, day)?, of_arm(figures.arm + 1, day)?);
        let difference = paired_difference(&with, &without, 0.95).filter(|_| tallies.len() >= LEAST_REPLICATES);
        Some(Day {
            day: day as i64 - first.burn_in as i64,
            without: average(&without)?,
            with: average(&with)?,
            difference: difference.map(|interval| [interval.lower, interval.upper]),
        })
    };
    (0..first.exposure.shape()[0]).filter_map(of_day).collect()
}

/// Share of a topic on one day of a replicate, per cent; `None` where nobody saw any video.
fn share(tally: &Tally, day: usize, arm: usize, topic: usize) -> Option<f64> {
    let counts = tally.day(day, arm);
    let impressions = counts.index_axis_move(ndarray::Axis(3), Counter::Impressions as usize);
    let all = impressions.sum();
    let seen = impressions.index_axis(ndarray::Axis(2), topic).sum();
    (all > 0).then(|| 100.0 * seen as f64 / all as f64)
}

/// Height of the plot.
const HEIGHT: f64 = 230.0;
/// Space above the lines for the labels of burn-in and tilt.
const LABELS: f64 = 20.0;
/// Space for the names of the lines.
const NAMES: f64 = 112.0;
/// A longer course has no dots on its days: they would run into each other.
const MOST_DOTS: usize = 40;
/// Numbers at the axes.
const TICK: Style = Style::regular(11.0, palette::MUTED);

impl Chart for ExposureOverTime {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn words(&self, language: Language) -> Words {
        words::words(self, language)
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed> {
        let places = |day: &Day| day.band().into_iter().flatten().chain([day.without, day.with]);
        let highest = self.days.iter().flat_map(places).fold(0.0, f64::max);
        let (first, last) = self.ends();
        let top =
            canvas.paragraph(words::share_axis(language), (MARGIN, top + 12.0), WIDTH - 2.0 * MARGIN, TICK)? + 4.0;
        let bottom = top + HEIGHT;
        let y = Axis::new([0.0, if highest > 0.0 { 1.04 * highest } else { 1.0 }], [bottom, top + LABELS]);
        let ticks = y.ticks(4);
        let label = |&value: &f64| (value, words::share_tick(value, ticks.power, language));
        let labels: Vec<(f64, String)> = ticks.values.iter().map(label).collect();
        let widest = labels.iter().map(|(_, text)| TICK.width(text)).fold(0.0, f64::max);
        let x = Axis::new([first as f64 - 0.5, last as f64 + 0.5], [MARGIN + widest + 8.0, WIDTH - MARGIN - NAMES]);
        let [left, right] = [x.at(first as f64 - 0.5), x.at(last as f64 + 0.5)];
        if first < 0 {
            canvas.block((left, top), (x.at(-0.5), bottom), palette::CHANCE)?;
        }
        for (value, text) in &labels {
            canvas.line(&[(left, y.at(*value)), (right, y.at(*value))], palette::GRID, 1.0)?;
            canvas.text(text, (left - 6.0, y.at(*value) + 4.0), TICK.at(Align::End))?;
        }
        self.draw_tilt(canvas, &x, [top, bottom], language)?;
        self.draw_lines(canvas, &x, &y)?;
        self.draw_names(canvas, &x, &y, language)?;
        canvas.line(&[(left, bottom), (right, bottom)], palette::AXIS, 1.0)?;
        for day in labelled_days(first, last) {
            let place = x.at(day as f64);
            canvas.line(&[(place, bottom), (place, bottom + 4.0)], palette::AXIS, 1.0)?;
            canvas.text(&words::day_tick(day), (place, bottom + 15.0), TICK.at(Align::Middle))?;
        }
        let notes = words::day_axis(first < 0, language);
        canvas.paragraph(notes, (left, bottom + 18.0), WIDTH - MARGIN - left, TICK)
    }

    fn tables(&self) -> Vec<Table> {
        let column = |value: fn(&Day) -> Option<f64>| Cells::RealIfAny(self.days.iter().map(value).collect());
        let mut columns = Columns::default();
        columns.push("day", column(|day| Some(day.day as f64)));
        columns.push("without_tilt_percent", column(|day| Some(day.without)));
        columns.push("with_tilt_percent", column(|day| Some(day.with)));
        columns.push("with_tilt_low", column(|day| day.band().map(|ends| ends[0])));
        columns.push("with_tilt_high", column(|day| day.band().map(|ends| ends[1])));
        vec![Table { suffix: "", columns }]
    }
}

impl ExposureOverTime {
    /// First and last day.
    fn ends(&self) -> (i64, i64) {
        let day = |day: Option<&Day>| day.map_or(0, |day| day.day);
        (day(self.days.first()), day(self.days.last()))
    }

    /// Days on which the lines may differ.
    fn parted(&self) -> impl Iterator<Item = &Day> {
        self.days.iter().filter(|day| day.day >= self.tilted[0])
    }

    /// Where the lines part, day and share: on the line without the tilt, where the tilt begins.
    fn parting(&self) -> Option<(f64, f64)> {
        let share = |day: i64| self.days.iter().find(|one| one.day == day).map(|day| day.without);
        let around = share(self.tilted[0] - 1).zip(share(self.tilted[0]));
        around.map(|(before, after)| (self.tilted[0] as f64 - 0.5, 0.5 * (before + after)))
    }

    /// Where the tilt begins and how long it lasts.
    fn draw_tilt(
        &self,
        canvas: &Canvas<'_>,
        x: &Axis,
        [top, bottom]: [f64; 2],
        language: Language,
    ) -> Result<(), Failed> {
        let [from, until] = self.tilted.map(|day| x.within(day as f64 - 0.5));
        canvas.dashes((from, top), (from, bottom), palette::TILT, 1.0)?;
        if until < x.within(f64::MAX) - 1.0 {
            canvas.dashes((until, top), (until, bottom), palette::TILT, 1.0)?;
        }
        canvas.line(&[(from, top), (until, top)], palette::TILT, 2.5)?;
        canvas.text(words::tilt(language), (from + 5.0, top + 14.0), Style::bold(11.0, palette::TILT))?;
        if self.days.first().is_some_and(|day| day.day < 0) && from - x.within(f64::MIN) > 60.0 {
            canvas.text(words::burn_in(language), (x.within(f64::MIN) + 5.0, top + 14.0), TICK)?;
        }
        Ok(())
    }

    fn draw_lines(&self, canvas: &Canvas<'_>, x: &Axis, y: &Axis) -> Result<(), Failed> {
        let days: Vec<(f64, [f64; 2])> =
            self.parted().filter_map(|day| Some((x.at(day.day as f64), day.band()?))).collect();
        let parting = self.parting().map(|(day, share)| (x.at(day), share));
        let parting_band = parting.filter(|_| days.len() > 1).map(|(place, share)| (place, [share; 2]));
        let banded: Vec<(f64, [f64; 2])> = parting_band.into_iter().chain(days).collect();
        if banded.len() > 1 {
            let upper = banded.iter().map(|(place, [_, high])| (*place, y.at(*high)));
            let lower = banded.iter().rev().map(|(place, [low, _])| (*place, y.at(low.max(0.0))));
            canvas.area(&upper.chain(lower).collect::<Vec<_>>(), palette::TILT_BAND)?;
        } else if let Some((place, [low, high])) = banded.first() {
            canvas.upright(*place, y.at(low.max(0.0)), y.at(*high), palette::TILT, 1.5)?;
        }
        let without: Vec<_> = self.days.iter().map(|day| (x.at(day.day as f64), y.at(day.without))).collect();
        let with = self.parted().map(|day| (x.at(day.day as f64), y.at(day.with)));
        let with: Vec<_> = parting.map(|(place, share)| (place, y.at(share))).into_iter().chain(with).collect();
        canvas.line(&without, palette::BASELINE, 2.0)?;
        canvas.line(&with, palette::TILT, 2.5)?;
        if self.days.len() > MOST_DOTS {
            return Ok(());
        }
        for &point in &without {
            canvas.dot(point, 2.0, palette::BASELINE)?;
        }
        for day in self.parted() {
            canvas.dot((x.at(day.day as f64), y.at(day.with)), 3.0, palette::TILT)?;
        }
        Ok(())
    }

    /// Names at the ends of the lines, kept apart.
    fn draw_names(&self, canvas: &Canvas<'_>, x: &Axis, y: &Axis, language: Language) -> Result<(), Failed> {
        let Some(last) = self.days.last() else { return Ok(()) };
        let place = x.at(last.day as f64 + 0.5) + 6.0;
        let [without, with] = [last.without, last.with].map(|share| y.at(share));
        let middle = 0.5 * (without + with);
        let apart = 0.5 * (without - with).abs().max(17.0);
        let (above, below) = (middle - apart + 4.0, middle + apart + 4.0);
        let [without_y, with_y] = if without <= with { [above, below] } else { [below, above] };
        let [without, with] = words::names(language);
        canvas.text(without, (place, without_y), Style::bold(11.5, palette::BASELINE))?;
        canvas.text(with, (place, with_y), Style::bold(11.5, palette::TILT))
    }
}

/// Every day, or every second, or every week: as many as can be read.
fn labelled_days(first: i64, last: i64) -> impl Iterator<Item = i64> {
    let step = [1, 2, 7, 14, 28, 91].into_iter().find(|step| (last - first) / step < 14).unwrap_or(364);
    (first..=last).filter(move |day| day % step == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_days_share_is_counted_over_regions_and_groups() {
        let mut tally = Tally::new(1, 1, 2, 2, 1, 2, 0);
        tally.exposure[[1, 1, 0, 0, 0, 0]] = 3;
        tally.exposure[[1, 1, 1, 0, 0, 0]] = 1;
        tally.exposure[[1, 1, 1, 0, 1, 0]] = 12;
        assert_eq!(share(&tally, 1, 1, 0), Some(25.0));
        assert_eq!((share(&tally, 1, 1, 1), share(&tally, 0, 1, 0)), (Some(75.0), None));
    }

    #[test]
    fn long_runs_are_labelled_by_weeks() {
        assert_eq!(labelled_days(-3, 6).count(), 10);
        assert_eq!(labelled_days(-14, 56).collect::<Vec<_>>(), [-14, -7, 0, 7, 14, 21, 28, 35, 42, 49, 56]);
    }
}
