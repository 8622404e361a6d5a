//! Judgments of waiting runs by their engines: the cause, and whether the run is stuck.
//!
//! Each engine judges by its own rules. A cause that its log does not show is reported as unknown, and no run is
//! called stuck for it.

use super::actionqueue::{self, Registry};
use super::cause::Waiting;
use crate::store::{RunKey, Store};

/// State of the whole queue that judgments need, computed once for many runs. Valid until the store changes; constant
/// cost at any number of runs.
#[derive(Debug, Clone, Default)]
pub enum Scene {
    /// Empty: the engine gives no causes.
    #[default]
    Silent,
    /// Scene of a queue of ActionQueue.
    ActionQueue(Box<actionqueue::waiting::WaitingScene>),
}

impl Scene {
    /// Scene of the current queue.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        match Registry::of(store) {
            Some(_) => Self::ActionQueue(Box::new(actionqueue::waiting::WaitingScene::of(store))),
            None => Self::Silent,
        }
    }

    /// Scene for the judgment of this one run, which for most needs less.
    #[must_use]
    pub fn of_run(store: &Store, run: RunKey) -> Self {
        match Registry::of(store) {
            Some(_) => Self::ActionQueue(Box::new(actionqueue::waiting::WaitingScene::of_run(store, run))),
            None => Self::Silent,
        }
    }

    /// Judges a run at the instant `now`; `None` for one that has ended. One that executes has a cause too,
    /// [`Cause::Works`](super::cause::Cause::Works), since it may become stuck while the log is silent.
    #[must_use]
    pub fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        match self {
            Self::Silent => None,
            Self::ActionQueue(scene) => scene.why(store, run, now),
        }
    }
}
