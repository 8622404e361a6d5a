//! The end of a hole, so that a hundred gigabytes of nothing need not be read.
//!
//! Holes come from a writer that keeps its position over a truncation, and from one that claims space in advance. Must
//! not know lines.

use std::fs::File;

use rustix::fs::{SeekFrom, seek};
use rustix::io::Errno;

/// A shorter hole is read: asking costs as much.
pub(in crate::source) const LONG: u64 = 64 << 10;

/// Finds the next written bytes at or after `at`, or the end of the file. Moves the file's position
/// there. `None` when that is `at` itself, or cannot be told.
pub(in crate::source) fn end_of_hole(file: &File, at: u64) -> Option<u64> {
    let end = match seek(file, SeekFrom::Data(at)) {
        Ok(data) => data,
        Err(Errno::NXIO) => seek(file, SeekFrom::End(0)).ok()?,
        Err(_) => return None,
    };
    (end > at).then_some(end)
}
