//! A table as named columns, before it becomes CSV or Parquet.

use super::ReportError;

/// The cells of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells<'a> {
    /// Names.
    Name(Vec<&'a str>),
    /// Small whole numbers, 8 bits in Parquet.
    Small(Vec<u8>),
    /// Whole numbers, 16 bits in Parquet.
    Short(Vec<u16>),
    /// Counts, 64 bits in Parquet.
    Count(Vec<u64>),
    /// Counts that may be undefined.
    CountIfAny(Vec<Option<u64>>),
    /// Real numbers that may be undefined.
    RealIfAny(Vec<Option<f64>>),
}

impl Cells<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Name(cells) => cells.len(),
            Self::Small(cells) => cells.len(),
            Self::Short(cells) => cells.len(),
            Self::Count(cells) => cells.len(),
            Self::CountIfAny(cells) => cells.len(),
            Self::RealIfAny(cells) => cells.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A cell as text; nothing where it is undefined.
    fn text(&self, row: usize) -> String {
        match self {
            Self::Name(cells) => cells[row].to_owned(),
            Self::Small(cells) => cells[row].to_string(),
            Self::Short(cells) => cells[row].to_string(),
            Self::Count(cells) => cells[row].to_string(),
            Self::CountIfAny(cells) => cells[row].map_or_else(String::new, |count| count.to_string()),
            Self::RealIfAny(cells) => cells[row].map_or_else(String::new, |number| significant(number).to_string()),
        }
    }
}

/// Columns of one table, in order, all of the same length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns<'a>(pub Vec<(&'static str, Cells<'a>)>);

impl<'a> Columns<'a> {
    /// Adds a column on the right.
    pub fn push(&mut self, name: &'static str, cells: Cells<'a>) {
        debug_assert!(self.0.is_empty() || cells.len() == self.rows(), "{name} has as many cells as the others");
        self.0.push((name, cells));
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.0.first().map_or(0, |(_, cells)| cells.len())
    }

    /// As a large table: Parquet.
    #[cfg(feature = "tables")]
    pub fn encode(&self, file: &'static str) -> Result<Vec<u8>, ReportError> {
        super::parquet::encode(self, file)
    }

    /// As a large table: CSV, because Parquet needs the feature `tables`.
    #[cfg(not(feature = "tables"))]
    pub fn encode(&self, file: &'static str) -> Result<Vec<u8>, ReportError> {
        self.csv(file)
    }

    /// As CSV with a line of names; what is undefined is an empty cell.
    pub fn csv(&self, file: &'static str) -> Result<Vec<u8>, ReportError> {
        let failed = |cause| ReportError::Csv { file, cause };
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.0.iter().map(|(name, _)| name)).map_err(failed)?;
        for row in 0..self.rows() {
            writer.write_record(self.0.iter().map(|(_, cells)| cells.text(row))).map_err(failed)?;
        }
        writer.into_inner().map_err(|error| failed(error.into_error().into()))
    }
}

/// A number at 12 significant digits.
///
/// The last bits of a logarithm may differ between machines; files shall not. Minus zero becomes zero.
pub fn significant(number: f64) -> f64 {
    let rounded = format!("{number:.11e}").parse().unwrap_or(number);
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_cells_are_empty_and_names_are_quoted_where_needed() {
        let mut columns = Columns::default();
        columns.push("name", Cells::Name(vec!["a,b", "c"]));
        columns.push("count", Cells::CountIfAny(vec![Some(3), None]));
        columns.push("real", Cells::RealIfAny(vec![None, Some(-0.0)]));
        let text = String::from_utf8(columns.csv("x.csv").unwrap()).unwrap();
        assert_eq!(text, "name,count,real\n\"a,b\",3,\nc,,0\n");
    }

    #[test]
    fn twelve_digits_are_kept() {
        assert_eq!(significant(0.1 + 0.2), 0.3);
        assert_eq!(significant(123_456_789_012.0), 123_456_789_012.0);
        assert_eq!(significant(1.0 / 3.0), 0.333333333333);
        assert!(significant(-0.0).is_sign_positive());
    }
}
