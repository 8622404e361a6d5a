//! Why a run does not go on, and whether anything will move it: the causes that engines know.
//!
//! Each engine judges by its own rules. What its log does not tell is not made up: a cause says so then, and no run is
//! called stuck for it. Must not know how a cause is worded.

use super::actionqueue::{self, Registry};
use crate::model::facts::{Budget, Deadline, TaskEnd};
use crate::model::id::TaskId;
use crate::store::{Lease, Name, RunKey, Store};

/// What a judgment needs to know of the whole queue, looked up once for many runs. It is the same until the store
/// changes, and costs the same however many runs there are.
#[derive(Debug, Clone, Default)]
pub enum Scene {
    /// Nothing: the engine does not say why runs wait.
    #[default]
    Silent,
    /// Of a queue of ActionQueue.
    ActionQueue(Box<actionqueue::waiting::Scene>),
}

impl Scene {
    /// The queue as it stands.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        match Registry::of(store) {
            Some(_) => Self::ActionQueue(Box::new(actionqueue::waiting::Scene::of(store))),
            None => Self::Silent,
        }
    }

    /// What a judgment of this one run needs, which for most is less.
    #[must_use]
    pub fn of_run(store: &Store, run: RunKey) -> Self {
        match Registry::of(store) {
            Some(_) => Self::ActionQueue(Box::new(actionqueue::waiting::Scene::of_run(store, run))),
            None => Self::Silent,
        }
    }

    /// Why a run does not go on, at the instant `now`; nothing for one that has ended. One that executes has a
    /// cause too, [`Cause::Works`], since it may come to be stuck while the log is silent.
    #[must_use]
    pub fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        match self {
            Self::Silent => None,
            Self::ActionQueue(scene) => scene.why(store, run, now),
        }
    }
}

/// Why a run does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// What keeps it.
    pub cause: Cause,
    /// Whether nothing will move it, as far as the log tells.
    pub is_stuck: bool,
    /// The second at which this may be otherwise though the log says nothing new of this run.
    pub until: Option<u64>,
}

/// What keeps a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Nothing: it executes.
    Works,
    /// A worker has it: it is leased and not started, or it runs on a lease that has lapsed.
    Lease(Lease),
    /// It is leased, and the log has no lease.
    NoLease,
    /// Its lease was taken back, and it is still running: no engine goes on with it.
    Orphaned,
    /// Its attempt takes longer than its task allows.
    Overtime {
        /// When it should have ended.
        limit: u64,
    },
    /// Its time has not come, or has passed and the engine has not seen to it.
    Time {
        /// Its time; none when that is not known.
        at: Option<u64>,
    },
    /// It failed and is tried again.
    Retry {
        /// When at the latest, by what others waited; none when none did. No log says when.
        due: Option<u64>,
    },
    /// The engine dispatches nothing.
    Paused,
    /// Its task has used up a budget.
    Budget(Budget),
    /// A task that must succeed first.
    Dependency {
        /// The task.
        on: TaskId,
        /// How it ended, which was not well.
        end: Option<TaskEnd>,
    },
    /// Another run has its concurrency key.
    Key {
        /// The key.
        name: Name,
        /// Who has it.
        holder: RunKey,
    },
    /// It is ready.
    Worker,
    /// It is ready, and another that came after it went first, with nothing that explains it.
    Passed {
        /// The other run.
        by: RunKey,
        /// When that was taken.
        at: u64,
    },
    /// It was suspended, and waits to be resumed.
    Suspended {
        /// Why, if the log says so.
        reason: Option<Name>,
        /// A budget of its task that is used up.
        budget: Option<Budget>,
    },
    /// It waits for a signal.
    Signal {
        /// Where it comes from.
        namespace: Name,
        /// What it is.
        kind: Name,
        /// What it is about; anything where it is none.
        correlation: Option<Name>,
        /// When it waits no longer.
        deadline: Option<Deadline>,
    },
    /// It waits for child tasks.
    Children {
        /// How many.
        count: usize,
        /// Whether the first failure is enough.
        or_any_failed: bool,
        /// When it waits no longer.
        deadline: Option<Deadline>,
    },
    /// It waits, and the log does not say for what.
    Unknown,
}

impl Cause {
    /// How far a run is from going on by itself: the higher, the sooner somebody should look.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Works => 0,
            Self::Lease(_) => 1,
            Self::Time { .. } => 2,
            Self::Retry { .. } => 3,
            Self::Worker => 4,
            Self::Key { .. } => 5,
            Self::Children { .. } => 6,
            Self::Signal { .. } => 7,
            Self::Dependency { .. } => 8,
            Self::Paused => 9,
            Self::Suspended { .. } => 10,
            Self::Budget(_) => 11,
            Self::Unknown => 12,
            Self::Overtime { .. } => 13,
            Self::NoLease => 14,
            Self::Passed { .. } => 15,
            Self::Orphaned => 16,
        }
    }
}
