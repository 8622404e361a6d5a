//! Records read again from the bytes of files and spools, through descriptors that stay when names move.
//!
//! Must not follow.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

use super::block::Block;
use super::delivery::{ContentChange, SourceNotice};
use super::framing::Framing;
use super::handle::Handle;
use super::lines::Limits;
use super::open::reason;
use super::passing::is_passing;
use super::reread::{Blocks, Gone, Reread};
use super::splitter::Splitter;
use crate::model::position::{Parts, Position};

/// Generations that are kept open; each holds a descriptor, and a deleted one also its disk space.
const MAX_OPEN_GENERATIONS: usize = 8;

/// Descriptors of the generations of a log.
#[derive(Debug, Clone)]
pub struct Archive {
    framing: Framing,
    /// By number, the oldest first.
    generations: VecDeque<(u32, Handle)>,
}

impl Archive {
    /// Archive of a log that is followed, or of nothing yet.
    #[must_use]
    pub const fn new(framing: Framing) -> Self {
        Self { framing, generations: VecDeque::new() }
    }

    /// Keeps a file as a generation; for a log that is read once, as generation 0.
    pub fn keep(&mut self, generation: u32, file: &Arc<File>) {
        self.keep_handle(generation, Handle::of(file));
    }

    /// Reads a generation elsewhere, if it is still open.
    fn move_handle(&mut self, generation: u32, handle: Handle) {
        if let Some((_, kept)) = self.generations.iter_mut().find(|(number, _)| *number == generation) {
            *kept = handle;
        }
    }

    /// Keeps the bytes of a generation, and forgets the oldest beyond the limit.
    pub(super) fn keep_handle(&mut self, generation: u32, handle: Handle) {
        self.generations.retain(|(number, _)| *number != generation);
        self.generations.push_back((generation, handle));
        if self.generations.len() > MAX_OPEN_GENERATIONS {
            self.generations.pop_front();
        }
    }

    /// The bytes of a generation, if it is still open.
    fn handle(&self, generation: u32) -> Result<&Handle, Gone> {
        let found = self.generations.iter().find(|(number, _)| *number == generation);
        Ok(&found.ok_or(Gone::Closed)?.1)
    }
}

impl Reread for Archive {
    fn note(&mut self, notice: &SourceNotice) {
        match notice {
            SourceNotice::Opened { generation, handle: Some(handle), .. } => {
                self.keep_handle(*generation, handle.clone());
            }
            SourceNotice::Moved { generation, handle } => self.move_handle(*generation, handle.clone()),
            SourceNotice::Truncated(change) | SourceNotice::Replaced(change) => {
                let ContentChange { finished, kept, .. } = change;
                self.generations.retain(|(number, _)| number != finished);
                if let Some(kept) = kept {
                    self.keep_handle(*finished, kept.clone());
                }
            }
            _ => (),
        }
    }

    fn blocks(&self, from: Position) -> Result<Box<dyn Blocks>, Gone> {
        let Parts { line, offset, generation, .. } = from.parts();
        let handle = self.handle(generation)?.clone();
        let records = self.framing.splitter_in(&handle, Limits::default(), generation, offset);
        Ok(Box::new(Stretch { handle, records, line, is_over: false }))
    }

    fn record(&self, at: Position, limit: usize) -> Result<Vec<u8>, Gone> {
        self.framing.record(self.handle(at.generation())?, at, limit)
    }
}

/// Records of one generation, from one of them on.
#[derive(Debug)]
struct Stretch {
    handle: Handle,
    records: Box<dyn Splitter>,
    /// Number of the next record.
    line: u64,
    is_over: bool,
}

impl Blocks for Stretch {
    fn next(&mut self) -> Result<Option<Block>, Gone> {
        while !self.is_over {
            let at = self.records.end();
            let read = self.handle.read_at(self.records.space(), at);
            if self.handle.has_released(at) {
                return Err(Gone::TooOld);
            }
            match read {
                Ok(0) => self.is_over = true,
                Ok(n) => self.records.commit(n),
                Err(error) if is_passing(&error) => continue,
                Err(error) => return Err(Gone::Unreadable(reason(&error))),
            }
            if (self.is_over || self.records.is_full())
                && let Some(block) = self.records.take(self.line)
            {
                return Ok(Some(self.counted(block)));
            }
        }
        // What came through a pipe may end without a newline, and was a line all the same.
        let rest = self.records.finish(self.line);
        Ok(rest.map(|block| self.counted(block)))
    }
}

impl Stretch {
    fn counted(&mut self, block: Block) -> Block {
        self.line += block.len_lines() as u64;
        block
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::model::position::UNKNOWN;
    use crate::source::line::Raw;
    use crate::source::lines::Lines;
    use crate::source::shape::SAMPLES;

    #[test]
    fn every_line_is_read_back_from_its_place() {
        let content = b"\xef\xbb\xbfone\r\ntwo\n\n\0\0\0three\nfour is longer\n";
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        let mut archive = Archive::new(Framing::of_lines(SAMPLES));
        archive.keep(3, &Arc::new(file.try_clone().unwrap()));

        let mut lines = Lines::new(SAMPLES, Limits { line: 8, block: 64 }, 3);
        lines.space()[..content.len()].copy_from_slice(content);
        lines.commit(content.len());
        let block = lines.take(1).unwrap();
        let mut places = Vec::new();
        for line in block.lines() {
            let back = archive.record(line.place, 100).unwrap();
            match line.text {
                Raw::Whole(text) => assert_eq!(back, text),
                Raw::OverLong { .. } => assert_eq!(back, b"four is longer"),
                Raw::Damaged(reason) => panic!("{reason}"),
            }
            assert!(back.starts_with(&archive.record(line.place, 2).unwrap()));
            let unknown = Position::new(Parts { len: UNKNOWN, ..line.place.parts() });
            let whole = archive.record(unknown, 100);
            assert_eq!(whole, if back.is_empty() { Err(Gone::Overwritten) } else { Ok(back) });
            places.push(line.place);
        }
        assert_eq!(places.len(), 5);

        file.set_len(12).unwrap();
        assert_eq!(archive.record(places[0], 100).unwrap(), b"one");
        assert_eq!(archive.record(places[3], 100), Err(Gone::Overwritten));
        let other = Position::new(Parts { generation: 4, ..places[0].parts() });
        assert_eq!(archive.record(other, 100), Err(Gone::Closed));
    }

    #[test]
    fn the_oldest_generation_is_closed() {
        let mut archive = Archive::new(Framing::of_lines(SAMPLES));
        for number in 0..10 {
            let mut file = tempfile::tempfile().unwrap();
            write!(file, "{number}").unwrap();
            let handle = Some(Handle::of(&Arc::new(file)));
            archive.note(&SourceNotice::Opened { generation: number, first_line: 1, handle });
        }
        for number in 0..10 {
            let place = Position::new(Parts { line: 1, offset: 0, len: 1, generation: number });
            let expected = if number < 2 { Err(Gone::Closed) } else { Ok(vec![b'0' + number as u8]) };
            assert_eq!(archive.record(place, 9), expected);
        }
        archive.note(&SourceNotice::Truncated(ContentChange { finished: 9, missed: 0, kept: None }));
        let place = Position::new(Parts { line: 1, offset: 0, len: 1, generation: 9 });
        assert_eq!(archive.record(place, 9), Err(Gone::Closed));
    }
}
