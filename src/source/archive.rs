//! One line read back by its place, through descriptors that stay when names move.
//!
//! The log is its own archive: nothing is kept of a raw line but where it stands. Must not follow, nor split.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

use memchr::memchr;
use thiserror::Error;

use super::delivery::{Change, Notice};
use super::handle::Handle;
use super::line::Place;

/// As many generations are kept open; each holds a descriptor, and a deleted one also its disk space.
const KEPT: usize = 8;

/// Bytes in which most lines are whole.
const MOST_LINES: usize = 1024;

/// What reads lines back.
#[derive(Debug, Clone, Default)]
pub struct Archive {
    /// By number, the oldest first.
    generations: VecDeque<(u32, Handle)>,
}

/// Why a line cannot be read back. Completes "failed to read the line: ...".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Gone {
    /// Its generation is not open: it is too old, was overwritten, or came through a pipe that was not kept.
    #[error("its file is not open any more")]
    Closed,
    /// Other bytes stand in its place.
    #[error("its place in the file was overwritten or cut")]
    Overwritten,
    /// It came through a pipe, and so much came after it that it is not kept any more.
    #[error("it is too old to be kept: only the last gigabyte of a pipe is")]
    TooOld,
    /// The system failed to read.
    #[error("{0}")]
    Unreadable(String),
}

impl Archive {
    /// Learns of generations that begin, and of those whose bytes are elsewhere or nowhere.
    pub fn note(&mut self, notice: &Notice) {
        match notice {
            Notice::Opened { generation, handle: Some(handle), .. } => {
                self.keep_handle(*generation, handle.clone());
            }
            Notice::Moved { generation, handle } => self.move_handle(*generation, handle.clone()),
            Notice::Truncated(change) | Notice::Replaced(change) => {
                let Change { finished, kept, .. } = change;
                self.generations.retain(|(number, _)| number != finished);
                if let Some(kept) = kept {
                    self.keep_handle(*finished, kept.clone());
                }
            }
            _ => (),
        }
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

    /// Keeps what a generation is read from, and forgets the oldest beyond the limit.
    pub fn keep_handle(&mut self, generation: u32, handle: Handle) {
        self.generations.retain(|(number, _)| *number != generation);
        self.generations.push_back((generation, handle));
        if self.generations.len() > KEPT {
            self.generations.pop_front();
        }
    }

    /// The bytes of a generation.
    ///
    /// # Errors
    /// When the generation is not open any more.
    pub fn handle(&self, generation: u32) -> Result<&Handle, Gone> {
        let found = self.generations.iter().find(|(number, _)| *number == generation);
        Ok(&found.ok_or(Gone::Closed)?.1)
    }

    /// Reads the text at `place`, and at most `limit` bytes of it.
    ///
    /// # Errors
    /// When the generation is not open any more, or no longer has the line in that place.
    pub fn read(&self, place: Place, limit: usize) -> Result<Vec<u8>, Gone> {
        let handle = self.handle(place.generation)?;
        let len = limit.min(place.len as usize);
        // With a byte before it: where a line stood, a line must stand still.
        let before = usize::from(place.offset > 0);
        let mut text = vec![0; before + len];
        let read = handle.read_exact_at(&mut text, place.offset - before as u64);
        if handle.has_let_go(place.offset) {
            return Err(Gone::TooOld);
        }
        read.map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Gone::Overwritten,
            _ => Gone::Unreadable(crate::source::open::reason(&error)),
        })?;
        // Before a text is a newline, a hole, or the mark at the start of the file.
        if before == 1 && !matches!(text.remove(0), b'\n' | 0 | 0xbf) {
            return Err(Gone::Overwritten);
        }
        if text.contains(&b'\n') {
            return Err(Gone::Overwritten);
        }
        Ok(text)
    }

    /// Reads the whole line whose text begins at `place`, where its length is not known; at most `limit` bytes of it.
    ///
    /// # Errors
    /// When the generation is not open any more, or has nothing in that place.
    pub fn read_line(&self, place: Place, limit: usize) -> Result<Vec<u8>, Gone> {
        let handle = self.handle(place.generation)?;
        let mut text = vec![0; MOST_LINES];
        let mut filled = 0;
        loop {
            let read = handle.read_at(&mut text[filled..], place.offset + filled as u64);
            if handle.has_let_go(place.offset) {
                return Err(Gone::TooOld);
            }
            let n = read.map_err(|error| Gone::Unreadable(crate::source::open::reason(&error)))?;
            let end = memchr(b'\n', &text[filled..filled + n]).map(|end| filled + end);
            filled += n;
            if end.is_some() || n == 0 || filled >= limit {
                text.truncate(end.unwrap_or(filled).min(limit));
                text.truncate(text.len() - usize::from(text.ends_with(b"\r")));
                return if text.is_empty() { Err(Gone::Overwritten) } else { Ok(text) };
            }
            text.resize(text.len() * 4, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::source::line::Raw;
    use crate::source::lines::{Limits, Lines};

    #[test]
    fn every_line_is_read_back_from_its_place() {
        let content = b"\xef\xbb\xbfone\r\ntwo\n\n\0\0\0three\nfour is longer\n";
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        let mut archive = Archive::default();
        archive.keep(3, &Arc::new(file.try_clone().unwrap()));

        let mut lines = Lines::new(Limits { line: 8, block: 64 }, 3);
        lines.space()[..content.len()].copy_from_slice(content);
        lines.commit(content.len());
        let block = lines.take(1).unwrap();
        let mut places = Vec::new();
        for line in block.lines() {
            let back = archive.read(line.place, 100).unwrap();
            match line.text {
                Raw::Whole(text) => assert_eq!(back, text),
                Raw::OverLong { .. } => assert_eq!(back, b"four is longer"),
            }
            assert!(back.starts_with(&archive.read(line.place, 2).unwrap()));
            places.push(line.place);
        }
        assert_eq!(places.len(), 5);

        file.set_len(12).unwrap();
        assert_eq!(archive.read(places[0], 100).unwrap(), b"one");
        assert_eq!(archive.read(places[3], 100), Err(Gone::Overwritten));
        let other = Place { generation: 4, ..places[0] };
        assert_eq!(archive.read(other, 100), Err(Gone::Closed));
    }

    #[test]
    fn the_oldest_generation_is_let_go() {
        let mut archive = Archive::default();
        for number in 0..10 {
            let mut file = tempfile::tempfile().unwrap();
            write!(file, "{number}").unwrap();
            let handle = Some(Handle::of(&Arc::new(file)));
            archive.note(&Notice::Opened { generation: number, first_line: 1, handle });
        }
        for number in 0..10 {
            let place = Place { line: 1, offset: 0, len: 1, generation: number };
            let expected = if number < 2 { Err(Gone::Closed) } else { Ok(vec![b'0' + number as u8]) };
            assert_eq!(archive.read(place, 9), expected);
        }
        archive.note(&Notice::Truncated(Change { finished: 9, missed: 0, kept: None }));
        let place = Place { line: 1, offset: 0, len: 1, generation: 9 };
        assert_eq!(archive.read(place, 9), Err(Gone::Closed));
    }
}
