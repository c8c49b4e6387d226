//! Numbers for readers: rounded to what their interval supports, with separators and units.

/// Power of ten to round `value` to: the first digit of the interval's half width, the second where the first is a 1.
///
/// Without an interval two digits of the value are kept; with one of no width, three. At least one digit of the value
/// stays.
pub fn supported(value: f64, interval: Option<[f64; 2]>) -> i32 {
    let of_value = leading(value);
    let power = match interval.map(|[low, high]| 0.5 * (high - low)) {
        None => of_value - 1,
        Some(half) if half > 0.0 => leading(half) - i32::from(half < 2.0 * 10f64.powi(leading(half))),
        Some(_) => of_value - 2,
    };
    power.min(of_value)
}

/// Power of ten of the first digit; 0 for zero.
fn leading(value: f64) -> i32 {
    if value == 0.0 { 0 } else { libm::floor(libm::log10(value.abs())) as i32 }
}

/// The size of `value`, without its sign, rounded to ten to the `power`: `1,200`, `0.14`.
pub fn size(value: f64, power: i32) -> String {
    let unit = 10f64.powi(power.max(0));
    let rounded = if power > 0 { (value / unit).round() * unit } else { value };
    separate(&format!("{:.*}", (-power).max(0) as usize, rounded.abs()))
}

/// The same with a sign: `+0.14`, `−0.14`, `0.00`.
pub fn signed(value: f64, power: i32) -> String {
    let text = size(value, power);
    match text.chars().any(|c| c.is_ascii_digit() && c != '0') {
        false => text,
        true if value < 0.0 => format!("−{text}"),
        true => format!("+{text}"),
    }
}

/// A large count: `25 million`, `1.2 billion`, `340,000`.
pub fn count(value: f64, power: i32) -> String {
    let named = [(9, "billion"), (6, "million")].into_iter().find(|(digits, _)| value.abs() >= 10f64.powi(*digits));
    match named {
        Some((digits, name)) => format!("{} {name}", size(value / 10f64.powi(digits), power - digits)),
        None => size(value, power),
    }
}

/// A whole number with separators: `20,000,000`.
pub fn whole(value: u64) -> String {
    separate(&value.to_string())
}

/// `1 day`, `2 days`.
pub fn plural(value: u64, one: &str, many: &str) -> String {
    if value == 1 { format!("1 {one}") } else { format!("{} {many}", whole(value)) }
}

/// Two digits of a number, without its sign: `0.11`, `3.4`, `120`.
pub fn rough(value: f64) -> String {
    size(value, supported(value, None))
}

/// A length of time: `less than a second`, `40 seconds`, `3 minutes`, `2.5 hours`.
pub fn duration(seconds: f64) -> String {
    let (value, one, many) = match seconds {
        s if s < 1.0 => return "less than a second".to_owned(),
        s if s < 100.0 => (s, "second", "seconds"),
        s if s < 6_000.0 => (s / 60.0, "minute", "minutes"),
        s if s < 172_800.0 => (s / 3_600.0, "hour", "hours"),
        s => (s / 86_400.0, "day", "days"),
    };
    let text = size(value, supported(value, None));
    let text = text.trim_end_matches(".0");
    if text == "1" { format!("1 {one}") } else { format!("{text} {many}") }
}

/// A number as typed: no more digits than it has.
pub fn exact(value: f64) -> String {
    super::super::columns::significant(value).to_string()
}

/// Commas between groups of three digits before the point.
fn separate(text: &str) -> String {
    let (before, after) = text.split_once('.').map_or((text, None), |(before, after)| (before, Some(after)));
    let mut grouped = String::new();
    for (place, digit) in before.chars().enumerate() {
        if place > 0 && (before.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    after.map_or(grouped.clone(), |after| format!("{grouped}.{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_follows_the_interval() {
        let rounded = |value: f64, half: f64| size(value, supported(value, Some([value - half, value + half])));
        assert_eq!(rounded(17.6431, 0.4), "17.6");
        assert_eq!(rounded(17.6431, 3.0), "18");
        assert_eq!(rounded(17.6431, 1.4), "17.6", "a half width that begins with 1 leaves a digit more");
        assert_eq!(rounded(17.6431, 40.0), "20", "one digit of the value stays");
        assert_eq!(rounded(17.6431, 0.0), "17.6");
        assert_eq!(size(17.6431, supported(17.6431, None)), "18");
        assert_eq!(rough(0.001_234), "0.0012");
    }

    #[test]
    fn counts_have_words_and_separators() {
        assert_eq!(count(-25_312_000.0, 6), "25 million");
        assert_eq!(count(1_234_000_000.0, 8), "1.2 billion");
        assert_eq!(count(340_412.0, 4), "340,000");
        assert_eq!(whole(20_000_000), "20,000,000");
        assert_eq!(whole(999), "999");
        assert_eq!(size(1_234.5, -1), "1,234.5");
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(signed(-0.0004, -2), "0.00");
        assert_eq!(signed(-0.14, -2), "−0.14");
        assert_eq!(signed(0.0, 0), "0");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(plural(1, "day", "days"), "1 day");
        assert_eq!(plural(0, "day", "days"), "0 days");
    }
}
