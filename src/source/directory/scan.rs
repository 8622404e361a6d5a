//! A directory read as a whole: its records in the order of their instants, which is not that of their saves.
//!
//! Must not follow it.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use super::read::{FileRead, FileReader};
use super::shape::{DirectoryShape, FileContent};
use crate::source::open::OpenError;
use crate::source::options::Options;

/// The files of a directory.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Records and notes; in order once they are asked for by [`Scan::in_order`].
    pub(super) whole: Vec<FileRead>,
    /// Files that are not whole.
    pub(super) torn: Vec<FileRead>,
    /// Number of files that are the engine's and hold nothing of a run.
    n_beside: usize,
    /// Number of files that are not the engine's.
    pub(super) n_foreign: usize,
}

impl Scan {
    /// Reads every file, but those that are skipped.
    pub(super) fn of(reader: &FileReader, skips: impl Fn(&str, &DirEntry) -> bool) -> io::Result<Self> {
        let mut scan = Self::default();
        for entry in fs::read_dir(reader.dir())? {
            scan.take(reader, &entry?, &skips);
        }
        Ok(scan)
    }

    /// Reads files until one is the engine's.
    fn first(reader: &FileReader) -> io::Result<Self> {
        let mut scan = Self::default();
        for entry in fs::read_dir(reader.dir())? {
            scan.take(reader, &entry?, |_, _| false);
            if scan.is_recognized() {
                break;
            }
        }
        Ok(scan)
    }

    fn take(&mut self, reader: &FileReader, entry: &DirEntry, skips: impl Fn(&str, &DirEntry) -> bool) {
        let name = entry.file_name();
        match name.to_str() {
            Some(name) if (reader.shape.is_named)(name) => {
                if !skips(name, entry)
                    && let Some(read) = reader.read(name)
                {
                    self.sort_in(read);
                }
            }
            Some(name) if (reader.shape.is_temporary)(name) => (),
            _ => self.n_foreign += 1,
        }
    }

    /// Puts a file where it belongs.
    pub(super) fn sort_in(&mut self, read: FileRead) {
        match read.content {
            FileContent::Record { .. } | FileContent::Note { .. } => self.whole.push(read),
            FileContent::Torn(_) => self.torn.push(read),
            FileContent::Beside => self.n_beside += 1,
            FileContent::Foreign => self.n_foreign += 1,
        }
    }

    /// The whole files, in the order of their instants.
    pub(super) fn in_order(mut self) -> Vec<FileRead> {
        self.whole
            .sort_by(|one, other| one.order().cmp(&other.order()).then_with(|| one.name.cmp(&other.name)));
        self.whole
    }

    /// Is true when a file is the engine's.
    pub(super) fn is_recognized(&self) -> bool {
        !self.whole.is_empty() || !self.torn.is_empty() || self.n_beside > 0
    }

    /// Is true when there is no file at all.
    pub(super) fn is_empty(&self) -> bool {
        !self.is_recognized() && self.n_foreign == 0
    }

    /// Refuses a directory in which no file is the engine's.
    pub(super) fn refusal(&self, dir: &Path, shape: &DirectoryShape, options: &Options) -> OpenError {
        OpenError::NoRecords {
            path: dir.to_owned(),
            n_files: self.n_foreign,
            looked_for: shape.files,
            inside: options.inside,
        }
    }
}

/// Finds the engine of a directory by its files, with as many of them as show it. An empty one may become that of the
/// first engine.
///
/// # Errors
/// When it cannot be read, or holds files and none of an engine.
pub(super) fn recognize(dir: &Path, options: &Options) -> Result<(FileReader, Scan), OpenError> {
    let failed = |error| OpenError::Unreadable { path: dir.to_owned(), error };
    let mut refusal = OpenError::Directory(dir.to_owned());
    for shape in options.directories.iter().rev() {
        let reader = FileReader::new(dir, shape, options);
        let scan = Scan::first(&reader).map_err(failed)?;
        if scan.is_recognized() {
            return Ok((reader, scan));
        }
        if scan.is_empty() {
            // It is so for every engine.
            let Some(first) = options.directories.first() else { break };
            return Ok((FileReader::new(dir, first, options), scan));
        }
        refusal = scan.refusal(dir, shape, options);
    }
    Err(refusal)
}
