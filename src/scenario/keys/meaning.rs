//! What a name in a scenario file stands for.

use super::{Key, all, find, is_array, is_table, join};

/// What a name under a table's pattern stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// A value.
    Value(&'static Key),
    /// A number for all regions, or a table of numbers of this pattern.
    ValueOrTable(&'static Key, String),
    /// A table of this pattern.
    Table(String),
    /// An array of tables, each of this pattern.
    Array(String),
    /// Nothing the table of keys has.
    Unknown,
}

/// Looks a name up; where any name may stand, `*` is looked up in its place.
pub fn meaning(pattern: &str, name: &str) -> Meaning {
    for child in [join(pattern, name), join(pattern, "*")] {
        match (find(&child), is_table(&child)) {
            (Some(key), false) => return Meaning::Value(key),
            (Some(key), true) => return Meaning::ValueOrTable(key, child),
            (None, true) => return Meaning::Table(child),
            (None, false) if is_array(&child) => return Meaning::Array(child + "[]"),
            (None, false) => {}
        }
    }
    Meaning::Unknown
}

/// Names that may stand under a table, in the order of the documentation; `*` is any name.
pub fn children(pattern: &str) -> Vec<&'static str> {
    let prefix = join(pattern, "");
    let rests = all().filter_map(|key| key.path.strip_prefix(prefix.as_str()));
    let mut names: Vec<&str> = rests.filter_map(|rest| rest.split('.').next()).collect();
    names.iter_mut().for_each(|name| *name = name.trim_end_matches("[]"));
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_values_tables_and_arrays() {
        assert!(matches!(meaning("feed", "response"), Meaning::Value(key) if key.path == "feed.response"));
        assert!(matches!(meaning("topic[]", "share"), Meaning::ValueOrTable(_, pattern) if pattern == "topic[].share"));
        assert_eq!(meaning("feed", "tiers"), Meaning::Table("feed.tiers".into()));
        assert_eq!(meaning("arm[]", "tilt"), Meaning::Array("arm[].tilt[]".into()));
        assert!(matches!(meaning("topic[].share", "anywhere"), Meaning::Value(key) if key.path == "topic[].share.*"));
        assert_eq!(meaning("feed", "tier"), Meaning::Unknown);
    }

    #[test]
    fn each_name_stands_once_under_its_table() {
        assert_eq!(children("population.region[]"), ["id", "share"]);
        assert_eq!(children("solved.appeal"), ["*"]);
        for pattern in ["", "feed", "topic[]", "arm[]", "arm[].tilt[]", "account[]"] {
            let names = children(pattern);
            assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)), "{names:?}");
        }
    }
}
