//! The states of runs in logs that a table describes: those of ActionQueue, a run that was skipped, and one that its
//! parent left open.
//!
//! No order of them is a rule: a foreign engine is not judged by another's transitions. Must not know words of any log.

use std::sync::LazyLock;

use crate::model::states::{Phase, StateId, StateRow, StateSet, StateTable};

/// State of a run, in the order of a run's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MappedState {
    /// Waits for its time, or for other runs.
    Scheduled,
    /// Waits for a worker.
    Ready,
    /// A worker holds it and has not started it.
    Leased,
    /// Executes.
    Running,
    /// Failed, and waits before it is tried again.
    RetryWait,
    /// Was stopped, until it is resumed.
    Suspended,
    /// Waits for something outside of the queue.
    Awaiting,
    /// Had not ended when its parent did, and the log tells no more of it.
    LeftOpen,
    /// Succeeded.
    Completed,
    /// Failed for good.
    Failed,
    /// Canceled.
    Canceled,
    /// Ended without being run.
    Skipped,
}

use MappedState::{
    Awaiting, Canceled, Completed, Failed, Leased, LeftOpen, Ready, RetryWait, Running, Scheduled, Skipped,
    Suspended,
};

impl MappedState {
    /// Number of states.
    pub const COUNT: usize = 12;

    /// Every state, in the order of a run's life.
    pub const ALL: [Self; Self::COUNT] = [
        Scheduled, Ready, Leased, Running, RetryWait, Suspended, Awaiting, LeftOpen, Completed, Failed, Canceled,
        Skipped,
    ];

    /// The states that a log may tell: all but [`LeftOpen`].
    pub const TOLD: [Self; 11] = [
        Scheduled, Ready, Leased, Running, RetryWait, Suspended, Awaiting, Completed, Failed, Canceled, Skipped,
    ];

    /// Name in tables and reports: `RetryWait`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Scheduled => "Scheduled",
            Ready => "Ready",
            Leased => "Leased",
            Running => "Running",
            RetryWait => "RetryWait",
            Suspended => "Suspended",
            Awaiting => "Awaiting",
            LeftOpen => "LeftOpen",
            Completed => "Completed",
            Failed => "Failed",
            Canceled => "Canceled",
            Skipped => "Skipped",
        }
    }

    /// State of this name; [`LeftOpen`] is told by no log.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::TOLD.into_iter().find(|state| state.name() == name)
    }

    /// Kind of the state.
    #[must_use]
    pub const fn phase(self) -> Phase {
        match self {
            Scheduled => Phase::Pending,
            Ready => Phase::Ready,
            Leased => Phase::Held,
            Running => Phase::Running,
            RetryWait => Phase::Retrying,
            Suspended | Awaiting | LeftOpen => Phase::Parked,
            Completed => Phase::Succeeded,
            Failed => Phase::Failed,
            Canceled => Phase::Canceled,
            Skipped => Phase::Skipped,
        }
    }

    /// True of an end.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        self.phase().is_terminal()
    }

    /// Row of the state in a table of states. A run in it can be canceled where the log knows canceled runs.
    const fn row(self, cancelable: bool) -> StateRow {
        let (label, [glyph, ascii, short]) = match self {
            Scheduled => ("scheduled", ["◦", ".", "Sched"]),
            Ready => ("ready", ["○", "o", "Ready"]),
            Leased => ("leased", ["◎", "@", "Leased"]),
            Running => ("running", ["●", "*", "Run"]),
            RetryWait => ("retry_wait", ["↻", "%", "Retry"]),
            Suspended => ("suspended", ["‖", "=", "Susp"]),
            Awaiting => ("awaiting", ["◔", "&", "Await"]),
            LeftOpen => ("left_open", ["◌", "?", "Left"]),
            Completed => ("completed", ["✓", "+", "Compl"]),
            Failed => ("failed", ["✗", "x", "Failed"]),
            Canceled => ("canceled", ["⊘", "-", "Cancel"]),
            Skipped => ("skipped", ["↷", ">", "Skip"]),
        };
        let cancelable = cancelable && !self.is_terminal();
        StateRow {
            name: self.name(),
            label,
            short,
            glyph,
            ascii,
            phase: self.phase(),
            cancelable,
            next: StateSet::NONE,
        }
    }
}

/// All states in one table, for those who do not know the log yet.
pub fn all() -> &'static StateTable {
    static ALL: LazyLock<ShownStates> = LazyLock::new(|| ShownStates::of(|_| true, true));
    ALL.table()
}

/// The states that one kind of log can show, for the rest of the house: lists have no room for states that never come.
#[derive(Debug)]
pub struct ShownStates {
    table: &'static StateTable,
    /// Row of each state; none for those that are not shown.
    ids: [Option<StateId>; MappedState::COUNT],
    /// State of each row.
    states: Vec<MappedState>,
}

impl ShownStates {
    /// The states of a log. Kept for the life of the program, as the tables of all engines are: a program reads a few
    /// kinds of logs.
    #[must_use]
    pub fn of(shown: impl Fn(MappedState) -> bool, is_cancelable: bool) -> Self {
        let states: Vec<MappedState> = MappedState::ALL.into_iter().filter(|state| shown(*state)).collect();
        let rows: Vec<StateRow> = states.iter().map(|state| state.row(is_cancelable)).collect();
        let mut ids = [None; MappedState::COUNT];
        for (index, state) in states.iter().enumerate() {
            ids[*state as usize] = Some(StateId::new(index));
        }
        let table = StateTable::new(Vec::leak(rows)).with_text_ids();
        Self { table: Box::leak(Box::new(table)), ids, states }
    }

    /// The table of them.
    #[must_use]
    pub const fn table(&self) -> &'static StateTable {
        self.table
    }

    /// Row of a state.
    ///
    /// # Panics
    /// When the log cannot show it.
    #[must_use]
    pub fn id(&self, state: MappedState) -> StateId {
        self.ids[state as usize].expect("a table gives only states that it shows")
    }

    /// True of a state that the log can show.
    #[must_use]
    pub const fn has(&self, state: MappedState) -> bool {
        self.ids[state as usize].is_some()
    }

    /// State of a row.
    #[must_use]
    pub fn state(&self, id: StateId) -> MappedState {
        self.states[id.index()]
    }
}
