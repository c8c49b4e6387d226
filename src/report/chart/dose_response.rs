//! Dose–response: the shift against the strength of a tilt, through no shift at no tilt.
//!
//! Both directions are on a log scale, so that half and double lie equally far from one and a constant elasticity is a
//! straight line.

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Estimate, Label, Origin};
use super::{Chart, Table, palette};
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::words::chart::Words;
use crate::report::words::chart::dose_response as words;
use crate::report::words::language::Language;
use crate::scenario::{Scenario, Tilt, TiltKind};

/// Name of the chart.
pub const NAME: &str = "dose-response";
/// Fewest arms that make a curve.
const LEAST_ARMS: usize = 3;

/// The picture of arms that differ in the strength of one tilt alone.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseResponse {
    /// Name of its files.
    pub stem: String,
    /// Where the figures come from.
    pub origin: Origin,
    /// The topic.
    pub topic: Label,
    /// What the strength is a factor on.
    pub on: On,
    /// From the lowest factor to the highest.
    pub doses: Vec<Dose>,
}

/// One arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Dose {
    /// Its name.
    pub arm: String,
    /// The strength; 1 is no tilt.
    pub factor: f64,
    /// Change of the share, per cent; `None` where one of the shares is zero.
    pub change: Option<Estimate>,
}

/// What the strength is a factor on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The score of a video.
    Score,
    /// The chance that a video is shown to somebody who would have met it.
    Chance,
    /// The videos that keep their place in the feed.
    Videos,
}

/// The pictures of a run: one for every family of arms.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    let families = families(results.scenario);
    let made = families.iter().enumerate().map(|(number, family)| of_family(results, number, family));
    made.map(|chart| Box::new(chart) as Box<dyn Chart>).collect()
}

fn of_family(results: &Results<'_>, number: usize, family: &[Member]) -> DoseResponse {
    let scenario = results.scenario;
    let Member { arm: first, on, topic, .. } = family[0];
    let of_member = |member: &Member| {
        let share = results.figures.arms[member.arm].share(topic);
        let change = share.relative.map(|value| Estimate { value, interval: share.relative_ci95 }.times(100.0));
        Dose { arm: scenario.arms[member.arm].name.clone(), factor: member.factor, change }
    };
    let mut doses: Vec<Dose> = family.iter().map(of_member).collect();
    doses.sort_by(|a, b| a.factor.total_cmp(&b.factor));
    let stem = if number == 0 { NAME.to_owned() } else { format!("{NAME}.{}", scenario.arms[first].name) };
    let origin = Origin { arm: None, ..Origin::of_arm(scenario, &results.figures.arms[first]) };
    DoseResponse { stem, origin, topic: Label::of_topic(scenario, topic), on, doses }
}

/// An arm with one tilt whose strength is a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Member {
    arm: usize,
    topic: usize,
    on: On,
    factor: f64,
}

impl Member {
    /// A factor of zero has no place on a log scale, and a share of slots is no factor.
    fn new(arm: usize, tilts: &[Tilt]) -> Option<Self> {
        let [tilt] = tilts else { return None };
        let (on, factor) = match tilt.kind {
            TiltKind::Score { multiply } => (On::Score, multiply),
            TiltKind::Throttle { keep } => (On::Chance, keep),
            TiltKind::NotForFeed { share } => (On::Videos, 1.0 - share),
            TiltKind::Heat { .. } | TiltKind::Feed { .. } => return None,
        };
        (factor > 0.0).then_some(Self { arm, topic: tilt.topic?, on, factor })
    }
}

/// Arms that are the same but for the strength of their one tilt; at least three to a family.
fn families(scenario: &Scenario) -> Vec<Vec<Member>> {
    let mut families: Vec<Vec<Member>> = Vec::new();
    for member in scenario.arms.iter().enumerate().filter_map(|(arm, tilted)| Member::new(arm, &tilted.tilts)) {
        match families.iter_mut().find(|family| alike(scenario, family[0], member)) {
            Some(family) => family.push(member),
            None => families.push(vec![member]),
        }
    }
    families.retain(|family| family.len() >= LEAST_ARMS);
    families
}

fn alike(scenario: &Scenario, one: Member, other: Member) -> bool {
    let [first, second] = [one, other].map(|member| &scenario.arms[member.arm]);
    // The same tilts once their kinds, which carry the strength, are made equal.
    let same = Tilt { kind: second.tilts[0].kind, ..first.tilts[0].clone() } == second.tilts[0];
    one.on == other.on && first.against == second.against && same
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
        let x = self.factor_axis([left + 12.0, right - ROOM]);
        let right = right - ROOM + 12.0;
        for value in &ticks {
            let place = y.at(log_change(*value));
            let colour = if *value == 0.0 { palette::AXIS } else { palette::GRID };
            canvas.line(&[(left, place), (right, place)], colour, 1.0)?;
            canvas.text(&label(value), (left - 6.0, place + 4.0), TICK.at(Align::End))?;
        }
        canvas.line(&[(x.at(0.0), top), (x.at(0.0), bottom)], palette::AXIS, 1.0)?;
        canvas.line(&[(left, bottom), (right, bottom)], palette::AXIS, 1.0)?;
        self.draw_proportion(canvas, &x, &y, language)?;
        self.draw_doses(canvas, &x, &y)?;
        self.draw_factors(canvas, &x, bottom, language)?;
        let room = WIDTH - MARGIN - left;
        let end = canvas.paragraph(&words::factor_axis(self, language), (left, bottom + 18.0), room, TICK)?;
        words::left_out(self, language).map_or(Ok(end), |note| canvas.paragraph(&note, (left, end), room, TICK))
    }

    fn tables(&self) -> Vec<Table> {
        let ends = |end: usize| {
            let of_dose = |dose: &Dose| dose.change.and_then(|change| change.interval).map(|ends| ends[end]);
            Cells::RealIfAny(self.doses.iter().map(of_dose).collect())
        };
        let mut columns = Columns::default();
        columns.push("factor", Cells::RealIfAny(self.doses.iter().map(|dose| Some(dose.factor)).collect()));
        let changes = self.doses.iter().map(|dose| dose.change.map(|change| change.value));
        columns.push("change_percent", Cells::RealIfAny(changes.collect()));
        columns.push("low_percent", ends(0));
        columns.push("high_percent", ends(1));
        vec![Table { suffix: "", columns }]
    }
}

impl DoseResponse {
    /// Log of the factor, and change, of every dose that has one.
    fn known(&self) -> impl Iterator<Item = (f64, Estimate)> {
        self.doses.iter().filter_map(|dose| Some((libm::log(dose.factor), dose.change?)))
    }

    /// Wide enough for all factors and for one.
    fn factor_axis(&self, places: [f64; 2]) -> Axis {
        let logs = || self.known().map(|(log, _)| log);
        Axis::new([logs().fold(0.0, f64::min), logs().fold(0.0, f64::max)], places)
    }

    /// Wide enough for all changes with their intervals and for none.
    fn change_axis(&self, places: [f64; 2]) -> Axis {
        let all = || self.known().flat_map(|(_, change)| change.interval.into_iter().flatten().chain([change.value]));
        let (low, high) = (all().map(log_change).fold(0.0, f64::min), all().map(log_change).fold(0.0, f64::max));
        let room = if high > low { 0.06 * (high - low) } else { 0.05 };
        Axis::new([low - room, high + room], places)
    }

    /// Where the changes would lie if they were in proportion to the factor.
    fn draw_proportion(&self, canvas: &Canvas<'_>, x: &Axis, y: &Axis, language: Language) -> Result<(), Failed> {
        let ([low, high], [bottom, top]) = (x.values(), y.values());
        let (from, to) = (low.max(bottom), high.min(top));
        canvas.dashes((x.at(from), y.at(from)), (x.at(to), y.at(to)), palette::AXIS, 1.0)?;
        // The dashes end at the strongest factor or at the edge of the plot.
        let place = (x.at(to) + 16.0, y.at(to) - 0.6 * TICK.size);
        canvas.paragraph(words::proportion(language), place, ROOM - 16.0, TICK).map(|_| ())
    }

    fn draw_doses(&self, canvas: &Canvas<'_>, x: &Axis, y: &Axis) -> Result<(), Failed> {
        let mut curve: Vec<(f64, f64)> = self.known().map(|(place, change)| (place, log_change(change.value))).collect();
        // No tilt moves nothing: that holds without having been simulated.
        if curve.iter().all(|(place, _)| *place != 0.0) {
            curve.push((0.0, 0.0));
            curve.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let curve: Vec<(f64, f64)> = curve.into_iter().map(|(place, change)| (x.at(place), y.at(change))).collect();
        canvas.line(&curve, palette::TILT, 1.5)?;
        for (place, change) in self.known() {
            let place = x.at(place);
            if let Some([low, high]) = change.interval {
                canvas.upright(place, y.at(log_change(low)), y.at(log_change(high)), palette::TILT, 1.5)?;
            }
            canvas.dot((place, y.at(log_change(change.value))), 3.5, palette::TILT)?;
        }
        Ok(())
    }

    /// Factors below the axis: no tilt first, then the strongest, then whatever finds room.
    fn draw_factors(&self, canvas: &Canvas<'_>, x: &Axis, bottom: f64, language: Language) -> Result<(), Failed> {
        let known = self.doses.iter().filter(|dose| dose.change.is_some());
        let mut factors: Vec<f64> = known.map(|dose| dose.factor).chain([1.0]).collect();
        factors.sort_by(|a, b| rank(*a).total_cmp(&rank(*b)));
        factors.dedup();
        let mut taken: Vec<[f64; 2]> = Vec::new();
        for factor in factors {
            let (place, label) = (x.at(libm::log(factor)), words::factor(factor, language));
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

/// One comes first, then the others from far to near.
fn rank(factor: f64) -> f64 {
    if factor == 1.0 { f64::NEG_INFINITY } else { -libm::log(factor).abs() }
}

/// Round changes, per cent, within a range of log changes.
fn change_ticks([low, high]: [f64; 2]) -> Vec<f64> {
    if high - low < 1.0 {
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
    use crate::scenario::parse;

    /// Indices of the arms of every family.
    fn arms(tilts: &[&str]) -> Vec<Vec<usize>> {
        let mut text = "schema = 1\nname = 'x'\n[time]\ndays = 7\n".to_owned();
        for (number, tilt) in tilts.iter().enumerate() {
            text += &format!("[[arm]]\nname = 'a{number}'\n[[arm.tilt]]\ntopic = 'protest'\n{tilt}\n");
        }
        let families = families(&parse("x.toml", &text, &[]).unwrap());
        families.iter().map(|family| family.iter().map(|member| member.arm).collect()).collect()
    }

    #[test]
    fn arms_belong_together_when_strength_alone_differs() {
        let [half, double, one] = [0.5, 2.0, 1.0].map(|factor| format!("kind = 'score'\nmultiply = {factor}"));
        assert_eq!(arms(&[&half, &double, &one]), [[0, 1, 2]]);
        assert!(arms(&[&half, &double]).is_empty(), "two arms make no curve");
        let later = format!("{double}\nfrom_day = 1");
        assert!(arms(&[&half, &later, &one]).is_empty(), "another schedule");
        let fewer = format!("{double}\naudience.share = 0.5");
        assert!(arms(&[&half, &fewer, &one]).is_empty(), "another audience");
        assert_eq!(arms(&[&half, &later, &double, &one]), [[0, 2, 3]]);
        let kept = [0.5, 0.9, 0.0, 1.0].map(|keep| format!("kind = 'throttle'\nkeep = {keep}"));
        assert_eq!(arms(&[&half, &kept[0], &kept[1], &double, &kept[2], &kept[3]]), [[1, 2, 5]], "zero has no log");
    }

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
