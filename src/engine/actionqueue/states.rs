//! States of a run with their properties, in one table.
//!
//! The table is that of actionqueue-core: the nine states of 0.1 and `Awaiting` of 0.2 and later
//! (`run/state.rs`, `run/transitions.rs`). Must not know colors, glyphs or how a log is written.

use std::fmt;

use crate::model::states::{Phase, State, StateId, StateRow, StateSet, StateTable};

/// State of a run. Declared in the engine's order; [`RunState::LANES`] is the screen's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RunState {
    /// Waits for the instant at which it becomes ready.
    Scheduled,
    /// Waits for a worker.
    Ready,
    /// A worker holds it and has not started yet.
    Leased,
    /// Executes.
    Running,
    /// Failed, and waits before it is tried again.
    RetryWait,
    /// Preempted, by an exhausted budget for example, until it is resumed.
    Suspended,
    /// Succeeded.
    Completed,
    /// Failed for good.
    Failed,
    /// Canceled.
    Canceled,
    /// Yielded until a signal, a child or a deadline (0.2 and later).
    Awaiting,
}

/// Properties of one state.
struct Row {
    state: RunState,
    /// Spelling in the log.
    name: &'static str,
    /// Display form of the engines.
    label: &'static str,
    terminal: bool,
    /// The legal next states, in the engine's order.
    next: &'static [RunState],
}

use RunState::{
    Awaiting, Canceled, Completed, Failed, Leased, Ready, RetryWait, Running, Scheduled, Suspended,
};

const fn live(state: RunState, name: &'static str, label: &'static str, next: &'static [RunState]) -> Row {
    Row { state, name, label, terminal: false, next }
}

const fn terminal(state: RunState, name: &'static str, label: &'static str) -> Row {
    Row { state, name, label, terminal: true, next: &[] }
}

/// One row per state, at the index of its discriminant.
const TABLE: [Row; RunState::COUNT] = [
    live(Scheduled, "Scheduled", "scheduled", &[Ready, Canceled]),
    live(Ready, "Ready", "ready", &[Leased, Canceled]),
    live(Leased, "Leased", "leased", &[Ready, Running, Canceled]),
    live(Running, "Running", "running", &[RetryWait, Suspended, Completed, Failed, Canceled, Awaiting]),
    live(RetryWait, "RetryWait", "retry_wait", &[Ready, Failed, Canceled]),
    live(Suspended, "Suspended", "suspended", &[Ready, Canceled]),
    terminal(Completed, "Completed", "completed"),
    terminal(Failed, "Failed", "failed"),
    terminal(Canceled, "Canceled", "canceled"),
    live(Awaiting, "Awaiting", "awaiting", &[Ready, Failed, Canceled]),
];

/// Row of a state in the engine-independent table.
const fn any(state: RunState, phase: Phase, [glyph, ascii, short]: [&'static str; 3]) -> StateRow {
    let row = state.row();
    let (mut next, mut index) = ([StateId::new(0); RunState::COUNT], 0);
    while index < row.next.len() {
        next[index] = row.next[index].id();
        index += 1;
    }
    let next = StateSet::of(next.split_at(index).0);
    let cancelable = next.has(Canceled.id());
    StateRow { name: row.name, label: row.label, short, glyph, ascii, phase, cancelable, next }
}

/// State table of ActionQueue, each state at the index of its discriminant.
pub static STATES: StateTable = StateTable::new(&[
    any(Scheduled, Phase::Pending, ["◦", ".", "Sched"]),
    any(Ready, Phase::Ready, ["○", "o", "Ready"]),
    any(Leased, Phase::Held, ["◎", "@", "Leased"]),
    any(Running, Phase::Running, ["●", "*", "Run"]),
    any(RetryWait, Phase::Retrying, ["↻", "%", "Retry"]),
    any(Suspended, Phase::Parked, ["‖", "=", "Susp"]),
    any(Completed, Phase::Succeeded, ["✓", "+", "Compl"]),
    any(Failed, Phase::Failed, ["✗", "x", "Failed"]),
    any(Canceled, Phase::Canceled, ["⊘", "-", "Cancel"]),
    any(Awaiting, Phase::Parked, ["◔", "&", "Await"]),
])
.with_going_on("no ActionQueue version tells the handler");

impl RunState {
    /// Number of states.
    pub const COUNT: usize = 10;

    /// Every state, in the engine's order.
    pub const ALL: [Self; Self::COUNT] =
        [Scheduled, Ready, Leased, Running, RetryWait, Suspended, Completed, Failed, Canceled, Awaiting];

    /// Every state in the order of a run's life, in which the screen lists them.
    pub const LANES: [Self; Self::COUNT] =
        [Scheduled, Ready, Leased, Running, RetryWait, Suspended, Awaiting, Completed, Failed, Canceled];

    /// Index of its row in [`STATES`].
    #[must_use]
    pub const fn id(self) -> StateId {
        StateId::new(self as usize)
    }

    /// State at this row of [`STATES`].
    ///
    /// # Panics
    ///
    /// When the id is of another table.
    #[must_use]
    #[inline]
    pub const fn of(id: StateId) -> Self {
        Self::ALL[id.index()]
    }

    /// The engine-independent form of the state.
    #[must_use]
    pub const fn state(self) -> State {
        STATES.state(self.id())
    }

    const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Name in the log and on the screen: `RetryWait`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The state that a log calls `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.state)
    }

    /// True if a run in this state has ended.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        self.row().terminal
    }

    /// True if a run in this state can be canceled: every state that has not ended.
    #[must_use]
    pub fn is_cancelable(self) -> bool {
        self.can_become(Canceled)
    }

    /// The legal next states, in the engine's order.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        self.row().next
    }

    /// True if a run may go from this state to `next` directly. No state has itself as next.
    #[must_use]
    pub fn can_become(self, next: Self) -> bool {
        self.next().contains(&next)
    }
}

impl From<RunState> for StateId {
    fn from(state: RunState) -> Self {
        state.id()
    }
}

impl From<RunState> for State {
    fn from(state: RunState) -> Self {
        state.state()
    }
}

/// Converts a state of [`STATES`].
impl From<State> for RunState {
    fn from(state: State) -> Self {
        Self::of(state.id())
    }
}

impl PartialEq<RunState> for StateId {
    fn eq(&self, state: &RunState) -> bool {
        *self == state.id()
    }
}

impl PartialEq<RunState> for State {
    fn eq(&self, state: &RunState) -> bool {
        *self == state.state()
    }
}

/// The engine's display form: `retry_wait`.
impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.row().label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_at_its_own_state() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.state as usize, index);
            assert_eq!(RunState::ALL[index], row.state);
            assert_eq!(RunState::from_name(row.name), Some(row.state));
            assert_eq!(format!("{:?}", row.state), row.name);
        }
        let mut lanes = RunState::LANES;
        lanes.sort();
        assert_eq!(lanes, RunState::ALL);
    }

    #[test]
    fn the_table_of_data_says_the_same() {
        assert_eq!(STATES.all().map(State::name).collect::<Vec<_>>(), RunState::ALL.map(RunState::name));
        assert_eq!(STATES.listed().map(State::name).collect::<Vec<_>>(), RunState::LANES.map(RunState::name));
        for from in RunState::ALL {
            let state = from.state();
            assert_eq!((state.id(), state.to_string()), (from.id(), from.to_string()));
            assert_eq!(state.is_terminal(), from.is_terminal());
            assert_eq!(state.is_cancelable(), from.is_cancelable());
            for to in RunState::ALL {
                assert_eq!(state.can_become(to.state()), from.can_become(to), "{from} {to}");
            }
        }
    }

    #[test]
    fn a_run_that_has_not_ended_can_be_canceled_and_one_that_has_cannot() {
        for state in RunState::ALL {
            assert_eq!(state.is_cancelable(), !state.is_terminal(), "{state:?}");
        }
    }
}
