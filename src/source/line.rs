//! One line of a log as bytes, and the place by which it can be found again.
//!
//! Must not know JSON.

use crate::model::position::Position;

/// One line of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Place.
    pub place: Position,
    /// NUL bytes before its text. A writer that kept its position over a truncation leaves such a hole.
    pub nuls: u64,
    /// Text.
    pub text: Raw<'a>,
}

/// The text of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raw<'a> {
    /// All of it, without its newline and without one carriage return before that. What is kept of a long one does not
    /// have its payload, and its place is longer.
    Whole(&'a [u8]),
    /// Its bytes are damaged, for this reason.
    Damaged(&'a str),
    /// It was longer than the limit and was not kept.
    OverLong {
        /// Length of the original, counted as a whole text is.
        bytes: u64,
    },
}
