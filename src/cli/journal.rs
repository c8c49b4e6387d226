//! The journal of a fit: one JSON line per simulated vector, appended as soon as it is known.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, read_to_string};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::report::ReportError;
use crate::report::columns::significant;
use crate::study::calibrate::fit::constants::CONSTANTS;
use crate::study::calibrate::fit::entry::Entry;

/// Why a journal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file could not be read or written.
    #[error("error: {}: could not be {verb}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was tried.
        verb: &'static str,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// A line is no entry.
    #[error("error: {}:{line}: found no entry of a fit: {cause}; expected a line as `feedtilt calibrate --fit` writes it", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        cause: serde_json::Error,
    },
}

/// A journal that is open for more.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens it and reads what is there, if anything. A last line that was cut off by a stop is left out and will be written anew.
    pub fn open(path: &Path) -> Result<(Self, Vec<Entry>), JournalError> {
        let failed = |verb| move |cause| JournalError::File { path: path.to_owned(), verb, cause };
        let text = match read_to_string(path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == ErrorKind::NotFound => String::new(),
            Err(cause) => return Err(failed("read")(cause)),
        };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let entries = read(path, &text[..whole])?;
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(failed("written"))?;
        file.set_len(whole as u64).map_err(failed("written"))?;
        Ok((Self { path: path.to_owned(), file }, entries))
    }

    /// Appends an entry.
    pub fn append(&mut self, entry: &Entry) -> Result<(), JournalError> {
        let line = serde_json::to_string(entry).expect("numbers and names are always JSON") + "\n";
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.flush());
        written.map_err(|cause| JournalError::File { path: self.path.clone(), verb: "written", cause })
    }
}

/// The accepted set as CSV: wave and member, a column per constant, then one per figure.
pub fn accepted_csv(entries: &[&Entry]) -> Result<Vec<u8>, ReportError> {
    let failed = |cause| ReportError::Csv { file: "accepted.csv", cause };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let figures: BTreeSet<&String> = entries.iter().flat_map(|entry| entry.figures.keys()).collect();
    let constants = CONSTANTS.iter().map(|constant| constant.key);
    let head = ["wave", "member"].into_iter().chain(constants).chain(figures.iter().map(|name| name.as_str()));
    writer.write_record(head).map_err(failed)?;
    for entry in entries {
        let numbers = [entry.wave, entry.member].map(|number| number.to_string());
        let constants = CONSTANTS.iter().map(|constant| entry.constants[constant.key].to_string());
        // Six digits are more than a figure is known to.
        let figure = |name: &&String| {
            entry.figures.get(*name).copied().flatten().map_or_else(String::new, |x| significant(x).to_string())
        };
        writer.write_record(numbers.into_iter().chain(constants).chain(figures.iter().map(figure))).map_err(failed)?;
    }
    Ok(writer.into_inner().expect("writing to memory cannot fail"))
}

fn read(path: &Path, text: &str) -> Result<Vec<Entry>, JournalError> {
    let entry = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|cause| JournalError::Line {
            path: path.to_owned(),
            line: number + 1,
            cause,
        })
    };
    text.lines().enumerate().map(entry).collect()
}
