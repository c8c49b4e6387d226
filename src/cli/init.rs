//! `feedtilt init`: writes a commented scenario to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use toml::de::DeTable;

use super::args::InitArguments;
use super::console::{Console, print, strong};
use super::error::{Error, exit};
use crate::report::words::wrap;
use crate::scenario::keys::{SCHEMA_FILE, is_slug, schema};
use crate::scenario::load;
use crate::scenario::presets::SHIPPED;

/// What is copied when nothing else is asked for.
const USUAL: &str = "quickstart";

/// Carries it out.
pub fn init(arguments: &InitArguments, console: Console) -> Result<u8, Error> {
    if arguments.list {
        return list();
    }
    let typed = arguments.name.as_deref().map(|name| name.strip_suffix(".toml").unwrap_or(name));
    let shipped = |name: &str| SHIPPED.iter().find(|(known, _)| *known == name);
    let from = arguments.from.as_deref().or(typed.filter(|name| shipped(name).is_some())).unwrap_or(USUAL);
    let Some(&(from, text)) = shipped(from) else { return Err(unknown(from)) };
    let name = typed.unwrap_or(from);
    if !is_slug(name) {
        return Err(no_slug(name));
    }
    let path = PathBuf::from(format!("{name}.toml"));
    write_new(&path, &if from == name { text.to_owned() } else { begun(text, from, name) })?;
    let beside =
        if write_schema()? { format!(", and {SCHEMA_FILE}, by which editors know its keys") } else { String::new() };
    let copy = if from == name { "a copy" } else { "with the settings" };
    console.say(format_args!("wrote {0}, {copy} of {from}{beside}; next: feedtilt check {0}", path.display()));
    Ok(exit::DONE)
}

/// Names and questions of the shipped scenarios.
fn list() -> Result<u8, Error> {
    for (name, _) in SHIPPED {
        let question = load(name, &[])?.question;
        let lines: Vec<String> = wrap(&question).lines().map(|line| format!("    {line}\n")).collect();
        print(&format!("{}\n{}", strong(name), lines.concat()))?;
    }
    Ok(exit::DONE)
}

/// A new scenario with the settings of a shipped one: it says nothing of what that one asks, expects and cites.
fn begun(text: &str, from: &str, name: &str) -> String {
    let new = [
        ("name", format!("\"{name}\"")),
        ("question", "\"\"     # what do you want to know? A sentence".to_owned()),
        ("expectation", "\"\"  # what do you expect? Write it before the first run".to_owned()),
        ("sources", "[]      # where do your figures come from?".to_owned()),
    ];
    let settings = with_values(text, &new);
    let settings = settings.find("\nschema = ").map_or(settings.as_str(), |at| &settings[at + 1..]);
    format!(
        "#:schema ./{SCHEMA_FILE}\n\
         # Begun with the settings of {from}. `feedtilt check {name}.toml` prints every key with its value,\n\
         # `feedtilt check {name}.toml --explain` says what they mean, and `feedtilt run {name}.toml` runs it.\n\
         # Lines that begin with # and no blank are examples that are switched off.\n\n{settings}"
    )
}

/// The text with other values for keys of its head, wherever and however they were written.
fn with_values(text: &str, new: &[(&str, String)]) -> String {
    let parsed = DeTable::parse(text).expect("shipped scenarios are TOML, held by a test");
    let span = |key: &str| parsed.get_ref().get(key).map(toml::Spanned::span);
    let mut places: Vec<_> = new.iter().filter_map(|(key, value)| Some((span(key)?, value))).collect();
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    places.into_iter().for_each(|(span, value)| text.replace_range(span, value));
    text
}

/// Puts the schema beside the scenario, whose first line names it; one that is there stays.
fn write_schema() -> Result<bool, Error> {
    let path = PathBuf::from(SCHEMA_FILE);
    match write_new(&path, &schema()) {
        Ok(()) => Ok(true),
        Err(_) if path.is_file() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes a file that is not there yet.
fn write_new(path: &PathBuf, text: &str) -> Result<(), Error> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|cause| match cause.kind() {
        ErrorKind::AlreadyExists => Error::Argument {
            argument: path.display().to_string(),
            problem: "is there already; feedtilt does not overwrite it".to_owned(),
            hint: "feedtilt init OTHER-NAME writes OTHER-NAME.toml".to_owned(),
        },
        _ => Error::File { path: path.clone(), verb: "written", cause },
    })
}

fn unknown(from: &str) -> Error {
    let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
    Error::Argument {
        argument: format!("--from {from}"),
        problem: "no shipped scenario has this name".to_owned(),
        hint: format!("shipped scenarios are {}", names.join(", ")),
    }
}

fn no_slug(name: &str) -> Error {
    Error::Argument {
        argument: name.to_owned(),
        problem: "expected a name of a-z, 0-9 and -, at most 64 characters".to_owned(),
        hint: "the name becomes the name of the file and of the run folder".to_owned(),
    }
}
