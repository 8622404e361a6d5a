//! The states of an engine's runs as data: what everything but the engine itself goes by.
//!
//! An engine brings one table. Lists, colors, totals and cancels go by the phase of a state, and texts by its names, so
//! no other file needs a word of an engine. Must not know any engine.

mod cancel;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ptr;

pub use cancel::CancelProof;
use cancel::CancelTraits;

use super::facts::AttemptResult;

/// The most states that an engine may have: a transition is packed into two half bytes, and one value means "none".
pub const MAX_STATES: usize = 15;

/// The number of a state in its engine's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(u8);

impl StateId {
    /// The state in this row of the table.
    ///
    /// # Panics
    ///
    /// When no table has that number of rows.
    #[must_use]
    pub const fn new(index: usize) -> Self {
        assert!(index < MAX_STATES, "a table has at most 15 states");
        #[allow(clippy::cast_possible_truncation, reason = "it is below 15")]
        Self(index as u8)
    }

    /// A number that fits into half a byte.
    #[must_use]
    pub const fn nibble(self) -> u8 {
        self.0
    }

    /// The state with this number; none for [`MAX_STATES`] and more.
    #[must_use]
    pub const fn of_nibble(nibble: u8) -> Option<Self> {
        if (nibble as usize) < MAX_STATES { Some(Self(nibble)) } else { None }
    }

    /// The row of the table: below [`MAX_STATES`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The kind of a state, the same for every engine. Declared in the order of a run's life, in which states are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Waits for its time, or for other runs.
    Pending,
    /// Waits for a worker.
    Ready,
    /// A worker holds it and has not started it.
    Held,
    /// Executes.
    Running,
    /// Failed, and waits before it is tried again.
    Retrying,
    /// Neither runs nor waits for a worker, until something outside of the queue happens.
    Parked,
    /// Ended well.
    Succeeded,
    /// Failed for good.
    Failed,
    /// Was canceled.
    Canceled,
    /// Ended without being run.
    Skipped,
}

impl Phase {
    /// Every phase, in the order of a run's life.
    pub const ALL: [Self; 10] = [
        Self::Pending,
        Self::Ready,
        Self::Held,
        Self::Running,
        Self::Retrying,
        Self::Parked,
        Self::Succeeded,
        Self::Failed,
        Self::Canceled,
        Self::Skipped,
    ];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Held => "held",
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Parked => "parked",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Skipped => "skipped",
        }
    }

    /// Is true of a run that has ended.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled | Self::Skipped)
    }
}

/// Some states of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateSet(u16);

impl StateSet {
    /// No state.
    pub const NONE: Self = Self(0);

    /// These states.
    #[must_use]
    pub const fn of(states: &[StateId]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while index < states.len() {
            bits |= 1 << states[index].0;
            index += 1;
        }
        Self(bits)
    }

    /// Is true of a state in the set.
    #[must_use]
    #[inline]
    pub const fn has(self, state: StateId) -> bool {
        self.0 >> state.0 & 1 == 1
    }

    /// Is true of a set without any state.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The states of a table that are not in the set. Those beyond the table are in it, and are asked for by nothing.
    #[must_use]
    pub const fn inverted(self) -> Self {
        Self(!self.0)
    }
}

impl FromIterator<StateId> for StateSet {
    fn from_iter<I: IntoIterator<Item = StateId>>(states: I) -> Self {
        Self(states.into_iter().fold(0, |bits, state| bits | 1 << state.0))
    }
}

/// States of one table in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateList {
    ids: [StateId; MAX_STATES],
    len: usize,
}

impl StateList {
    /// The states, in this order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = StateId> + ExactSizeIterator + Clone + use<> {
        self.ids.into_iter().take(self.len)
    }

    /// The state at a place, from 0.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<StateId> {
        self.ids[..self.len].get(place).copied()
    }

    /// The number of states.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Is true of a list without any state.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<S: Into<StateId>> FromIterator<S> for StateList {
    fn from_iter<I: IntoIterator<Item = S>>(states: I) -> Self {
        let mut list = Self { ids: [StateId(0); MAX_STATES], len: 0 };
        for state in states.into_iter().take(MAX_STATES) {
            list.ids[list.len] = state.into();
            list.len += 1;
        }
        list
    }
}

/// A row of an engine's table.
#[derive(Debug)]
pub struct StateRow {
    /// The spelling of the log and of the screen: `RetryWait`.
    pub name: &'static str,
    /// The form in which the engine displays it: `retry_wait`.
    pub label: &'static str,
    /// The name where there is little room: at most 6 letters.
    pub short: &'static str,
    /// One column wide.
    pub glyph: &'static str,
    /// The same in ASCII.
    pub ascii: &'static str,
    /// The kind of state.
    pub phase: Phase,
    /// The engine may cancel a run in this state.
    pub cancelable: bool,
    /// The states that may follow, as far as the engine has rules of it.
    pub next: StateSet,
}

/// The states of an engine, in the engine's own order.
#[derive(Debug)]
pub struct StateTable {
    rows: &'static [StateRow],
    has_text_ids: bool,
    explained: Option<(StateId, &'static str)>,
    cancel: CancelTraits,
}

impl StateTable {
    /// A table of these rows.
    ///
    /// # Panics
    ///
    /// When there are more than [`MAX_STATES`].
    #[must_use]
    pub const fn new(rows: &'static [StateRow]) -> Self {
        assert!(rows.len() <= MAX_STATES, "a table has at most 15 states");
        Self { rows, has_text_ids: false, explained: None, cancel: CancelTraits::USUAL }
    }

    /// The same table, of an engine whose ids may be any text.
    #[must_use]
    pub const fn with_text_ids(self) -> Self {
        Self { has_text_ids: true, ..self }
    }

    /// The same table, with the meaning of a state whose name says more than is so.
    #[must_use]
    pub const fn with_meaning(self, state: StateId, meaning: &'static str) -> Self {
        Self { explained: Some((state, meaning)), ..self }
    }

    /// The meaning of a state: its name, and more where the name alone says more than is so.
    #[must_use]
    pub fn meaning(&self, state: State) -> &'static str {
        self.explained.filter(|(id, _)| *id == state.id()).map_or(state.name(), |(_, meaning)| meaning)
    }

    /// Is true where an id may be any text, and false where it is a UUID.
    #[must_use]
    pub const fn has_text_ids(&self) -> bool {
        self.has_text_ids
    }

    /// The number of states.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Is true of a table without any state.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The state with this number, which must be one of this table.
    #[must_use]
    #[inline]
    pub const fn state(&'static self, id: StateId) -> State {
        State { table: self, id }
    }

    /// Every state, in the engine's own order.
    pub fn all(&'static self) -> impl DoubleEndedIterator<Item = State> + ExactSizeIterator + Clone {
        (0..self.rows.len()).map(|index| self.state(StateId::new(index)))
    }

    /// Every state in the order of a run's life, in which the screen lists them: by phase, and in the engine's own order
    /// within one.
    pub fn listed(&'static self) -> impl Iterator<Item = State> + Clone {
        Phase::ALL.into_iter().flat_map(|phase| self.of(phase))
    }

    /// The states of a phase.
    pub fn of(&'static self, phase: Phase) -> impl Iterator<Item = State> + Clone {
        self.all().filter(move |state| state.phase() == phase)
    }

    /// The state that shows how an attempt ended, where the engine has one.
    #[must_use]
    pub fn of_result(&'static self, result: AttemptResult) -> Option<State> {
        match result {
            AttemptResult::Success => self.of(Phase::Succeeded).next(),
            AttemptResult::Failure | AttemptResult::Timeout => self.of(Phase::Failed).next(),
            AttemptResult::Suspended => self.of(Phase::Parked).next(),
            AttemptResult::Awaiting => self.of(Phase::Parked).last(),
        }
    }

    /// The state that a log calls `name`.
    #[must_use]
    pub fn named(&'static self, name: &str) -> Option<State> {
        self.all().find(|state| state.name() == name)
    }
}

/// A state of an engine's table.
#[derive(Clone, Copy)]
pub struct State {
    table: &'static StateTable,
    id: StateId,
}

impl State {
    #[inline]
    const fn row(self) -> &'static StateRow {
        &self.table.rows[self.id.index()]
    }

    /// Its number in its table.
    #[must_use]
    #[inline]
    pub const fn id(self) -> StateId {
        self.id
    }

    /// The row of the table, for arrays of [`MAX_STATES`].
    #[must_use]
    #[inline]
    pub const fn index(self) -> usize {
        self.id.index()
    }

    /// The spelling of the log and of the screen.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The name where there is little room: at most 6 letters.
    #[must_use]
    pub const fn short(self) -> &'static str {
        self.row().short
    }

    /// The sign of the state, and the same in ASCII; each is one column wide.
    #[must_use]
    pub const fn signs(self) -> (&'static str, &'static str) {
        (self.row().glyph, self.row().ascii)
    }

    /// The kind of state.
    #[must_use]
    #[inline]
    pub const fn phase(self) -> Phase {
        self.row().phase
    }

    /// The number of states of the same phase before this one: tells those apart that share a color.
    #[must_use]
    pub fn nth_of_phase(self) -> usize {
        self.table.of(self.phase()).take_while(|state| *state != self).count()
    }

    /// Is true where a run has ended.
    #[must_use]
    #[inline]
    pub const fn is_terminal(self) -> bool {
        self.phase().is_terminal()
    }

    /// Is true where the engine may cancel a run.
    #[must_use]
    pub const fn is_cancelable(self) -> bool {
        self.row().cancelable
    }

    /// The proof of a cancel in the log of its engine.
    #[must_use]
    pub const fn cancel_proof(self) -> CancelProof {
        self.table.cancel_proof()
    }

    /// Is true where the engine lets a run go from this state to `next` at once.
    #[must_use]
    pub const fn can_become(self, next: Self) -> bool {
        self.row().next.has(next.id)
    }
}

impl PartialEq for StateTable {
    /// Two tables are one where they are the same place in memory.
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl Eq for StateTable {}

impl From<State> for StateId {
    fn from(state: State) -> Self {
        state.id
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && ptr::eq(self.table, other.table)
    }
}

impl Eq for State {}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The engine's display form: `retry_wait`.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.row().label)
    }
}

#[cfg(test)]
mod tests;
