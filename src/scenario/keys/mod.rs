//! Every key of the scenario file: path, type, unit, range, default, source and meaning, each in this one place.
//!
//! Validation, error messages, `docs/scenario-keys.md` and the JSON Schema are made from this table. It must not know how a
//! file is read ([`raw`](super::raw)) or what its values mean together ([`resolve`](super::resolve)).
//!
//! A path is a pattern: `topic[]` is an entry of the array `topic`, `*` any name.

mod json;
mod kind;
mod meaning;
mod page;
mod people;
mod platform;
mod schema;
mod section;
mod study;
mod tilt;

pub use kind::{Kind, Range};
pub use meaning::{Meaning, children, meaning};
pub use page::documentation;
pub use schema::{SCHEMA_FILE, schema};
pub use section::{SECTIONS, Section, section};
pub use tilt::{BY_KIND, EVERY_TILT, TILT_KINDS, TILTS, TiltKeys, tilt};

use kind::{above, below, between, deviation, log_odds, share, whole, within};

/// One key of the scenario file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// Path pattern, such as `arm[].tilt[].classifier.recall`.
    pub path: &'static str,
    /// Type and allowed range.
    pub kind: Kind,
    /// Unit, empty when there is none.
    pub unit: &'static str,
    /// What holds when the key is not given.
    pub fallback: Fallback,
    /// Where the default comes from.
    pub source: &'static str,
    /// Meaning, in a sentence.
    pub doc: &'static str,
}

/// What holds when a key is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// The key must be given wherever its table is (a table that is no array entry is always there).
    Required,
    /// This value, as TOML text.
    Value(&'static str),
    /// A value made from others, described in words.
    Derived(&'static str),
}

/// Longest name, in characters; names become names of files.
pub const SLUG_LENGTH: usize = 64;
/// Most topics of a scenario.
pub const MOST_TOPICS: usize = 64;
/// Most tracked topics of a scenario, tilted ones included.
pub const MOST_TRACKED: usize = 8;
/// Standard deviation over topics of the topic part of approval, log-odds (C25b: log like rate across topics).
pub const TOPIC_APPROVAL_SD: f64 = 0.38;

/// Names of the engines.
pub const ENGINES: &[&str] = &["cells", "candidates"];
/// Names of the ways to fill a slot.
pub const CHOICES: &[&str] = &["softmax", "noisy_top", "epsilon_greedy"];
/// Temperature fitted for the engine `cells`.
pub const CELLS_TEMPERATURE: f64 = 0.2706;
/// Temperature fitted for the engine `candidates` by `examples/fit_temperature.rs`.
pub const CANDIDATES_TEMPERATURE: f64 = 0.3;
/// Most injected accounts of a scenario.
pub const MOST_ACCOUNTS: u64 = 100_000;

/// Builds a table of keys; the doc comment above a row becomes its meaning.
macro_rules! keys {
    ($(#[doc = $about:literal])* $table:ident; $($(#[doc = $doc:literal])+ $path:literal: $kind:expr, $unit:literal, $fallback:expr, $source:literal;)+) => {
        $(#[doc = $about])*
        pub(super) const $table: &[Key] = &[$(Key {
            path: $path,
            kind: $kind,
            unit: $unit,
            fallback: $fallback,
            source: $source,
            doc: concat!($($doc),+),
        }),+];
    };
}
use keys;

/// All keys, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Key> {
    [people::KEYS, platform::KEYS, study::KEYS].into_iter().flatten()
}

/// The key with this path pattern.
pub fn find(path: &str) -> Option<&'static Key> {
    all().find(|key| key.path == path)
}

/// Whether a pattern is a table: some key lies below it.
pub fn is_table(path: &str) -> bool {
    path.is_empty() || all().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// Whether a pattern is an array of tables.
pub fn is_array(path: &str) -> bool {
    is_table(&format!("{path}[]"))
}

/// Joins a table's path and a name.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl Key {
    /// Pattern of the table that holds the key, and the key's own name.
    pub fn split(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }

    /// Meaning without the leading space of a doc comment.
    pub fn meaning(&self) -> &'static str {
        self.doc.trim()
    }

    /// What a value must be, unit included, for messages.
    pub fn expected(&self) -> String {
        if self.unit.is_empty() { self.kind.to_string() } else { format!("{} ({})", self.kind, self.unit) }
    }
}

/// Whether `name` is a slug: `[a-z0-9-]+`, at most [`SLUG_LENGTH`] characters.
pub fn is_slug(name: &str) -> bool {
    (1..=SLUG_LENGTH).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn paths_are_unique() {
        let paths: BTreeSet<_> = all().map(|key| key.path).collect();
        assert_eq!(paths.len(), all().count());
    }

    #[test]
    fn every_key_has_a_meaning_and_a_source() {
        for key in all() {
            assert!(key.meaning().ends_with('.'), "{}", key.path);
            assert!(!key.source.is_empty(), "{}", key.path);
        }
    }

    #[test]
    fn sections_are_tables_of_the_table() {
        for section in SECTIONS {
            assert!(is_table(section.path), "{}", section.path);
            assert_eq!(section.entries.is_some(), section.path.ends_with("[]"), "{}", section.path);
        }
    }

    #[test]
    fn whole_numbers_fit_the_fields_they_fill() {
        let wide = ["population.represents", "record.max_rows", "replicates.seed"];
        for key in all().filter(|key| !wide.contains(&key.path)) {
            if let Kind::Integer { least, most } = key.kind {
                assert!(least >= 0 && most <= i64::from(u32::MAX), "{}", key.path);
            }
        }
    }

    #[test]
    fn the_sd_named_in_the_text_is_the_one_used() {
        let approval = find("topic[].approval").expect("a key of the table");
        assert!(matches!(approval.fallback, Fallback::Derived(text) if text.contains(&TOPIC_APPROVAL_SD.to_string())));
    }

    #[test]
    fn the_temperatures_named_in_the_text_are_the_ones_used() {
        let Fallback::Derived(text) = find("feed.temperature").expect("a key of the table").fallback else {
            panic!("it depends on the engine")
        };
        for (engine, temperature) in [("cells", CELLS_TEMPERATURE), ("candidates", CANDIDATES_TEMPERATURE)] {
            let told = format!("{temperature} with `{engine}`");
            assert!(text.contains(&told) || text == format!("{temperature} with either engine"), "{told}");
        }
    }

    #[test]
    fn slugs_are_lower_case_words_with_hyphens() {
        assert!(is_slug("human-rights") && is_slug("2025"));
        assert!(!is_slug("") && !is_slug("Human") && !is_slug("a_b") && !is_slug(&"a".repeat(65)));
    }
}
