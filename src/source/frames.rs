//! Whole frames from bytes in any split, each as the line of JSON that it stands for.
//!
//! A frame is committed when it is there to its last byte. What is behind damaged bytes is read from the next frame on that
//! is whole: the damage is one record, which has no text but a reason. Must not know where the bytes come from, nor what a
//! frame says.

pub(super) mod read_back;
pub mod shape;
#[cfg(test)]
mod tests;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use shape::{FrameEnd, FrameShape, NextFrame};

use super::block::{Block, FramePlace, Head, Long};
use super::lines::{Limits, squeeze::Squeeze};
use super::shape::RecordShape;
use super::splitter::Splitter;

/// Bytes that are read at once: the lines of a frame are up to four times as long.
const READ_PART: usize = 4;

/// Buffers on their way back.
const RECYCLED: usize = 16;

/// Splits the bytes of one generation into frames.
#[derive(Debug)]
pub struct Frames {
    shape: &'static FrameShape,
    lines: &'static [RecordShape],
    limits: Limits,
    generation: u32,
    /// Initialized over its whole length, so that it can be read into; only `..filled` means anything.
    buffer: Vec<u8>,
    filled: usize,
    /// Offset of `buffer[0]` in the generation.
    offset: u64,
    /// Invariant: the end of the last record of `records`, and of what is behind it of the same damage.
    whole: usize,
    /// Records that were found and not taken.
    records: Vec<FrameRecord>,
    /// End of the last record that is none of damage. What is damaged behind it may be cut off by the engine's repair.
    sound: u64,
    /// The bytes between `sound` and `whole` are damaged, which was said.
    is_damaged: bool,
    home: SyncSender<Vec<u8>>,
    returned: Receiver<Vec<u8>>,
}

/// A record in the buffer.
#[derive(Debug)]
struct FrameRecord {
    start: usize,
    len: usize,
    /// Reason why it is no frame.
    damage: Option<String>,
}

impl Frames {
    /// Goes on inside a generation, where a frame begins. Records that are too long are shortened by the shapes of lines.
    #[must_use]
    pub fn from_offset(
        shape: &'static FrameShape,
        lines: &'static [RecordShape],
        limits: Limits,
        generation: u32,
        offset: u64,
    ) -> Self {
        let (home, returned) = sync_channel(RECYCLED);
        Self {
            shape,
            lines,
            limits: Limits { line: limits.line, block: limits.block.max(READ_PART) },
            generation,
            buffer: Vec::new(),
            filled: 0,
            offset,
            whole: 0,
            records: Vec::new(),
            sound: offset,
            is_damaged: false,
            home,
            returned,
        }
    }

    /// Finds the records among the bytes that are there.
    fn find(&mut self) {
        while self.whole < self.filled {
            let rest = &self.buffer[self.whole..self.filled];
            match (self.shape.frame)(rest) {
                FrameEnd::Whole(len) => self.push(len, None),
                FrameEnd::Torn => return,
                FrameEnd::Damaged(reason) => match (self.shape.next)(rest) {
                    NextFrame::At(at) => self.push(at, Some(reason)),
                    // More bytes may show where it ends; but not more than a frame has.
                    NextFrame::None(keep) if rest.len() - keep > self.shape.most => {
                        self.push(rest.len() - keep, Some(reason));
                    }
                    NextFrame::None(_) => return,
                },
            }
        }
    }

    /// Where nothing more is there for now: bytes that are no frame and the start of none are damaged.
    fn find_damage(&mut self) {
        let rest = &self.buffer[self.whole..self.filled];
        if rest.is_empty() {
            return;
        }
        let (reason, next) = match (self.shape.frame)(rest) {
            FrameEnd::Whole(_) => return,
            FrameEnd::Damaged(reason) => (reason, (self.shape.next)(rest)),
            // A length that is damaged would be waited for, while whole frames come behind it.
            FrameEnd::Torn => match (self.shape.next)(rest) {
                NextFrame::None(_) => return,
                next @ NextFrame::At(_) => ("the record is damaged: its length is wrong".to_owned(), next),
            },
        };
        match next {
            NextFrame::At(at) => {
                self.push(at, Some(reason));
                self.find();
                self.find_damage();
            }
            NextFrame::None(keep) if keep < rest.len() => self.push(rest.len() - keep, Some(reason)),
            NextFrame::None(_) => {}
        }
    }

    /// Adds a record. Damage that goes on is no other record.
    fn push(&mut self, len: usize, damage: Option<String>) {
        let is_damaged = damage.is_some();
        if !(is_damaged && self.is_damaged) {
            self.records.push(FrameRecord { start: self.whole, len, damage });
        }
        self.is_damaged = is_damaged;
        self.whole += len;
        if !is_damaged {
            self.sound = self.offset + self.whole as u64;
        }
    }

    /// Makes a block of the records that were found, or of as many as fit.
    fn block(&mut self, line: u64) -> Option<Block> {
        if self.records.is_empty() {
            return None;
        }
        let mut text = self.returned.try_recv().unwrap_or_default();
        text.clear();
        let (mut places, mut head) = (Vec::with_capacity(self.records.len()), Head::default());
        for FrameRecord { start, len, damage } in &mut self.records {
            let begin = text.len();
            let frame = &self.buffer[*start..*start + *len];
            let offset = self.offset + *start as u64;
            let damage = match damage.take() {
                Some(reason) => Some(reason),
                None => (self.shape.line)(frame, &mut text).err(),
            };
            if text.len() - begin > self.limits.line {
                // A long one is a block of its own.
                if places.is_empty() {
                    head.long = Some(long(self.lines, self.limits.line, offset, &text));
                    places.push(FramePlace::new(offset, *len, None));
                }
                text.truncate(begin);
                break;
            }
            text.push(b'\n');
            places.push(FramePlace::new(offset, *len, damage));
        }
        self.records.drain(..places.len());
        let home = (text.capacity() <= 2 * READ_PART * self.limits.block).then(|| self.home.clone());
        Some(Block {
            start: 0,
            end: text.len(),
            bytes: text,
            offset: self.offset,
            n_lines: places.len(),
            first_line: line,
            generation: self.generation,
            limit: self.limits.line,
            head,
            unterminated: false,
            frames: Some(places),
            home,
        })
    }

    /// Drops the bytes of records that were taken.
    fn trim(&mut self) {
        let done = self.records.first().map_or(self.whole, |record| record.start);
        if done == 0 {
            return;
        }
        self.buffer.copy_within(done..self.filled, 0);
        self.offset += done as u64;
        self.filled -= done;
        self.whole -= done;
        self.records.iter_mut().for_each(|record| record.start -= done);
    }
}

/// The kept part of a line that is longer than others.
fn long(shapes: &'static [RecordShape], most: usize, offset: u64, line: &[u8]) -> Long {
    let mut squeeze = Squeeze::new(shapes, most);
    squeeze.add(line);
    Long { offset, bytes: line.len() as u64, kept: squeeze.finish() }
}

impl Splitter for Frames {
    fn space(&mut self) -> &mut [u8] {
        if self.records.is_empty() {
            self.trim();
        }
        if self.filled == self.buffer.len() {
            let len = (2 * self.buffer.len()).max(self.limits.block / READ_PART);
            self.buffer.resize(len, 0);
        }
        &mut self.buffer[self.filled..]
    }

    fn fresh(&self, n: usize) -> (&[u8], usize) {
        let (mut at, end) = (self.whole, self.filled + n);
        while at < end
            && let FrameEnd::Whole(len) = (self.shape.frame)(&self.buffer[at..end])
        {
            at += len;
        }
        (&self.buffer[self.filled..end], at.saturating_sub(self.filled))
    }

    fn commit(&mut self, n: usize) {
        self.filled = (self.filled + n).min(self.buffer.len());
        self.find();
    }

    fn is_full(&self) -> bool {
        !self.records.is_empty() && self.filled == self.buffer.len()
    }

    fn take(&mut self, line: u64) -> Option<Block> {
        if !self.is_full() {
            self.find_damage();
        }
        let block = self.block(line);
        self.trim();
        block
    }

    fn finish(&mut self, line: u64) -> Option<Block> {
        self.find_damage();
        if self.whole < self.filled {
            self.push(self.filled - self.whole, Some("the log ends within this record".to_owned()));
        }
        let block = self.block(line);
        self.trim();
        block
    }

    fn hole(&self) -> u64 {
        0
    }

    fn skip_nuls(&mut self, _: u64) {}

    fn stand_in_newline(&mut self) {}

    fn pending(&self) -> u64 {
        (self.filled - self.whole) as u64
    }

    fn end(&self) -> u64 {
        self.offset + self.filled as u64
    }

    fn committed(&self) -> u64 {
        self.sound
    }

    fn forget_torn(&mut self) {
        debug_assert!(self.records.is_empty(), "whole records are taken first");
        self.offset = self.sound;
        (self.whole, self.filled) = (0, 0);
    }
}
