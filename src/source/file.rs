//! The log as it grows, shrinks, is rotated, replaced, deleted and made again.
//!
//! A state machine that is stepped with the time it is, so that tests drive it without waiting. The truth is a look
//! at the path every second; a hint only makes the next look earlier. Must not wait, nor know who listens.

mod generation;
pub(in crate::source) mod hole;
mod late;
mod look;
mod marker;
mod naming;
mod rewrite;
pub(super) mod siblings;
mod succession;
pub(in crate::source) mod watch;
pub(super) mod watched;

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use generation::{Bytes, Generation};
use late::{FinishedGeneration, Late};
use look::Expected;
use rewrite::Rewrite;

use super::SourceStep;
use super::delivery::{Delivery, SourceNotice, Status};
use super::earlier::Earlier;
use super::open::{FileId, OpenError, open, peek, reason};
use super::options::Options;
use super::origin::Origin;

/// A file that fails to be read is tried so often before what comes after it is read, a look apart: one error of a disk or
/// of a network is no reason to leave lines behind.
const TRIES: u32 = 4;

/// Number of blocks between two statuses, so that progress is seen and costs nothing.
const BLOCKS_A_STATUS: usize = 16;

/// Follows one path.
#[derive(Debug)]
pub struct FileFollower {
    path: PathBuf,
    options: Options,
    /// One instant on both clocks; later ones are told by the steady one.
    began: (Instant, SystemTime),
    /// The generation being read, then those to be read after it, up to what the path led to when it was looked at.
    /// Empty until the log appears.
    reading: VecDeque<Generation>,
    /// Nothing more was there of the first of `reading`.
    at_end: bool,
    /// Notices for when the first of `reading` is finished.
    succession: Vec<SourceNotice>,
    /// The first of `reading` is no log.
    is_refused: bool,
    /// Where the file at the path really was when it was opened.
    real: PathBuf,
    /// Siblings that were there already when the last generation was opened: they are older than it.
    older: HashSet<FileId>,
    late: VecDeque<Late>,
    /// Generations that were read and are not held any more, the latest last: what they were when they were finished.
    finished: VecDeque<FinishedGeneration>,
    /// The directory that a generation was moved to, when that is not the log's.
    old: Option<PathBuf>,
    /// A copy that is being written in the place of the log.
    rewrite: Option<Rewrite>,
    /// The size and the time of writing that the path had at the last look, until the descriptor has given as much.
    expected: Option<Expected>,
    queue: VecDeque<Delivery>,
    outage: Option<Outage>,
    /// The words of the last failed read, which are said once.
    fault: Option<String>,
    /// Reads of the first of `reading` that failed one after another.
    failures: u32,
    /// When that is tried again. What is to be read after it waits until then.
    retry: Option<Instant>,
    /// Since when a rotation is seen whose other half is not.
    searching: Option<Instant>,
    next_look: Instant,
    is_hinted: bool,
    next_line: u64,
    next_generation: u32,
    size: u64,
    sent: Option<Status>,
    n_blocks: usize,
}

/// Nothing readable is at the path.
#[derive(Debug)]
struct Outage {
    since: Instant,
    /// Reason that was reported. Nothing yet while it may be a rotation under way.
    said: Option<String>,
    /// The path leads to what is held, which has no name any more.
    is_nameless: bool,
}

impl FileFollower {
    /// Begins with what is at the path at `now`, which is `wall` on the wall. Nothing there is no error.
    ///
    /// # Errors
    /// When what is there cannot be read, or is no log.
    pub fn open(path: &Path, options: Options, now: Instant, wall: SystemTime) -> Result<Self, OpenError> {
        let mut follow = Self {
            path: path.to_owned(),
            options,
            began: (now, wall),
            reading: VecDeque::new(),
            at_end: true,
            succession: Vec::new(),
            is_refused: false,
            real: path.to_owned(),
            older: HashSet::new(),
            late: VecDeque::new(),
            finished: VecDeque::new(),
            old: None,
            rewrite: None,
            expected: None,
            queue: VecDeque::new(),
            outage: None,
            fault: None,
            failures: 0,
            retry: None,
            searching: None,
            next_look: now,
            is_hinted: false,
            next_line: 1,
            next_generation: 0,
            size: 0,
            sent: None,
            n_blocks: 0,
        };
        match open(path) {
            Ok(opened) => {
                if let Some(kind) = peek(options.framing, &opened) {
                    return Err(OpenError::NotALog { path: path.to_owned(), kind });
                }
                let is_pipe = opened.is_pipe;
                let first = follow.generation(opened);
                follow.enter(first);
                if !is_pipe {
                    follow.say(SourceNotice::Beside(Earlier::beside(&Origin::Path(path.to_owned()))));
                }
            }
            Err(OpenError::Missing(_)) => follow.look(now),
            Err(error) => return Err(error),
        }
        Ok(follow)
    }

    /// Makes the next step look at the path, even if it is not due.
    pub fn hint(&mut self) {
        self.is_hinted = true;
    }

    /// Does a bounded piece of work.
    pub fn step(&mut self, now: Instant) -> SourceStep {
        loop {
            if let Some(delivery) = self.queue.pop_front() {
                return SourceStep::Deliver(delivery);
            }
            if !self.at_end {
                self.read(now);
            } else if self.reading.len() > 1 && self.retry.is_none() {
                self.advance(now);
            } else if self.reading.len() > 1 && self.retry.is_some_and(|due| due <= now) {
                self.retry = None;
                self.regain();
                self.at_end = false;
            } else if self.reading.len() > 1 {
                return self.new_status().map_or_else(
                    || SourceStep::Wait(self.retry.unwrap_or(self.next_look)),
                    |status| SourceStep::Deliver(Delivery::Status(status)),
                );
            } else if self.is_hinted || now >= self.next_look {
                self.is_hinted = false;
                self.next_look = now + self.interval();
                self.look(now);
            } else if let Some(status) = self.new_status() {
                return SourceStep::Deliver(Delivery::Status(status));
            } else {
                return SourceStep::Wait(self.next_look);
            }
        }
    }

    /// A pipe gives no sign when a writer comes, and an idle look at it costs a system call.
    fn interval(&self) -> Duration {
        let is_pipe = self.reading.front().is_some_and(Generation::is_pipe);
        if is_pipe { self.options.poll.min(Duration::from_millis(100)) } else { self.options.poll }
    }

    fn read(&mut self, now: Instant) {
        let Some(generation) = self.reading.front_mut() else {
            self.at_end = true;
            return;
        };
        let read = generation.read();
        if !matches!(read, Ok(Bytes::Some)) || generation.is_full() {
            let block = generation.take(self.next_line);
            self.give(block);
        }
        match read {
            Ok(Bytes::Some) => {
                self.has_grown(now);
                self.forget_failures();
            }
            Ok(Bytes::NotKept(error)) => self.say(SourceNotice::NotKept(reason(&error))),
            Ok(Bytes::End) => {
                self.forget_failures();
                self.at_end = true;
                if self.reading.len() == 1 && self.is_less_than_expected() {
                    self.renew(now);
                }
            }
            Ok(Bytes::NoWriter) => {
                let block = self.reading.front_mut().and_then(|pipe| pipe.finish(self.next_line));
                self.give(block);
                self.at_end = true;
            }
            Ok(Bytes::Changed) => self.content_changed(now),
            Ok(Bytes::NotALog(kind)) => {
                self.say(SourceNotice::NotALog(kind));
                self.is_refused = true;
                self.at_end = true;
                if self.reading.len() > 1
                    && let Some(generation) = self.reading.front_mut()
                {
                    generation.is_over = true;
                }
            }
            Err(error) => {
                self.at_end = true;
                self.next_look = self.next_look.max(now + self.options.poll);
                self.failures += 1;
                self.retry = (self.failures < TRIES).then(|| now + self.options.poll);
                self.failed(reason(&error));
            }
        }
    }

    /// Goes on to the next generation.
    fn advance(&mut self, now: Instant) {
        let Some(finished) = self.reading.pop_front() else { return };
        for notice in std::mem::take(&mut self.succession) {
            self.say(notice);
        }
        if finished.is_over {
            self.bury(&finished);
        } else {
            self.keep_late(finished, now);
        }
        self.expected = None;
        self.begin();
    }

    /// Puts a generation last, and begins it when it is also first.
    fn enter(&mut self, generation: Generation) {
        self.reading.push_back(generation);
        if self.reading.len() == 1 {
            self.begin();
        }
    }

    fn begin(&mut self) {
        let Some(generation) = self.reading.front() else { return };
        let notice = SourceNotice::Opened {
            generation: generation.number,
            first_line: self.next_line,
            handle: generation.handle(),
        };
        let is_unkept = self.options.keep_pipes && generation.is_pipe() && generation.handle().is_none();
        self.size = generation.look().map_or(0, |look| look.size);
        self.say(notice);
        if is_unkept {
            self.say(SourceNotice::NotKept("there is no place for a temporary file".to_owned()));
        }
        self.at_end = false;
        self.is_refused = false;
        self.forget_failures();
    }

    fn give(&mut self, block: Option<crate::source::block::Block>) {
        let Some(block) = block else { return };
        self.next_line += block.len_lines() as u64;
        self.queue.push_back(Delivery::Block(block));
        self.n_blocks += 1;
        if self.n_blocks.is_multiple_of(BLOCKS_A_STATUS)
            && let Some(status) = self.new_status()
        {
            self.queue.push_back(Delivery::Status(status));
        }
    }

    fn say(&mut self, notice: SourceNotice) {
        self.queue.push_back(Delivery::Notice(notice));
    }

    /// Says once that reading fails.
    fn failed(&mut self, words: String) {
        if self.fault.as_ref() != Some(&words) {
            self.say(SourceNotice::Unreadable(words.clone()));
            self.fault = Some(words);
        }
    }

    fn forget_failures(&mut self) {
        (self.fault, self.failures, self.retry) = (None, 0, None);
    }

    fn new_status(&mut self) -> Option<Status> {
        let (offset, pending) =
            self.reading.front().map_or((0, 0), |generation| (generation.end(), generation.pending()));
        let outage = self.outage.as_ref().filter(|outage| outage.said.is_some());
        let status = Status {
            offset,
            size: self.size.max(offset),
            pending,
            caught_up: self.at_end && self.reading.len() == 1 && self.fault.is_none(),
            unavailable_since: outage.map(|outage| self.began.1 + (outage.since - self.began.0)),
        };
        (self.sent != Some(status)).then(|| *self.sent.insert(status))
    }
}
