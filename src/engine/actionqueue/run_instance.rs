//! Record of a run, with the interface, the checks and the texts of actionqueue-core's `RunInstance`.
//!
//! Source of every rule and text: actionqueue-core 0.1.2 and 0.3.0, `run/run_instance.rs`. The record is flat and
//! owns no heap memory. Must not know logs, lanes or the screen.

mod error;

pub use error::{ConstructionError, MutationError, RecordError};

use super::states::RunState;
use crate::model::id::{AttemptId, RunId, TaskId};

/// One scheduled occurrence of a task. Instants are seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RunInstance {
    id: RunId,
    task_id: TaskId,
    state: RunState,
    /// Invariant, except after [`RunInstance::restore_attempt_state_for_bootstrap`]: set only while Running.
    current_attempt_id: Option<AttemptId>,
    attempt_count: u32,
    failure_attempt_count: u32,
    created_at: u64,
    scheduled_at: u64,
    effective_priority: i32,
    last_state_change_at: u64,
}

/// A run as a log records it, before [`RunInstance::from_record`] has checked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunRecord {
    /// Id of the run.
    pub id: RunId,
    /// Id of its task.
    pub task_id: TaskId,
    /// State in the record.
    pub state: RunState,
    /// Open attempt, if any.
    pub current_attempt_id: Option<AttemptId>,
    /// Attempts started so far.
    pub attempt_count: u32,
    /// Attempts failed so far; `None` in 0.1, which does not record it.
    pub failure_attempt_count: Option<u32>,
    /// Instant of creation.
    pub created_at: u64,
    /// Instant at which it may become ready.
    pub scheduled_at: u64,
    /// Priority at which it is selected.
    pub effective_priority: i32,
    /// Instant of the last state change.
    pub last_state_change_at: u64,
}

impl RunInstance {
    /// Makes a run in Scheduled with a random id.
    ///
    /// # Errors
    /// [`ConstructionError::InvalidTaskId`] for a nil task id.
    pub fn new_scheduled(
        task_id: TaskId,
        scheduled_at: u64,
        created_at: u64,
    ) -> Result<Self, ConstructionError> {
        Self::new_scheduled_with_id(RunId::random(), task_id, scheduled_at, created_at)
    }

    /// Makes a run in Scheduled.
    ///
    /// # Errors
    /// For a nil run id, then for a nil task id.
    pub fn new_scheduled_with_id(
        id: RunId,
        task_id: TaskId,
        scheduled_at: u64,
        created_at: u64,
    ) -> Result<Self, ConstructionError> {
        if id.is_nil() {
            return Err(ConstructionError::InvalidRunId { run_id: id });
        }
        if task_id.is_nil() {
            return Err(ConstructionError::InvalidTaskId { task_id });
        }
        Ok(Self {
            id,
            task_id,
            state: RunState::Scheduled,
            current_attempt_id: None,
            attempt_count: 0,
            failure_attempt_count: 0,
            created_at,
            scheduled_at,
            effective_priority: 0,
            last_state_change_at: created_at,
        })
    }

    /// Makes a run in Ready with a random id.
    ///
    /// # Errors
    /// As [`RunInstance::new_ready_with_id`].
    pub fn new_ready(
        task_id: TaskId,
        scheduled_at: u64,
        created_at: u64,
        effective_priority: i32,
    ) -> Result<Self, ConstructionError> {
        Self::new_ready_with_id(RunId::random(), task_id, scheduled_at, created_at, effective_priority)
    }

    /// Makes a run in Ready.
    ///
    /// # Errors
    /// For a nil run id, then for a nil task id, then for `scheduled_at` after `created_at`.
    pub fn new_ready_with_id(
        id: RunId,
        task_id: TaskId,
        scheduled_at: u64,
        created_at: u64,
        effective_priority: i32,
    ) -> Result<Self, ConstructionError> {
        let run = Self::new_scheduled_with_id(id, task_id, scheduled_at, created_at)?;
        if scheduled_at > created_at {
            return Err(ConstructionError::ReadyScheduledAtAfterCreatedAt {
                run_id: id,
                scheduled_at,
                created_at,
            });
        }
        Ok(Self { state: RunState::Ready, effective_priority, ..run })
    }

    /// Makes a run from a record, with the checks that the engine of its vocabulary makes on deserializing: 0.1 (no
    /// failure count) refuses Ready before its time, 0.2 and later more failures than starts.
    ///
    /// # Errors
    /// In the engine's order and words; see [`RecordError`].
    pub fn from_record(record: RunRecord) -> Result<Self, RecordError> {
        if record.id.is_nil() {
            return Err(RecordError::NilRunId);
        }
        if record.task_id.is_nil() {
            return Err(RecordError::NilTaskId);
        }
        if record.failure_attempt_count.is_some_and(|failures| failures > record.attempt_count) {
            return Err(RecordError::MoreFailuresThanStarts);
        }
        if record.state != RunState::Running && record.current_attempt_id.is_some() {
            return Err(RecordError::AttemptOutsideRunning);
        }
        let early = record.state == RunState::Ready && record.scheduled_at > record.created_at;
        if record.failure_attempt_count.is_none() && early {
            return Err(RecordError::ReadyBeforeItsTime {
                scheduled_at: record.scheduled_at,
                created_at: record.created_at,
            });
        }
        Ok(Self::unpacked(record))
    }

    /// True if the run has ended.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        self.state.is_terminal()
    }

    /// Id of the run.
    #[must_use]
    pub const fn id(&self) -> RunId {
        self.id
    }

    /// Id of its task.
    #[must_use]
    pub const fn task_id(&self) -> TaskId {
        self.task_id
    }

    /// State of the run.
    #[must_use]
    pub const fn state(&self) -> RunState {
        self.state
    }

    /// Open attempt, if any.
    #[must_use]
    pub const fn current_attempt_id(&self) -> Option<AttemptId> {
        self.current_attempt_id
    }

    /// Attempts started so far, suspended ones included.
    #[must_use]
    pub const fn attempt_count(&self) -> u32 {
        self.attempt_count
    }

    /// Attempts that failed or timed out so far (0.2 and later; 0 in 0.1).
    #[must_use]
    pub const fn failure_attempt_count(&self) -> u32 {
        self.failure_attempt_count
    }

    /// Instant of creation.
    #[must_use]
    pub const fn created_at(&self) -> u64 {
        self.created_at
    }

    /// Instant at which the run may become ready.
    #[must_use]
    pub const fn scheduled_at(&self) -> u64 {
        self.scheduled_at
    }

    /// Priority at which the run is selected: a snapshot taken on the transition to Ready.
    #[must_use]
    pub const fn effective_priority(&self) -> i32 {
        self.effective_priority
    }

    /// Instant of the last state change, as recorded by the log: with false clocks it may be before
    /// [`RunInstance::created_at`].
    #[must_use]
    pub const fn last_state_change_at(&self) -> u64 {
        self.last_state_change_at
    }

    /// Records the instant of a state change, unchecked; [`RunInstance::transition_to`] does not call it.
    pub const fn record_state_change_at(&mut self, at: u64) {
        self.last_state_change_at = at;
    }

    /// Moves to `new_state`. A move to Canceled closes an open attempt; any other move out of Running requires that
    /// none is open.
    ///
    /// # Errors
    /// [`MutationError::InvalidTransition`] before [`MutationError::AttemptInProgress`].
    pub fn transition_to(&mut self, new_state: RunState) -> Result<(), MutationError> {
        if !self.state.can_become(new_state) {
            return Err(MutationError::InvalidTransition {
                run_id: self.id,
                from: self.state,
                to: new_state,
            });
        }
        if let Some(active_attempt_id) = self.current_attempt_id
            && self.state == RunState::Running
            && new_state != RunState::Canceled
        {
            return Err(MutationError::AttemptInProgress { run_id: self.id, active_attempt_id });
        }
        if new_state != RunState::Running {
            self.current_attempt_id = None;
        }
        self.state = new_state;
        Ok(())
    }

    /// Moves to Ready and keeps the priority.
    ///
    /// # Errors
    /// As [`RunInstance::transition_to`].
    pub fn promote_to_ready(&mut self) -> Result<(), MutationError> {
        self.transition_to(RunState::Ready)
    }

    /// Moves to Ready from any state that may become Ready, and sets the priority.
    ///
    /// # Errors
    /// As [`RunInstance::transition_to`]; the priority is then kept.
    pub fn promote_to_ready_with_priority(&mut self, effective_priority: i32) -> Result<(), MutationError> {
        self.transition_to(RunState::Ready)?;
        self.effective_priority = effective_priority;
        Ok(())
    }

    /// Sets the priority.
    ///
    /// # Errors
    /// [`MutationError::PriorityMutationRequiresReady`] in any other state.
    pub fn set_effective_priority(&mut self, effective_priority: i32) -> Result<(), MutationError> {
        if self.state != RunState::Ready {
            return Err(MutationError::PriorityMutationRequiresReady {
                run_id: self.id,
                current_state: self.state,
            });
        }
        self.effective_priority = effective_priority;
        Ok(())
    }

    /// Opens an attempt and counts it. Ids may be nil or used before: the engine does not check.
    ///
    /// # Errors
    /// Outside Running, then while an attempt is open, then when the counter is full; nothing has changed.
    pub fn start_attempt(&mut self, attempt_id: AttemptId) -> Result<(), MutationError> {
        if self.state != RunState::Running {
            return Err(MutationError::AttemptStartRequiresRunning {
                run_id: self.id,
                current_state: self.state,
            });
        }
        if let Some(active_attempt_id) = self.current_attempt_id {
            return Err(MutationError::AttemptAlreadyActive { run_id: self.id, active_attempt_id });
        }
        self.attempt_count = self
            .attempt_count
            .checked_add(1)
            .ok_or(MutationError::AttemptCountOverflow { run_id: self.id })?;
        self.current_attempt_id = Some(attempt_id);
        Ok(())
    }

    /// Closes the open attempt; the state stays.
    ///
    /// # Errors
    /// Outside Running, then for another attempt's id, then when none is open.
    pub fn finish_attempt(&mut self, attempt_id: AttemptId) -> Result<(), MutationError> {
        if self.state != RunState::Running {
            return Err(MutationError::AttemptFinishRequiresRunning {
                run_id: self.id,
                current_state: self.state,
            });
        }
        match self.current_attempt_id {
            Some(active) if active == attempt_id => {
                self.current_attempt_id = None;
                Ok(())
            }
            Some(active) => Err(MutationError::AttemptOwnershipMismatch {
                run_id: self.id,
                expected_attempt_id: active,
                actual_attempt_id: attempt_id,
            }),
            None => Err(MutationError::NoActiveAttempt { run_id: self.id }),
        }
    }

    /// Counts a failed attempt (0.2 and later), unless the counter is full; returns true if it was counted.
    pub const fn count_failure(&mut self) -> bool {
        match self.failure_attempt_count.checked_add(1) {
            Some(count) => {
                self.failure_attempt_count = count;
                true
            }
            None => false,
        }
    }

    /// Sets the attempts unchecked, as the engine does from a snapshot.
    pub const fn restore_attempt_state_for_bootstrap(
        &mut self,
        count: u32,
        active_attempt: Option<AttemptId>,
    ) {
        self.attempt_count = count;
        self.current_attempt_id = active_attempt;
    }

    /// Rebuilds a run that was checked before, unchecked: for a store with a storage form of its own.
    pub fn unpacked(record: RunRecord) -> Self {
        Self {
            id: record.id,
            task_id: record.task_id,
            state: record.state,
            current_attempt_id: record.current_attempt_id,
            attempt_count: record.attempt_count,
            failure_attempt_count: record.failure_attempt_count.unwrap_or(0),
            created_at: record.created_at,
            scheduled_at: record.scheduled_at,
            effective_priority: record.effective_priority,
            last_state_change_at: record.last_state_change_at,
        }
    }
}
