//! Files that are written on request: a table of runs, runs as JSON, or the screen.
//!
//! A file is written beside its place and put there when it is whole, so there is never a part of one; what is there
//! already is kept unless it was asked to be replaced. Runs are written some at a time, so that a frame never waits for
//! a million of them. Must not know who asks, nor what else happens meanwhile: the store must not change.

pub mod table;

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, Permissions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::app::App;
use crate::app::export::{Existing, Export, ExportFormat};
use crate::model::text::clean_path;
use crate::projection;
use crate::store::{RunKey, Store};
use crate::ui::{self, Theme};
use crate::view::format::{count, counted};

/// Bytes after which a slice ends early: some runs have megabytes of output.
const SLICE_BYTES: u64 = 1 << 20;

/// Why a file was not written. Nothing is left of it, and what was there before still is.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Something is there, and was not asked to be replaced.
    #[error("{} is there already; put ! after the command to replace it", clean_path(.0))]
    Exists(PathBuf),
    /// It would take the place of the log.
    #[error("{} is the log, which is never written to; name another file", clean_path(.0))]
    IsTheLog(PathBuf),
    /// The path is a directory, a pipe or a device.
    #[error("{} is no file; name another one", clean_path(.0))]
    NoFile(PathBuf),
    /// The directory cannot take a file.
    #[error("no file can be made in {}: {error}; name one in another directory", clean_path(.dir))]
    NoPlace {
        /// The directory.
        dir: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The file could not be written to its end, or not be put in its place.
    #[error("{} could not be written: {error}", clean_path(.path))]
    Broken {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// The path with the home directory in the place of a `~` at its start, as a shell reads it.
#[must_use]
pub fn expand_home(path: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// Progress of a file.
#[derive(Debug)]
#[must_use]
pub enum ExportProgress {
    /// Some runs are not yet written.
    Going(Exporter),
    /// It is there.
    Done(Written),
}

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// Number of runs in it; none is in one of the screen.
    pub runs: usize,
    /// Length of the file.
    pub bytes: u64,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, runs, bytes } = self;
        let what = match (ExportFormat::of(path), runs) {
            (Some(kind), _) if kind.is_screen() => "the screen was".to_owned(),
            (_, 1) => "1 run was".to_owned(),
            (_, runs) => format!("{} runs were", count(*runs)),
        };
        write!(f, "{what} written to {} ({})", clean_path(path), counted(*bytes, "byte", "bytes"))
    }
}

/// A file that is being written. Nothing is left of one that is dropped before it is done.
#[derive(Debug)]
pub struct Exporter {
    out: BufWriter<NamedTempFile>,
    path: PathBuf,
    existing: Existing,
    rest: Rest,
    n_written: usize,
    bytes: u64,
}

/// Part that is not written yet.
#[derive(Debug)]
enum Rest {
    Runs(ExportFormat, std::vec::IntoIter<RunKey>),
    Text(String),
}

impl Exporter {
    /// Gets ready to write a file. The screen is taken as it is now. `log` is the file that is never replaced.
    ///
    /// # Errors
    /// When there is no place for the file, or something is there.
    pub fn begin(export: Export, log: Option<&Path>, app: &App, theme: Theme) -> Result<Self, ExportError> {
        let Export { path, kind, existing, runs } = export;
        check(&path, existing, log)?;
        let dir = path.parent().filter(|dir| *dir != Path::new("")).unwrap_or_else(|| Path::new("."));
        let made = tempfile::Builder::new()
            .prefix(".runwatch-")
            .suffix(path.extension().unwrap_or_else(|| OsStr::new("")))
            // The usual mode of a new file, less the umask.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(dir);
        let file = made.map_err(|error| ExportError::NoPlace { dir: dir.to_owned(), error })?;
        let rest = match kind {
            ExportFormat::Svg => Rest::Text(ui::picture(app, theme)),
            ExportFormat::Html => Rest::Text(ui::page(app, theme)),
            ExportFormat::Csv | ExportFormat::Jsonl => Rest::Runs(kind, runs.into_iter()),
        };
        let head = match rest {
            // By the mark spreadsheets know that it is UTF-8; other readers of CSV skip it.
            Rest::Runs(ExportFormat::Csv, _) => [table::MARK, &table::heading()].concat(),
            _ => Vec::new(),
        };
        let out = BufWriter::with_capacity(1 << 18, file);
        let mut exporter = Self { out, path, existing, rest, n_written: 0, bytes: 0 };
        exporter.write(&head)?;
        Ok(exporter)
    }

    /// Writes up to `n` more runs, as they are in `store` at the instant `now` in seconds; puts the file in its place
    /// after the last one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn advance(mut self, store: &Store, now: u64, n: usize) -> Result<ExportProgress, ExportError> {
        let until = self.bytes + SLICE_BYTES;
        for _ in 0..n {
            let piece = match &mut self.rest {
                Rest::Text(text) => std::mem::take(text).into_bytes(),
                Rest::Runs(kind, runs) => match runs.next() {
                    None => Vec::new(),
                    // It is of the future of the instant at hand.
                    Some(key) if !store.has(key) => continue,
                    Some(key) => {
                        self.n_written += 1;
                        let is_table = *kind == ExportFormat::Csv;
                        if is_table {
                            table::row(store, key, now)
                        } else {
                            projection::line(store, key).into_bytes()
                        }
                    }
                },
            };
            if piece.is_empty() {
                return self.finish();
            }
            self.write(&piece)?;
            if self.bytes >= until {
                break;
            }
        }
        Ok(ExportProgress::Going(self))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|error| broken(&self.path, error))
    }

    fn finish(self) -> Result<ExportProgress, ExportError> {
        let Self { out, path, existing, n_written: runs, bytes, .. } = self;
        let file = out.into_inner().map_err(|it| broken(&path, it.into_error()))?;
        match existing {
            Existing::Replace => file.persist(&path).map_err(|it| broken(&path, it.error))?,
            Existing::Keep => file.persist_noclobber(&path).map_err(|it| match it.error.kind() {
                io::ErrorKind::AlreadyExists => ExportError::Exists(path.clone()),
                _ => broken(&path, it.error),
            })?,
        };
        Ok(ExportProgress::Done(Written { path, runs, bytes }))
    }
}

/// Finds out whether a file may be put there, before anything is written.
fn check(path: &Path, existing: Existing, log: Option<&Path>) -> Result<(), ExportError> {
    let Ok(there) = fs::symlink_metadata(path) else { return Ok(()) };
    let identity = |path: &Path| fs::metadata(path).map(|it| (it.dev(), it.ino())).ok();
    if let Some(log) = log.and_then(identity)
        && identity(path) == Some(log)
    {
        return Err(ExportError::IsTheLog(path.to_owned()));
    }
    if existing == Existing::Keep {
        return Err(ExportError::Exists(path.to_owned()));
    }
    // A link would be replaced by the file, and its target left alone: not what the user means.
    if there.is_file() { Ok(()) } else { Err(ExportError::NoFile(path.to_owned())) }
}

fn broken(path: &Path, error: io::Error) -> ExportError {
    ExportError::Broken { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests;
