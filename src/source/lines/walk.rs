//! The lines of a block: the end of each, and the bytes before its text. Must not know JSON.

use memchr::{memchr, memchr_iter};

use crate::model::position::{Parts, Position};
use crate::source::block::{Block, FramePlace, Long};
use crate::source::kept::KeptText;
use crate::source::line::{Line, Raw};

impl Block {
    /// The lines, in order.
    pub fn lines(&self) -> BlockLines<'_> {
        BlockLines { block: self, bytes: &self.bytes[self.start..self.end], at: 0, given: 0 }
    }

    /// The kept part of its first line, when that is a long one.
    pub fn long(&self) -> Option<(u64, &KeptText)> {
        self.head.long.as_ref().and_then(|long| Some((long.bytes, long.kept.as_ref()?)))
    }

    /// Keeps the first `n_lines` lines, of which there is one at least, and drops the others.
    pub(in crate::source) fn cut(&mut self, n_lines: usize) {
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
        if let Some(frames) = &mut self.frames {
            frames.truncate(n_lines);
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
        if let Some(reason) = self.frame().and_then(|frame| frame.damage.as_deref()) {
            self.at += 1;
            return Some(Line { place: self.place(0, 0), nuls: 0, text: Raw::Damaged(reason) });
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

    /// Gives the next line to a caller that has found its end without looking for it: behind its first `len` bytes.
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
            Raw::Damaged(_) => 0,
        };
        Line { place: self.place(offset, len), nuls, text }
    }

    /// The frame that the line that was given last stands for.
    #[inline]
    fn frame(&self) -> Option<&'a FramePlace> {
        self.block.frames.as_ref()?.get(self.given - 1)
    }

    /// The place of the line that was given last.
    #[inline]
    fn place(&self, offset: u64, len: u64) -> Position {
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        let (offset, len) = self.frame().map_or((offset, len), |frame| (frame.offset, frame.len));
        let line = self.block.first_line + self.given as u64 - 1;
        Position::new(Parts { line, offset, len, generation: self.block.generation })
    }
}
