//! A stretch of a log read again, through the descriptor that it was read by first.
//!
//! Whoever goes back in time folds the same lines again. Must not know why, nor what they say.

use super::Engine;
use super::batch::{Batch, Decoder};
use crate::model::place::Place;
use crate::source::archive::{Archive, Gone};
use crate::source::block::Block;
use crate::source::handle::Handle;
use crate::source::lines::{Limits, Lines};
use crate::source::open;
use crate::source::read_once::is_passing;

/// Lines that are read again, from one place on.
#[derive(Debug)]
pub struct Again {
    handle: Handle,
    lines: Lines,
    decoder: Decoder,
    /// The number of the next line.
    line: u64,
    is_over: bool,
}

impl Again {
    /// Begins at the line that stands at `from`, which has nothing before its text, in a log whose engine is known
    /// by then or not.
    ///
    /// # Errors
    /// When its generation is not open any more.
    pub fn open(archive: &Archive, from: Place, engine: Option<Engine>) -> Result<Self, Gone> {
        let handle = archive.handle(from.generation)?.clone();
        let lines = Lines::from_offset(Limits::default(), from.generation, from.offset);
        let decoder = Decoder::speaking(from.generation, engine);
        Ok(Self { handle, lines, decoder, line: from.line, is_over: false })
    }

    /// Reads the next lines; none at the end of what there is.
    ///
    /// # Errors
    /// When the system fails to read.
    pub fn read(&mut self) -> Result<Option<Batch>, Gone> {
        while !self.is_over {
            let at = self.lines.end();
            let read = self.handle.read_at(self.lines.space(), at);
            if self.handle.has_let_go(at) {
                return Err(Gone::TooOld);
            }
            match read {
                Ok(0) => self.is_over = true,
                Ok(n) => self.lines.commit(n),
                Err(error) if is_passing(&error) => continue,
                Err(error) => return Err(Gone::Unreadable(open::reason(&error))),
            }
            if (self.is_over || self.lines.is_full())
                && let Some(block) = self.lines.take(self.line)
            {
                return Ok(Some(self.decoded(block)));
            }
        }
        // What came through a pipe may end without a newline, and was a line all the same.
        let rest = self.lines.finish(self.line);
        Ok(rest.map(|block| self.decoded(block)))
    }

    fn decoded(&mut self, block: Block) -> Batch {
        self.line += block.len_lines() as u64;
        self.decoder.decode(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::spool::Spool;

    #[test]
    fn lines_that_a_spool_keeps_no_more_are_too_old_and_those_it_keeps_are_read() {
        const LINE: &str = "a line of thirty-two bytes, all\n";
        let mut spool = Spool::bounded(Some((64 << 10, 64 << 10))).unwrap();
        let mut archive = Archive::default();
        archive.keep_handle(0, spool.handle());
        (0..100_000).for_each(|_| spool.keep(LINE.as_bytes()).unwrap());
        let read = |line: u64| {
            let place = Place { line, offset: (line - 1) * 32, len: 31, generation: 0 };
            Again::open(&archive, place, None).unwrap().read()
        };
        for line in [1, 2, 50_000, 95_000] {
            assert_eq!(read(line).unwrap_err(), Gone::TooOld, "{line}");
        }
        for line in [98_000, 99_999, 100_000] {
            assert!(read(line).unwrap().is_some(), "{line}");
        }
    }
}
