//! `feedtilt init`: writes a commented scenario to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use super::args::InitArguments;
use super::console::{Console, print, strong};
use super::error::{Error, exit};
use crate::report::words::wrap;
use crate::scenario::keys::is_slug;
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
    let Some((from, text)) = shipped(from) else { return Err(unknown(from)) };
    let name = typed.unwrap_or(from);
    if !is_slug(name) {
        return Err(no_slug(name));
    }
    let path = PathBuf::from(format!("{name}.toml"));
    write_new(&path, &renamed(text, from, name))?;
    console.say(format_args!("wrote {0}, a copy of {from}; next: feedtilt check {0}", path.display()));
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

/// The text with the new name, and with commands in its comments that run the copy.
fn renamed(text: &str, from: &str, name: &str) -> String {
    if from == name {
        return text.to_owned();
    }
    let mut text = text.replacen(&format!("name = \"{from}\""), &format!("name = \"{name}\""), 1);
    for command in ["run", "check"] {
        text = text.replace(&format!("`feedtilt {command} {from}`"), &format!("`feedtilt {command} {name}.toml`"));
    }
    text
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
