//! The splitter of a log, and the way to one of its records again, by its framing.
//!
//! A third framing is a splitter more, and a row here. Must not know where the bytes come from, nor what a record says.

use super::frames::shape::{FrameShape, MOST_BEGINNING};
use super::frames::{self, Frames};
use super::framing::Framing;
use super::handle::Handle;
use super::lines::{Limits, Lines, read_back};
use super::reread::Gone;
use super::splitter::Splitter;
use super::undecided::Undecided;
use crate::model::position::Position;

impl Framing {
    /// Begins to split a generation at its first byte.
    pub(super) fn splitter(self, limits: Limits, generation: u32) -> Box<dyn Splitter> {
        if self.frames.is_empty() {
            return self.chosen(None, limits, generation, 0);
        }
        Box::new(Undecided::new(self, limits, generation, Self::chosen))
    }

    /// Goes on in a generation at `offset`, where a record begins.
    pub(super) fn splitter_in(
        self,
        handle: &Handle,
        limits: Limits,
        generation: u32,
        offset: u64,
    ) -> Box<dyn Splitter> {
        self.chosen(self.frames_of(handle, offset), limits, generation, offset)
    }

    /// Reads the text of one record again, at most `limit` bytes of it.
    pub(super) fn record(self, handle: &Handle, at: Position, limit: usize) -> Result<Vec<u8>, Gone> {
        match self.frames_of(handle, at.parts().offset) {
            None => read_back::record(handle, at, limit),
            Some(shape) => frames::read_back::record(shape, handle, at, limit),
        }
    }

    /// Splits records of these frames, or lines.
    fn chosen(
        self,
        frames: Option<&'static FrameShape>,
        limits: Limits,
        generation: u32,
        offset: u64,
    ) -> Box<dyn Splitter> {
        match frames {
            Some(shape) => Box::new(Frames::from_offset(shape, self.lines, limits, generation, offset)),
            None => Box::new(Lines::from_offset(self.lines, limits, generation, offset)),
        }
    }

    /// The shape of the frames of a generation, by its first bytes. Where a pipe's are not kept any more, those of the record
    /// show it: all frames begin alike.
    fn frames_of(self, handle: &Handle, offset: u64) -> Option<&'static FrameShape> {
        if self.frames.is_empty() {
            return None;
        }
        let at = if handle.has_released(0) { offset } else { 0 };
        let mut head = [0; MOST_BEGINNING];
        let n = handle.read_at(&mut head, at).ok()?;
        self.decide(&head[..n]).ok().flatten()
    }
}
