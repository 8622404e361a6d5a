//! One file of a directory as it is now, on one line. Never writes, never waits.
//!
//! Must not know why it is read.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use super::shape::{DirectoryShape, FileContent};
use crate::source::open::{OpenError, open, reason};
use crate::source::options::Options;
use crate::source::passing::is_passing;

/// Reader of the files of one directory. Its clones number their reads together.
#[derive(Debug, Clone)]
pub(super) struct FileReader {
    dir: PathBuf,
    pub(super) shape: &'static DirectoryShape,
    /// As many bytes of a file are read: a longer one is torn.
    limit: usize,
    stamps: Arc<AtomicU64>,
}

/// A file as it was read.
#[derive(Debug)]
pub(super) struct FileRead {
    pub(super) name: Box<str>,
    /// Its number in the order in which reads began: of two reads of a file, the later one has seen no less.
    pub(super) stamp: u64,
    pub(super) content: FileContent,
    /// Its bytes, on one line without the line's end.
    pub(super) line: Vec<u8>,
    /// Time of its last write, by the file system.
    pub(super) modified: Option<SystemTime>,
}

impl FileReader {
    pub(super) fn new(dir: &Path, shape: &'static DirectoryShape, options: &Options) -> Self {
        Self { dir: dir.to_owned(), shape, limit: options.limits.line, stamps: Arc::default() }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Reads a file as it is now; nothing if it has vanished.
    pub(super) fn read(&self, name: &str) -> Option<FileRead> {
        let stamp = self.stamps.fetch_add(1, Ordering::SeqCst);
        let mut read = FileRead {
            name: name.into(),
            stamp,
            content: FileContent::Foreign,
            line: Vec::new(),
            modified: None,
        };
        let opened = match open(&self.dir.join(name)) {
            Ok(opened) if opened.is_pipe => return Some(read),
            Ok(opened) => opened,
            Err(OpenError::Missing(_)) => return None,
            Err(OpenError::Unreadable { error, .. }) => {
                read.content = FileContent::Torn(reason(&error));
                return Some(read);
            }
            Err(_) => return Some(read),
        };
        let metadata = opened.file.metadata().ok();
        read.modified = metadata.as_ref().and_then(|it| it.modified().ok());
        let len = metadata.map_or(0, |it| usize::try_from(it.len()).unwrap_or(usize::MAX));
        let got = read_up_to(&opened.file, len.min(self.limit), self.limit, &mut read.line);
        put_on_one_line(&mut read.line);
        read.content = match got {
            Ok(()) => (self.shape.judge)(name, &read.line),
            Err(error) => FileContent::Torn(reason(&error)),
        };
        Some(read)
    }
}

impl FileRead {
    /// Its place among the files of a directory that is read as a whole; none for what is not read any further.
    pub(super) const fn order(&self) -> Option<(u8, u64)> {
        match self.content {
            FileContent::Record { at } => Some((0, at)),
            FileContent::Note { at } => Some((1, at)),
            FileContent::Beside | FileContent::Foreign | FileContent::Torn(_) => None,
        }
    }
}

/// Reads a file from its start, which is expected to have `len` bytes: then it is asked for them once.
fn read_up_to(mut file: &File, len: usize, limit: usize, into: &mut Vec<u8>) -> io::Result<()> {
    let mut end = 0;
    into.resize(len + 1, 0);
    loop {
        match file.read(&mut into[end..]) {
            Ok(n) => end += n,
            Err(error) if is_passing(&error) => continue,
            Err(error) => return Err(error),
        }
        // A file that gives less than it is asked for has no more.
        if end < into.len() || end >= limit {
            into.truncate(end);
            return Ok(());
        }
        into.resize(2 * end, 0);
    }
}

/// Makes one line of a file. Line ends are blanks between the parts of JSON, and never in them.
fn put_on_one_line(bytes: &mut Vec<u8>) {
    let len = bytes.trim_ascii_end().len();
    bytes.truncate(len);
    for byte in bytes.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}
