//! A scenario as typed: finds the text, reads it, applies `--set`, and holds every key against the key table.
//!
//! This is the only part of `scenario` that touches files. What the values mean together is left to
//! [`resolve`].

mod check;
pub(super) mod document;
mod fault;
mod form;
mod set;
pub(super) mod suggest;

use super::presets::SHIPPED;
use super::{Scenario, resolve};
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use suggest::closest;

pub use fault::{Fault, Faults, Place, ScenarioError};
pub use set::Override;

/// What `-` is called in messages.
const STANDARD_INPUT: &str = "standard input";

/// Loads a scenario: the name of a shipped one, `-` for standard input, or a path.
///
/// A shipped name wins over a file of the same name (`./quickstart` is the file). Overrides are applied before the check.
pub fn load(scenario: &str, overrides: &[Override]) -> Result<Scenario, ScenarioError> {
    let (origin, text) = find(scenario)?;
    parse(&origin, &text, overrides)
}

/// Where a scenario's text comes from, for messages, and the text.
///
/// `init` copies it; [`load`] parses it.
pub fn find(scenario: &str) -> Result<(String, String), ScenarioError> {
    if let Some((name, text)) = SHIPPED.iter().find(|(name, _)| *name == scenario) {
        return Ok(((*name).to_owned(), (*text).to_owned()));
    }
    if scenario == "-" {
        return Ok((STANDARD_INPUT.to_owned(), decode(STANDARD_INPUT, read_input()?)?));
    }
    Ok((scenario.to_owned(), decode(scenario, read_file(scenario)?)?))
}

/// Parses the text of a scenario. `origin` stands in messages; its file stem is the scenario's name if none is given.
pub fn parse(origin: &str, text: &str, overrides: &[Override]) -> Result<Scenario, ScenarioError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(ScenarioError::Empty { origin: origin.to_owned() });
    }
    let invalid = |faults| ScenarioError::Invalid(Box::new(Faults::new(origin, text, faults)));
    let mut root = document::read(text).map_err(invalid)?;
    let mut faults = set::apply(&mut root, overrides);
    faults.extend(check::document(&mut root));
    resolve::scenario(&root, &stem(origin), faults).map_err(invalid)
}

/// The name a scenario has when its file gives none.
fn stem(origin: &str) -> String {
    if origin == STANDARD_INPUT {
        return "standard-input".to_owned();
    }
    Path::new(origin).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read_input() -> Result<Vec<u8>, ScenarioError> {
    let mut bytes = Vec::new();
    let unreadable = |cause| ScenarioError::Unreadable { origin: STANDARD_INPUT.to_owned(), cause };
    io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn read_file(name: &str) -> Result<Vec<u8>, ScenarioError> {
    let path = Path::new(name);
    if path.is_dir() {
        return Err(ScenarioError::Folder { path: path.to_owned(), hint: folder_hint(path) });
    }
    fs::read(path).map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => ScenarioError::Missing { name: name.to_owned(), hint: missing_hint(name) },
        _ => ScenarioError::Unreadable { origin: name.to_owned(), cause },
    })
}

/// A finished run's folder holds its scenario; any other folder is a slip.
fn folder_hint(path: &Path) -> String {
    let resolved = path.join("scenario.toml");
    if resolved.is_file() {
        format!("hint: the scenario of this run is {}", resolved.display())
    } else {
        "hint: name a file in it".to_owned()
    }
}

fn missing_hint(name: &str) -> String {
    let with_ending = format!("{name}.toml");
    if Path::new(&with_ending).is_file() {
        return format!("hint: did you mean {with_ending}?");
    }
    let shipped = || SHIPPED.iter().map(|(name, _)| *name);
    match closest(name, shipped()) {
        Some(meant) => format!("hint: did you mean the shipped scenario {meant}?"),
        None => format!("hint: shipped scenarios are {}", shipped().collect::<Vec<_>>().join(", ")),
    }
}

fn decode(origin: &str, bytes: Vec<u8>) -> Result<String, ScenarioError> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = String::from_utf8_lossy(valid).matches('\n').count() + 1;
        ScenarioError::NotText { origin: origin.to_owned(), line }
    })
}
