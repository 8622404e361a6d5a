//! The only door by which the rules of an engine change the store.
//!
//! What is legal is the engine's business: nothing here judges an event. Each of these keeps the parts of the store in
//! agreement with each other, and all of them with time travel. Must not know any engine.

mod attempt;
mod run;
mod task;

pub use attempt::Ending;
pub use run::NewRun;

use super::name::Name;
use super::{EngineStatus, Problem, ProblemKind, Store};
use crate::model::id::{Id, RunId};
use crate::model::kind::KindId;
use crate::model::position::Position;

/// A sequence that repeats or goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfOrder {
    /// The sequence of the event.
    pub got: u64,
    /// The last one that was applied before it.
    pub latest: u64,
    /// Is true of a line that was written late to a log that had been rotated away.
    pub is_late: bool,
}

/// An event that the rules of an engine refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The sort of problem that it is.
    pub kind: ProblemKind,
    /// The run that it is about, where it is about one.
    pub run: Option<RunId>,
    /// The reason, in words.
    pub reason: String,
}

impl Store {
    /// Counts a line that holds an event. What became of it is told by [`Store::applied_event`],
    /// [`Store::ignored_event`] or [`Store::refused_event`].
    pub fn begin_event(&mut self) {
        self.head.tally.lines += 1;
    }

    /// Takes the place of an event in the order of the log.
    ///
    /// # Errors
    /// When its sequence is not above that of the last event that was applied.
    pub fn take_sequence(&mut self, place: Position, sequence: u64) -> Result<(), OutOfOrder> {
        match self.head.highest_seen {
            Some(highest) if sequence > highest && sequence - highest > 1 => self.head.sequence_gaps += 1,
            Some(_) => (),
            None => self.head.first_sequence = Some(sequence),
        }
        self.head.highest_seen = self.head.highest_seen.max(Some(sequence));
        let latest = self.head.latest_sequence;
        if sequence > latest {
            return Ok(());
        }
        Err(OutOfOrder { got: sequence, latest, is_late: place.generation() < self.head.generation })
    }

    /// Accounts for an event that was applied. `at` is when it happened, as it says itself.
    pub fn applied_event(&mut self, kind: KindId, place: Position, sequence: u64, at: Option<u64>) {
        self.head.latest_sequence = sequence;
        self.head.tally.applied += 1;
        self.head.kinds[kind.index()] += 1;
        if self.head.time.observe(at) {
            self.look_at_time(place, sequence, at.unwrap_or(0));
        }
    }

    /// Accounts for an event of an unknown kind, which takes its place in the order and changes nothing.
    pub fn ignored_event(&mut self, sequence: u64) {
        self.head.latest_sequence = sequence;
        self.head.tally.ignored += 1;
    }

    /// Accounts for an event that was refused, and keeps why.
    pub fn refused_event(&mut self, place: Position, sequence: u64, refusal: Refusal) {
        self.head.tally.rejected += 1;
        let Refusal { mut kind, run, mut reason } = refusal;
        if let Some(from) = self.missed_before(run) {
            kind = ProblemKind::Gap;
            reason.push_str(&format!("; events after #{from} were not read, and may explain it"));
        }
        self.note(kind, place, Some(sequence), run, reason);
    }

    /// The sequence after which events were not read, if an event may be refused only for that: it is about a run that was there
    /// before them, or came with them.
    fn missed_before(&self, run: Option<RunId>) -> Option<u64> {
        let (from, n_runs) = self.head.missed?;
        let key = self.find(run?);
        key.is_none_or(|key| key.index() < n_runs || self.is_joined(key)).then_some(from)
    }

    /// Accounts for a line that is no event.
    pub fn unreadable(&mut self, kind: ProblemKind, place: Position, reason: String) {
        self.head.tally.lines += 1;
        self.head.tally.unreadable += 1;
        self.note(kind, place, None, None, reason);
    }

    /// Accounts for a blank line.
    pub fn blank(&mut self) {
        self.head.tally.lines += 1;
        self.head.tally.ignored += 1;
    }

    /// Keeps a problem that is not about an event of its own, a torn last line for example.
    pub fn note(
        &mut self,
        kind: ProblemKind,
        place: Position,
        sequence: Option<u64>,
        run: Option<RunId>,
        reason: String,
    ) {
        if let Some(key) = run.and_then(|run| self.find(run)) {
            self.rare_mut(key).flagged = true;
        }
        self.problems.push(Problem { kind, place, sequence, run, reason });
    }

    /// Begins a generation of the log, whose first event stands at `place`.
    pub fn enter_generation(&mut self, place: Position, sequence: u64) {
        self.head.generation = place.generation();
        if let Some(from) = self.jump_to(sequence) {
            self.head.missed = Some((from, self.runs.len()));
            let n = sequence - from - 1;
            let reason = if n == 1 {
                format!("1 event between #{from} and #{sequence} was not read: the log was rotated there")
            } else {
                format!("{n} events between #{from} and #{sequence} were not read: the log was rotated there")
            };
            self.note(ProblemKind::Gap, place, Some(sequence), None, reason);
        }
    }

    /// Keeps whether the engine dispatches.
    pub fn set_engine(&mut self, engine: EngineStatus) {
        self.head.engine = engine;
    }

    /// The id that a text is, new or not: the UUID that it spells in the canonical form, or else a digest of it. None
    /// where it is empty or longer than [`LONGEST_ID`](crate::model::id::LONGEST_ID).
    pub fn id<I: Id>(&mut self, text: &str) -> Option<I> {
        self.id_texts.intern(text)
    }

    /// Knows the texts of ids that another store of the same log knows.
    pub fn adopt_id_texts(&mut self, other: &Self) {
        self.id_texts = other.id_texts.clone();
    }

    /// The name that stands for a text, new or not.
    pub fn intern(&mut self, text: &str) -> Name {
        self.names.intern(text)
    }
}
