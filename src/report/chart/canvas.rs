//! A sheet to draw on, in units of a pixel at 600 pixels width; the drawing becomes SVG.
//!
//! plotters rounds to whole numbers, so everything is drawn ten times as large and the header says how large it is. The
//! sheet is as high as what was drawn: the height is known, and written into the header, only at the end.

use base64::Engine;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, ShapeStyle, TextStyle};

use super::font::{self, Weight};
use super::palette;
use crate::report::words::chart::Words;
use crate::report::words::language::Language;

/// Width of every picture.
pub const WIDTH: f64 = 600.0;
/// Free space around it.
pub const MARGIN: f64 = 16.0;
/// Drawn units per unit of the sheet.
const FINE: f64 = 10.0;
/// plotters puts the baseline of a text of top anchor this far below its place, in parts of the size.
const BASELINE: f64 = 0.76;
/// Height that nothing reaches; the header gets the true one.
const ENDLESS: u32 = 100_000;

/// What goes wrong while drawing: nothing that a user could do anything about.
pub type Failed = DrawingAreaErrorKind<std::io::Error>;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Height of the letters.
    pub size: f64,
    /// Regular or bold.
    pub weight: Weight,
    /// Colour.
    pub colour: RGBColor,
    /// Which part of the text stands at its place.
    pub at: Align,
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Style {
    /// Regular text.
    pub const fn regular(size: f64, colour: RGBColor) -> Self {
        Self { size, weight: Weight::Regular, colour, at: Align::Start }
    }

    /// Bold text.
    pub const fn bold(size: f64, colour: RGBColor) -> Self {
        Self { size, weight: Weight::Bold, colour, at: Align::Start }
    }

    /// The same with another part at its place.
    #[must_use]
    pub const fn at(self, at: Align) -> Self {
        Self { at, ..self }
    }

    /// From one line to the next.
    pub fn leading(&self) -> f64 {
        self.size * 1.32
    }

    /// Height of a text that is broken into lines.
    pub fn height(&self, text: &str, room: f64) -> f64 {
        font::lines(text, self.size, self.weight, room).len() as f64 * self.leading()
    }

    /// Width of a text.
    pub fn width(&self, text: &str) -> f64 {
        font::width(text, self.size, self.weight)
    }
}

/// The sheet. Places are (x, y) from its upper left corner.
pub struct Canvas<'a> {
    sheet: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws a picture; `paint` draws and says where it ends.
pub fn draw(
    words: &Words,
    language: Language,
    paint: impl FnOnce(&Canvas<'_>) -> Result<f64, Failed>,
) -> Result<String, Failed> {
    let mut drawn = String::new();
    let height = {
        let canvas =
            Canvas { sheet: SVGBackend::with_string(&mut drawn, (units(WIDTH) as u32, ENDLESS)).into_drawing_area() };
        let height = paint(&canvas)?;
        canvas.sheet.present()?;
        height
    };
    // plotters' own header is the first line.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    Ok(header(words, language, height) + body)
}

/// Size in the header, what the picture says for those who do not see it, the typeface, white ground.
fn header(words: &Words, language: Language, height: f64) -> String {
    let height = height.ceil();
    let face = |weight: &str, file: &[u8]| {
        let file = base64::engine::general_purpose::STANDARD.encode(file);
        format!(
            "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/woff2;base64,{file})format(\"woff2\")}}\n"
        )
    };
    let regular = face("400", include_bytes!("../../../assets/inter/Inter-Regular.woff2"));
    let bold = face("700", include_bytes!("../../../assets/inter/Inter-Bold.woff2"));
    format!(
        "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {} {}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
         xml:lang=\"{}\">\n<title>{}</title>\n<desc>{}</desc>\n<style>\n{regular}{bold}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n",
        units(WIDTH),
        units(height),
        language.code(),
        escaped(&words.title),
        escaped(&words.description),
    )
}

/// Text that stays text in XML. Characters that XML forbids are left out.
fn escaped(text: &str) -> String {
    let allowed = text.chars().filter(|c| !c.is_control());
    allowed.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Drawn units.
fn units(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn place((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}

fn stroke(colour: RGBColor, width: f64) -> ShapeStyle {
    colour.stroke_width(units(width).max(1) as u32)
}

impl Canvas<'_> {
    fn put<E>(&self, element: &E) -> Result<(), Failed>
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        E: for<'b> Drawable<SVGBackend<'b>>,
    {
        self.sheet.draw(element)
    }

    /// A line of text, its baseline at `y`.
    pub fn text(&self, text: &str, (x, y): (f64, f64), style: Style) -> Result<(), Failed> {
        let across = match style.at {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let look = TextStyle::from(font::font(style.size * FINE, style.weight)).color(&style.colour);
        let look = look.pos(Pos::new(across, VPos::Top));
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        self.put(&Text::new(text, place((x, y - BASELINE * style.size)), look))
    }

    /// Text in lines, the first just below `y`; says where the last one ends.
    pub fn paragraph(&self, text: &str, place: (f64, f64), room: f64, style: Style) -> Result<f64, Failed> {
        self.lines(&font::lines(text, style.size, style.weight, room), place, style)
    }

    fn lines(&self, lines: &[String], (x, y): (f64, f64), style: Style) -> Result<f64, Failed> {
        let mut end = y;
        for line in lines {
            self.text(line, (x, end + style.size), style)?;
            end += style.leading();
        }
        Ok(end)
    }

    /// A line through points.
    pub fn line(&self, points: &[(f64, f64)], colour: RGBColor, width: f64) -> Result<(), Failed> {
        self.put(&PathElement::new(points.iter().copied().map(place).collect::<Vec<_>>(), stroke(colour, width)))
    }

    /// A straight line in dashes.
    pub fn dashes(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor, width: f64) -> Result<(), Failed> {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let length = (across * across + down * down).sqrt();
        let (dash, gap) = (4.0, 3.0);
        let count = (length / (dash + gap)).ceil() as usize;
        for number in 0..count {
            let start = number as f64 * (dash + gap) / length;
            let end = (start + dash / length).min(1.0);
            let at = |part: f64| (from.0 + part * across, from.1 + part * down);
            self.line(&[at(start), at(end)], colour, width)?;
        }
        Ok(())
    }

    /// A filled rectangle between two corners.
    pub fn block(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) -> Result<(), Failed> {
        self.put(&Rectangle::new([place(from), place(to)], colour.filled()))
    }

    /// A filled area.
    pub fn area(&self, points: &[(f64, f64)], colour: RGBColor) -> Result<(), Failed> {
        self.put(&Polygon::new(points.iter().copied().map(place).collect::<Vec<_>>(), colour.filled()))
    }

    /// A filled dot.
    pub fn dot(&self, centre: (f64, f64), radius: f64, colour: RGBColor) -> Result<(), Failed> {
        self.put(&Circle::new(place(centre), units(radius), colour.filled()))
    }

    /// A line with a stroke across each end.
    pub fn span(&self, from: f64, to: f64, y: f64, colour: RGBColor, width: f64) -> Result<(), Failed> {
        self.line(&[(from, y), (to, y)], colour, width)?;
        for end in [from, to] {
            self.line(&[(end, y - 4.0), (end, y + 4.0)], colour, width)?;
        }
        Ok(())
    }

    /// An upright line with a stroke across each end.
    pub fn upright(&self, x: f64, from: f64, to: f64, colour: RGBColor, width: f64) -> Result<(), Failed> {
        self.line(&[(x, from), (x, to)], colour, width)?;
        for end in [from, to] {
            self.line(&[(x - 4.0, end), (x + 4.0, end)], colour, width)?;
        }
        Ok(())
    }

    /// Title and subtitle across the sheet; says where they end.
    pub fn head(&self, words: &Words) -> Result<f64, Failed> {
        let room = WIDTH - 2.0 * MARGIN;
        let style = Style::bold(18.0, palette::INK);
        let title = font::balanced(&words.title, style.size, style.weight, room);
        let title = self.lines(&title, (MARGIN, MARGIN), style)?;
        self.paragraph(&words.subtitle, (MARGIN, title + 4.0), room, Style::regular(12.0, palette::MUTED))
    }

    /// Where the figures come from, below `y`; says where the sheet ends.
    pub fn foot(&self, words: &Words, y: f64) -> Result<f64, Failed> {
        let room = WIDTH - 2.0 * MARGIN;
        let rule = y + 12.0;
        self.line(&[(MARGIN, rule), (WIDTH - MARGIN, rule)], palette::GRID, 1.0)?;
        let end = self.paragraph(&words.source, (MARGIN, rule + 5.0), room, Style::regular(11.0, palette::MUTED))?;
        Ok(end + MARGIN * 0.6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let text = |text: &str| text.to_owned();
        Words { title: text("a < b"), subtitle: text("sub"), source: text("source"), description: text("x & y") }
    }

    #[test]
    fn the_header_has_the_size_of_what_was_drawn() {
        let svg = draw(&words(), Language::De, |canvas| {
            canvas.text("<script>alert(\"&\")</script>\u{7}", (10.0, 20.0), Style::regular(12.0, palette::INK))?;
            Ok(99.2)
        });
        let svg = svg.unwrap();
        assert!(svg.starts_with("<svg width=\"600\" height=\"100\" viewBox=\"0 0 6000 1000\""), "{}", &svg[..99]);
        assert!(svg.contains("xml:lang=\"de\"") && svg.contains("<title>a &lt; b</title>\n<desc>x &amp; y</desc>"));
        assert!(svg.contains("&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;\n") && !svg.contains("<script"));
        // Baseline at 20: 12 × .76 below the place of the text.
        assert!(svg.contains("<text x=\"100\" y=\"109\" dy=\"0.76em\""), "{}", svg.split_once("<text").unwrap().1);
        assert!(svg.ends_with("</svg>\n") && svg.matches("<svg").count() == 1);
    }

    #[test]
    fn dashes_end_where_the_line_ends() {
        let svg = draw(&words(), Language::En, |canvas| {
            canvas.dashes((0.0, 5.0), (10.0, 5.0), palette::INK, 1.0)?;
            Ok(10.0)
        });
        let svg = svg.unwrap();
        let drawn: Vec<&str> = svg.lines().filter(|line| line.contains("polyline") || line.contains("<line")).collect();
        assert_eq!(drawn.len(), 2, "{drawn:?}");
        assert!(drawn[1].contains("70,50 100,50"), "{drawn:?}");
    }
}
