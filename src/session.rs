//! A log being watched: what its reader has told, and what its lines were folded to.
//!
//! The dashboard folds between frames, by the session itself; every other watcher follows it by a [`Follower`]. Must not
//! know why the log is watched.

mod follower;
pub mod identity;
mod log;
mod lost;

pub use follower::{Came, Follower};
pub use log::Log;
pub use lost::Lost;

use crate::engine::batch::Batch;
use crate::history::History;
use crate::store::Store;
use identity::Joint;

/// A log being watched.
#[derive(Debug)]
pub struct Session {
    /// The runs, and the way to any instant of the log.
    pub history: History,
    /// The log as its reader tells of it.
    pub log: Log,
}

impl Session {
    /// A log of which the reader has told nothing.
    #[must_use]
    pub fn of(history: History) -> Self {
        Self { history, log: Log::default() }
    }

    /// Returns the state at the instant at hand.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.history.store()
    }

    /// Gets ready for lines that are to be folded next: where another log begins with them, the history begins afresh.
    pub fn join(&mut self, batch: &Batch) -> Joint {
        let joint = self.log.join(batch, self.history.store());
        if joint == Joint::Another {
            self.history = self.history.afresh();
        }
        joint
    }

    /// Returns the notice on files beside the log, once, as [`Log::take_beside`] does.
    pub fn take_beside(&mut self, command: &str) -> Option<String> {
        self.log.take_beside(self.history.store().first_sequence(), command)
    }
}
