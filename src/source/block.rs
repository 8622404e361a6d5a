//! Unit that travels from the reader to the decoder: a run of whole records in one buffer, and their positions.
//!
//! Events borrow their texts from the block, so nothing is copied for a line. Must not know files or JSON.

use std::sync::mpsc::SyncSender;

use super::kept::KeptText;

/// A run of whole lines: about as many as fill a buffer, or a single long one.
#[derive(Debug)]
pub struct Block {
    /// The lines are at `start..end`; what lies beyond is left over from an earlier use of the buffer.
    pub(super) bytes: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Offset of `bytes[0]` in its generation.
    pub(super) offset: u64,
    /// Invariant: what [`Block::lines`] yields, `head` included.
    pub(super) n_lines: usize,
    pub(super) first_line: u64,
    pub(super) generation: u32,
    pub(super) limit: usize,
    pub(super) head: Head,
    /// The last line has no newline: the end of a pipe came first.
    pub(super) unterminated: bool,
    /// Places of the lines, where they stand for frames and are not the bytes of the log.
    pub(super) frames: Option<Vec<FramePlace>>,
    /// Takes the buffer back when the block is dropped.
    pub(super) home: Option<SyncSender<Vec<u8>>>,
}

/// The place of a line that stands for a frame.
#[derive(Debug, Clone)]
pub(super) struct FramePlace {
    pub(super) offset: u64,
    pub(super) len: u32,
    /// Reason why the line is empty: the bytes are damaged.
    pub(super) damage: Option<Box<str>>,
}

impl FramePlace {
    pub(super) fn new(offset: u64, len: usize, damage: Option<String>) -> Self {
        Self { offset, len: u32::try_from(len).unwrap_or(u32::MAX), damage: damage.map(Into::into) }
    }
}

/// Facts of a block's first line that are not among its bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// NULs at its start that were skipped while it arrived.
    pub(super) nuls: u64,
    /// The whole first line, when it was too long to be kept as it is.
    pub(super) long: Option<Long>,
}

/// A line that is too long to be kept as it is.
#[derive(Debug, Clone)]
pub(super) struct Long {
    /// Offset of its text in the generation.
    pub(super) offset: u64,
    /// Length of the line.
    pub(super) bytes: u64,
    /// The text without what makes it long; nothing where that cannot be left out.
    pub(super) kept: Option<KeptText>,
}

impl Block {
    /// Number of lines. Never none.
    #[must_use]
    pub const fn len_lines(&self) -> usize {
        self.n_lines
    }

    /// Bytes of the lines.
    #[must_use]
    pub const fn len_bytes(&self) -> usize {
        self.end - self.start
    }

    /// The number of its first line.
    #[must_use]
    pub const fn first_line(&self) -> u64 {
        self.first_line
    }

    /// Returns the content of the path that its lines belong to.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// Is true when the last line was ended by the end of the pipe, not by a newline.
    #[must_use]
    pub const fn is_unterminated(&self) -> bool {
        self.unterminated
    }

    /// Where its last line ends in its generation, its newline included.
    pub(super) fn end_offset(&self) -> u64 {
        match self.frames.as_deref() {
            Some([.., last]) => last.offset + u64::from(last.len),
            _ => self.offset + self.end as u64,
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if let Some(home) = self.home.take() {
            // Refused when the reader has buffers enough, or is gone: then the buffer is freed.
            let _ = home.try_send(std::mem::take(&mut self.bytes));
        }
    }
}
