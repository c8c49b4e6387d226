//! Dose–response: the shift against the strength of a tilt.
//!
//! Changes are on a log scale, and so are strengths that are factors: half and double lie equally far from one, and a
//! constant elasticity is a straight line. Strengths that are shares begin at zero, which has no logarithm.

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Estimate, Label, Origin};
use super::{Chart, Table, palette};
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::dose_response::{doses, families};
use crate::report::words::chart::Words;
use crate::report::words::chart::dose_response as words;
use crate::report::words::language::Language;
use crate::scenario::TiltKind;

/// Name of the chart.
pub const NAME: &str = "dose-response";

/// The picture of arms that differ in the strength of one tilt alone, for one topic.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseResponse {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// What the strength is.
    pub strength: Strength,
    /// From the lowest strength to the highest.
    pub doses: Vec<Dose>,
}

/// One arm, or the baseline as the point of no tilt.
#[derive(Debug, Clone, PartialEq)]
pub struct Dose {
    /// The factor or share.
    pub strength: f64,
    /// Change of the share of exposure, per cent; `None` where one of the shares is zero.
    pub change: Option<Estimate>,
}

/// What a strength is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Factor on the score of a video.
    Score,
    /// Factor on the chance that a video is shown to somebody who would have met it.
    Chance,
    /// Share of the videos that lose their place in the feed.
    Videos,
    /// Share of all slots that go to chosen videos.
    Slots,
    /// Share of the videos that are withheld in some regions.
    Withheld,
    /// Factor on the score of demoted accounts' videos.
    Demoted,
    /// Factor on the weight of new videos among those that reserved slots choose from.
    Reserved,
    /// Hours for which videos are held back.
    Hours,
    /// Spread of people's value weights, standard deviation of the logarithm.
    Spread,
}

impl Strength {
    /// Of a kind of tilt; `None` where there is nothing between off and on.
    const fn of(kind: TiltKind) -> Option<Self> {
        match kind {
            TiltKind::Score { .. } => Some(Self::Score),
            TiltKind::Throttle { .. } => Some(Self::Chance),
            TiltKind::NotForFeed { .. } | TiltKind::SelfOnly { .. } => Some(Self::Videos),
            TiltKind::Heat { .. } => Some(Self::Slots),
            TiltKind::GeoBlock { .. } => Some(Self::Withheld),
            TiltKind::DemoteCreators { .. } => Some(Self::Demoted),
            TiltKind::ColdStart { .. } => Some(Self::Reserved),
            TiltKind::Delay { .. } => Some(Self::Hours),
            TiltKind::Jitter { .. } => Some(Self::Spread),
            TiltKind::Feed { .. } | TiltKind::Head { .. } | TiltKind::ReachCap { .. } => None,
        }
    }

    /// Whether no tilt is a factor of one, not a share of zero.
    pub const fn is_factor(self) -> bool {
        matches!(self, Self::Score | Self::Chance | Self::Demoted | Self::Reserved)
    }

    /// What stands for no tilt.
    const fn neutral(self) -> f64 {
        if self.is_factor() { 1.0 } else { 0.0 }
    }

    /// On the scale of the axis; `None` where that has no place for it.
    fn scaled(self, strength: f64) -> Option<f64> {
        if self.is_factor() { Some(libm::log(strength)).filter(|log| log.is_finite()) } else { Some(strength) }
    }
}

/// The pictures of a run: one for every family of arms and topic.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    let scenario = results.scenario;
    let families = families(scenario);
    let all = doses(scenario, &results.figures);
    let curves = all.chunk_by(|one, other| (one.family, one.topic) == (other.family, other.topic));
    let made = curves.enumerate().filter_map(|(number, curve)| {
        let (family, topic) = (&families[curve[0].family], curve[0].topic);
        let first = family.arms[0];
        let strength = Strength::of(scenario.arms[first].tilts[family.tilt].kind)?;
        let stem = match number {
            0 => NAME.to_owned(),
            _ => format!("{NAME}.{}.{}", scenario.arms[first].name, scenario.topics[topic].id),
        };
        let dose = |dose: &crate::report::dose_response::Dose<'_>| {
            let shift = &dose.shift;
            let change = shift.relative.map(|value| Estimate { value, interval: shift.relative_ci95 }.times(100.0));
            Dose { strength: dose.strength, change }
        };
        Some(DoseResponse {
            stem,
            origin: Origin { arm: None, ..Origin::of_arm(scenario, &results.figures.arms[first]) },
            topic: Label::of_topic(scenario, topic),
            strength,
            doses: curve.iter().map(dose).collect(),
        })
    });
    made.map(|chart| Box::new(chart) as Box<dyn Chart>).collect()
}

/// Height of the plot.
const HEIGHT: f64 = 280.0;
/// Space to the right of the points.
const ROOM: f64 = 92.0;
/// Numbers at the axes.
const TICK: Style = Style::regular(11.0, palette::MUTED);

/// Log of one plus a change in per cent. Nothing falls by more than all but a thousandth of it.
fn log_change(percent: f64) -> f64 {
    libm::log((1.0 + percent / 100.0).max(1e-3))
}

impl Chart for DoseResponse {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn words(&self, language: Language) -> Words {
        words::words(self, language)
    }

    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed> {
        let room = WIDTH - 2.0 * MARGIN;
        let top = canvas.paragraph(words::change_axis(language), (MARGIN, top + 12.0), room, TICK)? + 4.0;
        let bottom = top + HEIGHT;
        let y = self.change_axis([bottom, top]);
        let ticks = change_ticks(y.values());
        let label = |&value: &f64| words::change_tick(value, language);
        let widest = ticks.iter().map(|value| TICK.width(&label(value))).fold(0.0, f64::max);
        let [left, right] = [MARGIN + widest + 8.0, WIDTH - MARGIN];
        let x = self.strength_axis([left + 12.0, right - ROOM]);
        let right = right - ROOM + 12.0;
        for value in &ticks {
            let place = y.at(log_change(*value));
            let colour = if *value == 0.0 { palette::AXIS } else { palette::GRID };
            canvas.line(&[(left, place), (right, place)], colour, 1.0)?;
            canvas.text(&label(value), (left - 6.0, place + 4.0), TICK.at(Align::End))?;
        }
        // Both scales have no tilt at zero: log of one, share of zero.
        canvas.line(&[(x.at(0.0), top), (x.at(0.0), bottom)], palette::AXIS, 1.0)?;
        canvas.line(&[(left, bottom), (right, bottom)], palette::AXIS, 1.0)?;
        if self.strength.is_factor() {
            draw_proportion(canvas, &x, &y, language)?;
        }
        self.draw_doses(canvas, &x, &y)?;
        self.draw_strengths(canvas, &x, bottom, language)?;
        let room = WIDTH - MARGIN - left;
        let end = canvas.paragraph(&words::strength_axis(self, language), (left, bottom + 18.0), room, TICK)?;
        words::left_out(self, language).map_or(Ok(end), |note| canvas.paragraph(&note, (left, end), room, TICK))
    }

    fn tables(&self) -> Vec<Table> {
        let ends = |end: usize| {
            let of_dose = |dose: &Dose| dose.change.and_then(|change| change.interval).map(|ends| ends[end]);
            Cells::RealIfAny(self.doses.iter().map(of_dose).collect())
        };
        let mut columns = Columns::default();
        columns.push("strength", Cells::RealIfAny(self.doses.iter().map(|dose| Some(dose.strength)).collect()));
        let changes = self.doses.iter().map(|dose| dose.change.map(|change| change.value));
        columns.push("change_percent", Cells::RealIfAny(changes.collect()));
        columns.push("low_percent", ends(0));
        columns.push("high_percent", ends(1));
        vec![Table { suffix: "", columns }]
    }
}

impl DoseResponse {
    /// Place on the axis, and change, of every dose that has both.
    fn known(&self) -> impl Iterator<Item = (f64, Estimate)> {
        self.doses.iter().filter_map(|dose| Some((self.strength.scaled(dose.strength)?, dose.change?)))
    }

    /// Strengths that the scales have no place for.
    pub fn left_out(&self) -> impl Iterator<Item = f64> {
        let out = |dose: &&Dose| dose.change.is_none() || self.strength.scaled(dose.strength).is_none();
        self.doses.iter().filter(out).map(|dose| dose.strength)
    }

    /// Wide enough for all strengths and for no tilt.
    fn strength_axis(&self, places: [f64; 2]) -> Axis {
        let all = || self.known().map(|(place, _)| place);
        Axis::new([all().fold(0.0, f64::min), all().fold(0.0, f64::max)], places)
    }

    /// Wide enough for all changes with their intervals and for none.
    fn change_axis(&self, places: [f64; 2]) -> Axis {
        let all = || self.known().flat_map(|(_, change)| change.interval.into_iter().flatten().chain([change.value]));
        let (low, high) = (all().map(log_change).fold(0.0, f64::min), all().map(log_change).fold(0.0, f64::max));
        let room = if high > low { 0.06 * (high - low) } else { 0.05 };
        Axis::new([low - room, high + room], places)
    }

    fn draw_doses(&self, canvas: &Canvas<'_>, x: &Axis, y: &Axis) -> Result<(), Failed> {
        let point = |(place, change): (f64, Estimate)| (x.at(place), y.at(log_change(change.value)));
        canvas.line(&self.known().map(point).collect::<Vec<_>>(), palette::TILT, 1.5)?;
        for (place, change) in self.known() {
            let place = x.at(place);
            if let Some([low, high]) = change.interval {
                canvas.upright(place, y.at(log_change(low)), y.at(log_change(high)), palette::TILT, 1.5)?;
            }
            canvas.dot((place, y.at(log_change(change.value))), 3.5, palette::TILT)?;
        }
        Ok(())
    }

    /// Strengths below the axis: no tilt first, then the strongest, then whatever finds room.
    fn draw_strengths(&self, canvas: &Canvas<'_>, x: &Axis, bottom: f64, language: Language) -> Result<(), Failed> {
        let known = self.doses.iter().filter(|dose| dose.change.is_some()).map(|dose| dose.strength);
        let mut strengths: Vec<(f64, f64)> = known
            .chain([self.strength.neutral()])
            .filter_map(|strength| Some((self.strength.scaled(strength)?, strength)))
            .collect();
        let rank = |place: f64| if place == 0.0 { f64::NEG_INFINITY } else { -place.abs() };
        strengths.sort_by(|a, b| rank(a.0).total_cmp(&rank(b.0)));
        strengths.dedup();
        let mut taken: Vec<[f64; 2]> = Vec::new();
        for (place, strength) in strengths {
            let (place, label) = (x.at(place), words::strength(self.strength, strength, language));
            canvas.line(&[(place, bottom), (place, bottom + 4.0)], palette::AXIS, 1.0)?;
            let half = 0.5 * TICK.width(&label) + 3.0;
            if taken.iter().all(|[from, to]| place + half < *from || *to < place - half) {
                taken.push([place - half, place + half]);
                canvas.text(&label, (place, bottom + 15.0), TICK.at(Align::Middle))?;
            }
        }
        Ok(())
    }
}

/// Where the changes would lie if they were in proportion to the factor.
fn draw_proportion(canvas: &Canvas<'_>, x: &Axis, y: &Axis, language: Language) -> Result<(), Failed> {
    let ([low, high], [bottom, top]) = (x.values(), y.values());
    let (from, to) = (low.max(bottom), high.min(top));
    canvas.dashes((x.at(from), y.at(from)), (x.at(to), y.at(to)), palette::AXIS, 1.0)?;
    // The dashes end at the strongest factor or at the edge of the plot.
    let place = (x.at(to) + 16.0, y.at(to) - 0.6 * TICK.size);
    canvas.paragraph(words::proportion(language), place, ROOM - 16.0, TICK).map(|_| ())
}

/// Round changes, per cent, within a range of log changes.
fn change_ticks([low, high]: [f64; 2]) -> Vec<f64> {
    // Up to some five times as much, steps of equal size can be read; beyond, factors.
    if high - low < 1.6 {
        let percent = |log: f64| 100.0 * libm::expm1(log);
        return Axis::new([percent(low), percent(high)], [0.0, 1.0]).ticks(5).values;
    }
    let powers = (-3..=6).map(|power| libm::pow(10.0, f64::from(power)));
    let factors = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * power));
    let within = |factor: &f64| (low..=high).contains(&libm::log(*factor));
    let all: Vec<f64> = factors.filter(within).collect();
    let few: Vec<f64> = all.iter().copied().filter(|&factor| all.len() < 10 || power_of_ten(factor)).collect();
    few.into_iter().map(|factor| 100.0 * (factor - 1.0)).collect()
}

fn power_of_ten(factor: f64) -> bool {
    let log = libm::log10(factor);
    (log - log.round()).abs() < 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_changes_that_can_be_read() {
        let ends = |low: f64, high: f64| [log_change(low), log_change(high)];
        let near = |found: Vec<f64>, expected: &[f64]| {
            assert_eq!(found.len(), expected.len(), "{found:?}");
            found.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-9, "{found:?}"));
        };
        near(change_ticks(ends(-12.0, 11.0)), &[-10.0, -5.0, 0.0, 5.0, 10.0]);
        near(change_ticks(ends(-85.0, 620.0)), &[-80.0, -50.0, 0.0, 100.0, 400.0]);
    }
}
