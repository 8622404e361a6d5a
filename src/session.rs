//! One log being watched without a screen: its reader, what the reader has told, and what its lines were folded to.
//!
//! Lines are folded as they come. Who folds them otherwise, as the dashboard does between frames, keeps a [`Log`] beside
//! a history of its own. Must not know why the log is watched.

pub mod identity;
mod log;
mod lost;

pub use log::Log;
pub use lost::Lost;

use crate::engine::batch::Batch;
use crate::engine::feed::Feed;
use crate::history::{History, Keep};
use crate::source::delivery::{Delivery, SourceNotice};
use crate::source::open::OpenError;
use crate::source::options::Options;
use crate::source::origin::Origin;
use crate::store::{Excess, Retain, Rules, RunKey, Store};
use identity::Joint;

/// A log that is read, and folded as far as it was read.
#[derive(Debug)]
pub struct Session {
    feed: Feed,
    log: Log,
    history: History,
}

/// One step of a session.
#[derive(Debug)]
pub enum Came {
    /// Lines were folded.
    Lines {
        /// Their number.
        count: u64,
        /// Relation to the lines before them. Where another log begins, the store has begun afresh with it.
        joint: Joint,
    },
    /// The reader told how far it is.
    Status,
    /// Something happened to the log.
    Notice(SourceNotice),
    /// The log has ended: nothing more will come.
    End,
}

impl Session {
    /// Opens a log and begins to read it, keeping these of the runs that end.
    ///
    /// # Errors
    /// When what is there cannot be read or is no log. A missing file is waited for.
    pub fn open(source: &Origin, options: Options, retain: Retain) -> Result<Self, OpenError> {
        let feed = Feed::open(source, options)?;
        let history = History::new(Rules::Lenient, Keep::Nothing).retaining(retain);
        Ok(Self { feed, log: Log::default(), history })
    }

    /// Returns the state read from the log.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.history.store()
    }

    /// Returns the reader's reports on the log.
    #[must_use]
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// Returns the notice on files beside the log, once, as [`Log::take_beside`] does.
    pub fn take_beside(&mut self, command: &str) -> Option<String> {
        self.log.take_beside(self.history.store().first_sequence(), command)
    }

    /// From now on it can be asked which runs the lines have changed.
    pub fn watch_changes(&mut self) {
        self.history.watch_changes(true);
    }

    /// The runs that were changed since this was asked last, each of them once.
    pub fn take_changed(&mut self) -> Vec<RunKey> {
        self.history.take_changed().unwrap_or_default()
    }

    /// The reason why more memory is taken than is allowed, if it is.
    #[must_use]
    pub const fn excess(&self) -> Option<Excess> {
        self.history.excess()
    }

    /// Waits for what comes next, and takes it in. Nothing is lost when the wait is given up.
    ///
    /// # Errors
    /// When the reader has ended before the log.
    pub async fn recv(&mut self) -> Result<Came, Lost> {
        match self.feed.recv().await {
            Some(delivery) => Ok(self.take(delivery)),
            None => {
                Lost::of(self.feed.fate()).map_or(Ok(()), Err)?;
                self.log.end();
                Ok(Came::End)
            }
        }
    }

    /// Takes in what has come already, if anything has.
    pub fn try_recv(&mut self) -> Option<Came> {
        let delivery = self.feed.try_recv()?;
        Some(self.take(delivery))
    }

    fn take(&mut self, delivery: Delivery<Batch>) -> Came {
        let came = match delivery {
            Delivery::Block(batch) => {
                let joint = self.log.join(&batch, self.history.store());
                if joint == Joint::Another {
                    self.history = self.history.afresh();
                }
                self.history.fold(&batch);
                Came::Lines { count: batch.block().len_lines() as u64, joint }
            }
            Delivery::Status(status) => {
                self.log.note(status);
                Came::Status
            }
            Delivery::Notice(notice) => {
                self.log.hear(&notice);
                Came::Notice(notice)
            }
        };
        if !matches!(came, Came::Lines { .. }) && self.log.is_read() {
            self.history.rest();
        }
        while self.history.is_thinning() {
            drop(self.history.thin(&[], []));
        }
        came
    }
}
