//! Whole lines from bytes in any split, straight from the buffer that was read into.
//!
//! A line is committed by its newline and by nothing else. The reader fills [`Splitter::space`] and calls
//! [`Splitter::commit`]; whole lines leave as a [`Block`] that takes the buffer with it, and only the torn last line is
//! copied, to the front of the next buffer. Must not know where the bytes come from, nor what a line says.

pub(super) mod read_back;
pub(super) mod squeeze;
mod walk;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use memchr::{memchr, memchr_iter, memrchr};

use super::block::{Block, Head, Long};
use super::shape::RecordShape;
use super::splitter::Splitter;
use squeeze::{MAX_LINE_BYTES, Squeeze};

/// Limits on the bytes kept of a line, and in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest line that is kept, its line end not counted. Of a longer one that is an event what makes it long is
    /// left out.
    pub line: usize,
    /// The bytes of a block, unless its only line is longer.
    pub block: usize,
}

impl Default for Limits {
    /// A payload of 1 MB is a line of 3.6 MB, hence 16 MiB. A block is large enough that what is done once a block does
    /// not count; smaller ones were no faster.
    fn default() -> Self {
        Self { line: 16 << 20, block: 1024 << 10 }
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Buffers on their way back. A consumer that keeps more of them than the feed has in flight frees the rest.
const RECYCLED: usize = 16;

/// Splits the bytes of one generation into lines.
#[derive(Debug)]
pub struct Lines {
    shapes: &'static [RecordShape],
    limits: Limits,
    generation: u32,
    /// Initialized over its whole length, so that it can be read into; only `start..filled` means anything.
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    /// Offset of `buffer[0]` in the generation.
    offset: u64,
    /// Invariant: the end of the last whole line in `buffer`; not below `start`.
    whole: usize,
    /// Invariant: the newlines in `start..whole`, and one for a dropped line in `head`.
    n_lines: usize,
    /// Where the torn last line begins in the generation.
    torn_at: u64,
    head: Head,
    /// The torn last line while it is being shortened or dropped for its length. Invariant: then the buffer is empty.
    dropping: Option<Dropping>,
    home: SyncSender<Vec<u8>>,
    returned: Receiver<Vec<u8>>,
}

#[derive(Debug)]
struct Dropping {
    offset: u64,
    bytes: u64,
    /// Its last byte so far is a carriage return, which does not count if the newline is next.
    cr: bool,
    /// The part that is kept of it.
    squeeze: Squeeze,
}

impl Lines {
    /// Begins a generation of records of these shapes.
    #[must_use]
    pub fn new(shapes: &'static [RecordShape], limits: Limits, generation: u32) -> Self {
        Self::from_offset(shapes, limits, generation, 0)
    }

    /// Goes on inside a generation, where a line begins.
    #[must_use]
    pub fn from_offset(shapes: &'static [RecordShape], limits: Limits, generation: u32, offset: u64) -> Self {
        let (home, returned) = sync_channel(RECYCLED);
        Self {
            shapes,
            limits: Limits { line: limits.line, block: limits.block.max(1) },
            generation,
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            offset,
            whole: 0,
            n_lines: 0,
            torn_at: offset,
            head: Head::default(),
            dropping: None,
            home,
            returned,
        }
    }

    /// Keeps the torn last line small: skips a mark or NULs at its start, and drops it over the limit.
    fn trim(&mut self) {
        self.skip_mark(self.filled);
        if self.n_lines > 0 {
            return;
        }
        let live = &self.buffer[self.start..self.filled];
        let nuls = live.iter().take_while(|byte| **byte == 0).count();
        self.head.nuls += nuls as u64;
        self.start += nuls;
        self.whole = self.start;
        let live = &self.buffer[self.start..self.filled];
        // One more than the limit may still be a carriage return, and two bytes the start of a mark.
        let dropping = live.len() > self.limits.line.max(2).saturating_add(1);
        if dropping {
            let mut line = Dropping::new(self.shapes, self.offset + self.start as u64, self.limits.line);
            line.add(live);
            self.dropping = Some(line);
        }
        if dropping || live.is_empty() {
            self.offset += self.filled as u64;
            (self.start, self.whole, self.filled) = (0, 0, 0);
        }
    }

    /// Takes the first line up as a long one, when it ends before `end` and is longer than what is kept of others.
    fn begin_long(&mut self, end: usize) {
        let Some(newline) = memchr(b'\n', &self.buffer[self.filled..end]) else { return };
        let newline = self.filled + newline;
        self.skip_mark(newline);
        let line = &self.buffer[self.start..newline];
        let nuls = line.iter().take_while(|byte| **byte == 0).count();
        let line = &line[nuls..];
        if line.strip_suffix(b"\r").unwrap_or(line).len() <= self.limits.line {
            return;
        }
        self.head.nuls += nuls as u64;
        self.start += nuls;
        self.dropping = Some(Dropping::new(self.shapes, self.offset + self.start as u64, self.limits.line));
    }

    /// Skips a mark at the start of a generation, of which the bytes before `end` are there.
    fn skip_mark(&mut self, end: usize) {
        if self.offset + self.start as u64 == 0 && self.buffer[..end].starts_with(BOM) {
            self.start = BOM.len();
            self.whole = self.whole.max(self.start);
        }
    }

    fn make_space(&mut self) {
        if self.buffer.is_empty() {
            self.buffer = self.fresh_buffer();
        } else if self.start > 0 && self.n_lines == 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.offset += self.start as u64;
            self.filled -= self.start;
            (self.start, self.whole) = (0, 0);
        } else {
            // Doubled, so that a long line is copied once on the whole, but never past what a line may need.
            let len = self.buffer.len();
            let most = self.limits.line.max(2).saturating_add(1).saturating_add(self.limits.block);
            self.buffer.resize((2 * len).min(most).max(len + 1), 0);
        }
    }

    fn fresh_buffer(&self) -> Vec<u8> {
        self.returned.try_recv().unwrap_or_else(|_| vec![0; self.limits.block])
    }
}

impl Splitter for Lines {
    fn space(&mut self) -> &mut [u8] {
        if self.filled == self.buffer.len() {
            self.make_space();
        }
        &mut self.buffer[self.filled..]
    }

    fn fresh(&self, n: usize) -> (&[u8], usize) {
        let new = self.buffer.get(self.filled..self.filled + n).unwrap_or_default();
        (new, memrchr(b'\n', new).map_or(0, |newline| newline + 1))
    }

    fn commit(&mut self, n: usize) {
        let end = (self.filled + n).min(self.buffer.len());
        if self.dropping.is_none() && self.n_lines == 0 && end - self.start > self.limits.line {
            self.begin_long(end);
        }
        if let Some(mut dropping) = self.dropping.take() {
            let Some(newline) = memchr(b'\n', &self.buffer[self.start..end]).map(|at| self.start + at) else {
                dropping.add(&self.buffer[..end]);
                self.offset += end as u64;
                self.dropping = Some(dropping);
                return;
            };
            dropping.add(&self.buffer[self.start..newline]);
            self.head.long = Some(dropping.finish());
            self.n_lines = 1;
            self.start = newline + 1;
            self.whole = self.start;
            self.filled = self.start;
            self.torn_at = self.offset + self.start as u64;
        }
        let new = &self.buffer[self.filled..end];
        if let Some(last) = memrchr(b'\n', new) {
            self.n_lines += memchr_iter(b'\n', &new[..=last]).count();
            self.whole = self.filled + last + 1;
            self.torn_at = self.offset + self.whole as u64;
        }
        self.filled = end;
        self.trim();
    }

    fn is_full(&self) -> bool {
        self.n_lines > 0 && self.filled == self.buffer.len()
    }

    fn take(&mut self, line: u64) -> Option<Block> {
        if self.n_lines == 0 {
            return None;
        }
        let mut next = self.fresh_buffer();
        let torn = &self.buffer[self.whole..self.filled];
        if next.len() < torn.len() {
            next.resize(torn.len(), 0);
        }
        next[..torn.len()].copy_from_slice(torn);
        let n_torn = torn.len();
        let bytes = std::mem::replace(&mut self.buffer, next);
        // The buffer of a very long line is not kept for short ones.
        let home = (bytes.len() <= 2 * self.limits.block).then(|| self.home.clone());
        let block = Block {
            bytes,
            start: self.start,
            end: self.whole,
            offset: self.offset,
            n_lines: self.n_lines,
            first_line: line,
            generation: self.generation,
            limit: self.limits.line,
            head: std::mem::take(&mut self.head),
            unterminated: false,
            frames: None,
            home,
        };
        self.offset += self.whole as u64;
        (self.start, self.whole, self.filled, self.n_lines) = (0, 0, n_torn, 0);
        self.trim();
        Some(block)
    }

    fn finish(&mut self, line: u64) -> Option<Block> {
        if self.n_lines > 0 && self.pending() == 0 {
            return self.take(line);
        }
        if let Some(dropped) = self.dropping.take() {
            // A carriage return counts where no newline is behind it.
            self.head.long = Some(Long { bytes: dropped.bytes, ..dropped.finish() });
        } else if self.filled == self.whole && self.head.nuls == 0 {
            self.torn_at = self.end();
            return None;
        }
        self.n_lines += 1;
        self.whole = self.filled;
        self.torn_at = self.offset + self.filled as u64;
        let mut block = self.take(line)?;
        block.unterminated = true;
        Some(block)
    }

    fn hole(&self) -> u64 {
        let is_hole = self.n_lines == 0 && self.filled == self.start && self.dropping.is_none();
        if is_hole { self.head.nuls } else { 0 }
    }

    fn skip_nuls(&mut self, n: u64) {
        debug_assert!(self.hole() > 0, "only a hole goes on as one");
        self.head.nuls += n;
        self.offset += n;
    }

    fn stand_in_newline(&mut self) {
        debug_assert_eq!(self.pending(), 0, "the torn line is taken first");
        self.offset += 1;
        self.torn_at += 1;
    }

    fn pending(&self) -> u64 {
        self.end() - self.torn_at
    }

    fn end(&self) -> u64 {
        self.offset + self.filled as u64
    }

    fn committed(&self) -> u64 {
        self.torn_at
    }

    fn forget_torn(&mut self) {
        debug_assert_eq!(self.n_lines, 0, "whole lines are taken first");
        self.offset = self.torn_at;
        (self.start, self.whole, self.filled) = (0, 0, 0);
        (self.dropping, self.head) = (None, Head::default());
    }
}

impl Dropping {
    fn new(shapes: &'static [RecordShape], offset: u64, most: usize) -> Self {
        Self { offset, bytes: 0, cr: false, squeeze: Squeeze::new(shapes, most) }
    }

    fn add(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last() {
            self.bytes += bytes.len() as u64;
            self.cr = *last == b'\r';
            self.squeeze.add(bytes);
        }
    }

    fn finish(self) -> Long {
        let kept = if self.bytes > MAX_LINE_BYTES { None } else { self.squeeze.finish() };
        Long { offset: self.offset, bytes: self.bytes - u64::from(self.cr), kept }
    }
}

#[cfg(test)]
mod tests;
