//! Why a run does not go on, and whether anything will move it: what engines say of it.
//!
//! Each engine judges by its own rules. What its log does not tell is not made up: a cause says so then, and no run is
//! called stuck for it.

use std::cell::OnceCell;
use std::rc::Rc;

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

/// The queue at one version of a store, looked up when it is first needed and shared by all who judge its runs.
///
/// The owner of the store begins another one when the store has changed.
#[derive(Debug, Clone, Default)]
pub struct SharedScene(Rc<OnceCell<Scene>>);

impl SharedScene {
    /// Returns the queue as it stands in `store`, which is to be the same at each call.
    #[must_use]
    pub fn get(&self, store: &Store) -> &Scene {
        self.0.get_or_init(|| Scene::of(store))
    }

    /// Looks the queue up before it is needed.
    pub fn look_up(&self, store: &Store) {
        let _ = self.get(store);
    }

    /// Returns why a run does not go on, as [`Scene::why`] does. Looks the queue up only for a run that hangs on others.
    #[must_use]
    pub fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        match self.0.get() {
            None if !Scene::hangs_on_others(store, run) => Scene::of_run(store, run).why(store, run, now),
            _ => self.get(store).why(store, run, now),
        }
    }
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

    /// Returns true for a run whose judgment hangs on other runs.
    fn hangs_on_others(store: &Store, run: RunKey) -> bool {
        Registry::of(store).is_some() && actionqueue::waiting::WaitingScene::hangs_on_others(store, run)
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
