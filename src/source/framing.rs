//! Framings: how the records of a log are told apart in its bytes.
//!
//! A second framing is a variant more, with a splitter and a way to read one record again. Must not know where the bytes
//! come from, nor what a record says.

use std::fmt::Debug;

use super::block::Block;
use super::handle::Handle;
use super::lines::{Limits, Lines, read_back};
use super::reread::Gone;
use super::shape::RecordShape;
use crate::model::position::Position;

/// Framing of the records of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// A record of this shape a line, committed by its newline and by nothing else.
    Lines(&'static RecordShape),
}

impl Framing {
    /// Shape of the records.
    pub(super) const fn shape(self) -> &'static RecordShape {
        match self {
            Self::Lines(shape) => shape,
        }
    }

    /// Begins to split a generation at `offset`, where a record begins.
    pub(super) fn splitter(self, limits: Limits, generation: u32, offset: u64) -> Box<dyn Splitter> {
        match self {
            Self::Lines(shape) => Box::new(Lines::from_offset(shape, limits, generation, offset)),
        }
    }

    /// Reads the text of one record again, at most `limit` bytes of it.
    pub(super) fn record(self, handle: &Handle, at: Position, limit: usize) -> Result<Vec<u8>, Gone> {
        match self {
            Self::Lines(_) => read_back::record(handle, at, limit),
        }
    }
}

/// Splits the bytes of one generation into blocks of whole records. Asked once a read, and never once a record.
pub trait Splitter: Debug + Send {
    /// Space for the next bytes. Never empty.
    fn space(&mut self) -> &mut [u8];

    /// Takes the first `n` bytes of [`Splitter::space`] as read.
    fn commit(&mut self, n: usize);

    /// Is true when a block should be taken before more is read.
    #[must_use]
    fn is_full(&self) -> bool;

    /// Takes the whole records that are there, the first of which is number `line`.
    fn take(&mut self, line: u64) -> Option<Block>;

    /// At the end of a pipe: takes what is left, the torn last record included.
    fn finish(&mut self, line: u64) -> Option<Block>;

    /// NULs of which the torn last record consists, if it consists of nothing else.
    #[must_use]
    fn hole(&self) -> u64;

    /// Goes on over `n` NULs without reading them, inside a [`Splitter::hole`].
    fn skip_nuls(&mut self, n: u64);

    /// After [`Splitter::finish`], when more may come: counts the newline that replaces the missing end.
    fn stand_in_newline(&mut self);

    /// Bytes of the torn last record.
    #[must_use]
    fn pending(&self) -> u64;

    /// Bytes of the generation that were read.
    #[must_use]
    fn end(&self) -> u64;

    /// Start of the torn last record.
    #[must_use]
    fn committed(&self) -> u64;

    /// Forgets the torn last record, to read it again from [`Splitter::committed`]. Whole ones are taken before.
    fn forget_torn(&mut self);
}
