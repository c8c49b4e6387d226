//! The registry: every measure that is taken from tallies.
//!
//! A new measure is one file that holds a [`Measure`], one line in [`Measure::ALL`], and one section in
//! `docs/measures.md`.

use super::{Course, cannibalisation, concentration, count, divergence, expected_share, moved, reach, share};

/// Values of one measure: one per topic, or a single one for the whole feed. `None` is undefined.
pub type Values = Vec<Option<f64>>;

/// What a measure has a value for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every topic.
    Topic,
    /// All topics together.
    Feed,
}

/// How a value comes about.
#[derive(Debug, Clone, Copy)]
pub enum Law {
    /// From one arm; two arms are compared by subtracting and dividing their values.
    Level(fn(&Course) -> Values),
    /// From an arm and its reference at once, given the topics that were tilted.
    Contrast(fn(&Course, &Course, &[usize]) -> Values),
}

/// One measure. Definition, range, limits and reference stand in `docs/measures.md`.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    name: &'static str,
    /// What it has a value for.
    pub scope: Scope,
    /// How the value comes about.
    pub law: Law,
}

impl Measure {
    /// All of them, in the order of the tables.
    pub const ALL: &'static [Self] = &[
        share::EXPOSURE,
        expected_share::EXPECTED,
        share::WATCH,
        count::IMPRESSIONS,
        count::WATCH_MS,
        count::VALID_PLAYS,
        count::LONG_VIEWS,
        count::LIKES,
        reach::REACHED,
        cannibalisation::BY_TOPIC,
        cannibalisation::TOTAL,
        moved::IMPRESSIONS,
        moved::WATCH_MS,
        divergence::JENSEN_SHANNON,
        divergence::TOTAL_VARIATION,
        concentration::GINI,
        concentration::TOP,
        concentration::HERFINDAHL,
        concentration::ENTROPY,
    ];

    /// A value per topic from one arm.
    pub(super) const fn level(name: &'static str, values: fn(&Course) -> Values) -> Self {
        Self { name, scope: Scope::Topic, law: Law::Level(values) }
    }

    /// A value per topic from two arms.
    pub(super) const fn contrast(name: &'static str, values: fn(&Course, &Course, &[usize]) -> Values) -> Self {
        Self { name, scope: Scope::Topic, law: Law::Contrast(values) }
    }

    /// The same, with one value for the whole feed.
    pub(super) const fn of_the_feed(self) -> Self {
        Self { scope: Scope::Feed, ..self }
    }

    /// Name in files.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl PartialEq for Measure {
    /// Names tell measures apart; a test holds that they are unique.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Measure {}
