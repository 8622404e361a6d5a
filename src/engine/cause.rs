//! Causes for which a run does not go on, as engines know them. Must not know how an engine finds one, nor how one is
//! worded.

use crate::model::deadline::Deadline;
use crate::model::facts::{Budget, TaskEnd};
use crate::model::id::TaskId;
use crate::store::{Lease, Name, RunKey};

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
