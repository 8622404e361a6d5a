//! Seam by which records are read again: those of a stretch of the log to be folded once more, or one to be shown.
//!
//! The log is its own archive: nothing is kept of a record but its position. Must not follow, nor know what a record says.

use std::fmt::Debug;

use thiserror::Error;

use super::block::Block;
use super::delivery::SourceNotice;
use crate::model::position::Position;

/// Reads records of a log again. Knows of its contents what it was told by [`Reread::note`].
pub trait Reread: Debug {
    /// Takes in where contents of the log are read from, or that one cannot be read any more.
    fn note(&mut self, notice: &SourceNotice);

    /// Begins to read at the record at `from`, which has nothing before its text.
    ///
    /// # Errors
    /// When the content that it is in is not at hand any more.
    fn blocks(&self, from: Position) -> Result<Box<dyn Blocks>, Gone>;

    /// Reads the text of the record at `at`, and at most `limit` bytes of it.
    ///
    /// # Errors
    /// When the content is not at hand any more, or no longer has the record in that position.
    fn record(&self, at: Position, limit: usize) -> Result<Vec<u8>, Gone>;
}

/// Records that are read again, one block after another.
pub trait Blocks: Debug {
    /// Reads the next records; none at the end of what there is.
    ///
    /// # Errors
    /// When the system fails to read.
    fn next(&mut self) -> Result<Option<Block>, Gone>;
}

/// Reason why a record cannot be read again. Completes "failed to read the line: ...".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Gone {
    /// Its generation is not open: it is too old, was overwritten, or came through a pipe that was not kept.
    #[error("its file is not open any more")]
    Closed,
    /// Other bytes are in its place.
    #[error("its place in the file was overwritten or cut")]
    Overwritten,
    /// It came through a pipe, and so much came after it that it is not kept any more.
    #[error("it is too old to be kept: only the last gigabyte of a pipe is")]
    TooOld,
    /// The system failed to read.
    #[error("{0}")]
    Unreadable(String),
}
