//! Pictures: what they say in both languages, that they repeat to the byte, that their tables hold what is drawn.
//!
//! With `FEEDTILT_PICTURES=1` every picture made here is left in `target/tmp/charts`, to be looked at.

mod edges;
mod folder;
mod results;
mod samples;
mod sheet;

use std::path::Path;

use feedtilt::report::chart::{self, Chart};
use feedtilt::report::words::language::Language;

use samples::{accuracy, attribution, dose_response, exposure_over_time, lorenz, persistence, signature};

/// Draws a picture in a language.
fn drawn(name: &str, chart: &dyn Chart, language: Language) -> String {
    let svg = chart::svg(chart, language).expect("as made here");
    if std::env::var_os("FEEDTILT_PICTURES").is_some() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts");
        std::fs::create_dir_all(&folder).expect("as made here");
        let path = |ending: &str| folder.join(format!("{name}-{}.{ending}", language.code()));
        std::fs::write(path("svg"), &svg).expect("as made here");
        std::fs::write(path("png"), chart::png(chart, language).expect("as made here")).expect("as made here");
    }
    svg
}

/// The texts of an SVG in order, fixed spaces as plain ones.
fn texts(svg: &str) -> Vec<String> {
    let text = |part: &str| part.lines().nth(1).unwrap_or_default().replace('\u{a0}', " ");
    svg.split("<text").skip(1).map(text).collect()
}

/// The sample of every kind.
fn samples() -> [Box<dyn Chart>; 7] {
    [
        Box::new(signature()),
        Box::new(exposure_over_time()),
        Box::new(dose_response()),
        Box::new(lorenz()),
        Box::new(accuracy()),
        Box::new(attribution()),
        Box::new(persistence()),
    ]
}

/// Holds text against the file of that name; `FEEDTILT_BLESS=1` writes the file.
fn held(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/charts/expected").join(name);
    if std::env::var_os("FEEDTILT_BLESS").is_some() {
        std::fs::write(&path, text).expect("as made here");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "{name} differs; FEEDTILT_BLESS=1 accepts this:\n{text}");
}

#[test]
fn pictures_say_what_is_expected_in_both_languages() {
    for chart in samples() {
        for language in Language::ALL {
            let svg = drawn(chart.stem(), chart.as_ref(), language);
            let description = chart.words(language).description.replace('\u{a0}', " ");
            let text = format!("{}\n\n{description}\n", texts(&svg).join("\n"));
            held(&format!("{}-{}.txt", chart.stem(), language.code()), &text);
        }
    }
}

#[test]
fn tables_hold_what_is_expected() {
    for chart in samples() {
        for table in chart.tables() {
            let csv = String::from_utf8(table.columns.csv("a table").unwrap()).unwrap();
            held(&format!("{}{}.csv", chart.stem(), table.suffix), &csv);
        }
    }
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    for (one, other) in samples().iter().zip(&samples()) {
        for language in Language::ALL {
            let svg = |chart: &dyn Chart| chart::svg(chart, language).unwrap();
            assert!(svg(one.as_ref()) == svg(other.as_ref()), "{}", one.stem());
        }
        let png = |chart: &dyn Chart| chart::png(chart, Language::De).unwrap();
        assert!(png(one.as_ref()) == png(other.as_ref()), "{}", one.stem());
    }
}

#[test]
fn a_png_has_four_pixels_for_each_of_the_svg_and_three_hundred_to_the_inch() {
    for chart in samples() {
        let svg = chart::svg(chart.as_ref(), Language::En).unwrap();
        let bytes = chart::png(chart.as_ref(), Language::En).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let [width, height] = sheet::size(&svg);
        let info = reader.info();
        assert_eq!([info.width, info.height], [4 * width, 4 * height], "{}", chart.stem());
        assert_eq!(width, 600);
        let inch = info.pixel_dims.unwrap();
        assert_eq!((inch.xppu, inch.yppu, inch.unit), (11_811, 11_811, png::Unit::Meter));
        // White at the rim, ink somewhere: the letters are there.
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert!(pixels[..3 * 2400].iter().all(|&part| part == 255));
        let ink = pixels.chunks(3).filter(|pixel| pixel.iter().all(|&part| part < 40)).count();
        assert!(ink > 10_000, "{}: {ink} dark pixels", chart.stem());
    }
}

#[test]
fn every_kind_of_picture_stands_in_the_list_and_in_its_page() {
    let listed: Vec<&str> = chart::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, samples().each_ref().map(|chart| chart.stem()));
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/charts.md")).unwrap();
    for name in listed {
        assert!(page.contains(&format!("\n## `{name}`\n")), "{name}");
    }
}
