//! Where things stand on a sheet, read from the SVG.

use std::sync::{Arc, LazyLock};

use resvg::usvg::{Group, Node, Options, Rect, TextChunk, Tree, fontdb};

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for cut in ["Regular", "Bold"] {
        let path = format!("{}/assets/inter/Inter-{cut}.ttf", env!("CARGO_MANIFEST_DIR"));
        fonts.load_font_data(std::fs::read(path).expect("as made here"));
    }
    Arc::new(fonts)
});

/// Width and height of a sheet.
pub fn size(svg: &str) -> [u32; 2] {
    ["width=\"", "height=\""].map(|name| {
        let (_, rest) = svg.split_once(name).expect("as made here");
        rest.split('"').next().expect("as made here").parse().expect("as made here")
    })
}

/// Every text with the place its letters take.
fn letters(svg: &str) -> Vec<(String, Rect)> {
    fn collect(group: &Group, found: &mut Vec<(String, Rect)>) {
        for node in group.children() {
            match node {
                Node::Group(inner) => collect(inner, found),
                Node::Text(text) => {
                    let words = text.chunks().iter().map(TextChunk::text).collect();
                    found.push((words, text.flattened().abs_bounding_box()));
                }
                _ => {}
            }
        }
    }
    let options = Options { fontdb: FONTS.clone(), ..Options::default() };
    let mut found = Vec::new();
    collect(Tree::from_str(svg, &options).expect("as made here").root(), &mut found);
    found
}

/// Every text lies on the sheet, and no two run into each other.
pub fn assert_readable(name: &str, svg: &str) {
    let [width, height] = size(svg).map(|side| side as f32);
    let letters = letters(svg);
    assert_eq!(letters.len(), svg.matches("<text").count(), "{name}: every text has letters");
    for (place, (text, one)) in letters.iter().enumerate() {
        let inside = one.left() >= 4.0 && one.right() <= width - 4.0 && one.top() >= 4.0 && one.bottom() <= height;
        assert!(inside, "{name}: {text:?} leaves the sheet: {one:?}");
        for (other_text, other) in &letters[place + 1..] {
            let across = one.right().min(other.right()) - one.left().max(other.left());
            let down = one.bottom().min(other.bottom()) - one.top().max(other.top());
            assert!(across <= 0.5 || down <= 0.5, "{name}: {text:?} runs into {other_text:?}");
        }
    }
}

/// Points of the polylines and polygons of a colour, in the order drawn; drawn units.
pub fn lines(svg: &str, colour: &str) -> Vec<Vec<[f64; 2]>> {
    let of_colour = |line: &&str| line.contains("points=") && line.contains(colour);
    svg.lines().filter(of_colour).map(points).collect()
}

fn points(line: &str) -> Vec<[f64; 2]> {
    let list = line.split_once("points=\"").expect("as made here").1.split('"').next().expect("as made here");
    let point = |pair: &str| {
        let (x, y) = pair.split_once(',').expect("as made here");
        [x.parse().expect("as made here"), y.parse().expect("as made here")]
    };
    list.split_whitespace().map(point).collect()
}

/// Left, top, width and height of the rectangles of a colour, in the order drawn; drawn units.
pub fn blocks(svg: &str, colour: &str) -> Vec<[f64; 4]> {
    let of_colour = |line: &&str| line.starts_with("<rect") && line.contains(colour);
    let side = |line: &str, name: &str| -> f64 {
        line.split_once(&format!(" {name}=\""))
            .expect("as made here")
            .1
            .split('"')
            .next()
            .expect("as made here")
            .parse()
            .expect("as made here")
    };
    svg.lines().filter(of_colour).map(|line| ["x", "y", "width", "height"].map(|name| side(line, name))).collect()
}

/// Whether places are values on a linear scale, to a unit of the drawing either way.
pub fn assert_in_proportion(what: &str, values: &[f64], places: &[f64]) {
    assert_eq!(values.len(), places.len(), "{what}");
    let ends = |list: &[f64], pick: fn(f64, f64) -> f64| list.iter().copied().reduce(pick).expect("as made here");
    let at = |value: f64| values.iter().position(|&other| other == value).expect("as made here");
    let [low, high] = [at(ends(values, f64::min)), at(ends(values, f64::max))];
    let slope = (places[high] - places[low]) / (values[high] - values[low]);
    for (value, place) in values.iter().zip(places) {
        let expected = places[low] + slope * (value - values[low]);
        assert!((place - expected).abs() <= 2.0, "{what}: {value} stands at {place}, not at {expected}");
    }
}

/// A sheet of 100 by 50 with these texts at their places.
fn sheet(texts: &[(&str, u32, u32)]) -> String {
    let text =
        |(text, x, y): &(&str, u32, u32)| format!("<text x=\"{x}\" y=\"{y}\" font-family=\"Inter\">{text}</text>");
    let texts = texts.iter().map(text).collect::<String>();
    format!("<svg width=\"100\" height=\"50\" xmlns=\"http://www.w3.org/2000/svg\">{texts}</svg>")
}

#[test]
fn texts_side_by_side_are_readable() {
    assert_readable("apart", &sheet(&[("one", 10, 20), ("two", 50, 20), ("three", 10, 40)]));
}

#[test]
#[should_panic(expected = "\"one\" runs into \"two\"")]
fn texts_on_each_other_are_found() {
    assert_readable("on each other", &sheet(&[("one", 10, 20), ("two", 30, 24)]));
}

#[test]
#[should_panic(expected = "\"one\" leaves the sheet")]
fn texts_that_leave_the_sheet_are_found() {
    assert_readable("outside", &sheet(&[("one", 85, 20)]));
}
