//! The log that is made of a directory: a line for each file as it was read, kept in a spool and split as the bytes of a
//! pipe are.
//!
//! Must not know files.

use std::collections::VecDeque;

use crate::source::delivery::{Delivery, SourceNotice, Status};
use crate::source::open::reason;
use crate::source::options::Options;
use crate::source::splitter::Splitter;
use crate::source::spool::Spool;

/// Bytes of lines that are handed on together.
const CHUNK_BYTES: usize = 256 << 10;

/// A log that is made here.
#[derive(Debug)]
pub(super) struct Transcript {
    splitter: Box<dyn Splitter>,
    spool: Option<Spool>,
    /// Lines that are neither kept nor split yet.
    chunk: Vec<u8>,
    next_line: u64,
    /// Its first line is handed on, or about to be.
    is_begun: bool,
    queue: VecDeque<Delivery>,
}

impl Transcript {
    pub(super) fn new(options: &Options) -> Self {
        let spool = options.keep_pipes.then(Spool::new).transpose();
        let mut queue = VecDeque::new();
        if let Err(error) = &spool {
            queue.push_back(Delivery::Notice(SourceNotice::NotKept(reason(error))));
        }
        Self {
            splitter: options.framing.splitter(options.limits, 0),
            spool: spool.ok().flatten(),
            chunk: Vec::new(),
            next_line: 1,
            is_begun: false,
            queue,
        }
    }

    /// Is true when it has a line.
    pub(super) const fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// The next delivery.
    pub(super) fn next(&mut self) -> Option<Delivery> {
        self.queue.pop_front()
    }

    /// Says what happened to the directory.
    pub(super) fn say(&mut self, notice: SourceNotice) {
        self.flush();
        self.queue.push_back(Delivery::Notice(notice));
    }

    /// Adds a line.
    pub(super) fn append(&mut self, line: &[u8]) {
        if !self.is_begun {
            self.is_begun = true;
            let handle = self.spool.as_ref().map(Spool::handle);
            self.queue.push_back(Delivery::Notice(SourceNotice::Opened {
                generation: 0,
                first_line: 1,
                handle,
            }));
        }
        self.chunk.extend_from_slice(line);
        self.chunk.push(b'\n');
        if self.chunk.len() >= CHUNK_BYTES {
            self.flush();
        }
    }

    /// Hands on the lines that were added.
    pub(super) fn flush(&mut self) {
        let chunk = std::mem::take(&mut self.chunk);
        if let Some(spool) = &mut self.spool
            && let Err(error) = spool.keep(&chunk)
        {
            self.queue.push_back(Delivery::Notice(SourceNotice::NotKept(reason(&error))));
        }
        let mut rest = &*chunk;
        while !rest.is_empty() {
            let space = self.splitter.space();
            let n = space.len().min(rest.len());
            space[..n].copy_from_slice(&rest[..n]);
            self.splitter.commit(n);
            rest = &rest[n..];
            if rest.is_empty() || self.splitter.is_full() {
                self.give();
            }
        }
    }

    fn give(&mut self) {
        let Some(block) = self.splitter.take(self.next_line) else { return };
        self.next_line += block.len_lines() as u64;
        self.queue.push_back(Delivery::Block(block));
    }

    /// Progress: every line was handed on.
    pub(super) fn status(&self) -> Status {
        let offset = self.splitter.end();
        Status { offset, size: offset, pending: 0, caught_up: self.is_begun, unavailable_since: None }
    }
}
