//! What came through a pipe, kept in a file without a name so that a line can be read back.
//!
//! The file is in the directory for temporary files, and is gone with the process. Must not know lines.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// A file that gets every byte of a pipe.
#[derive(Debug)]
pub(super) struct Spool {
    file: Arc<File>,
    len: u64,
    /// Writing failed once; what follows is not kept.
    is_full: bool,
}

impl Spool {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { file: Arc::new(tempfile::tempfile()?), len: 0, is_full: false })
    }

    /// The file, for whoever reads back.
    pub(super) fn handle(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// Keeps the next bytes. Fails once, when the disk is full for example, and then does nothing.
    pub(super) fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_full {
            return Ok(());
        }
        let kept = self.file.write_all_at(bytes, self.len);
        self.is_full = kept.is_err();
        self.len += bytes.len() as u64;
        kept
    }
}
