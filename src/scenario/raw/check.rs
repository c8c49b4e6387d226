//! Holds every key and value of a document against the key table.
//!
//! What is wrong is reported and taken out, so that later checks see sound values only.

use super::document::{Content, Node, Table};
use super::fault::{Fault, Place};
use super::form;
use super::suggest::closest;
use crate::scenario::keys::{self, Fallback, Key, Kind, Meaning, join, meaning};

/// Checks a whole document.
pub(super) fn document(root: &mut Table) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_table(root, &Place::Whole, "", "", &mut faults);
    forget_missing_keys_that_were_misspelt(&mut faults);
    faults
}

fn check_table(table: &mut Table, place: &Place, path: &str, pattern: &str, faults: &mut Vec<Fault>) {
    table.retain(|name, node| {
        let known = faults.len();
        check_entry(node, name, path, pattern, faults);
        faults.len() == known || matches!(node.content, Content::Table(_) | Content::List(_))
    });
    for key in keys::all().filter(|key| key.fallback == Fallback::Required) {
        let (parent, name) = key.split();
        if parent == pattern && !table.contains_key(name) && !reported(faults, &join(path, name)) {
            faults.push(missing(place, join(path, name), key));
        }
    }
    check_array_is_filled(table, place, path, pattern, faults);
    for name in absent_tables(table, pattern) {
        check_table(&mut Table::new(), place, &join(path, &name), &join(pattern, &name), faults);
    }
}

/// Arrays that need an entry have one.
fn check_array_is_filled(table: &Table, place: &Place, path: &str, pattern: &str, faults: &mut Vec<Fault>) {
    for section in keys::SECTIONS.iter().filter(|section| section.entries.is_some_and(|(least, _)| least > 0)) {
        let (parent, name) = section.path.rsplit_once('.').unwrap_or(("", section.path));
        let name = name.trim_end_matches("[]");
        let filled = table.get(name).is_some_and(|node| node.content.list() != Some(&[]));
        if parent == pattern && !filled && !reported(faults, &join(path, name)) {
            let header = form::written(section.path);
            let fault = Fault::new(place.clone(), join(path, name), "missing; expected at least one");
            faults.push(fault.hint(format!("add [[{header}]]")));
        }
    }
}

/// Tables below `pattern` that are not in the document; their required keys are missing too.
fn absent_tables(table: &Table, pattern: &str) -> Vec<String> {
    keys::SECTIONS
        .iter()
        .filter(|section| section.entries.is_none() && !section.path.is_empty())
        .map(|section| section.path.rsplit_once('.').unwrap_or(("", section.path)))
        .filter(|(parent, name)| *parent == pattern && !table.contains_key(*name))
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn reported(faults: &[Fault], path: &str) -> bool {
    faults.iter().any(|fault| fault.key == path)
}

fn missing(place: &Place, path: String, key: &Key) -> Fault {
    let fault = Fault::new(place.clone(), path, format!("missing; expected {}", key.expected()));
    if key.path == "schema" { fault.hint("begin the file with `schema = 1`") } else { fault }
}

/// A key that is missing only because it was misspelt is reported once, as misspelt.
fn forget_missing_keys_that_were_misspelt(faults: &mut Vec<Fault>) {
    let meant: Vec<String> = faults.iter().filter_map(|fault| fault.meant.clone()).collect();
    faults.retain(|fault| {
        !fault.problem.starts_with("missing;")
            || !meant.iter().any(|key| fault.key == *key || fault.key.starts_with(&format!("{key}.")))
    });
}

fn check_entry(node: &mut Node, name: &str, path: &str, pattern: &str, faults: &mut Vec<Fault>) {
    let path = join(path, name);
    match meaning(pattern, name) {
        Meaning::Value(key) => check_value(node, &path, key, faults),
        Meaning::ValueOrTable(key, pattern) => match &mut node.content {
            Content::Table(table) => check_table(table, &node.place, &path, &pattern, faults),
            _ => check_value(node, &path, key, faults),
        },
        Meaning::Table(pattern) => match &mut node.content {
            Content::Table(table) => check_table(table, &node.place, &path, &pattern, faults),
            Content::List(_) => faults.push(
                Fault::new(node.key.clone(), &path, "found an array of tables; expected one table")
                    .hint(form::of_table(&pattern)),
            ),
            other => faults.push(
                Fault::new(node.place.clone(), &path, format!("found {other}; expected a table"))
                    .hint(form::of_table(&pattern)),
            ),
        },
        Meaning::Array(pattern) => check_array(node, &path, &pattern, faults),
        Meaning::Unknown => faults.push(unknown(node, &path, pattern, name)),
    }
}

fn check_array(node: &mut Node, path: &str, pattern: &str, faults: &mut Vec<Fault>) {
    let Content::List(nodes) = &mut node.content else {
        let found = &node.content;
        let fault = Fault::new(node.key.clone(), path, format!("found {found}; expected an array of tables"));
        faults.push(fault.hint(form::of_array(pattern, found)));
        return;
    };
    if let Some((_, most)) = keys::section(pattern).and_then(|section| section.entries)
        && nodes.len() > most
    {
        let found = nodes.len();
        faults.push(Fault::new(node.key.clone(), path, format!("found {found} entries; expected at most {most}")));
    }
    for (index, entry) in nodes.iter_mut().enumerate() {
        let path = format!("{path}.{}", entry_name(entry, index));
        match &mut entry.content {
            Content::Table(table) => check_table(table, &entry.place, &path, pattern, faults),
            other => faults.push(
                Fault::new(entry.place.clone(), path, format!("found {other}; expected a table"))
                    .hint(form::of_array(pattern, other)),
            ),
        }
    }
    nodes.retain(|entry| matches!(entry.content, Content::Table(_)));
}

/// How an entry of an array is called in messages and overrides: by id, else by name, else by index.
pub(in crate::scenario) fn entry_name(entry: &Node, index: usize) -> String {
    let table = entry.content.table();
    let named = ["id", "name"].iter().find_map(|key| table?.get(*key)?.content.text());
    named.filter(|name| keys::is_slug(name)).map_or_else(|| index.to_string(), ToOwned::to_owned)
}

fn unknown(node: &Node, path: &str, pattern: &str, name: &str) -> Fault {
    let parent = path.strip_suffix(name).unwrap_or("");
    let meant = closest(name, keys::children(pattern)).map(|sibling| format!("{parent}{sibling}"));
    let fault = Fault::new(node.key.clone(), path, "unknown key");
    match (meant, form::section_of(name)) {
        (None, Some(section)) => {
            fault.meant(Some(form::written(section))).hint(form::of_section(section, &node.content))
        }
        (None, None) => match form::of_entry(pattern, name, &node.content) {
            Some(hint) => fault.hint(hint),
            None => fault.meant(elsewhere(name)),
        },
        (meant, _) => fault.meant(meant),
    }
}

/// Shorter names mean too many things for the same name in another table to be what was meant.
const TELLING: usize = 4;

/// The key of this name in another table.
fn elsewhere(name: &str) -> Option<String> {
    let namesake = keys::all().find(|key| key.split().1 == name && name.len() >= TELLING);
    namesake.map(|key| form::written(key.path))
}

fn check_value(node: &mut Node, path: &str, key: &Key, faults: &mut Vec<Fault>) {
    if let (Kind::List { of, least, most }, Content::List(nodes)) = (key.kind, &node.content) {
        if !(least..=most).contains(&nodes.len()) {
            faults.push(wrong(&node.place, path, &node.content, key));
        }
        for entry in nodes.iter().filter(|entry| !fits(&entry.content, of)) {
            let expected = if key.unit.is_empty() { of.to_string() } else { format!("{of} ({})", key.unit) };
            let problem = format!("found {}; expected {expected}", entry.content);
            faults.push(Fault::new(entry.place.clone(), path, problem));
        }
    } else if !fits(&node.content, &key.kind) {
        faults.push(wrong(&node.place, path, &node.content, key));
    }
}

fn wrong(place: &Place, path: &str, found: &Content, key: &Key) -> Fault {
    let fault = Fault::new(place.clone(), path, format!("found {found}; expected {}", key.expected()));
    match (key.kind, found) {
        (Kind::OneOf(options), Content::Text(text)) => {
            let meant = closest(text, options.iter().copied()).map(|option| format!("\"{option}\""));
            fault.meant(meant)
        }
        (Kind::Integer { .. }, Content::Number(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
            fault.hint(format!("a whole number is written without point and exponent: {number:.0}"))
        }
        (Kind::Integer { .. }, Content::Integer(_)) if key.path == "schema" => {
            fault.hint("this feedtilt reads schema 1; another version may read this file")
        }
        (Kind::Integer { .. } | Kind::Number(_), Content::Text(text)) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                fault.hint(format!("a number is written {}", written(number, key.kind)))
            }
            _ => fault,
        },
        (Kind::List { .. }, Content::Text(text)) if !matches!(place, Place::Set(_)) => {
            fault.hint(format!("a list of one is written [\"{text}\"]"))
        }
        (Kind::List { .. }, Content::Text(text)) if matches!(place, Place::Set(_)) => {
            let inner = text.trim_start_matches('[').trim_end_matches(']');
            fault.hint(format!("a list needs brackets and quotes that the shell leaves alone: '{path}=[\"{inner}\"]'"))
        }
        _ => fault,
    }
}

/// A number as TOML writes it for a kind.
fn written(number: f64, kind: Kind) -> String {
    if matches!(kind, Kind::Integer { .. }) && number.fract() == 0.0 {
        format!("{number:.0}")
    } else {
        format!("{number:?}")
    }
}

fn fits(content: &Content, kind: &Kind) -> bool {
    match (kind, content) {
        (Kind::Integer { .. }, Content::Integer(integer)) => kind.allows(*integer),
        (Kind::Number(range), Content::Integer(_) | Content::Number(_)) => {
            content.number().is_some_and(|number| range.contains(number))
        }
        (Kind::Text, Content::Text(_)) | (Kind::Boolean, Content::Boolean(_)) => true,
        (Kind::Slug, Content::Text(text)) => keys::is_slug(text),
        (Kind::OneOf(options), Content::Text(text)) => options.contains(&text.as_str()),
        _ => false,
    }
}
