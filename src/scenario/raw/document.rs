//! A scenario file as typed: tables and values, each with the place it came from.

use super::fault::{Fault, Place};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// A table; names are sorted, the order in the file has no meaning.
pub(in crate::scenario) type Table = BTreeMap<String, Node>;

/// A value, its place, and the place of the key that names it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) struct Node {
    /// Place of the key; that of the value for entries of a list.
    pub key: Place,
    /// Place of the value.
    pub place: Place,
    /// The value.
    pub content: Content,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) enum Content {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A whole number too large to be held, as typed.
    HugeInteger(String),
    /// A number with a point or an exponent.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// A date or time, which no key takes.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// Reads a TOML text; all syntax errors are returned.
pub(in crate::scenario) fn read(text: &str) -> Result<Table, Vec<Fault>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(entries(table.get_ref(), &Place::File));
    }
    Err(errors.iter().map(|error| syntax_fault(error, text)).collect())
}

/// Reads one TOML value; `None` when the text is none.
pub(in crate::scenario) fn value(text: &str, place: &Place) -> Option<Content> {
    let value = DeValue::parse(text.trim()).ok()?;
    Some(content(value.get_ref(), &|_| place.clone()))
}

/// The value that a default of the key table stands for.
pub(in crate::scenario) fn default_value(text: &str) -> Content {
    value(text, &Place::Whole).expect("defaults of the key table are TOML, held by a test")
}

/// Turns a byte range of the parsed text into a place.
type Locate<'a> = &'a dyn Fn(std::ops::Range<usize>) -> Place;

fn syntax_fault(error: &toml::de::Error, text: &str) -> Fault {
    let place =
        error.span().map_or(Place::Whole, |span| Place::File(span.start..span.end.max(span.start).min(text.len())));
    Fault::new(place, "", error.message().trim())
}

fn entries(table: &DeTable<'_>, locate: Locate<'_>) -> Table {
    table
        .iter()
        .map(|(key, value)| {
            let node = Node {
                key: locate(key.span()),
                place: locate(value.span()),
                content: content(value.get_ref(), locate),
            };
            (key.get_ref().to_string(), node)
        })
        .collect()
}

fn list(array: &DeArray<'_>, locate: Locate<'_>) -> Vec<Node> {
    array
        .iter()
        .map(|entry: &Spanned<DeValue<'_>>| {
            let place = locate(entry.span());
            Node { key: place.clone(), place, content: content(entry.get_ref(), locate) }
        })
        .collect()
}

fn content(value: &DeValue<'_>, locate: Locate<'_>) -> Content {
    match value {
        DeValue::String(text) => Content::Text(text.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or_else(|_| Content::HugeInteger(integer.to_string()), Content::Integer),
        DeValue::Float(float) => Content::Number(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Content::Boolean(*flag),
        DeValue::Datetime(date) => Content::Date(date.to_string()),
        DeValue::Array(array) => Content::List(list(array, locate)),
        DeValue::Table(table) => Content::Table(entries(table, locate)),
    }
}

impl Content {
    /// The string, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Content::Text(text) = self { Some(text) } else { None }
    }

    /// The number, whole or not, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Content::Integer(integer) => Some(*integer as f64),
            Content::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The entries, if it is a list.
    pub fn list(&self) -> Option<&[Node]> {
        if let Content::List(nodes) = self { Some(nodes) } else { None }
    }

    /// The entries, if it is a table.
    pub fn table(&self) -> Option<&Table> {
        if let Content::Table(table) = self { Some(table) } else { None }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Text(text) if text.chars().count() > 60 => {
                write!(f, "\"{}…\"", text.chars().take(60).collect::<String>().escape_debug())
            }
            Content::Text(text) => write!(f, "\"{}\"", text.escape_debug()),
            Content::Integer(integer) => write!(f, "{integer}"),
            Content::HugeInteger(text) | Content::Date(text) => f.write_str(text),
            Content::Number(number) => write!(f, "{number:?}"),
            Content::Boolean(flag) => write!(f, "{flag}"),
            Content::List(nodes) => {
                write!(f, "a list of {}", nodes.len())
            }
            Content::Table(_) => f.write_str("a table"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::{self, Fallback};

    #[test]
    fn defaults_of_the_key_table_are_toml() {
        for key in keys::all() {
            if let Fallback::Value(text) = key.fallback {
                assert!(value(text, &Place::Whole).is_some(), "{}", key.path);
            }
        }
    }

    #[test]
    fn numbers_keep_their_kind() {
        let of = |text| value(text, &Place::Whole);
        assert_eq!(of("1_000"), Some(Content::Integer(1000)));
        assert_eq!(of("0xff"), Some(Content::Integer(255)));
        assert_eq!(of("1_0.5e1"), Some(Content::Number(105.0)));
        assert_eq!(of("-inf"), Some(Content::Number(f64::NEG_INFINITY)));
        assert_eq!(of("99999999999999999999"), Some(Content::HugeInteger("99999999999999999999".into())));
        assert_eq!(of("protest"), None);
        assert_eq!(of("1\nx = 2"), None);
    }
}
