//! Columns as a Parquet file. The only part of feedtilt that knows polars.

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, ParquetWriter, PolarsResult, Series};

use super::ReportError;
use super::columns::{Cells, Columns};

/// The file, compressed with Zstandard. One thread writes it, so that its bytes depend on nothing but the columns.
pub(super) fn encode(columns: &Columns<'_>, file: &'static str) -> Result<Vec<u8>, ReportError> {
    write(columns).map_err(|cause| ReportError::Parquet { file, cause: cause.to_string() })
}

fn write(columns: &Columns<'_>) -> PolarsResult<Vec<u8>> {
    let series: Vec<Column> = columns.0.iter().map(|(name, cells)| series(name, cells).into_column()).collect();
    let mut frame = DataFrame::new(columns.rows(), series)?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).set_parallel(false).finish(&mut frame)?;
    Ok(bytes)
}

fn series(name: &str, cells: &Cells<'_>) -> Series {
    let name = name.into();
    match cells {
        Cells::Name(cells) => Series::new(name, cells),
        Cells::Small(cells) => Series::new(name, cells),
        Cells::Short(cells) => Series::new(name, cells),
        Cells::Count(cells) => Series::new(name, cells),
        Cells::CountIfAny(cells) => Series::new(name, cells),
        Cells::RealIfAny(cells) => Series::new(name, cells),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{ParquetReader, SerReader};

    #[test]
    fn what_is_written_is_read_back_with_types_and_gaps() {
        let mut columns = Columns::default();
        columns.push("name", Cells::Name(vec!["a", "b"]));
        columns.push("small", Cells::Small(vec![1, 2]));
        columns.push("short", Cells::Short(vec![300, 400]));
        columns.push("count", Cells::Count(vec![u64::MAX, 0]));
        columns.push("gap", Cells::CountIfAny(vec![None, Some(7)]));
        let frame = ParquetReader::new(std::io::Cursor::new(encode(&columns, "x").unwrap())).finish().unwrap();
        let types: Vec<String> = frame.dtypes().iter().map(ToString::to_string).collect();
        assert_eq!(types, ["str", "u8", "u16", "u64", "u64"]);
        assert_eq!(frame.column("count").unwrap().u64().unwrap().get(0), Some(u64::MAX));
        assert_eq!(frame.column("gap").unwrap().u64().unwrap().get(0), None);
        assert_eq!(frame.column("name").unwrap().str().unwrap().get(1), Some("b"));
    }

    #[test]
    fn a_table_without_rows_keeps_its_columns() {
        let mut columns = Columns::default();
        columns.push("name", Cells::Name(Vec::new()));
        columns.push("real", Cells::RealIfAny(Vec::new()));
        let frame = ParquetReader::new(std::io::Cursor::new(encode(&columns, "x").unwrap())).finish().unwrap();
        assert_eq!((frame.height(), frame.width()), (0, 2));
    }
}
