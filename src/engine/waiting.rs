//! Why a run does not go on, and whether anything will move it: what engines say of it.
//!
//! Each engine judges by its own rules. What its log does not tell is not made up: a cause says so then, and no run is
//! called stuck for it.

use super::actionqueue::{self, Registry};
use super::cause::Waiting;
use crate::store::{RunKey, Store};

/// What a judgment needs to know of the whole queue, looked up once for many runs. It is the same until the store
/// changes, and costs the same however many runs there are.
#[derive(Debug, Clone, Default)]
pub enum Scene {
    /// Nothing: the engine does not say why runs wait.
    #[default]
    Silent,
    /// Of a queue of ActionQueue.
    ActionQueue(Box<actionqueue::waiting::WaitingScene>),
}

impl Scene {
    /// The queue as it stands.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        match Registry::of(store) {
            Some(_) => Self::ActionQueue(Box::new(actionqueue::waiting::WaitingScene::of(store))),
            None => Self::Silent,
        }
    }

    /// What a judgment of this one run needs, which for most is less.
    #[must_use]
    pub fn of_run(store: &Store, run: RunKey) -> Self {
        match Registry::of(store) {
            Some(_) => Self::ActionQueue(Box::new(actionqueue::waiting::WaitingScene::of_run(store, run))),
            None => Self::Silent,
        }
    }

    /// Why a run does not go on, at the instant `now`; nothing for one that has ended. One that executes has a
    /// cause too, [`Cause::Works`](super::cause::Cause::Works), since it may come to be stuck while the log is silent.
    #[must_use]
    pub fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        match self {
            Self::Silent => None,
            Self::ActionQueue(scene) => scene.why(store, run, now),
        }
    }
}
