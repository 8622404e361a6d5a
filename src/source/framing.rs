//! Framings: how the records of a log are told apart in its bytes.
//!
//! The first bytes of a log say whether it is of lines or of frames. Must not split anything, nor know what a record says.

use super::frames::shape::{Beginning, FrameShape, MOST_BEGINNING};
use super::shape::RecordShape;

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
}

/// The first bytes are too few to decide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooFew;
