//! Framings: how the records of a log are told apart in its bytes.
//!
//! A second framing is a variant more, with a splitter and a way to read one record again. Must not know where the bytes
//! come from, nor what a record says.

use super::handle::Handle;
use super::lines::{Limits, Lines, read_back};
use super::reread::Gone;
use super::shape::RecordShape;
use super::splitter::Splitter;
use crate::model::position::Position;

/// Framing of the records of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// A record of one of these shapes a line, committed by its newline and by nothing else.
    Lines(&'static [RecordShape]),
}

impl Framing {
    /// Shapes of the records.
    pub(super) const fn shapes(self) -> &'static [RecordShape] {
        match self {
            Self::Lines(shapes) => shapes,
        }
    }

    /// Begins to split a generation at `offset`, where a record begins.
    pub(super) fn splitter(self, limits: Limits, generation: u32, offset: u64) -> Box<dyn Splitter> {
        match self {
            Self::Lines(shapes) => Box::new(Lines::from_offset(shapes, limits, generation, offset)),
        }
    }

    /// Reads the text of one record again, at most `limit` bytes of it.
    pub(super) fn record(self, handle: &Handle, at: Position, limit: usize) -> Result<Vec<u8>, Gone> {
        match self {
            Self::Lines(_) => read_back::record(handle, at, limit),
        }
    }
}
