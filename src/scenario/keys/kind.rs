//! Types and ranges of values, and how they are said in words.

use super::SLUG_LENGTH;
use std::fmt;

/// Type and allowed range of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A whole number, both ends included.
    Integer {
        /// Smallest allowed value.
        least: i64,
        /// Largest allowed value.
        most: i64,
    },
    /// A finite number.
    Number(Range),
    /// Any string.
    Text,
    /// A name `[a-z0-9-]+` of at most [`SLUG_LENGTH`] characters.
    Slug,
    /// `true` or `false`.
    Boolean,
    /// One of the strings listed.
    OneOf(&'static [&'static str]),
    /// A list whose entries are all of one kind.
    List {
        /// Kind of each entry.
        of: &'static Kind,
        /// Fewest entries.
        least: usize,
        /// Most entries.
        most: usize,
    },
}

/// An interval of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Whether the lower end itself is allowed.
    pub low_included: bool,
    /// Upper end.
    pub high: f64,
    /// Whether the upper end itself is allowed.
    pub high_included: bool,
}

impl Kind {
    /// Whether it is a whole number that may be this one.
    pub fn allows(&self, number: i64) -> bool {
        matches!(self, Kind::Integer { least, most } if (least..=most).contains(&&number))
    }

    /// Whether a bare word on the command line can be meant as a string.
    pub fn takes_text(&self) -> bool {
        matches!(self, Kind::Text | Kind::Slug | Kind::OneOf(_))
    }
}

impl Range {
    /// Whether `value` lies within; never true of NaN.
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.low_included { value >= self.low } else { value > self.low };
        let below = if self.high_included { value <= self.high } else { value < self.high };
        above && below
    }
}

/// Both ends included.
pub(super) const fn within(low: f64, high: f64) -> Kind {
    Kind::Number(Range { low, low_included: true, high, high_included: true })
}

/// Above `low`, up to and including `high`.
pub(super) const fn above(low: f64, high: f64) -> Kind {
    Kind::Number(Range { low, low_included: false, high, high_included: true })
}

/// From `low` on, below `high`.
pub(super) const fn below(low: f64, high: f64) -> Kind {
    Kind::Number(Range { low, low_included: true, high, high_included: false })
}

/// Neither end included.
pub(super) const fn between(low: f64, high: f64) -> Kind {
    Kind::Number(Range { low, low_included: false, high, high_included: false })
}

/// A whole number.
pub(super) const fn whole(least: i64, most: i64) -> Kind {
    Kind::Integer { least, most }
}

/// A share, 0 and 1 included.
pub(super) const fn share() -> Kind {
    within(0.0, 1.0)
}

/// A standard deviation on a log or log-odds scale; above 5 the lognormal and logistic forms say nothing any more.
pub(super) const fn deviation() -> Kind {
    within(0.0, 5.0)
}

/// Log-odds; beyond 20 a probability is 0 or 1 to the last digit that is kept.
pub(super) const fn log_odds() -> Kind {
    within(-20.0, 20.0)
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Integer { least, most } if least == most => write!(f, "{least}"),
            Kind::Integer { least, most } => {
                write!(f, "a whole number from {} to {}", grouped(*least), grouped(*most))
            }
            Kind::Number(range) => write!(f, "a number {range}"),
            Kind::Text => f.write_str("a string"),
            Kind::Slug => write!(f, "a name of a-z, 0-9 and -, at most {SLUG_LENGTH} characters"),
            Kind::Boolean => f.write_str("true or false"),
            Kind::OneOf(options) => f.write_str(&alternatives(options)),
            Kind::List { of, least, most } => {
                let length = match (*least, *most) {
                    (a, b) if a == b => format!(" of {a}"),
                    (0, usize::MAX) => String::new(),
                    (a, usize::MAX) => format!(" of at least {a}"),
                    (0, b) => format!(" of at most {b}"),
                    (a, b) => format!(" of {a} to {b}"),
                };
                write!(f, "a list{length}, each {of}")
            }
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let low = if self.low_included { "of at least" } else { "above" };
        let high = if self.high_included { "at most" } else { "below" };
        match (self.low_included, self.high_included) {
            (true, true) => write!(f, "from {} to {}", end(self.low), end(self.high)),
            _ => write!(f, "{low} {} and {high} {}", end(self.low), end(self.high)),
        }
    }
}

/// End of a range as TOML may write it, `1_000_000` rather than `1000000`.
fn end(number: f64) -> String {
    if number.fract() == 0.0 { grouped(number as i64) } else { number.to_string() }
}

/// Digits in groups of three, from five digits on.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    if digits.len() < 5 {
        return number.to_string();
    }
    let sign = if number < 0 { "-" } else { "" };
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// `"a", "b" or "c"`.
fn alternatives(options: &[&str]) -> String {
    let quoted: Vec<String> = options.iter().map(|option| format!("\"{option}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_as_sentences() {
        assert_eq!(above(0.0, 100.0).to_string(), "a number above 0 and at most 100");
        assert_eq!(share().to_string(), "a number from 0 to 1");
        assert_eq!(whole(1, 1).to_string(), "1");
        assert_eq!(whole(1, 1_000_000).to_string(), "a whole number from 1 to 1_000_000");
        assert_eq!(within(-1000.0, 1e6).to_string(), "a number from -1000 to 1_000_000");
        assert_eq!(Kind::OneOf(&["rate", "share"]).to_string(), "\"rate\" or \"share\"");
    }

    #[test]
    fn nan_lies_in_no_range() {
        assert!(matches!(within(-1.0, 1.0), Kind::Number(range) if !range.contains(f64::NAN)));
    }
}
