//! What all pictures are told: plain figures, where they come from, what the topic is called.

use std::collections::BTreeMap;

use super::Chart;
use crate::provenance::VERSION;
use crate::report::Results;
use crate::report::figures::{ArmFigures, is_partial, tilted_topics};
use crate::report::words::language::Language;
use crate::scenario::{Redraw, Scenario};

/// Where the figures of a picture come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the tilted arm; `None` where a picture shows several.
    pub arm: Option<String>,
    /// The arm it is compared with; `None` is the baseline.
    pub against: Option<String>,
    /// Seed of the run.
    pub seed: u64,
    /// Version of feedtilt.
    pub version: String,
    /// People simulated.
    pub users: u32,
    /// People that scaled counts stand for.
    pub represents: u64,
    /// Replicates.
    pub replicates: u32,
    /// What a replicate draws anew.
    pub redraw: Redraw,
    /// Days compared.
    pub days: u32,
    /// Regions, which are shown together.
    pub regions: usize,
    /// Whether single people are those of an audience that leaves some out.
    pub partial_audience: bool,
    /// Share of the slots that heating was to have and that no heated post was left for, where it matters.
    pub unheated: Option<f64>,
}

/// What a topic is called in each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Label by language.
    pub by_language: BTreeMap<String, String>,
    /// What stands in for a missing label.
    pub id: String,
}

/// A figure with its 95 % interval, which few replicates do not give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower and upper end.
    pub interval: Option<[f64; 2]>,
}

impl Origin {
    /// Origin of the figures of one arm.
    pub fn of_arm(scenario: &Scenario, figures: &ArmFigures) -> Self {
        let arm = &scenario.arms[figures.arm];
        Self {
            scenario: scenario.name.clone(),
            arm: Some(arm.name.clone()),
            against: figures.against.map(|index| scenario.arms[index].name.clone()),
            seed: scenario.replicates.seed,
            version: VERSION.to_owned(),
            users: scenario.population.users,
            represents: scenario.population.represents,
            replicates: scenario.replicates.count,
            redraw: scenario.replicates.redraw,
            days: figures.days() as u32,
            regions: scenario.population.regions.len(),
            partial_audience: is_partial(scenario, figures.arm),
            unheated: figures.unheated,
        }
    }
}

impl Label {
    /// Label of a topic.
    pub fn of_topic(scenario: &Scenario, topic: usize) -> Self {
        let topic = &scenario.topics[topic];
        Self { by_language: topic.label.clone(), id: topic.id.clone() }
    }

    /// In a language; in English where that language is missing.
    pub fn text(&self, language: Language) -> &str {
        let english = || self.by_language.get(Language::En.code());
        self.by_language.get(language.code()).or_else(english).unwrap_or(&self.id)
    }
}

impl Estimate {
    /// In another unit.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { value: self.value * factor, interval: self.interval.map(|ends| ends.map(|end| end * factor)) }
    }

    /// Whether the interval leaves open which sign the figure has.
    pub fn may_be_zero(&self) -> bool {
        self.interval.is_some_and(|[low, high]| low <= 0.0 && 0.0 <= high)
    }
}

/// A picture for every topic that an arm tilts, each with a name for its files; the tracked topics where an arm names none.
///
/// The first of all has the plain name of the chart, the others add arm and topic: names in a scenario have no dots, so no
/// two are the same.
pub fn of_tilted_topics<C: Chart + 'static>(
    results: &Results<'_>,
    chart: &str,
    make: impl Fn(&ArmFigures, usize, String) -> Option<C>,
) -> Vec<Box<dyn Chart>> {
    let scenario = results.scenario;
    let topics = |figures: &ArmFigures| {
        let named = tilted_topics(&scenario.arms[figures.arm]);
        if named.is_empty() { scenario.measure.track.clone() } else { named }
    };
    let arms = results.figures.arms.iter();
    let pairs = arms.flat_map(|figures| topics(figures).into_iter().map(move |topic| (figures, topic)));
    let stem = |number: usize, figures: &ArmFigures, topic: usize| match number {
        0 => chart.to_owned(),
        _ => format!("{chart}.{}.{}", scenario.arms[figures.arm].name, scenario.topics[topic].id),
    };
    let made = pairs.enumerate().map(|(number, (figures, topic))| make(figures, topic, stem(number, figures, topic)));
    made.flatten().map(|chart| Box::new(chart) as Box<dyn Chart>).collect()
}
