//! Pictures: what they say in both languages, that they repeat to the byte, that their tables hold what is drawn.
//!
//! Every picture made here is left in the folder for temporary files of the build (`target/tmp/charts`), to be looked at.

mod edges;
mod samples;

use std::path::Path;

use feedtilt::report::chart::{self, Chart};
use feedtilt::report::words::language::Language;

use samples::{dose_response, exposure_over_time, lorenz, signature};

/// Draws a picture in a language and leaves it to be looked at; gives the SVG.
pub fn drawn(name: &str, chart: &dyn Chart, language: Language) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts");
    std::fs::create_dir_all(&folder).unwrap();
    let (svg, png) = (chart::svg(chart, language).unwrap(), chart::png(chart, language).unwrap());
    std::fs::write(folder.join(format!("{name}-{}.svg", language.code())), &svg).unwrap();
    std::fs::write(folder.join(format!("{name}-{}.png", language.code())), png).unwrap();
    svg
}

/// The texts of an SVG in order, fixed spaces as plain ones.
pub fn texts(svg: &str) -> Vec<String> {
    let text = |part: &str| part.lines().nth(1).unwrap_or_default().replace('\u{a0}', " ");
    svg.split("<text").skip(1).map(text).collect()
}

/// Draws in a language; gives the texts joined, as they are read.
pub fn read(name: &str, chart: &dyn Chart, language: Language) -> String {
    texts(&drawn(name, chart, language)).join(" ")
}
