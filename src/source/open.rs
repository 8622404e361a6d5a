//! Opening a log: read-only, without waiting for another program, and never becoming its terminal.
//!
//! Must not read lines, nor follow anything.

use std::fs::File;
use std::io::{self, ErrorKind};
#[cfg(not(any(target_os = "macos", target_os = "ios")))]
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use thiserror::Error;

use super::framing::Framing;
use super::limit;
use super::sniff::{self, FileKind, quoted};

/// Why a log cannot be read. Completes "failed to read the log: ...".
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is nothing at the path.
    #[error("{} does not exist", quoted(.0))]
    Missing(PathBuf),
    /// It may not be opened, or the system failed to.
    #[error("{} cannot be read: {}", quoted(.path), reason(.error))]
    Unreadable {
        /// The log.
        path: PathBuf,
        /// Error of the system.
        error: io::Error,
    },
    /// It is a directory.
    #[error("{} is a directory", quoted(.0))]
    Directory(PathBuf),
    /// It is a directory in which no file is a record.
    #[error("{} is a directory {}", quoted(.path), files(*.n_files))]
    NoRecords {
        /// The directory.
        path: PathBuf,
        /// Number of files in it.
        n_files: usize,
        /// Files that were looked for.
        looked_for: &'static str,
        /// Logs that were looked for within it.
        inside: &'static [&'static str],
    },
    /// It is a terminal, a disk or another device.
    #[error("{} is a device", quoted(.0))]
    Device(PathBuf),
    /// Its first bytes are not a log's.
    #[error("{} is {kind}", quoted(.path))]
    NotALog {
        /// The log, or `stdin`.
        path: PathBuf,
        /// Kind of file.
        kind: FileKind,
    },
    /// Reading began and failed.
    #[error("reading {} failed at byte {offset}: {}", quoted(.path), reason(.error))]
    Broken {
        /// The log, or `stdin`.
        path: PathBuf,
        /// The bytes that were read.
        offset: u64,
        /// Error of the system.
        error: io::Error,
    },
    /// The thread that reads could not be started.
    #[error("the reader could not be started: {}", reason(.0))]
    NoThread(io::Error),
}

impl OpenError {
    /// Suggests the next step, as a fragment.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing(_) => Some("check the path, or start its writer".to_owned()),
            Self::Unreadable { error, path } if error.kind() == io::ErrorKind::PermissionDenied => {
                Some(format!("ask for the permission to read it: `ls -l {}`", quoted(path)))
            }
            Self::Directory(path) => Some(format!("name a file in it: `ls {}`", quoted(path))),
            Self::NoRecords { path, n_files, looked_for, inside } => {
                let logs: String = inside.iter().map(|log| format!(", `{log}`")).collect();
                let start = if *n_files == 0 { ": start what writes them, or" } else { "; or" };
                Some(format!(
                    "looked for {looked_for}{logs}{start} name a file in it: `ls -a {}`",
                    quoted(path)
                ))
            }
            Self::Device(_) => Some("name a file, or `-` for the standard input".to_owned()),
            Self::NotALog { path, kind } if path == Path::new("stdin") => Some(kind.hint(Path::new("FILE"))),
            Self::NotALog { path, kind } => Some(kind.hint(path)),
            Self::NoThread(error) if error.kind() == ErrorKind::WouldBlock => {
                Some("the user may have too many processes: `ulimit -u` says how many are allowed".to_owned())
            }
            Self::Unreadable { error, .. } | Self::Broken { error, .. } | Self::NoThread(error) => {
                limit::hint(error)
            }
        }
    }
}

/// Words for the files of a directory in which none is a record.
fn files(n_files: usize) -> String {
    match n_files {
        0 => "with no record in it".to_owned(),
        1 => "with no record in it: 1 file is something else".to_owned(),
        n => format!("with no record in it: {n} files are something else"),
    }
}

/// The system's words without its number: `permission denied`.
pub fn reason(error: &io::Error) -> String {
    if let Some(limit) = limit::reached(error) {
        return limit;
    }
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Identity of a file, as long as it is held: the number is given again to a later file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    pub(super) fn of(meta: &std::fs::Metadata) -> Self {
        Self { device: meta.dev(), inode: meta.ino() }
    }
}

/// A log that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) id: FileId,
    /// Bytes come once, and an end is final: a pipe that has a name.
    pub(super) is_pipe: bool,
}

/// The path by which an open file can be found now, where the system tells it and it is so.
pub(super) fn path_of(file: &File) -> Option<PathBuf> {
    #[cfg(any(target_os = "macos", target_os = "ios"))]
    let path = {
        use std::os::unix::ffi::OsStringExt as _;
        let path = rustix::fs::getpath(file).ok()?;
        PathBuf::from(std::ffi::OsString::from_vec(path.into_bytes()))
    };
    #[cfg(not(any(target_os = "macos", target_os = "ios")))]
    let path = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
    let id = FileId::of(&file.metadata().ok()?);
    std::fs::metadata(&path).is_ok_and(|meta| FileId::of(&meta) == id).then_some(path)
}

/// Opens what is at `path`.
pub(super) fn open(path: &Path) -> Result<Opened, OpenError> {
    open_with(path, OFlags::NONBLOCK)
}

/// Opens what is at `path`; the first read of a pipe waits for its writer.
pub(super) fn open_waiting(path: &Path) -> Result<Opened, OpenError> {
    let is_pipe = std::fs::metadata(path).is_ok_and(|meta| meta.file_type().is_fifo());
    open_with(path, if is_pipe { OFlags::empty() } else { OFlags::NONBLOCK })
}

fn open_with(path: &Path, blocking: OFlags) -> Result<Opened, OpenError> {
    let flags = (blocking | OFlags::CLOEXEC | OFlags::NOCTTY).bits();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => OpenError::Missing(path.to_owned()),
        // A socket.
        _ if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
            OpenError::Device(path.to_owned())
        }
        _ => OpenError::Unreadable { path: path.to_owned(), error },
    };
    let file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path)
        .map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    let kind = meta.file_type();
    if kind.is_dir() {
        return Err(OpenError::Directory(path.to_owned()));
    }
    if !kind.is_file() && !kind.is_fifo() {
        return Err(OpenError::Device(path.to_owned()));
    }
    Ok(Opened { file, id: FileId::of(&meta), is_pipe: kind.is_fifo() })
}

/// Says what it is if the first bytes of a file are not a log's. A pipe is looked at when its bytes come.
pub(super) fn peek(framing: Framing, opened: &Opened) -> Option<FileKind> {
    if opened.is_pipe {
        return None;
    }
    let mut head = [0; sniff::SNIFFED];
    let n = opened.file.read_at(&mut head, 0).ok()?;
    Sniffer::new(framing).look(&head[..n])
}

/// Tells a log from other files while its first bytes arrive, in any portions.
#[derive(Debug)]
pub struct Sniffer {
    framing: Framing,
    head: Vec<u8>,
    /// It is known whether it is text.
    is_text: bool,
    /// It is known that it is a log.
    decided: bool,
}

impl Sniffer {
    /// Begins with no bytes of a log of such records.
    #[must_use]
    pub const fn new(framing: Framing) -> Self {
        Self { framing, head: Vec::new(), is_text: false, decided: false }
    }

    /// Looks at the next bytes; says once what it is, if it is no log.
    pub fn look(&mut self, bytes: &[u8]) -> Option<FileKind> {
        if self.decided {
            return None;
        }
        let n_new = bytes.len().min(sniff::SNIFFED - self.head.len());
        self.head.extend_from_slice(&bytes[..n_new]);
        if !self.is_text {
            if self.head.len() < sniff::ENOUGH && !self.head.contains(&b'\n') {
                return None;
            }
            self.is_text = true;
            if let Some(kind) = sniff::sniff_bytes(self.framing, &self.head) {
                self.decided = true;
                return Some(kind);
            }
        }
        let kind = sniff::sniff_text(self.framing, &self.head);
        self.decided = kind.is_some() || sniff::is_decided(self.framing, &self.head);
        if self.decided {
            self.head = Vec::new();
        }
        kind
    }
}
