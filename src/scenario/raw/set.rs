//! `--set KEY=VALUE`: edits a document before it is checked.

use super::check::entry_name;
use super::document::{Content, Node, Table, default_value, value};
use super::fault::{Fault, Place, ScenarioError};
use super::suggest::closest;
use crate::scenario::keys::{self, Fallback, Key, Kind, Meaning, meaning};
use crate::scenario::presets;
use std::str::FromStr;

/// One edit: the key and the text of its value, TOML or else a plain string.
///
/// Entries of arrays are named by id, name or index: `arm.protest-5.tilt.0.multiply`. A topic of the preset that the file
/// does not mention gets its `[[topic]]` entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Path of the key.
    pub key: String,
    /// Text of the value.
    pub value: String,
}

impl Override {
    /// An edit that sets `key` to `value`.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

impl FromStr for Override {
    type Err = ScenarioError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Ok(Self::new(key.trim(), value.trim())),
            _ => Err(ScenarioError::NotAnOverride { text: text.to_owned() }),
        }
    }
}

/// Makes all edits, in order; those that cannot be made are returned.
pub(super) fn apply(root: &mut Table, overrides: &[Override]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for edit in overrides {
        let edit = Edit { edit, preset: preset_topics(root) };
        let segments: Vec<&str> = edit.edit.key.split('.').collect();
        if segments.iter().any(|segment| segment.is_empty()) {
            faults.push(edit.fault("expected names joined by single dots"));
        } else if let Err(fault) = edit.set(root, "", &segments) {
            faults.push(fault);
        }
    }
    faults
}

/// Ids of the topics that an override may call into being.
fn preset_topics(root: &Table) -> Vec<&'static str> {
    let named = root.get("catalogue").and_then(|node| node.content.table()?.get("topics")?.content.text());
    let name = named.map_or_else(default_preset, ToOwned::to_owned);
    presets::topics(&name).iter().map(|topic| topic.id).collect()
}

fn default_preset() -> String {
    match keys::find("catalogue.topics").map(|key| key.fallback) {
        Some(Fallback::Value(text)) => default_value(text).text().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

struct Edit<'a> {
    edit: &'a Override,
    preset: Vec<&'static str>,
}

type Outcome = Result<(), Fault>;

impl Edit<'_> {
    fn set(&self, table: &mut Table, pattern: &str, segments: &[&str]) -> Outcome {
        let Some((&name, rest)) = segments.split_first() else { return Ok(()) };
        let meaning = meaning(pattern, name);
        if rest.is_empty() {
            let node = self.node(self.content(kind(&meaning)));
            table.insert(name.to_owned(), node);
            return Ok(());
        }
        if let Meaning::Array(pattern) = meaning {
            let node = table.entry(name.to_owned()).or_insert_with(|| self.node(Content::List(Vec::new())));
            return self.set_in_array(node, name, &pattern, rest);
        }
        let node = table.entry(name.to_owned()).or_insert_with(|| self.node(Content::Table(Table::new())));
        match (&mut node.content, &meaning) {
            (Content::Table(below), Meaning::Table(pattern) | Meaning::ValueOrTable(_, pattern)) => {
                self.set(below, pattern, rest)
            }
            // An unknown name: what is below it is kept for the check, which reports the name.
            (Content::Table(below), _) => self.set(below, "?", rest),
            (Content::List(nodes), _) => self.set_in_list(nodes, name, kind(&meaning), rest),
            (other, _) => {
                Err(self.fault(format!("{name} is {other}; expected a table below which {} stands", rest.join("."))))
            }
        }
    }

    fn set_in_array(&self, node: &mut Node, name: &str, pattern: &str, segments: &[&str]) -> Outcome {
        let Content::List(nodes) = &mut node.content else {
            return Err(self.fault(format!("{name} is {}; expected an array of tables", node.content)));
        };
        let index = self.entry_index(nodes, name, pattern, segments[0])?;
        if segments.len() == 1 {
            nodes[index] = self.node(self.content(None));
            return Ok(());
        }
        match &mut nodes[index].content {
            Content::Table(table) => self.set(table, pattern, &segments[1..]),
            other => Err(self.fault(format!("{name}.{} is {other}; expected a table", segments[0]))),
        }
    }

    /// The entry called `segment`; a topic of the preset is created.
    fn entry_index(&self, nodes: &mut Vec<Node>, name: &str, pattern: &str, segment: &str) -> Result<usize, Fault> {
        let names: Vec<String> = nodes.iter().enumerate().map(|(index, node)| entry_name(node, index)).collect();
        let by_index = || segment.parse().ok().filter(|&index: &usize| index < nodes.len());
        if let Some(index) = names.iter().position(|known| known == segment).or_else(by_index) {
            return Ok(index);
        }
        let creates = pattern == "topic[]";
        if creates && self.preset.contains(&segment) {
            let id = self.node(Content::Text(segment.to_owned()));
            nodes.push(self.node(Content::Table(Table::from([("id".to_owned(), id)]))));
            return Ok(nodes.len() - 1);
        }
        let mut known: Vec<&str> = names.iter().map(String::as_str).collect();
        if creates {
            known.extend(self.preset.iter().filter(|id| !names.iter().any(|name| name == *id)));
        }
        let found = format!("no {name} is called {segment:?}; expected {}", or_list(&known));
        let meant = closest(segment, known).map(|known| self.edit.key.replacen(segment, known, 1));
        Err(self.fault(found).meant(meant))
    }

    fn set_in_list(&self, nodes: &mut [Node], name: &str, kind: Option<Kind>, segments: &[&str]) -> Outcome {
        let index = segments[0].parse().ok().filter(|&index: &usize| index < nodes.len() && segments.len() == 1);
        let Some(index) = index else {
            let last = nodes.len().saturating_sub(1);
            return Err(self.fault(format!("{name} is a list of {}; expected an index from 0 to {last}", nodes.len())));
        };
        let of = if let Some(Kind::List { of, .. }) = kind { Some(*of) } else { None };
        nodes[index] = self.node(self.content(of));
        Ok(())
    }

    /// The value: TOML if it is some and not a number or the like where a string is expected, else a plain string.
    fn content(&self, kind: Option<Kind>) -> Content {
        let plain = || Content::Text(self.edit.value.clone());
        match value(&self.edit.value, &self.place()) {
            Some(Content::Integer(_) | Content::Number(_) | Content::Boolean(_) | Content::Date(_))
                if kind.is_some_and(|kind| kind.takes_text()) =>
            {
                plain()
            }
            Some(content) => content,
            None => plain(),
        }
    }

    fn place(&self) -> Place {
        Place::Set(self.edit.key.clone())
    }

    fn node(&self, content: Content) -> Node {
        Node { key: self.place(), place: self.place(), content }
    }

    fn fault(&self, problem: impl Into<String>) -> Fault {
        Fault::new(self.place(), &self.edit.key, problem)
    }
}

fn kind(meaning: &Meaning) -> Option<Kind> {
    match meaning {
        Meaning::Value(Key { kind, .. }) | Meaning::ValueOrTable(Key { kind, .. }, _) => Some(*kind),
        _ => None,
    }
}

/// `a, b or c`, shortened when long.
fn or_list(names: &[&str]) -> String {
    match names {
        [] => "an entry, and the file has none".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] if first.len() < 8 => format!("{} or {last}", first.join(", ")),
        many => format!("one of {} such as {}", many.len(), many[..3].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::raw::document::read;

    fn edited(text: &str, edits: &[&str]) -> (Table, Vec<Fault>) {
        let mut root = read(text).expect("the test's text is TOML");
        let edits: Vec<Override> = edits.iter().map(|edit| edit.parse().expect("KEY=VALUE")).collect();
        let faults = apply(&mut root, &edits);
        (root, faults)
    }

    fn at<'a>(root: &'a Table, path: &[&str]) -> &'a Content {
        let (last, tables) = path.split_last().expect("a path");
        let table = tables.iter().fold(root, |table, name| table[*name].content.table().expect("a table"));
        &table[*last].content
    }

    #[test]
    fn a_value_is_toml_or_else_a_plain_string() {
        let (root, faults) =
            edited("", &["feed.temperature=0.3", "name=2024", "question=What is it?", "measure.track=['a']"]);
        assert!(faults.is_empty());
        assert_eq!(at(&root, &["feed", "temperature"]), &Content::Number(0.3));
        assert_eq!(at(&root, &["name"]), &Content::Text("2024".into()));
        assert_eq!(at(&root, &["question"]), &Content::Text("What is it?".into()));
        assert_eq!(at(&root, &["measure", "track"]).list().map(<[Node]>::len), Some(1));
    }

    #[test]
    fn entries_are_named_by_name_or_index() {
        let text = "[[arm]]\nname = 'a'\n[[arm.tilt]]\nmultiply = 1.0";
        let (root, faults) = edited(text, &["arm.a.tilt.0.multiply=2.0", "arm.0.against=b"]);
        assert!(faults.is_empty());
        let arm = at(&root, &["arm"]).list().expect("a list")[0].content.table().expect("a table");
        assert_eq!(at(arm, &["against"]), &Content::Text("b".into()));
        assert_eq!(
            at(arm, &["tilt"]).list().expect("a list")[0].content.table().expect("a table")["multiply"].content,
            Content::Number(2.0)
        );
    }

    #[test]
    fn a_topic_of_the_preset_gets_its_entry() {
        let (root, faults) = edited("", &["topic.protest.share=0.01", "topic.protest.supply=0.02"]);
        assert!(faults.is_empty());
        let topics = at(&root, &["topic"]).list().expect("a list");
        assert_eq!(topics.len(), 1);
        assert_eq!(entry_name(&topics[0], 0), "protest");
    }

    #[test]
    fn an_unknown_entry_is_refused_with_a_suggestion() {
        let (_, faults) = edited("", &["topic.protst.share=0.01"]);
        assert_eq!(faults[0].meant.as_deref(), Some("topic.protest.share"));
        let (_, faults) = edited("catalogue.topics = 'none'", &["topic.protest.share=0.01"]);
        assert_eq!(faults[0].problem, "no topic is called \"protest\"; expected an entry, and the file has none");
    }

    #[test]
    fn text_without_a_key_is_no_override() {
        assert!("feed.temperature".parse::<Override>().is_err());
        assert!("=3".parse::<Override>().is_err());
    }
}
