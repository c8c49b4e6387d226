//! `docs/scenario-keys.md`, made from the key table.

use super::{Fallback, Key, SECTIONS, Section, TILTS, TiltKeys, all};
use std::fmt::Write;

/// The page, complete.
pub fn documentation() -> String {
    let mut page = String::from(
        "# Keys of the scenario file\n\n\
         Made from `src/scenario/keys`; do not edit. C1, C2 … are the calibration targets of `docs/validation.md`; \
         \"start value\" marks a constant that `feedtilt calibrate` fits.\n\n\
         `<name>` stands for a region or topic.\n",
    );
    for section in SECTIONS {
        section_to(&mut page, section);
    }
    page
}

fn section_to(page: &mut String, section: &Section) {
    let heading = heading(section);
    let _ = write!(page, "\n## {heading}\n\n{}\n\n", section.doc);
    if section.path == "arm[].tilt[]" {
        TILTS.iter().for_each(|tilt| page.push_str(&tilt_line(tilt)));
        page.push('\n');
    }
    page.push_str("| key | meaning | value | unit | default | source |\n|---|---|---|---|---|---|\n");
    for key in all().filter(|key| owner(key) == section.path) {
        let name =
            key.path.strip_prefix(section.path).unwrap_or(key.path).trim_start_matches('.').replace('*', "<name>");
        let (meaning, kind, unit, source) = (key.meaning(), key.kind, key.unit, key.source);
        let _ = writeln!(page, "| `{name}` | {meaning} | {kind} | {unit} | {} | {source} |", fallback(key));
    }
}

fn tilt_line(tilt: &TiltKeys) -> String {
    let listed = |keys: &[&str]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let more = if tilt.optional.is_empty() { String::new() } else { format!("; takes {}", listed(tilt.optional)) };
    let ramp = tilt.on_or_off.map_or_else(String::new, |why| format!("; `ramp_days` is 0: {why}"));
    format!("- `{}` {}. Needs {}{more}{ramp}.\n", tilt.name, tilt.doc, listed(tilt.required))
}

fn heading(section: &Section) -> String {
    let name = section.path.replace("[]", "");
    match (section.path, section.entries) {
        ("", _) => "Head of the file".to_owned(),
        (_, Some(_)) => format!("`[[{name}]]`"),
        (_, None) => format!("`[{name}]`"),
    }
}

/// The longest section path that a key lies in.
fn owner(key: &Key) -> &'static str {
    let holds = |path: &str| path.is_empty() || key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    SECTIONS.iter().map(|section| section.path).filter(|path| holds(path)).max_by_key(|path| path.len()).unwrap_or("")
}

fn fallback(key: &Key) -> String {
    match key.fallback {
        Fallback::Required => "required".to_owned(),
        Fallback::Value(text) => format!("`{text}`"),
        Fallback::Derived(text) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_on_the_page_once() {
        let rows = documentation().lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, all().count());
    }

    #[test]
    fn no_cell_breaks_its_row() {
        assert!(
            documentation().lines().filter(|line| line.starts_with('|')).all(|line| line.matches('|').count() == 7)
        );
    }
}
