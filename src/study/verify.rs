//! Whether a stored run is what it says it is: content hashes, scenario, and a repetition compared byte for byte.
//!
//! Reading and repeating are left to the caller; here bytes meet bytes.

use std::collections::BTreeMap;
use std::fmt;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A file of the run is not there.
    Missing {
        /// Its name.
        file: String,
    },
    /// A file is not the one that the run wrote.
    Changed {
        /// Its name.
        file: String,
    },
    /// The repetition made another table.
    Repeated {
        /// Its name.
        file: String,
        /// Where they first differ.
        place: Place,
    },
    /// The repetition made no such table.
    NotMade {
        /// Its name.
        file: String,
    },
    /// The repetition counted something else.
    Trace {
        /// Hash in the manifest.
        stored: String,
        /// Hash of the repetition.
        repeated: String,
    },
}

/// Where two files first differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of text, from 1, as it stands in both.
    Line {
        /// Its number.
        number: usize,
        /// As stored; empty beyond the end.
        stored: String,
        /// As repeated; empty beyond the end.
        repeated: String,
    },
    /// A byte, from 0, of a file that is no text.
    Byte(usize),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { file } => write!(f, "{file}: is missing"),
            Self::Changed { file } => write!(f, "{file}: has been changed since the run"),
            Self::NotMade { file } => write!(f, "{file}: the repetition makes no such table"),
            Self::Repeated { file, place: Place::Byte(byte) } => {
                write!(f, "{file}: the repetition differs from byte {byte} on")
            }
            Self::Repeated { file, place: Place::Line { number, stored, repeated } } => {
                write!(f, "{file}:{number}: the repetition differs\n  stored:   {stored}\n  repeated: {repeated}")
            }
            Self::Trace { stored, repeated } => {
                write!(f, "trace_hash: the repetition differs\n  stored:   {stored}\n  repeated: {repeated}")
            }
        }
    }
}

/// Holds the content of files against the hashes of the manifest.
pub fn contents(hashes: &BTreeMap<String, String>, files: &BTreeMap<String, Vec<u8>>) -> Vec<Difference> {
    hashes.iter().filter_map(|(name, hash)| content(name, hash, files.get(name).map(Vec::as_slice))).collect()
}

/// Holds one file against its hash; `None` where they agree.
pub fn content(name: &str, hash: &str, content: Option<&[u8]>) -> Option<Difference> {
    let file = name.to_owned();
    match content {
        None => Some(Difference::Missing { file }),
        Some(content) if blake3::hash(content).to_hex().as_str() != hash => Some(Difference::Changed { file }),
        Some(_) => None,
    }
}

/// Holds the tables of a repetition against stored ones; those already found different are left out.
pub fn repetition(
    stored: &BTreeMap<String, Vec<u8>>,
    repeated: &BTreeMap<&'static str, Vec<u8>>,
    known: &[Difference],
) -> Vec<Difference> {
    let is_known = |name: &str| known.iter().any(|difference| difference.file() == Some(name));
    stored
        .iter()
        .filter(|(name, _)| !is_known(name))
        .filter_map(|(name, content)| match repeated.get(name.as_str()) {
            None => Some(Difference::NotMade { file: name.clone() }),
            Some(again) if again == content => None,
            Some(again) => Some(Difference::Repeated { file: name.clone(), place: place(content, again) }),
        })
        .collect()
}

impl Difference {
    fn file(&self) -> Option<&str> {
        match self {
            Self::Missing { file } | Self::Changed { file } | Self::NotMade { file } | Self::Repeated { file, .. } => {
                Some(file)
            }
            Self::Trace { .. } => None,
        }
    }
}

fn place(stored: &[u8], repeated: &[u8]) -> Place {
    let (Ok(one), Ok(other)) = (std::str::from_utf8(stored), std::str::from_utf8(repeated)) else {
        let same = stored.iter().zip(repeated).take_while(|(one, other)| one == other).count();
        return Place::Byte(same);
    };
    let number = one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count();
    let line = |text: &str| text.lines().nth(number).unwrap_or("").to_owned();
    Place::Line { number: number + 1, stored: line(one), repeated: line(other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_differ_by_line_and_bytes_by_place() {
        let line = place(b"a\nb\nc\n", b"a\nx\nc\n");
        assert_eq!(line, Place::Line { number: 2, stored: "b".into(), repeated: "x".into() });
        assert_eq!(place(b"a\n", b"a\nb\n"), Place::Line { number: 2, stored: String::new(), repeated: "b".into() });
        assert_eq!(place(&[0xff, 1, 2], &[0xff, 1, 3]), Place::Byte(2));
    }

    #[test]
    fn a_file_is_reported_once() {
        let stored = BTreeMap::from([("a".to_owned(), b"1".to_vec()), ("b".to_owned(), b"2".to_vec())]);
        let hashes = BTreeMap::from([("a".to_owned(), String::new()), ("c".to_owned(), String::new())]);
        let known = contents(&hashes, &stored);
        assert_eq!(known, [Difference::Changed { file: "a".into() }, Difference::Missing { file: "c".into() }]);
        let repeated = BTreeMap::from([("a", b"x".to_vec()), ("b", b"2".to_vec())]);
        assert_eq!(repetition(&stored, &repeated, &known), []);
    }
}
