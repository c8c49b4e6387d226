//! Lines and values of a TOML file.

use std::fmt::Write;

/// A file being written.
#[derive(Default)]
pub(super) struct File(pub String);

impl File {
    /// A line that opens a table, after an empty one.
    pub fn header(&mut self, header: &str) -> &mut Self {
        self.0.push('\n');
        self.0.push_str(header);
        self.0.push('\n');
        self
    }

    /// A line `key = value`.
    pub fn set(&mut self, key: &str, value: impl Literal) -> &mut Self {
        writeln!(self.0, "{key} = {}", value.toml()).expect("writing to a string cannot fail");
        self
    }
}

/// What can stand behind an equals sign.
pub(super) trait Literal {
    /// The value as TOML text.
    fn toml(self) -> String;
}

impl Literal for f64 {
    /// The shortest form that reads back as the same number; always with a point or an exponent.
    fn toml(self) -> String {
        format!("{self:?}")
    }
}

impl Literal for u32 {
    fn toml(self) -> String {
        self.to_string()
    }
}

impl Literal for u64 {
    fn toml(self) -> String {
        self.to_string()
    }
}

impl Literal for bool {
    fn toml(self) -> String {
        self.to_string()
    }
}

impl Literal for &str {
    fn toml(self) -> String {
        toml::Value::String(self.to_owned()).to_string()
    }
}

impl Literal for &String {
    fn toml(self) -> String {
        self.as_str().toml()
    }
}

impl<L: Literal> Literal for Vec<L> {
    fn toml(self) -> String {
        format!("[{}]", self.into_iter().map(Literal::toml).collect::<Vec<_>>().join(", "))
    }
}

impl<const N: usize> Literal for [f64; N] {
    fn toml(self) -> String {
        self.to_vec().toml()
    }
}

/// An inline table.
pub(super) struct Inline<L>(pub Vec<(String, L)>);

impl<L: Literal> Literal for Inline<L> {
    fn toml(self) -> String {
        let entries: Vec<String> = self.0.into_iter().map(|(key, value)| format!("{key} = {}", value.toml())).collect();
        if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
    }
}
