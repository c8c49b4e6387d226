//! The table of the stylised facts, for people and as JSON.

use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent, presets};
use serde::Serialize;

use super::ReportError;

/// One figure of a fact, held against its target.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactRow {
    /// Short name of the fact.
    pub id: &'static str,
    /// What is measured.
    pub figure: &'static str,
    /// Measured on a real platform.
    pub target: f64,
    /// Smallest and largest value inside the tolerance.
    pub tolerance: [f64; 2],
    /// What the simulation shows; null where it is undefined.
    pub simulated: Option<f64>,
    /// `inside`, `outside` or `n/a`.
    pub verdict: &'static str,
    /// The same of the fact with all its figures.
    pub fact_verdict: &'static str,
    /// `I` input echoed, `F` fitted, `P` predicted.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// What was measured, in words.
    pub what: &'static str,
    /// Where the target comes from.
    pub source: &'static str,
}

const HEADER: [&str; 8] = ["id", "use", "figure", "target", "from", "to", "simulated", "verdict"];

/// The table.
pub fn table(rows: &[FactRow]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    for line in [TableComponent::HeaderLines, TableComponent::MiddleHeaderIntersections] {
        table.set_style(line, '─');
    }
    table.set_header(HEADER);
    for row in rows {
        let simulated = row.simulated.map_or_else(|| "–".to_owned(), figure);
        let [low, high] = row.tolerance.map(figure);
        table.add_row([row.id, row.usage, row.figure, &figure(row.target), &low, &high, &simulated, row.verdict]);
    }
    for column in table.column_iter_mut().skip(3).take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string() + "\n"
}

/// Three significant digits.
fn figure(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    format!("{value:.*}", usize::try_from(digits.clamp(0, 6)).unwrap_or(0))
}

/// The same as JSON: a list of objects.
pub fn json(rows: &[FactRow]) -> Result<String, ReportError> {
    let text = serde_json::to_string_pretty(rows);
    Ok(text.map_err(|cause| ReportError::Json { file: "calibrate --json", cause })? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits() {
        let texts = [0.155, 22.7, 2400.0, 0.001, 0.0155, 268.4, -0.13, 0.0].map(figure);
        assert_eq!(texts, ["0.155", "22.7", "2400", "0.00100", "0.0155", "268", "-0.130", "0"]);
    }
}
