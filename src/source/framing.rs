//! Framings: how the records of a log are told apart in its bytes.
//!
//! The first bytes of a log say whether it is of lines or of frames. Must not know where the bytes come from, nor what a
//! record says.

use std::os::unix::fs::FileExt as _;

use super::frames::shape::{Beginning, FrameShape, MOST_BEGINNING};
use super::frames::{self, Frames};
use super::handle::Handle;
use super::inside::log_inside;
use super::lines::{Limits, Lines, read_back};
use super::open::open;
use super::options::Options;
use super::origin::Origin;
use super::reread::Gone;
use super::shape::RecordShape;
use super::splitter::Splitter;
use super::undecided::Undecided;
use crate::model::position::Position;

/// Framings that the records of a log may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framing {
    /// Shapes of records of which each is a line, committed by its newline and by nothing else.
    pub lines: &'static [RecordShape],
    /// Shapes of records that are frames.
    pub frames: &'static [FrameShape],
}

impl Framing {
    /// Framing of a log that has a record of one of these shapes a line.
    #[must_use]
    pub const fn of_lines(lines: &'static [RecordShape]) -> Self {
        Self { lines, frames: &[] }
    }

    /// Begins to split a generation at its first byte.
    pub(super) fn splitter(self, limits: Limits, generation: u32) -> Box<dyn Splitter> {
        if self.frames.is_empty() {
            return self.chosen(None, limits, generation, 0);
        }
        Box::new(Undecided::new(self, limits, generation))
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
    pub(super) fn chosen(
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

    /// Finds the shape of frames by the first bytes of a log: nothing for lines, and an error for too few bytes.
    pub(super) fn decide(self, head: &[u8]) -> Result<Option<&'static FrameShape>, TooFew> {
        let head = &head[..head.len().min(MOST_BEGINNING)];
        let mut is_unclear = head.is_empty();
        for shape in self.frames {
            match (shape.begins)(head) {
                Beginning::Frames => return Ok(Some(shape)),
                Beginning::Unclear => is_unclear = true,
                Beginning::Other | Beginning::Form { .. } => {}
            }
        }
        if is_unclear { Err(TooFew) } else { Ok(None) }
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

/// True of a file, or of the log within a directory, that is of frames or may become so with more bytes.
#[must_use]
pub fn may_hold_frames(origin: &Origin, options: &Options) -> bool {
    let Origin::Path(path) = origin else { return false };
    let path = if path.is_dir() { log_inside(path, options) } else { Some(path.clone()) };
    let mut head = [0; MOST_BEGINNING];
    let read = path.and_then(|path| open(&path).ok()).filter(|opened| !opened.is_pipe);
    let n = read.and_then(|opened| opened.file.read_at(&mut head, 0).ok()).unwrap_or(0);
    n > 0 && !matches!(options.framing.decide(&head[..n]), Ok(None))
}

/// The first bytes are too few to decide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooFew;
