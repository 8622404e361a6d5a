//! The eleven states that a table may speak of, one more for runs that their parent left open, and what holds for each of
//! them.
//!
//! A table has rows for those that its engine can show, so a run is never asked for a state that its log cannot tell.
//! Must not know colors or how a line is written.

use std::fmt;
use std::sync::LazyLock;

use crate::model::states::{CancelProof, Phase, StateId, StateRow, StateSet, StateTable};

/// State of a run in a log that is read by a table. Declared in the order in which states are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MappedState {
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
    /// Interrupted, until it is resumed.
    Suspended,
    /// Waits for something outside of the queue.
    Awaiting,
    /// Had not ended when its parent did, and the log tells no more of it. No log says so.
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

    /// Every state, in the order in which they are listed.
    pub const ALL: [Self; Self::COUNT] = [
        Scheduled, Ready, Leased, Running, RetryWait, Suspended, Awaiting, LeftOpen, Completed, Failed,
        Canceled, Skipped,
    ];

    /// The states that a log may tell.
    pub const TOLD: [Self; 11] = [
        Scheduled, Ready, Leased, Running, RetryWait, Suspended, Awaiting, Completed, Failed, Canceled,
        Skipped,
    ];

    /// Name in tables and on the screen: `RetryWait`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.texts()[0]
    }

    /// The state of this name, spelled exactly so, if a log may tell it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TOLD.into_iter().find(|state| state.name() == name)
    }

    /// The kind of state.
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

    /// Is true of a state in which a run has ended.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        self.phase().is_terminal()
    }

    /// Name, display form, short name, sign, and the sign in ASCII.
    const fn texts(self) -> [&'static str; 5] {
        match self {
            Scheduled => ["Scheduled", "scheduled", "Sched", "◦", "."],
            Ready => ["Ready", "ready", "Ready", "○", "o"],
            Leased => ["Leased", "leased", "Leased", "◎", "@"],
            Running => ["Running", "running", "Run", "●", "*"],
            RetryWait => ["RetryWait", "retry_wait", "Retry", "↻", "%"],
            Suspended => ["Suspended", "suspended", "Susp", "‖", "="],
            Awaiting => ["Awaiting", "awaiting", "Await", "◔", "&"],
            LeftOpen => ["LeftOpen", "left_open", "Left", "◌", "?"],
            Completed => ["Completed", "completed", "Compl", "✓", "+"],
            Failed => ["Failed", "failed", "Failed", "✗", "x"],
            Canceled => ["Canceled", "canceled", "Cancel", "⊘", "-"],
            Skipped => ["Skipped", "skipped", "Skip", "↷", "~"],
        }
    }
}

impl fmt::Display for MappedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Some of the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MappedStates(u16);

impl MappedStates {
    /// Is true of a state in the set.
    #[must_use]
    pub const fn has(self, state: MappedState) -> bool {
        self.0 >> state as u16 & 1 == 1
    }

    /// Puts a state into the set.
    pub const fn insert(&mut self, state: MappedState) {
        self.0 |= 1 << state as u16;
    }

    /// The states of the set, in the order in which they are listed.
    pub fn iter(self) -> impl Iterator<Item = MappedState> {
        MappedState::ALL.into_iter().filter(move |state| self.has(*state))
    }
}

impl FromIterator<MappedState> for MappedStates {
    fn from_iter<I: IntoIterator<Item = MappedState>>(states: I) -> Self {
        let mut set = Self::default();
        states.into_iter().for_each(|state| set.insert(state));
        set
    }
}

/// A cancel of one run, which the log proves.
const USUAL: Option<(CancelProof, bool)> = Some((CancelProof::Canceled, false));

/// All states in one table, for those who do not know the log yet.
pub fn all() -> &'static StateTable {
    static ALL: LazyLock<&StateTable> =
        LazyLock::new(|| state_table(MappedState::ALL.into_iter().collect(), USUAL).0);
    *ALL
}

/// The rows of some states as a table of the whole program's life, and the row of each state in it. Runs can be canceled
/// until they end, where the log's engine has a way for it: `cancel` is its proof, and true where it cancels the parent.
///
/// Transitions are not judged by it: a run that has not ended may go to every state.
#[must_use]
pub fn state_table(
    states: MappedStates,
    cancel: Option<(CancelProof, bool)>,
) -> (&'static StateTable, [Option<StateId>; MappedState::COUNT]) {
    let mut ids = [None; MappedState::COUNT];
    for (index, state) in states.iter().enumerate() {
        ids[state as usize] = Some(StateId::new(index));
    }
    let all: StateSet = ids.into_iter().flatten().collect();
    let rows: Vec<StateRow> = states.iter().map(|state| row(state, all, cancel.is_some())).collect();
    let mut table = StateTable::new(Box::leak(rows.into_boxed_slice())).with_text_ids();
    if let Some((proof, is_of_parent)) = cancel {
        table = table.with_cancel_proof(proof);
        if is_of_parent {
            table = table.with_cancel_of_parent();
        }
    }
    (Box::leak(Box::new(table)), ids)
}

fn row(state: MappedState, all: StateSet, has_cancel: bool) -> StateRow {
    let [name, label, short, glyph, ascii] = state.texts();
    let next = if state.is_terminal() { StateSet::NONE } else { all };
    StateRow {
        name,
        label,
        short,
        glyph,
        ascii,
        phase: state.phase(),
        cancelable: has_cancel && !state.is_terminal(),
        next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::states::State;

    #[test]
    fn a_table_has_the_states_that_are_told_and_no_other() {
        let (table, ids) = state_table([Skipped, Running, Completed].into_iter().collect(), USUAL);
        let names: Vec<&str> = table.all().map(State::name).collect();
        assert_eq!(names, ["Running", "Completed", "Skipped"]);
        for state in MappedState::TOLD {
            let id = ids[state as usize];
            assert_eq!(
                id.map(|id| table.state(id).name()),
                names.iter().copied().find(|it| *it == state.name())
            );
            assert_eq!(MappedState::from_name(state.name()), Some(state));
        }
        let (running, skipped) = (table.named("Running").unwrap(), table.named("Skipped").unwrap());
        assert!(running.is_cancelable() && running.can_become(skipped) && running.can_become(running));
        assert!(!skipped.is_cancelable() && !skipped.can_become(running) && skipped.is_terminal());
    }

    #[test]
    fn texts_fit_and_are_found_once() {
        let (table, _) = state_table(MappedState::ALL.into_iter().collect(), USUAL);
        let mut signs: Vec<&str> = table.all().flat_map(|state| [state.signs().0, state.signs().1]).collect();
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(signs.len(), 2 * MappedState::COUNT);
        assert!(table.all().all(|state| state.short().len() <= 6
            && state.to_string() == state.name().replace("yW", "y_w").replace("tO", "t_o").to_lowercase()));
    }
}
