//! How a table or an array of tables is written, for hints.

use super::document::Content;
use super::suggest::closest;
use crate::scenario::keys::{self, Fallback, SECTIONS, join};

/// A path pattern as a file has it: `arm.tilt` for `arm[].tilt[]`.
pub(super) fn written(pattern: &str) -> String {
    pattern.replace("[]", "")
}

/// The section whose last name this is, or nearly.
pub(super) fn section_of(name: &str) -> Option<&'static str> {
    let last = |path: &'static str| path.rsplit('.').next().unwrap_or(path).trim_end_matches("[]");
    let meant = closest(name, SECTIONS.iter().map(|section| last(section.path)).filter(|last| !last.is_empty()))?;
    SECTIONS.iter().map(|section| section.path).find(|path| last(path) == meant)
}

/// How a section is written; `found` is what stands in its place.
pub(super) fn of_section(pattern: &str, found: &Content) -> String {
    if pattern.ends_with("[]") { of_array(pattern, found) } else { of_table(pattern) }
}

/// Most names of keys in a hint.
const MOST_NAMES: usize = 8;

/// `write [feed.prior]; it takes impressions, valid_play, like`.
pub(super) fn of_table(pattern: &str) -> String {
    let names = keys::children(pattern);
    let more = if names.len() > MOST_NAMES { " and others" } else { "" };
    let shown = &names[..names.len().min(MOST_NAMES)];
    format!("write [{}]; it takes {}{more}", written(pattern), shown.join(", "))
}

/// `write [[population.region]] for each, with id = "de" and share`.
pub(super) fn of_array(pattern: &str, found: &Content) -> String {
    let called = name_in(pattern, found);
    let with = |name: &str| match &called {
        Some(called) if ["id", "name"].contains(&name) => format!("{name} = \"{called}\""),
        _ => name.to_owned(),
    };
    let required = keys::children(pattern).into_iter().filter(|name| is_required(pattern, name));
    let required: Vec<String> = required.map(with).collect();
    let listed = match required.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => required.concat(),
    };
    format!("write [[{}]] for each, with {listed}", written(pattern))
}

/// What was meant where an entry's name was typed as a key, such as `de = 0.5` for a region.
pub(super) fn of_entry(pattern: &str, name: &str, found: &Content) -> Option<String> {
    let named = ["id", "share"].iter().all(|key| keys::find(&join(pattern, key)).is_some());
    (named && found.number().is_some()).then(|| format!("write id = \"{name}\" and share = {found}"))
}

fn is_required(pattern: &str, name: &str) -> bool {
    keys::find(&join(pattern, name)).is_some_and(|key| key.fallback == Fallback::Required)
}

/// The name that an entry was given outside of its `id` or `name`: as a plain string, or as a key of the table.
fn name_in(pattern: &str, found: &Content) -> Option<String> {
    let known = keys::children(pattern);
    let called = match found {
        Content::Text(text) => Some(text),
        Content::Table(table) => table.keys().find(|name| !known.contains(&name.as_str())),
        _ => None,
    };
    called.filter(|name| keys::is_slug(name)).cloned()
}
