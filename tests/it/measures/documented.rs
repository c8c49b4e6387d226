//! Every measure has its section in `docs/measures.md`, every section its measure, each in six parts.

use std::collections::BTreeMap;

use feedtilt::measure::{Measure, attribution, micro, persistence, shift};

/// The parts of a section, in order.
const PARTS: [&str; 6] = ["Definition", "Range", "Nothing tilted", "Needs", "Misleads", "Reference"];

/// Names of all measures: from tallies, of a shift, of single people.
pub fn names() -> Vec<&'static str> {
    let courses = [attribution::FIGURE, persistence::FIGURE];
    Measure::ALL.iter().map(Measure::name).chain(shift::FIGURES).chain(courses).chain(micro::FIGURES).collect()
}

/// The sections of the page: their parts' text by name.
fn sections() -> BTreeMap<String, Vec<String>> {
    let page = std::fs::read_to_string("docs/measures.md").expect("the page is there");
    let section = |text: &str| {
        let (name, body) = text.split_once("`\n").expect("a name in backticks");
        let body = body.split("\n## ").next().unwrap_or_default();
        let parts = body.split("\n- **").skip(1).map(|part| part.replacen(".** ", "\t", 1)).collect();
        (name.to_owned(), parts)
    };
    page.split("\n### `").skip(1).map(section).collect()
}

/// What a section says of nothing tilted: `0`, `1`, `null` or `the baseline's`.
pub fn untilted() -> BTreeMap<String, String> {
    let value = |parts: &Vec<String>| {
        let text = parts[2].split_once('\t').expect("checked below").1;
        text.split([':', '\n']).next().unwrap_or_default().trim().to_owned()
    };
    sections().iter().map(|(name, parts)| (name.clone(), value(parts))).collect()
}

#[test]
fn every_measure_has_its_section_and_every_section_its_measure() {
    let mut names = names();
    names.sort_unstable();
    let known = names.len();
    names.dedup();
    assert_eq!(names.len(), known, "no two measures share a name");
    let found: Vec<String> = sections().into_keys().collect();
    assert_eq!(found, names);
}

#[test]
fn every_section_has_six_parts_in_order() {
    for (name, parts) in sections() {
        let found: Vec<&str> = parts.iter().filter_map(|part| Some(part.split_once('\t')?.0)).collect();
        assert_eq!(found, PARTS, "{name}");
        assert!(
            parts
                .iter()
                .all(|part| part.split_once('\t').is_some_and(|(_, text)| text.trim().len() > 3 || text.trim() == "0")),
            "{name}"
        );
    }
}
