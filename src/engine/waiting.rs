//! Judgments of waiting runs by their engines: the cause, and whether the run is stuck.
//!
//! Each engine judges by its own rules. A cause that its log does not show is reported as unknown, and no run is
//! called stuck for it.

use std::cell::OnceCell;
use std::fmt::Debug;
use std::rc::Rc;

use super::cause::Waiting;
use super::data_of;
use crate::store::{RunKey, Store};

/// Rules by which one engine judges its waiting runs, with the state of the whole queue that they need.
pub(in crate::engine) trait Judge: Debug {
    /// Judges a run at the instant `now`, in the log's unit.
    fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting>;
}

/// Judge of a log that shows no cause.
#[derive(Debug)]
pub(in crate::engine) struct Silent;

impl Judge for Silent {
    fn why(&self, _: &Store, _: RunKey, _: u64) -> Option<Waiting> {
        None
    }
}

/// State of the whole queue that judgments need, looked up once for many runs. Valid until the store changes; constant
/// cost at any number of runs. Empty where the engine gives no causes.
#[derive(Debug, Clone, Default)]
pub struct Scene(Option<Rc<dyn Judge>>);

/// The queue at one version of a store, looked up when it is first needed and shared by all who judge its runs.
///
/// The owner of the store begins another one when the store has changed.
#[derive(Debug, Clone, Default)]
pub struct SharedScene(Rc<OnceCell<Scene>>);

impl SharedScene {
    /// Returns the queue of `store`, which must be the same at each call.
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
    /// Scene of the current queue.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        Self(data_of(store).map(|data| data.judge(store)))
    }

    /// Scene for the judgment of this one run, which for most needs less.
    #[must_use]
    pub fn of_run(store: &Store, run: RunKey) -> Self {
        Self(data_of(store).map(|data| data.judge_of(store, run)))
    }

    /// Returns true for a run whose judgment hangs on other runs.
    fn hangs_on_others(store: &Store, run: RunKey) -> bool {
        data_of(store).is_some_and(|data| data.hangs_on_others(store, run))
    }

    /// Judges a run at the instant `now`; `None` for one that has ended. One that executes has a cause too,
    /// [`Cause::Works`](super::cause::Cause::Works), since it may become stuck while the log is silent.
    #[must_use]
    pub fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        self.0.as_ref()?.why(store, run, now)
    }
}
