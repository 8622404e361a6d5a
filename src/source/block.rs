//! What travels from the reader to whoever decodes: a run of whole lines in one buffer, and where they stand.
//!
//! Events borrow their texts from the block, so nothing is copied for a line. Must not know files or JSON.

use std::sync::mpsc::SyncSender;

use memchr::{memchr, memchr_iter};

use super::kept::Kept;
use super::line::{Line, Raw};
use crate::model::position::{Parts, Position};

/// A run of whole lines: about as many as fill a buffer, or a single long one.
#[derive(Debug)]
pub struct Block {
    /// The lines are at `start..end`; what lies beyond is left over from an earlier use of the buffer.
    pub(super) bytes: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where `bytes[0]` stands in its generation.
    pub(super) offset: u64,
    /// Invariant: what [`Block::lines`] yields, `head` included.
    pub(super) n_lines: usize,
    pub(super) first_line: u64,
    pub(super) generation: u32,
    pub(super) limit: usize,
    pub(super) head: Head,
    /// The last line has no newline: the end of a pipe came first.
    pub(super) unterminated: bool,
    /// Takes the buffer back when the block is dropped.
    pub(super) home: Option<SyncSender<Vec<u8>>>,
}

/// What is known of a block's first line and is not among its bytes.
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
    /// Where its text stands in the generation.
    pub(super) offset: u64,
    /// How long that is.
    pub(super) bytes: u64,
    /// The text without what makes it long; nothing where that cannot be left out.
    pub(super) kept: Option<Kept>,
}

impl Block {
    /// The lines, in order.
    pub fn lines(&self) -> BlockLines<'_> {
        BlockLines { block: self, bytes: &self.bytes[self.start..self.end], at: 0, given: 0 }
    }

    /// How many lines there are. Never none.
    #[must_use]
    pub const fn len_lines(&self) -> usize {
        self.n_lines
    }

    /// How many bytes of lines it holds.
    #[must_use]
    pub const fn len_bytes(&self) -> usize {
        self.end - self.start
    }

    /// The number of its first line.
    #[must_use]
    pub const fn first_line(&self) -> u64 {
        self.first_line
    }

    /// Which content of the path its lines stand in.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// Whether the last line was ended by the end of the pipe, not by a newline.
    #[must_use]
    pub const fn is_unterminated(&self) -> bool {
        self.unterminated
    }

    /// The kept part of its first line, when that is a long one.
    pub fn long(&self) -> Option<(u64, &Kept)> {
        self.head.long.as_ref().and_then(|long| Some((long.bytes, long.kept.as_ref()?)))
    }

    /// Lets go of all lines but the first so many, of which there is one at least.
    pub(super) fn cut(&mut self, n_lines: usize) {
        if n_lines >= self.n_lines {
            return;
        }
        // A long line has no bytes here.
        let n_ends = n_lines - usize::from(self.head.long.is_some());
        let mut ends = memchr_iter(b'\n', &self.bytes[self.start..self.end]);
        let len = n_ends.checked_sub(1).and_then(|last| ends.nth(last)).map_or(0, |newline| newline + 1);
        self.end = self.start + len;
        self.n_lines = n_lines;
        self.unterminated = false;
    }

    /// Where its last line ends in its generation, its newline included.
    pub(super) const fn end_offset(&self) -> u64 {
        self.offset + self.end as u64
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

/// The lines of a block, one after another.
#[derive(Debug)]
pub struct BlockLines<'a> {
    block: &'a Block,
    bytes: &'a [u8],
    /// Where the next line begins in `bytes`.
    at: usize,
    given: usize,
}

impl<'a> Iterator for BlockLines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.given == self.block.n_lines {
            return None;
        }
        let is_first = self.given == 0;
        self.given += 1;
        if is_first && let Some(Long { offset, bytes, kept }) = &self.block.head.long {
            let text = kept.as_ref().map_or(Raw::OverLong { bytes: *bytes }, |kept| Raw::Whole(&kept.text));
            return Some(Line { place: self.place(*offset, *bytes), nuls: self.block.head.nuls, text });
        }
        let rest = &self.bytes[self.at..];
        let (text, len) = match memchr(b'\n', rest) {
            Some(newline) => (rest[..newline].strip_suffix(b"\r").unwrap_or(&rest[..newline]), newline + 1),
            None => (rest, rest.len()),
        };
        let mut nuls = 0;
        if text.first() == Some(&0) {
            nuls = text.iter().take_while(|byte| **byte == 0).count();
        }
        let offset = self.offset() + nuls as u64;
        self.at += len;
        let text = &text[nuls..];
        let mut nuls = nuls as u64;
        if is_first {
            nuls += self.block.head.nuls;
        }
        let raw = if text.len() > self.block.limit {
            Raw::OverLong { bytes: text.len() as u64 }
        } else {
            Raw::Whole(text)
        };
        Some(self.line(offset, nuls, raw))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.block.n_lines - self.given;
        (left, Some(left))
    }
}

impl<'a> BlockLines<'a> {
    /// The bytes of the next line and of all behind it, unless more is known of it than its bytes.
    #[inline]
    pub fn ahead(&self) -> Option<&'a [u8]> {
        let is_plain = self.given > 0 || (self.block.head.long.is_none() && self.block.head.nuls == 0);
        (is_plain && self.given < self.block.n_lines).then(|| &self.bytes[self.at..])
    }

    /// Gives the next line to somebody who has found its end without looking for it: behind its first `len` bytes.
    /// Nothing when its end is elsewhere; then it is still the next.
    #[inline]
    pub fn take_ahead(&mut self, len: usize) -> Option<Position> {
        if self.bytes.get(self.at + len) != Some(&b'\n') || len > self.block.limit {
            return None;
        }
        let offset = self.offset();
        self.given += 1;
        self.at += len + 1;
        Some(self.place(offset, len as u64))
    }

    fn offset(&self) -> u64 {
        self.block.offset + (self.block.start + self.at) as u64
    }

    fn line(&self, offset: u64, nuls: u64, text: Raw<'a>) -> Line<'a> {
        let len = match text {
            Raw::Whole(text) => text.len() as u64,
            Raw::OverLong { bytes } => bytes,
        };
        Line { place: self.place(offset, len), nuls, text }
    }

    /// The place of the line that was given last.
    fn place(&self, offset: u64, len: u64) -> Position {
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        let line = self.block.first_line + self.given as u64 - 1;
        Position::new(Parts { line, offset, len, generation: self.block.generation })
    }
}
