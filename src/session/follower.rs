//! A session without a screen: its reader, and the lines folded as they come.
//!
//! Must not know why the log is watched.

use super::identity::Joint;
use super::{Log, Lost, Session};
use crate::engine;
use crate::engine::Given;
use crate::engine::batch::Batch;
use crate::engine::feed::Feed;
use crate::history::{History, Keep};
use crate::source::delivery::{Delivery, SourceNotice};
use crate::source::open::OpenError;
use crate::source::options::Options;
use crate::source::origin::Origin;
use crate::store::{Excess, Retain, Rules, RunKey, Store};

/// A log that is read, and folded as far as it was read.
#[derive(Debug)]
pub struct Follower {
    feed: Feed,
    session: Session,
}

/// One step of a follower.
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

impl Follower {
    /// Opens a log and begins to read it, keeping these of the runs that end.
    ///
    /// # Errors
    /// When what is there cannot be read or is no log. A missing file is waited for.
    pub fn open(source: &Origin, options: Options, given: &Given, retain: Retain) -> Result<Self, OpenError> {
        let feed = Feed::open(source, options, given)?;
        let history =
            History::of(engine::store_given(Rules::Lenient, given), Keep::Nothing).retaining(retain);
        Ok(Self { feed, session: Session::of(history) })
    }

    /// Returns the state read from the log.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.session.history.store()
    }

    /// Returns the reader's reports on the log.
    #[must_use]
    pub const fn log(&self) -> &Log {
        &self.session.log
    }

    /// Returns the notice on files beside the log, once, as [`Log::take_beside`] does.
    pub fn take_beside(&mut self, command: &str) -> Option<String> {
        self.session.take_beside(command)
    }

    /// From now on it can be asked which runs the lines have changed.
    pub fn watch_changes(&mut self) {
        self.session.history.watch_changes(true);
    }

    /// The runs that were changed since this was asked last, each of them once.
    pub fn take_changed(&mut self) -> Vec<RunKey> {
        self.session.history.take_changed().unwrap_or_default()
    }

    /// The reason why more memory is taken than is allowed, if it is.
    #[must_use]
    pub const fn excess(&self) -> Option<Excess> {
        self.session.history.excess()
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
                self.session.log.end();
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
                let joint = self.session.join(&batch);
                self.session.history.fold(&batch);
                Came::Lines { count: batch.block().len_lines() as u64, joint }
            }
            Delivery::Status(status) => {
                self.session.log.note(status);
                Came::Status
            }
            Delivery::Notice(notice) => {
                self.session.log.hear(&notice);
                Came::Notice(notice)
            }
        };
        if !matches!(came, Came::Lines { .. }) && self.session.log.is_read() {
            self.session.history.rest();
        }
        while self.session.history.is_thinning() {
            drop(self.session.history.thin(&[], []));
        }
        came
    }
}
