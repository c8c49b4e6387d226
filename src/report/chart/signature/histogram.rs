//! How many people have which expected change.

use super::{People, TICK, words};
use crate::report::chart::axis::{Axis, round_step};
use crate::report::chart::canvas::{Align, Canvas, Failed};
use crate::report::chart::palette;
use crate::report::columns::{Cells, Columns};
use crate::report::words::language::Language;
use crate::stats::quantile::quantile;

/// How the changes are spread over people.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Histogram {
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
    pub(super) fn new(people: &People) -> Self {
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

    pub(super) fn range(&self) -> [f64; 2] {
        [self.edge(0), self.edge(self.counts.len())]
    }

    pub(super) fn beyond(&self) -> usize {
        self.outside[0] + self.outside[1]
    }

    fn total(&self) -> usize {
        self.counts.iter().sum::<usize>() + self.beyond()
    }

    /// Share of people in a bar, per cent.
    pub(super) fn percent(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.total().max(1) as f64
    }

    pub(super) fn draw(
        &self,
        canvas: &Canvas<'_>,
        x: &Axis,
        [top, bottom]: [f64; 2],
        median: Option<f64>,
        language: Language,
    ) -> Result<(), Failed> {
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
        let label = |value: f64| words::people_tick(value, ticks.power, value == last, language);
        // Where fewer bars are, unless the median's line would run through the labels there.
        let meets_median = median.is_some_and(|x| x > right - TICK.width(&label(last)) - 4.0);
        let on_the_right = self.lower_on_the_right() && !meets_median;
        let (place, at) = if on_the_right { (right, Align::End) } else { (left, Align::Start) };
        for &value in heights() {
            canvas.text(&label(value), (place, y.at(value) - 3.0), TICK.at(at))?;
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
    pub(super) fn table(&self) -> Columns<'static> {
        let edges =
            |offset: usize| Cells::RealIfAny((0..self.counts.len()).map(|bar| Some(self.edge(bar + offset))).collect());
        let percent = self.counts.iter().map(|&count| Some(self.percent(count))).collect();
        let mut columns = Columns::default();
        columns.push("change_from", edges(0));
        columns.push("change_to", edges(1));
        columns.push("people_percent", Cells::RealIfAny(percent));
        columns
    }
}
