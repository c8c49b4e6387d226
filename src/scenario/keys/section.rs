//! The tables of the scenario file.

use super::MOST_TOPICS;

/// A table, or an array of tables, of the scenario file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// Path pattern; ends in `[]` for an array of tables, empty for the top of the file.
    pub path: &'static str,
    /// Fewest and most entries of an array of tables.
    pub entries: Option<(usize, usize)>,
    /// Meaning, in a sentence.
    pub doc: &'static str,
}

/// Sections in the order of the documentation. Tables that only hold other keys need no entry.
pub const SECTIONS: &[Section] = &[
    Section { path: "", entries: None, doc: "What the scenario is about." },
    Section { path: "population", entries: None, doc: "Who watches." },
    Section {
        path: "population.region[]",
        entries: Some((0, 64)),
        doc: "Regions of people and creators; shares sum to 1. Without an entry there is one region, `all`.",
    },
    Section { path: "catalogue", entries: None, doc: "What can be watched." },
    Section {
        path: "topic[]",
        entries: Some((0, MOST_TOPICS)),
        doc: "Topics, 2 to 64 in all. An entry with the id of a preset's topic overrides what it names and leaves the rest; \
              any other id adds a topic.",
    },
    Section { path: "time", entries: None, doc: "The calendar." },
    Section { path: "shocks", entries: None, doc: "Noise in supply and demand that all arms share." },
    Section { path: "respond", entries: None, doc: "How people react to a video." },
    Section { path: "feed", entries: None, doc: "The platform's ranking." },
    Section {
        path: "feed.sources",
        entries: None,
        doc: "Where the candidates come from: shares of `feed.candidates`, which sum to 1. Engine `candidates` alone.",
    },
    Section {
        path: "feed.value",
        entries: None,
        doc: "Value weights V of the score, per predicted probability; at least one must be above 0.",
    },
    Section {
        path: "feed.tiers",
        entries: None,
        doc: "The grid on which the platform's belief about a video is kept.",
    },
    Section { path: "feed.prior", entries: None, doc: "What the platform believes of a video nobody has seen." },
    Section { path: "feed.cold_start", entries: None, doc: "Slots reserved for new posts." },
    Section {
        path: "loops",
        entries: None,
        doc: "Feedback loops that respond to a tilt. One that is off is replayed from the baseline's course.",
    },
    Section {
        path: "stay",
        entries: None,
        doc: "When people leave, where the loop `stay` is on: after each response a session may end.",
    },
    Section {
        path: "supply",
        entries: None,
        doc: "How creators react to reach, where the loop `supply` is on: once a day.",
    },
    Section {
        path: "interest",
        entries: None,
        doc: "How interests move, where the loop `interest` is on: once a week, away from where the baseline leaves them.",
    },
    Section { path: "measure", entries: None, doc: "What is measured beyond the standard set." },
    Section { path: "record", entries: None, doc: "How finely exposure is recorded." },
    Section {
        path: "arm[]",
        entries: Some((0, 255)),
        doc: "Worlds that differ from the baseline in their ranking. The arm `baseline` is implicit.",
    },
    Section {
        path: "arm[].tilt[]",
        entries: Some((1, 255)),
        doc: "One change of the ranking in this arm. What it is, `kind` says:",
    },
    Section { path: "arm[].tilt[].audience", entries: None, doc: "On whom the tilt acts." },
    Section {
        path: "arm[].tilt[].value",
        entries: None,
        doc: "Value weights that a tilt of the kind `head` puts in the place of those of `feed.value`; weights that are not named stay. \
              At least one must be above 0 afterwards.",
    },
    Section {
        path: "arm[].tilt[].classifier",
        entries: None,
        doc: "How well the platform finds the videos it means; drawn once per video.",
    },
    Section {
        path: "account[]",
        entries: Some((0, 255)),
        doc: "Accounts injected from outside, such as an auditor's: they are shown videos and learned from, but add to no counter, \
              so that everybody else sees the same with and without them. At most 100,000 in all.",
    },
    Section {
        path: "calibrate",
        entries: None,
        doc: "What `feedtilt calibrate` holds the scenario against; no run depends on it.",
    },
    Section {
        path: "uncertainty",
        entries: None,
        doc: "What is not known of the model: shifts with other constants that agree with the measured facts as well, and with the \
              model built otherwise.",
    },
    Section {
        path: "band",
        entries: None,
        doc: "The model band as computed; written by feedtilt. One that belongs to other settings is not shown.",
    },
    Section { path: "band.vector[]", entries: Some((0, 10_000)), doc: "Shifts with one accepted vector of constants." },
    Section {
        path: "structure",
        entries: None,
        doc: "What other structures say, as computed; written by feedtilt. What belongs to other settings is not shown.",
    },
    Section {
        path: "structure.combination[]",
        entries: Some((0, 255)),
        doc: "Shifts with one way to build the model.",
    },
    Section { path: "replicates", entries: None, doc: "Repetitions, from which the intervals come." },
    Section {
        path: "solved",
        entries: None,
        doc: "Topic appeals solved on the pre-run. Written by feedtilt; ignored when the settings they belong to have changed.",
    },
];

/// The section with this path pattern.
pub fn section(path: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.path == path)
}
