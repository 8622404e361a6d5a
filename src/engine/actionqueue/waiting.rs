//! Why a run does not go on, and whether anything will move it.
//!
//! An engine has few reasons to leave a run where it is, and the log tells most of them. What it does not tell is not made
//! up: a cause says so then, and no run is called stuck for it. How long something may take before it is too long comes
//! from what the engines themselves do at the latest; each such grace says why it is what it is.

mod case;
mod holders;
mod recent;

use crate::model::event::{Deadline, TaskEnd};
use crate::model::id::TaskId;
use crate::model::state::RunState;
use crate::model::time;
use crate::store::{Budget, Filter, Lease, Name, RunKey, Store};
use case::Case;
use holders::Holders;
use recent::Recent;

/// How late an engine may be with what is due, in seconds: it looks every tick, no ActionQueue takes a tick of more than a
/// minute, and clocks differ.
pub const GRACE: u64 = 60 + time::SKEW;

/// The shortest grace of a lease, in seconds. Else it is the lease's own length, but not more than [`GRACE`]: an engine
/// extends a lease when a third of it is left, so that by then it has been silent for almost twice as long as it may.
pub const LEAST_LEASE_GRACE: u64 = time::SKEW;

/// How much later than a run another must have become ready to have passed it, in seconds. An engine chooses by priority,
/// creation and id in one go, so that one second would do; those that are handed out over a network take longer.
pub const PASSED: u64 = 10;

/// The longest wait before a retry, in seconds, where the log shows none: the delay is the engine's own setting, and an hour
/// is where exponential ones are commonly capped.
pub const LONGEST_RETRY: u64 = 3600;

/// In how many seconds to ask again about what hangs on other runs.
pub const AGAIN: u64 = 3;

/// What a judgment needs to know of the whole queue, looked up once for many runs. Costs the same however many there are.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    is_timeless: bool,
    is_paused: bool,
    /// When the engine was resumed last; 0 when it was not, or nobody knows when.
    resumed_at: u64,
    recent: Recent,
    holders: Holders,
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
        /// Which ones match.
        filter: Filter,
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

impl Scene {
    /// The queue as it stands. No instant is in it, so that it is the same until the store changes.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        Self { recent: Recent::of(store), holders: Holders::of(store), ..Self::alone(store) }
    }

    /// What a judgment of this one run needs, which for most is less.
    #[must_use]
    pub fn of_run(store: &Store, run: RunKey) -> Self {
        match RunState::of(store.standing(run).0.id()) {
            RunState::Ready | RunState::RetryWait => Self::of(store),
            _ => Self::alone(store),
        }
    }

    /// Without other runs.
    fn alone(store: &Store) -> Self {
        let engine = store.engine();
        Self {
            is_timeless: store.is_timeless(),
            is_paused: engine.paused,
            resumed_at: engine.resumed_at.filter(|at| time::is_believed(*at)).unwrap_or(0),
            ..Self::default()
        }
    }

    /// Why a run does not go on, at the instant `now` in seconds; nothing for one that has ended. One that executes has a
    /// cause too, [`Cause::Works`], since it may come to be stuck while the log is silent.
    #[must_use]
    pub fn why(&self, store: &Store, run: RunKey, now: u64) -> Option<Waiting> {
        if store.standing(run).0.is_terminal() {
            return None;
        }
        Case { scene: self, store, key: run, run: store.run(run), now }.judge()
    }
}
