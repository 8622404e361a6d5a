//! Bytes of one generation, by which they are read back while its name may lead elsewhere.
//!
//! A file is there as long as it is held. Of a pipe only the last bytes are kept. Must not know lines.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The bytes of one generation.
#[derive(Debug, Clone)]
pub struct Handle {
    file: Arc<File>,
    /// Bytes before this are not kept any more; none in a file.
    kept_from: Arc<AtomicU64>,
}

impl Handle {
    /// Of a file in which everything stays.
    pub(super) fn of(file: &Arc<File>) -> Self {
        Self { file: Arc::clone(file), kept_from: Arc::default() }
    }

    /// The open file.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Reads the bytes at `at`. The caller asks [`Handle::has_released`] afterwards: not before, since it may happen
    /// meanwhile.
    pub(super) fn read_at(&self, space: &mut [u8], at: u64) -> io::Result<usize> {
        self.file.read_at(space, at)
    }

    /// The same for as much as there is space.
    pub(super) fn read_exact_at(&self, space: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_exact_at(space, at)
    }

    /// Is true when the byte at `at` is not kept any more, so that what was read there means nothing.
    pub(super) fn has_released(&self, at: u64) -> bool {
        at < self.kept_from.load(Ordering::SeqCst)
    }

    /// Says that the bytes before `at` are about to be dropped.
    pub(super) fn release(&self, at: u64) {
        self.kept_from.store(at, Ordering::SeqCst);
    }
}
