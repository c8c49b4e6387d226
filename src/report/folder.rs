//! The run folder on disk: what stands there, writing it whole or not at all, reading it back.
//!
//! A run is written to `<out>.partial` and renamed at its end, `manifest.json` being its last file.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest};

/// Name of the resolved scenario in the folder.
pub const SCENARIO: &str = "scenario.toml";
/// Name of the folder of pictures in the folder.
pub const CHARTS: &str = "charts";

/// Why a folder cannot be used. The user can mend all of these.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// `--out` names no folder that could be made.
    #[error("error: --out {}: expected the name of a folder to be made", path.display())]
    NoName {
        /// What was given.
        path: PathBuf,
    },
    /// Something else stands there.
    #[error("error: {}: there is something else, not a run; feedtilt does not replace it\nhint: name another folder with --out", path.display())]
    Occupied {
        /// The path.
        path: PathBuf,
    },
    /// A run and files of somebody else's.
    #[error("error: {}: holds {file}, which feedtilt did not write; it does not replace this folder\nhint: move the file away, or name another folder with --out", path.display())]
    ForeignFile {
        /// The folder.
        path: PathBuf,
        /// The file.
        file: String,
    },
    /// A finished run of something else.
    #[error("error: {}: holds {what}\nhint: name another folder with --out, or replace it with --force", path.display())]
    AnotherRun {
        /// The folder.
        path: PathBuf,
        /// What it holds.
        what: String,
    },
    /// A run that did not come to its end.
    #[error("error: {}: holds an unfinished run\nhint: --force starts over", path.display())]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// No run where one was expected.
    #[error("error: {}: is not a run folder; expected a folder with {}", path.display(), manifest::FILE)]
    NotARun {
        /// The path.
        path: PathBuf,
    },
    /// A manifest that cannot be understood.
    #[error("error: {}: is no manifest that feedtilt can read: {cause}", path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        #[source]
        cause: serde_json::Error,
    },
    /// The system refused.
    #[error("error: {}: could not be {verb}: {cause}", path.display())]
    System {
        /// File or folder.
        path: PathBuf,
        /// What was tried.
        verb: &'static str,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

fn system(path: &Path, verb: &'static str) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |cause| FolderError::System { path, verb, cause }
}

/// What stands where a run is to be written.
#[derive(Debug)]
pub enum Found {
    /// Nothing, or an empty folder.
    Nothing,
    /// A run that did not come to its end.
    Unfinished,
    /// A finished run.
    Finished(Box<Manifest>),
}

/// A place for a run.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    partial: PathBuf,
}

impl Folder {
    /// The place with this path.
    pub fn new(path: &Path) -> Result<Self, FolderError> {
        let Some(name) = path.file_name() else { return Err(FolderError::NoName { path: path.to_owned() }) };
        let mut partial = name.to_owned();
        partial.push(".partial");
        Ok(Self { path: path.to_owned(), partial: path.with_file_name(partial) })
    }

    /// Where the finished run will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where an unfinished run is.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Looks what is there.
    pub fn found(&self) -> Result<Found, FolderError> {
        match contents(&self.path)? {
            Some(names) if names.iter().any(|name| name == manifest::FILE) => {
                Ok(Found::Finished(Box::new(read_manifest(&self.path)?)))
            }
            Some(names) if !names.is_empty() => Err(FolderError::Occupied { path: self.path.clone() }),
            _ if self.partial.exists() => Ok(Found::Unfinished),
            _ => Ok(Found::Nothing),
        }
    }

    /// Begins a run, in place of an unfinished one if there is one. A finished run stays until the new one is complete.
    pub fn begin(self) -> Result<Draft, FolderError> {
        if let Some(names) = contents(&self.path)? {
            refuse_foreign(&self.path, &names)?;
        }
        if self.partial.exists() {
            fs::remove_dir_all(&self.partial).map_err(system(&self.partial, "removed"))?;
        }
        fs::create_dir_all(&self.partial).map_err(system(&self.partial, "made"))?;
        Ok(Draft { folder: self })
    }
}

/// Names in a run folder, pictures with the name of theirs before them; `None` when nothing is there.
fn contents(path: &Path) -> Result<Option<Vec<String>>, FolderError> {
    let Some(names) = names(path)? else { return Ok(None) };
    let (charts, mut names): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| name == CHARTS);
    if !charts.is_empty() {
        let within = self::names(&path.join(CHARTS))?.unwrap_or_default();
        names.extend(within.iter().map(|name| format!("{CHARTS}/{name}")));
    }
    Ok(Some(names))
}

/// Names in a folder; `None` when nothing is there.
fn names(path: &Path) -> Result<Option<Vec<String>>, FolderError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) if cause.kind() == io::ErrorKind::NotADirectory => {
            return Err(FolderError::Occupied { path: path.to_owned() });
        }
        Err(cause) => return Err(system(path, "read")(cause)),
    };
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    let names: io::Result<Vec<String>> = entries.map(name).collect();
    names.map(Some).map_err(system(path, "read"))
}

/// A run folder holds its manifest, its scenario and the tables and pictures that the manifest names.
fn refuse_foreign(path: &Path, names: &[String]) -> Result<(), FolderError> {
    if names.is_empty() {
        return Ok(());
    }
    let Manifest { tables, charts, .. } = read_manifest(path)?;
    let listed = |name: &str| tables.contains_key(name) || charts.contains_key(name);
    let known = |name: &str| name == manifest::FILE || name == SCENARIO || listed(name);
    match names.iter().find(|name| !known(name)) {
        Some(file) => Err(FolderError::ForeignFile { path: path.to_owned(), file: file.clone() }),
        None => Ok(()),
    }
}

/// A run that is being written.
#[derive(Debug)]
pub struct Draft {
    folder: Folder,
}

impl Draft {
    /// Writes one file, and the folder within the run folder that it lies in.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), FolderError> {
        let path = self.folder.partial.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(system(folder, "made"))?;
        }
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        });
        written.map_err(system(&path, "written"))
    }

    /// Takes back what was begun, because there will be no run.
    pub fn discard(self) -> Result<(), FolderError> {
        let partial = self.folder.partial;
        fs::remove_dir_all(&partial).map_err(system(&partial, "removed"))
    }

    /// Writes the manifest and puts the run in its place.
    pub fn finish(self, manifest: &str) -> Result<PathBuf, FolderError> {
        self.write(manifest::FILE, manifest.as_bytes())?;
        let Folder { path, partial } = self.folder;
        if path.exists() {
            fs::remove_dir_all(&path).map_err(system(&path, "replaced"))?;
        }
        fs::rename(&partial, &path).map_err(system(&path, "put in place"))?;
        Ok(path)
    }
}

/// A finished run as it lies on disk.
#[derive(Debug)]
pub struct StoredRun {
    /// Its manifest.
    pub manifest: Manifest,
    /// Content of `scenario.toml`, if it is there.
    pub scenario: Option<Vec<u8>>,
    /// Content of the tables that the manifest names, as far as they are there.
    pub tables: BTreeMap<String, Vec<u8>>,
    /// Content of the pictures that the manifest names, as far as they are there.
    pub charts: BTreeMap<String, Vec<u8>>,
}

/// Reads a finished run.
pub fn read(path: &Path) -> Result<StoredRun, FolderError> {
    let manifest = read_manifest(path)?;
    let tables = read_listed(path, &manifest.tables)?;
    let charts = read_listed(path, &manifest.charts)?;
    Ok(StoredRun { manifest, scenario: read_file(&path.join(SCENARIO))?, tables, charts })
}

/// Content of the files of a list, as far as they are there.
fn read_listed(path: &Path, list: &BTreeMap<String, String>) -> Result<BTreeMap<String, Vec<u8>>, FolderError> {
    let mut files = BTreeMap::new();
    for name in list.keys() {
        if let Some(content) = read_file(&path.join(name))? {
            files.insert(name.clone(), content);
        }
    }
    Ok(files)
}

/// One file of a finished run.
pub fn read_table(path: &Path, name: &str) -> Result<Vec<u8>, FolderError> {
    let file = path.join(name);
    fs::read(&file).map_err(system(&file, "read"))
}

fn read_manifest(path: &Path) -> Result<Manifest, FolderError> {
    let file = path.join(manifest::FILE);
    let Some(content) = read_file(&file)? else { return Err(FolderError::NotARun { path: path.to_owned() }) };
    serde_json::from_slice(&content).map_err(|cause| FolderError::BadManifest { path: file, cause })
}

/// Content of a file; `None` when it is not there.
fn read_file(path: &Path) -> Result<Option<Vec<u8>>, FolderError> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(cause) if matches!(cause.kind(), NotFound | NotADirectory) => Ok(None),
        Err(cause) => Err(system(path, "read")(cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_a_name_is_no_place_for_a_run() {
        for path in ["..", "/", "a/.."] {
            assert!(matches!(Folder::new(Path::new(path)), Err(FolderError::NoName { .. })), "{path}");
        }
        assert_eq!(Folder::new(Path::new("a/b/")).unwrap().partial(), Path::new("a/b.partial"));
    }

    #[test]
    fn nothing_stands_in_place_before_the_manifest_is_written() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("run");
        let place = || Folder::new(&path).unwrap();
        assert!(matches!(place().found(), Ok(Found::Nothing)));
        let draft = place().begin().unwrap();
        draft.write("shift.csv", b"x").unwrap();
        assert!(!path.exists() && matches!(place().found(), Ok(Found::Unfinished)));
        draft.finish("{}").unwrap();
        assert!(
            matches!(place().found(), Err(FolderError::BadManifest { .. })),
            "finished, though with a bad manifest"
        );
    }
}
