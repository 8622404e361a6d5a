//! Causes for which a run waits, common to all engines. Must not know how an engine finds one, nor its wording.

use crate::model::deadline::Deadline;
use crate::model::facts::{Budget, TaskEnd};
use crate::model::id::TaskId;
use crate::store::{Lease, Name, RunKey};

/// Judgment of a run that does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Cause of the wait.
    pub cause: Cause,
    /// True if nothing will move the run, as far as the log shows.
    pub is_stuck: bool,
    /// The second at which this may change without a new event of this run.
    pub until: Option<u64>,
}

/// Cause for which a run waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// None: it executes.
    Works,
    /// A worker holds it: it is leased and not started, or it runs on an expired lease.
    Lease(Lease),
    /// It is leased, and the log has no lease.
    NoLease,
    /// Its lease was taken back, and it is still running: no engine continues it.
    Orphaned,
    /// Its attempt exceeds the time limit of its task.
    Overtime {
        /// Instant at which it should have ended.
        limit: u64,
    },
    /// Its due time is in the future, or has passed and the engine has not acted.
    Time {
        /// The due time; `None` if unknown.
        at: Option<u64>,
    },
    /// It failed and will be retried.
    Retry {
        /// Latest expected retry, from the delays of other runs; `None` without any. No log records the delay.
        due: Option<u64>,
    },
    /// The engine's dispatch is paused.
    Paused,
    /// A budget of its task is exhausted.
    Budget(Budget),
    /// Its task depends on one that has not succeeded.
    Dependency {
        /// The dependency.
        on: TaskId,
        /// End of the dependency, if it has ended without success.
        end: Option<TaskEnd>,
    },
    /// Another run holds its concurrency key.
    Key {
        /// The key.
        name: Name,
        /// Run that holds the key.
        holder: RunKey,
    },
    /// It is ready and waits for a worker.
    Worker,
    /// It is ready, and a later one was taken first without a visible cause.
    Passed {
        /// The other run.
        by: RunKey,
        /// Instant at which that run was taken.
        at: u64,
    },
    /// It was suspended, and waits for a resume.
    Suspended {
        /// Reason for the suspension, if the log gives one.
        reason: Option<Name>,
        /// An exhausted budget of its task.
        budget: Option<Budget>,
    },
    /// It waits for a signal.
    Signal {
        /// Namespace of the signal.
        namespace: Name,
        /// Kind of the signal.
        kind: Name,
        /// Correlation of the signal; `None` matches any.
        correlation: Option<Name>,
        /// Deadline of the wait.
        deadline: Option<Deadline>,
    },
    /// It waits for child tasks.
    Children {
        /// Number of child tasks.
        count: usize,
        /// True if the first failure ends the wait too.
        or_any_failed: bool,
        /// Deadline of the wait.
        deadline: Option<Deadline>,
    },
    /// It waits, and the log does not show the cause.
    Unknown,
}

impl Cause {
    /// Urgency of the cause: the higher, the less likely the run goes on without intervention.
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
