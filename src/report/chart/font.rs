//! The typeface: registered before anything is drawn, and measured, so that lines are broken where they must be.

use std::sync::LazyLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

/// As every text names it: Inter where it is to be had, which is inside the file itself.
pub const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";
/// The regular cut.
pub const REGULAR: &[u8] = include_bytes!("../../../assets/inter/Inter-Regular.ttf");
/// The bold cut.
pub const BOLD: &[u8] = include_bytes!("../../../assets/inter/Inter-Bold.ttf");

/// plotters takes a size 1.24 times the one it writes.
const PLOTTERS: f64 = 1.24;
/// Texts are measured at this size: widths come as whole numbers.
const MEASURED_AT: f64 = 1000.0;

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For all that is not bold.
    Regular,
    /// For titles, figures, and what the eye shall find first.
    Bold,
}

/// The typeface at a size, in units of the canvas.
pub fn font(size: f64, weight: Weight) -> FontDesc<'static> {
    static REGISTERED: LazyLock<()> = LazyLock::new(|| {
        for (style, bytes) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, BOLD)] {
            assert!(register_font(FAMILY, style, bytes).is_ok(), "the typeface in the program is a typeface");
        }
    });
    LazyLock::force(&REGISTERED);
    let style = match weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    // The size that is written is divided again: take the one that comes out as it was meant.
    let scaled = size * PLOTTERS;
    let exact = [scaled, scaled.next_down(), scaled.next_up()].into_iter().find(|&scaled| scaled / PLOTTERS == size);
    FontDesc::new(FontFamily::Name(FAMILY), exact.unwrap_or(scaled), style)
}

/// Width of a text, in the unit of `size`; some hundredths too wide rather than too narrow.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let measured = font(MEASURED_AT, weight).box_size(text).expect("the typeface has been registered");
    f64::from(measured.0) / MEASURED_AT * size
}

/// Lines no wider than `room`, broken between words, and within a word that is wider than a line.
pub fn lines(text: &str, size: f64, weight: Weight, room: f64) -> Vec<String> {
    let fits = |line: &str| width(line, size, weight) <= room;
    let mut lines = vec![String::new()];
    for word in text.split(' ').flat_map(|word| pieces(word, fits)) {
        let line = lines.last_mut().expect("there is always a line");
        let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
        if line.is_empty() || fits(&longer) { *line = longer } else { lines.push(word) }
    }
    lines
}

/// The same lines in number, but of about the same width.
pub fn balanced(text: &str, size: f64, weight: Weight, room: f64) -> Vec<String> {
    let broken = lines(text, size, weight, room);
    let narrower = (1..=20).map(|step| lines(text, size, weight, room * (1.0 - 0.025 * f64::from(step))));
    narrower.take_while(|lines| lines.len() == broken.len()).last().unwrap_or(broken)
}

/// A word as it is, or in pieces that fit.
fn pieces(word: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in word.chars() {
        let piece = pieces.last_mut().expect("there is always a piece");
        piece.push(c);
        if piece.chars().nth(1).is_some() && !fits(piece) {
            piece.pop();
            pieces.push(c.into());
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_typeface() {
        // Inter 4.001: the letter n is 1,210 of 2,048 units wide in the regular cut; the measure is up to 3 % wider.
        let n = width("nnnnnnnnnn", 100.0, Weight::Regular);
        let exact = 10.0 * 100.0 * 1210.0 / 2048.0;
        assert!((exact..1.03 * exact).contains(&n), "{n} {exact}");
        assert!(width("nnn", 10.0, Weight::Bold) > width("nnn", 10.0, Weight::Regular));
    }

    #[test]
    fn balanced_lines_leave_no_word_alone() {
        let text = "one two three four five six seven eight";
        let room = width("one two three four five six seven", 12.0, Weight::Bold);
        assert_eq!(lines(text, 12.0, Weight::Bold, room)[1], "eight");
        assert_eq!(balanced(text, 12.0, Weight::Bold, room), ["one two three four", "five six seven eight"]);
    }

    #[test]
    fn lines_fit_and_lose_nothing() {
        let text = "Videos about Donaudampfschifffahrtsgesellschaftskapitänsmützen were seen 13.8\u{a0}% less";
        let broken = lines(text, 12.0, Weight::Regular, 150.0);
        assert!(broken.iter().all(|line| width(line, 12.0, Weight::Regular) <= 150.0), "{broken:?}");
        assert!(broken.len() > 3 && broken.iter().any(|line| line.contains("13.8\u{a0}%")), "{broken:?}");
        assert_eq!(broken.concat().replace(' ', ""), text.replace(' ', ""));
        assert_eq!(lines("one", 12.0, Weight::Regular, 1.0).concat(), "one");
    }
}
