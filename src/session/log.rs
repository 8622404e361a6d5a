//! A log as its reader has told of it: how far it is read, what happened to it, and whether its lines go on.
//!
//! Must not read it, nor fold it.

use super::identity::{Joint, LogIdentity};
use crate::engine::batch::Batch;
use crate::source::delivery::{SourceNotice, Status};
use crate::source::earlier::Earlier;
use crate::source::sniff::FileKind;
use crate::store::Store;

/// A log as its reader has told of it.
#[derive(Debug, Default)]
pub struct Log {
    identity: LogIdentity,
    status: Option<Status>,
    generation: u32,
    n_begun_anew: u64,
    /// Nothing has been at the path so far.
    is_waiting: bool,
    is_there: bool,
    has_ended: bool,
    /// The kind of what is at the path, while that is no log.
    refused: Option<FileKind>,
    /// Files beside the log, until its first event has come.
    beside: Option<Earlier>,
}

impl Log {
    /// Takes in how far the reader is.
    pub const fn note(&mut self, status: Status) {
        self.status = Some(status);
    }

    /// Takes in what has happened to the log.
    pub fn hear(&mut self, notice: &SourceNotice) {
        match notice {
            SourceNotice::Waiting => self.is_waiting = true,
            SourceNotice::Appeared => self.is_waiting = false,
            SourceNotice::Opened { generation, .. } => {
                (self.generation, self.is_there) = (*generation, true);
                self.is_waiting &= *generation > 0;
                self.refused = None;
            }
            SourceNotice::NotALog(kind) => self.refused = Some(*kind),
            SourceNotice::Beside(earlier) => self.beside = Some(earlier.clone()),
            SourceNotice::Ended => self.end(),
            _ => (),
        }
    }

    /// Takes in that nothing more will come.
    pub const fn end(&mut self) {
        self.has_ended = true;
    }

    /// Finds the relation of lines that are to be folded next to those that `store` holds. Where another log
    /// begins, the store is to begin afresh.
    pub fn join(&mut self, batch: &Batch, store: &Store) -> Joint {
        let joint = self.identity.join(batch, store);
        self.n_begun_anew += u64::from(joint == Joint::Another);
        joint
    }

    /// Returns the notice on older generations beside a log that begins with event `first`, once; `command`
    /// is what reads them together. Nothing before the first event has come.
    pub fn take_beside(&mut self, first: Option<u64>, command: &str) -> Option<String> {
        self.beside.take_if(|_| first.is_some())?.notice(first, command)
    }

    /// Returns the reader's progress; nothing before its first report.
    #[must_use]
    pub const fn status(&self) -> Option<Status> {
        self.status
    }

    /// Bytes of the last line, which has no newline yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.status.map_or(0, |status| status.pending)
    }

    /// The generation that is read.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns the number of times that another log has begun.
    #[must_use]
    pub const fn n_begun_anew(&self) -> u64 {
        self.n_begun_anew
    }

    /// Returns true if all that is there has been read.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.has_ended || self.status.is_some_and(|status| status.caught_up)
    }

    /// Returns true if nothing has been at the path so far.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    /// Returns true if the log has been opened.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.is_there
    }

    /// Returns true if nothing more will come.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Returns true if nothing readable is at the path any more.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.status.is_some_and(|status| status.unavailable_since.is_some())
    }

    /// The kind of what is at the path, while that is no log.
    #[must_use]
    pub const fn refused(&self) -> Option<FileKind> {
        self.refused
    }
}
