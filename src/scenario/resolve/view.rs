//! Typed access to one table of a checked document, with the defaults of the key table.

use crate::scenario::keys::{self, Fallback, Kind, join};
use crate::scenario::raw::Place;
use crate::scenario::raw::document::{Content, Table, default_value};

/// One table, present in the document or not.
///
/// Values of the wrong type were taken out by the check; a placeholder stands for a required value that is missing. Neither
/// can reach a [`Scenario`](crate::scenario::Scenario), because a fault was reported with it.
#[derive(Debug, Clone)]
pub(super) struct View<'a> {
    table: Option<&'a Table>,
    place: Place,
    path: String,
    pattern: String,
}

impl<'a> View<'a> {
    /// The whole document.
    pub fn root(table: &'a Table) -> Self {
        Self { table: Some(table), place: Place::Whole, path: String::new(), pattern: String::new() }
    }

    /// An entry of an array that nobody typed: everything has its default.
    pub fn absent(path: &str, pattern: &str) -> Self {
        Self { table: None, place: Place::Whole, path: path.to_owned(), pattern: pattern.to_owned() }
    }

    /// The table `name` within this one.
    pub fn table(&self, name: &str) -> View<'a> {
        let node = self.table.and_then(|table| table.get(name));
        View {
            table: node.and_then(|node| node.content.table()),
            place: node.map_or_else(|| self.place.clone(), |node| node.place.clone()),
            path: join(&self.path, name),
            pattern: join(&self.pattern, name),
        }
    }

    /// The entries of the array of tables `name`; messages call an entry by its key `called`, or else by its index.
    pub fn array(&self, name: &str, called: &str) -> Vec<View<'a>> {
        let nodes = self.table.and_then(|table| table.get(name)?.content.list()).unwrap_or(&[]);
        let entry = |(index, node): (usize, &'a crate::scenario::raw::document::Node)| {
            let table = node.content.table();
            let name_of = table.and_then(|table| table.get(called)?.content.text());
            let entry = name_of.map_or_else(|| index.to_string(), ToOwned::to_owned);
            View {
                table,
                place: node.place.clone(),
                path: format!("{}.{entry}", join(&self.path, name)),
                pattern: format!("{}[]", join(&self.pattern, name)),
            }
        };
        nodes.iter().enumerate().map(entry).collect()
    }

    /// Path of a key of this table, for messages.
    pub fn path(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// Place of a value, or else of the table it is missing from.
    pub fn place(&self, name: &str) -> Place {
        self.given(name).map_or_else(|| self.place.clone(), |_| self.place_of(name))
    }

    fn place_of(&self, name: &str) -> Place {
        self.table.and_then(|table| table.get(name)).map_or(Place::Whole, |node| node.place.clone())
    }

    /// Names in this table, as typed.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.table.into_iter().flat_map(|table| table.keys().map(String::as_str))
    }

    /// The value as typed, if it was.
    pub fn given(&self, name: &str) -> Option<&'a Content> {
        self.table.and_then(|table| table.get(name)).map(|node| &node.content)
    }

    /// A number, if given.
    pub fn given_number(&self, name: &str) -> Option<f64> {
        self.given(name)?.number()
    }

    /// A whole number, if given.
    pub fn given_whole(&self, name: &str) -> Option<i64> {
        if let Some(Content::Integer(integer)) = self.given(name) { Some(*integer) } else { None }
    }

    /// A string, if given.
    pub fn given_text(&self, name: &str) -> Option<&'a str> {
        self.given(name)?.text()
    }

    /// A boolean, if given.
    pub fn given_flag(&self, name: &str) -> Option<bool> {
        if let Some(Content::Boolean(flag)) = self.given(name) { Some(*flag) } else { None }
    }

    /// Strings of a list with their places, if given.
    pub fn given_names(&self, name: &str) -> Option<Vec<(&'a str, Place)>> {
        let nodes = self.given(name)?.list()?;
        Some(nodes.iter().filter_map(|node| Some((node.content.text()?, node.place.clone()))).collect())
    }

    /// A number.
    pub fn number(&self, name: &str) -> f64 {
        self.given_number(name).or_else(|| self.fallback(name).number()).unwrap_or(0.0)
    }

    /// A whole number of a key whose range lies within `u32`.
    pub fn whole(&self, name: &str) -> u32 {
        u32::try_from(self.large(name)).unwrap_or(0)
    }

    /// A whole number; no key allows a negative one.
    pub fn large(&self, name: &str) -> u64 {
        let fallback = || if let Content::Integer(integer) = self.fallback(name) { integer } else { 0 };
        u64::try_from(self.given_whole(name).unwrap_or_else(fallback)).unwrap_or(0)
    }

    /// A string.
    pub fn text(&self, name: &str) -> String {
        let fallback = || self.fallback(name).text().unwrap_or_default().to_owned();
        self.given_text(name).map_or_else(fallback, ToOwned::to_owned)
    }

    /// A boolean.
    pub fn flag(&self, name: &str) -> bool {
        self.given_flag(name).unwrap_or_else(|| self.fallback(name) == Content::Boolean(true))
    }

    /// Strings of a list.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let fallback = self.fallback(name);
        let nodes = self.given(name).unwrap_or(&fallback).list().unwrap_or(&[]);
        nodes.iter().filter_map(|node| node.content.text()).map(ToOwned::to_owned).collect()
    }

    /// Numbers of a list of fixed length.
    pub fn numbers<const N: usize>(&self, name: &str) -> [f64; N] {
        let fallback = self.fallback(name);
        let nodes = self.given(name).unwrap_or(&fallback).list().unwrap_or(&[]);
        let mut numbers = [0.0; N];
        for (number, node) in numbers.iter_mut().zip(nodes) {
            *number = node.content.number().unwrap_or(0.0);
        }
        numbers
    }

    /// The default of the key table, or a placeholder where there is none.
    fn fallback(&self, name: &str) -> Content {
        let pattern = join(&self.pattern, name);
        let key = keys::find(&pattern).unwrap_or_else(|| panic!("{pattern} is no key of the key table"));
        match (key.fallback, key.kind) {
            (Fallback::Value(text), _) => default_value(text),
            (_, Kind::Text | Kind::Slug | Kind::OneOf(_)) => Content::Text(String::new()),
            (_, Kind::Boolean) => Content::Boolean(false),
            (_, Kind::Integer { .. }) => Content::Integer(0),
            (_, Kind::Number(_)) => Content::Number(0.0),
            (_, Kind::List { .. }) => Content::List(Vec::new()),
        }
    }
}
