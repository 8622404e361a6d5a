//! The states of a task, and what holds for each of them, in one table.
//!
//! The table is that of dag-executor 0.1 (`state/task_state.rs`). Must not know colors or how a record is written.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::states::{Phase, State, StateId, StateRow, StateSet, StateTable};

/// State of a task, in the engine's own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum TaskState {
    /// Waits for its dependencies.
    Pending,
    /// Every dependency has ended well.
    Ready,
    /// Was dispatched: it executes, or waits for a worker of the pool.
    Running,
    /// Succeeded.
    Completed,
    /// Failed, and was tried as often as it may be.
    Failed,
    /// Failed, and is tried again.
    Retrying,
    /// Canceled.
    Cancelled,
    /// Not run, since a task that it depends on did not succeed.
    Skipped,
    /// Failed for good, and is in the queue of dead letters.
    DeadLettered,
}

use TaskState::{Cancelled, Completed, DeadLettered, Failed, Pending, Ready, Retrying, Running, Skipped};

impl TaskState {
    /// The number of states.
    pub const COUNT: usize = 9;

    /// Every state, in the engine's order.
    pub const ALL: [Self; Self::COUNT] =
        [Pending, Ready, Running, Completed, Failed, Retrying, Cancelled, Skipped, DeadLettered];

    /// The engine's spelling, in records and on the screen: `dead_lettered`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Pending => "pending",
            Ready => "ready",
            Running => "running",
            Completed => "completed",
            Failed => "failed",
            Retrying => "retrying",
            Cancelled => "cancelled",
            Skipped => "skipped",
            DeadLettered => "dead_lettered",
        }
    }

    /// Finds the state that a record calls `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Is true of a state from which a task does not go on.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Completed | Failed | Cancelled | Skipped | DeadLettered)
    }

    /// Is true of an end that is a success.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Completed)
    }

    /// Is true of an end that is a failure. A task that was canceled or skipped has not failed.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Failed | DeadLettered)
    }

    /// The states that the engine lets a task go to at once, without the state itself, which is always allowed.
    const fn next(self) -> &'static [Self] {
        match self {
            Pending => &[Ready, Skipped, Cancelled],
            Ready => &[Running, Skipped, Cancelled],
            Running => &[Completed, Failed, Retrying, Cancelled],
            Retrying => &[Running, Ready, Failed, DeadLettered, Cancelled],
            Failed => &[Retrying, DeadLettered],
            Completed | Cancelled | Skipped | DeadLettered => &[],
        }
    }

    /// Is true where the engine lets a task go from this state to `next` at once. What it saves is no such walk:
    /// a task that was dispatched twice goes from `running` to `running`, and after a crash from `completed` to it.
    #[must_use]
    pub fn can_transition_to(self, next: Self) -> bool {
        self == next || self.next().contains(&next)
    }

    /// The number of its row in [`STATES`].
    #[must_use]
    pub const fn id(self) -> StateId {
        StateId::new(self as usize)
    }

    /// The same state as everything but the engine knows it.
    #[must_use]
    pub const fn state(self) -> State {
        STATES.state(self.id())
    }
}

/// The engine's own words.
impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<TaskState> for StateId {
    fn from(state: TaskState) -> Self {
        state.id()
    }
}

/// One row as the table of any engine has it.
const fn row(state: TaskState, phase: Phase, [glyph, ascii, short]: [&'static str; 3]) -> StateRow {
    let (mut next, mut index) = ([StateId::new(0); TaskState::COUNT], 0);
    while index < state.next().len() {
        next[index] = state.next()[index].id();
        index += 1;
    }
    let next = StateSet::of(next.split_at(index).0);
    let (name, cancelable) = (state.name(), next.has(Cancelled.id()));
    StateRow { name, label: name, short, glyph, ascii, phase, cancelable, next }
}

/// The number of the row of a state that is none of the engine's. A record has its word.
pub const OTHER: StateId = StateId::new(TaskState::COUNT);

/// The states as data, each at the index of its discriminant, and [`OTHER`].
pub static STATES: StateTable = StateTable::new(&[
    row(Pending, Phase::Pending, ["◦", ".", "Pend"]),
    row(Ready, Phase::Ready, ["○", "o", "Ready"]),
    row(Running, Phase::Running, ["●", "*", "Run"]),
    row(Completed, Phase::Succeeded, ["✓", "+", "Compl"]),
    row(Failed, Phase::Failed, ["✗", "x", "Failed"]),
    row(Retrying, Phase::Retrying, ["↻", "%", "Retry"]),
    row(Cancelled, Phase::Canceled, ["⊘", "-", "Cancel"]),
    row(Skipped, Phase::Skipped, ["↷", "~", "Skip"]),
    row(DeadLettered, Phase::Failed, ["☒", "X", "Dead"]),
    StateRow {
        name: "other",
        label: "other",
        short: "Other",
        glyph: "?",
        ascii: "?",
        phase: Phase::Parked,
        cancelable: false,
        next: StateSet::NONE,
    },
])
.with_text_ids()
.with_meaning(Running.id(), "running: dispatched; it executes, or waits for a worker")
.with_interrupts("tasks in progress are not interrupted");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_data_says_the_same() {
        for (index, state) in TaskState::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, index);
            assert_eq!(
                (state.state().name(), state.state().is_terminal()),
                (state.name(), state.is_terminal())
            );
            assert_eq!(TaskState::from_name(state.name()), Some(state));
            assert_eq!(
                state.state().is_cancelable(),
                state.can_transition_to(Cancelled) && state != Cancelled
            );
            for next in TaskState::ALL.into_iter().filter(|next| *next != state) {
                assert_eq!(state.state().can_become(next.state()), state.can_transition_to(next));
            }
        }
    }
}
