//! What is wrong with a scenario, and where.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// Why a scenario could not be loaded. Nothing was run; the user can mend all of these.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Neither a file nor a shipped scenario.
    #[error("error: {name}: no such file, and no shipped scenario of this name\n{hint}")]
    Missing {
        /// What was asked for.
        name: String,
        /// Line that says what there is.
        hint: String,
    },
    /// A folder where a file is needed.
    #[error("error: {}: is a folder; expected a scenario file\n{hint}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Line that names a scenario in it.
        hint: String,
    },
    /// The system did not let the file be read.
    #[error("error: {origin}: could not be read: {cause}")]
    Unreadable {
        /// File, or `standard input`.
        origin: String,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// The file is no text.
    #[error("error: {origin}:{line}: not UTF-8; expected a TOML text\nhint: save the file with the encoding UTF-8")]
    NotText {
        /// File, or `standard input`.
        origin: String,
        /// Line of the first byte that is no UTF-8.
        line: usize,
    },
    /// There is nothing in the file.
    #[error("error: {origin}: the file is empty\nhint: `feedtilt init` writes a scenario to start from")]
    Empty {
        /// File, or `standard input`.
        origin: String,
    },
    /// Text that is no `KEY=VALUE`.
    #[error("error: --set {text}: expected KEY=VALUE, such as feed.temperature=0.3")]
    NotAnOverride {
        /// What was typed.
        text: String,
    },
    /// The text was read and is wrong; all faults of the file are listed.
    #[error(transparent)]
    Invalid(Box<Faults>),
}

/// All faults of one file.
#[derive(Debug)]
pub struct Faults {
    origin: String,
    text: String,
    list: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub place: Place,
    /// Key it is about, empty for errors of syntax.
    pub key: String,
    /// What was found and what is expected.
    pub problem: String,
    /// Key that was probably meant.
    pub meant: Option<String>,
    /// How to mend it.
    pub hint: Option<String>,
}

/// Where something was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Byte range of the file.
    File(Range<usize>),
    /// The key of a `--set`.
    Set(String),
    /// Nowhere: something that is not there.
    Whole,
}

impl Fault {
    pub(in crate::scenario) fn new(place: Place, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place, key: key.into(), problem: problem.into(), meant: None, hint: None }
    }

    pub(in crate::scenario) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(in crate::scenario) fn meant(mut self, key: Option<String>) -> Self {
        self.meant = key;
        self
    }

    /// Whether the fault leaves the values of a top-level section in doubt.
    pub(in crate::scenario) fn touches(&self, section: &str) -> bool {
        let first = |key: &str| key.split('.').next() == Some(section);
        first(&self.key) || self.meant.as_deref().is_some_and(first)
    }
}

impl Faults {
    /// Faults in the order of the file, then those of nowhere, then those of `--set`.
    pub(in crate::scenario) fn new(origin: &str, text: &str, mut list: Vec<Fault>) -> Self {
        list.sort_by_key(|fault| match &fault.place {
            Place::File(span) => (0, span.start),
            Place::Whole => (1, 0),
            Place::Set(_) => (2, 0),
        });
        Self { origin: origin.to_owned(), text: text.to_owned(), list }
    }

    /// The faults, at least one.
    pub fn all(&self) -> &[Fault] {
        &self.list
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, fault: &Fault) -> fmt::Result {
        f.write_str("error: ")?;
        match &fault.place {
            Place::File(span) => {
                let (line, column) = line_and_column(&self.text, span.start);
                write!(f, "{}:{line}:{column}: ", self.origin)?;
            }
            Place::Set(key) => write!(f, "--set {key}: ")?,
            Place::Whole => write!(f, "{}: ", self.origin)?,
        }
        let told = matches!(&fault.place, Place::Set(key) if *key == fault.key);
        if !fault.key.is_empty() && !told {
            write!(f, "{}: ", fault.key)?;
        }
        f.write_str(&fault.problem)?;
        if let Some(key) = &fault.meant {
            write!(f, "; did you mean {key}?")?;
        }
        if let Place::File(span) = &fault.place {
            f.write_str(&excerpt(&self.text, span))?;
        }
        fault.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.list.iter().enumerate() {
            if number > 0 {
                f.write_str("\n\n")?;
            }
            self.write(f, fault)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Line and column of a byte, both from 1; columns count characters.
fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(byte)];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// The line in question, and below it carets under what is wrong.
fn excerpt(text: &str, span: &Range<usize>) -> String {
    let (line, column) = line_and_column(text, span.start);
    let source = text.lines().nth(line - 1).unwrap_or("").replace('\t', " ");
    let covered = &text[text.floor_char_boundary(span.start)..text.floor_char_boundary(span.end)];
    let carets = covered.lines().next().unwrap_or("").chars().count().max(1);
    let margin = line.to_string();
    let blank = " ".repeat(margin.len());
    let offset = " ".repeat(column - 1);
    format!("\n{blank} |\n{margin} | {source}\n{blank} | {offset}{}", "^".repeat(carets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_and_column("ä = 1\nö = 2", 7), (2, 1));
        assert_eq!(line_and_column("ä = 1", 5), (1, 5));
        assert_eq!(line_and_column("", 0), (1, 1));
    }

    #[test]
    fn an_excerpt_points_at_the_value() {
        assert_eq!(excerpt("a = 1\nbc = 22\n", &(11..13)), "\n  |\n2 | bc = 22\n  |      ^^");
    }

    #[test]
    fn a_fault_at_the_end_of_the_text_still_has_a_caret() {
        assert_eq!(excerpt("a =", &(3..3)), "\n  |\n1 | a =\n  |    ^");
    }
}
