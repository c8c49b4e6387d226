//! Languages of the pictures, and numbers as each of them writes numbers.

use super::number;

/// A space that no line is broken at.
pub const FIXED_SPACE: char = '\u{a0}';

/// A language that pictures are made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English: `1,234.5`.
    En,
    /// German: `1.234,5`.
    De,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// Its code, as in names of files and labels of topics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// One of two texts.
    pub fn pick<T>(self, en: T, de: T) -> T {
        match self {
            Self::En => en,
            Self::De => de,
        }
    }

    /// [`number::size`] in this language.
    pub fn size(self, value: f64, power: i32) -> String {
        self.write(&number::size(value, power))
    }

    /// [`number::signed`] in this language.
    pub fn signed(self, value: f64, power: i32) -> String {
        self.write(&number::signed(value, power))
    }

    /// [`number::rough`] in this language.
    pub fn rough(self, value: f64) -> String {
        self.write(&number::rough(value))
    }

    /// [`number::exact`] in this language.
    pub fn exact(self, value: f64) -> String {
        self.write(&number::exact(value))
    }

    /// [`number::whole`] in this language.
    pub fn whole(self, value: u64) -> String {
        self.write(&number::whole(value))
    }

    /// [`number::count`] in this language: `25 million`, `25 Millionen`.
    pub fn count(self, value: f64, power: i32) -> String {
        let text = number::count(value, power);
        let Some((digits, name)) = text.split_once(' ') else { return self.write(&text) };
        let name = match (self, name, digits) {
            (Self::En, name, _) => name,
            (Self::De, "million", "1") => "Million",
            (Self::De, "million", _) => "Millionen",
            (Self::De, _, "1") => "Milliarde",
            (Self::De, ..) => "Milliarden",
        };
        format!("{}{FIXED_SPACE}{name}", self.write(digits))
    }

    /// Two counts: `44 to 64 million`, with the word for the thousands once if both have the same.
    pub fn counts(self, ends: [f64; 2], power: i32) -> String {
        let to = self.pick("to", "bis");
        let [first, last] = ends.map(|end| self.count(end, power));
        let (digits, name) = first.split_once(FIXED_SPACE).unwrap_or((&first, ""));
        match last.split_once(FIXED_SPACE) {
            Some((_, other)) if other == name => format!("{digits} {to} {last}"),
            _ => format!("{first} {to} {last}"),
        }
    }

    /// A number with the sign of per cent: `13.8 %`, `13,8 %`.
    pub fn percent(self, number: &str) -> String {
        format!("{number}{FIXED_SPACE}%")
    }

    /// `1 day`, `2 days`; the number and its noun stay on one line.
    pub fn plural(self, value: u64, one: &str, many: &str) -> String {
        format!("{}{FIXED_SPACE}{}", self.whole(value), if value == 1 { one } else { many })
    }

    /// A number written in English, in this language.
    fn write(self, english: &str) -> String {
        let german = |c| match c {
            ',' => '.',
            '.' => ',',
            other => other,
        };
        match self {
            Self::En => english.to_owned(),
            Self::De => english.chars().map(german).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{De, En};

    #[test]
    fn german_separates_thousands_by_points_and_decimals_by_a_comma() {
        assert_eq!((En.size(1_234.5, -1), De.size(1_234.5, -1)), ("1,234.5".into(), "1.234,5".into()));
        assert_eq!(De.percent(&De.signed(-13.84, -1)), "−13,8\u{a0}%");
        assert_eq!((De.rough(0.001_234), De.whole(20_000_000)), ("0,0012".into(), "20.000.000".into()));
        assert_eq!((En.exact(0.95), De.exact(0.95)), ("0.95".into(), "0,95".into()));
    }

    #[test]
    fn large_counts_have_words_with_the_right_ending() {
        let german = |value, power| De.count(value, power).replace('\u{a0}', " ");
        assert_eq!(german(1_000_000.0, 6), "1 Million");
        assert_eq!(german(1_240_000.0, 5), "1,2 Millionen");
        assert_eq!(german(1_000_000_000.0, 9), "1 Milliarde");
        assert_eq!(german(2_500_000_000.0, 8), "2,5 Milliarden");
        assert_eq!(german(340_412.0, 4), "340.000");
        assert_eq!(En.count(54_000_000.0, 6), "54\u{a0}million");
        assert_eq!(En.counts([44e6, 64e6], 6), "44 to 64\u{a0}million");
        assert_eq!(De.counts([1e6, 64e6], 6), "1\u{a0}Million bis 64\u{a0}Millionen");
        assert_eq!(En.counts([900_000.0, 1_100_000.0], 5), "900,000 to 1.1\u{a0}million");
    }

    #[test]
    fn one_is_singular_in_both() {
        assert_eq!(De.plural(1, "Tag", "Tage"), "1\u{a0}Tag");
        assert_eq!(De.plural(7, "Tag", "Tage"), "7\u{a0}Tage");
        assert_eq!(En.plural(1, "day", "days"), "1\u{a0}day");
    }
}
