//! Pictures of a run, ready for print: SVG and PNG in every language, CSV with what was drawn.
//!
//! A picture is drawn from a struct of plain figures, never from files or worlds. A new one is a module with such a
//! struct, [`Chart`] for it, and a line in [`ALL`]; its words stand in `report::words::chart`.

pub mod accuracy;
pub mod attribution;
mod axis;
pub mod canvas;
pub mod dose_response;
pub mod exposure_over_time;
mod font;
pub mod input;
pub mod lorenz;
mod palette;
pub mod persistence;
mod png;
pub mod signature;

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::columns::Columns;
use super::folder::CHARTS as FOLDER;
use super::words::chart::Words;
use super::words::language::Language;
use super::{ReportError, Results};
use canvas::{Canvas, Failed};

/// One picture, ready to be drawn.
pub trait Chart: Send + Sync {
    /// Name of its files, without language and ending.
    fn stem(&self) -> &str;
    /// Title, subtitle, source, and the whole picture in words.
    fn words(&self, language: Language) -> Words;
    /// Draws what stands between subtitle and source, from `top` downwards; says where it ends.
    fn draw(&self, canvas: &Canvas<'_>, top: f64, language: Language) -> Result<f64, Failed>;
    /// The numbers that are drawn.
    fn tables(&self) -> Vec<Table>;
}

/// Numbers behind a picture: one CSV that a tool for charts takes as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What its name has after the picture's; empty for the main one.
    pub suffix: &'static str,
    /// The numbers.
    pub columns: Columns<'static>,
}

/// Makes the pictures of one kind that a run has something for.
type Maker = fn(&Results<'_>) -> Vec<Box<dyn Chart>>;

/// Every kind of picture.
pub const ALL: [(&str, Maker); 7] = [
    (signature::NAME, signature::of_run),
    (exposure_over_time::NAME, exposure_over_time::of_run),
    (dose_response::NAME, dose_response::of_run),
    (lorenz::NAME, lorenz::of_run),
    (accuracy::NAME, accuracy::of_run),
    (attribution::NAME, attribution::of_run),
    (persistence::NAME, persistence::of_run),
];

/// The pictures of a run as files, by their path in the run folder; none for a run without a tilted arm.
pub fn files(results: &Results<'_>) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
    let charts: Vec<Box<dyn Chart>> = ALL.iter().flat_map(|(_, make)| make(results)).collect();
    let pairs = charts.iter().flat_map(|chart| Language::ALL.map(|language| (chart.as_ref(), language)));
    let drawn: Result<Vec<_>, ReportError> = pairs.collect::<Vec<_>>().par_iter().map(|pair| pictures(*pair)).collect();
    let mut files: BTreeMap<String, Vec<u8>> = drawn?.into_iter().flatten().collect();
    for chart in &charts {
        for table in chart.tables() {
            files.insert(format!("{FOLDER}/{}{}.csv", chart.stem(), table.suffix), table.columns.csv(FOLDER)?);
        }
    }
    Ok(files)
}

/// One picture in one language: SVG, and the PNG made of it.
fn pictures((chart, language): (&dyn Chart, Language)) -> Result<[(String, Vec<u8>); 2], ReportError> {
    let name = |ending: &str| format!("{FOLDER}/{}-{}.{ending}", chart.stem(), language.code());
    let svg = svg(chart, language)?;
    let png = png::png(&svg).map_err(|cause| ReportError::Chart { file: name("png"), cause })?;
    Ok([(name("svg"), svg.into_bytes()), (name("png"), png)])
}

/// A picture as SVG.
pub fn svg(chart: &dyn Chart, language: Language) -> Result<String, ReportError> {
    let words = chart.words(language);
    let drawn = canvas::draw(&words, language, |canvas| {
        let top = canvas.head(&words)?;
        let bottom = chart.draw(canvas, top, language)?;
        canvas.foot(&words, bottom)
    });
    let name = || format!("{FOLDER}/{}-{}.svg", chart.stem(), language.code());
    drawn.map_err(|cause| ReportError::Chart { file: name(), cause: cause.to_string() })
}

/// A picture as PNG for print, made of its SVG.
pub fn png(chart: &dyn Chart, language: Language) -> Result<Vec<u8>, ReportError> {
    pictures((chart, language)).map(|[_, (_, png)]| png)
}
