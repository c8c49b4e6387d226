//! The signature of feedtilt: what a tilt moved for the population, beside what single people would have noticed.
//!
//! On the left the shift of the topic's share of exposure with what chance alone does; on the right how the expected
//! weekly change is spread over people, with the ups and downs that a person's week has anyway.

mod histogram;
mod people;
mod population;

use super::axis::Axis;
use super::canvas::{Align, Canvas, Failed, MARGIN, Style, WIDTH};
use super::input::{Estimate, Label, Origin, of_tilted_topics};
use super::{Chart, Table, font, palette};
use crate::measure::UsersEffect;
use crate::measure::micro::NOTICEABLE;
use crate::report::Results;
use crate::report::columns::{Cells, Columns};
use crate::report::figures::ArmFigures;
use crate::report::words::chart::Words;
use crate::report::words::chart::signature as words;
use crate::report::words::language::Language;
use crate::scenario::Scenario;
use crate::stats::quantile::quantile;

use histogram::Histogram;

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
    /// 5th and 95th percentile of the changes with the noise of the simulation taken out.
    pub without_noise: Option<[f64; 2]>,
    /// Share of people who would more likely than not notice if they counted.
    pub noticeable_share: Option<f64>,
    /// The same with the noise of the simulation taken out, where it can be.
    pub noticeable_without_noise: Option<f64>,
}

/// Who would more likely than not notice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noticing {
    /// Nobody was found, noise and all.
    Nobody,
    /// Nobody is left once the noise of the simulation is taken out.
    NextToNobody,
    /// This share, without the noise where it can be taken out.
    Share(f64),
    /// It cannot be told.
    Unknown,
}

impl People {
    /// How many were looked at.
    pub fn count(&self) -> u64 {
        self.changes.len() as u64
    }

    /// Who would notice.
    pub fn noticing(&self) -> Noticing {
        match (self.noticeable_share, self.noticeable_without_noise.or(self.noticeable_share)) {
            (Some(0.0), _) => Noticing::Nobody,
            (Some(_), Some(0.0)) => Noticing::NextToNobody,
            (Some(_), Some(share)) => Noticing::Share(share),
            _ => Noticing::Unknown,
        }
    }

    /// Median of the changes.
    pub fn median(&self) -> Option<f64> {
        quantile(&self.changes, 0.5)
    }

    /// What two weeks of the median person differ by, up and down, in 19 of 20 pairs of weeks.
    pub fn ups_and_downs(&self) -> Option<f64> {
        quantile(&self.own_sd, 0.5).map(|sd| NOTICEABLE * sd)
    }
}

/// The pictures of a run.
pub fn of_run(results: &Results<'_>) -> Vec<Box<dyn Chart>> {
    of_tilted_topics(results, NAME, |figures, topic, stem| {
        Some(Signature {
            stem,
            origin: Origin::of_arm(results.scenario, figures),
            topic: Label::of_topic(results.scenario, topic),
            population: of_population(results.scenario, figures, topic)?,
            people: figures.users(topic).and_then(of_people),
        })
    })
}

/// `None` where nobody was looked at.
fn of_people(effect: &UsersEffect) -> Option<People> {
    let (changes, own_sd) = (effect.changes.clone(), effect.own_sd.clone());
    let someone = !changes.is_empty();
    let without_noise = effect.without_noise.p5.zip(effect.without_noise.p95).map(|(low, high)| [low, high]);
    someone.then_some(People {
        changes,
        own_sd,
        without_noise,
        noticeable_share: effect.noticeable_share,
        noticeable_without_noise: effect.without_noise.noticeable_share,
    })
}

/// `None` where nobody saw any video.
fn of_population(scenario: &Scenario, figures: &ArmFigures, topic: usize) -> Option<Population> {
    let share = figures.share(topic);
    let (reference, arm, difference) = (share.reference?, share.arm?, share.difference?);
    let verdict = match share.relative {
        _ if share.identical => Verdict::Identical,
        _ if share.untold().is_some() => Verdict::Untold,
        Some(_) => Verdict::Moved,
        None if arm == 0.0 => Verdict::Vanished,
        None => Verdict::Appeared,
    };
    // Where nothing is told the interval that is drawn includes zero: that of the relative change, if it does.
    let untold = share.untold();
    let own = share.relative_ci95.filter(|[low, high]| untold.is_none() || (*low <= 0.0 && 0.0 <= *high));
    let relative_ends = own.or(untold.map(|ends| ends.map(|end| (end / reference).max(-1.0))));
    let relative = share.relative.map(|value| Estimate { value, interval: relative_ends });
    let points = Estimate { value: difference, interval: untold.or(share.difference_ci95) };
    // A floor is a difference of shares; per cent are of the share compared with.
    let (unit, shift, floor_unit) =
        relative.map_or((Unit::Points, points, 100.0), |relative| (Unit::Percent, relative, 100.0 / reference));
    let scale = scenario.population.represents as f64 / f64::from(scenario.population.users);
    let moved = figures.impressions(topic);
    let views = moved.difference.map(|value| Estimate { value, interval: moved.difference_ci95 }.times(scale));
    Some(Population {
        unit,
        verdict,
        shift: shift.times(100.0),
        model_band: scenario
            .model_band(figures.arm, topic)
            .filter(|_| unit == Unit::Percent)
            .map(|ends| ends.map(|end| end * 100.0)),
        floor_worlds: share.floor_worlds.map(|floor| floor * floor_unit),
        floor_fork: share.floor_fork.map(|floor| floor * floor_unit),
        views: views.filter(|views| !views.may_be_zero() && views.value != 0.0),
    })
}

/// Space between the two panels.
const GUTTER: f64 = 28.0;
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
            return population::draw(self, canvas, panel, [top + 10.0, 0.0], language);
        };
        let width = 0.5 * (whole - GUTTER);
        let left = Panel { left: MARGIN, width };
        let right = Panel { left: MARGIN + width + GUTTER, width };
        let left_head = head(canvas, left, top, &words::population(self, language))?;
        let right_head = head(canvas, right, top, &words::people(people, &self.origin, language))?;
        let top = left_head.max(right_head) + 10.0;
        let [right_axis, right_end] = people::draw(self, people, canvas, right, top, language)?;
        let left_end = population::draw(self, canvas, left, [top, right_axis], language)?;
        Ok(left_end.max(right_end))
    }

    fn tables(&self) -> Vec<Table> {
        let mut tables = vec![Table { suffix: "", columns: population::table(self) }];
        if let Some(people) = &self.people {
            tables.push(Table { suffix: ".people", columns: Histogram::new(people).table() });
        }
        tables.push(Table { suffix: ".figures", columns: self.figures_table() });
        tables
    }
}

/// A figure with its unit: name, unit, value, ends.
type Figure = (&'static str, &'static str, Option<f64>, Option<[f64; 2]>);

/// Heading, figure in large letters, and what it counts; says where they end.
fn head(canvas: &Canvas<'_>, panel: Panel, top: f64, words: &words::Head) -> Result<f64, Failed> {
    let place = |y: f64| (panel.left, y);
    let end = canvas.paragraph(words.heading, place(top + 14.0), panel.width, Style::bold(12.5, palette::INK))?;
    let end = canvas.paragraph(&words.figure, place(end + 2.0), panel.width, Style::bold(25.0, palette::TILT))?;
    canvas.paragraph(&words.note, place(end), panel.width, Style::regular(12.0, palette::INK))
}

impl Signature {
    /// The figures in large letters and at single marks.
    fn figures_table(&self) -> Columns<'static> {
        let mut rows: Vec<Figure> = Vec::new();
        if let Some(views) = self.population.views {
            rows.push(("views moved", "videos", Some(views.value), views.interval));
        }
        if let Some(people) = &self.people {
            rows.push(("people looked at", "people", Some(people.count() as f64), None));
            let percent = |share: Option<f64>| share.map(|share| share * 100.0);
            rows.push(("people who could notice", "percent", percent(people.noticeable_share), None));
            let without_noise = percent(people.noticeable_without_noise);
            rows.push(("people who could notice without noise", "percent", without_noise, None));
            let beyond = Histogram::new(people);
            rows.push(("people beyond the bars", "percent", Some(beyond.percent(beyond.beyond())), None));
            rows.push(("median change", "videos per week", people.median(), None));
            rows.push(("9 of 10 people without noise", "videos per week", None, people.without_noise));
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
