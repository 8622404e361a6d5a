//! Write interface of the store, for the rules of an engine.
//!
//! The engine decides legality; no function here judges an event. Each function keeps the parts of the store
//! consistent with each other, and with time travel. Must not know any engine.

mod attempt;
mod run;
mod task;
mod whole;

pub use attempt::Ending;
pub use run::NewRun;

use super::name::Name;
use super::{EngineStatus, Problem, ProblemKind, Store};
use crate::model::id::{Id, RunId};
use crate::model::kind::KindId;
use crate::model::position::Position;

/// Error: a sequence that repeats or goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfOrder {
    /// Sequence of the event.
    pub got: u64,
    /// Last sequence applied before it.
    pub latest: u64,
    /// True for a line that was written late to a log already rotated away.
    pub is_late: bool,
}

/// An event that the rules of an engine refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Kind of the problem.
    pub kind: ProblemKind,
    /// The run concerned, if any.
    pub run: Option<RunId>,
    /// Reason, in words.
    pub reason: String,
}

impl Store {
    /// Counts a line that holds an event. Its outcome follows by [`Store::applied_event`], [`Store::ignored_event`]
    /// or [`Store::refused_event`].
    pub fn begin_event(&mut self) {
        self.head.tally.lines += 1;
    }

    /// Checks and records the sequence of an event.
    ///
    /// # Errors
    /// When the sequence is not above that of the last applied event.
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

    /// Accounts for an applied event. `at` is its instant, as recorded by the event itself.
    pub fn applied_event(&mut self, kind: KindId, place: Position, sequence: u64, at: Option<u64>) {
        self.head.latest_sequence = sequence;
        self.head.tally.applied += 1;
        self.head.kinds[kind.index()] += 1;
        if self.head.time.observe(at) {
            self.look_at_time(place, sequence, at.unwrap_or(0));
        }
    }

    /// Accounts for an event of an unknown kind, which advances the sequence and changes nothing else.
    pub fn ignored_event(&mut self, sequence: u64) {
        self.head.latest_sequence = sequence;
        self.head.tally.ignored += 1;
    }

    /// Accounts for a refused event, and keeps the refusal as a problem.
    pub fn refused_event(&mut self, place: Position, sequence: u64, refusal: Refusal) {
        self.head.tally.rejected += 1;
        let Refusal { mut kind, run, mut reason } = refusal;
        if let Some(from) = self.missed_before(run) {
            kind = ProblemKind::Gap;
            reason.push_str(&format!("; events after #{from} were not read, and may explain it"));
        }
        self.note(kind, place, Some(sequence), run, reason);
    }

    /// The sequence after which events were not read, if that alone may explain a refusal: the run existed before the
    /// gap, or came with it.
    fn missed_before(&self, run: Option<RunId>) -> Option<u64> {
        let (from, n_runs) = self.head.missed?;
        let key = self.find(run?);
        key.is_none_or(|key| key.index() < n_runs || self.is_joined(key)).then_some(from)
    }

    /// Accounts for a line that is not an event.
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

    /// Keeps a problem without an event of its own, a torn last line for example.
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

    /// Begins a generation of the log, whose first event is at `place`.
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

    /// Sets the state of the engine's dispatch loop.
    pub fn set_engine(&mut self, engine: EngineStatus) {
        self.head.engine = engine;
    }

    /// Id of a text, interned if it is new: the UUID that it spells in canonical form, else a digest of it. `None` if
    /// it is empty or longer than [`LONGEST_ID`](crate::model::id::LONGEST_ID).
    pub fn id<I: Id>(&mut self, text: &str) -> Option<I> {
        self.id_texts.intern(text)
    }

    /// The same, where the first digest of the text is at hand, as decoding made it.
    pub fn id_as<I: Id>(&mut self, text: &str, first: I) -> Option<I> {
        self.id_texts.intern_as(text, first)
    }

    /// The same for the run of a line that tells of one run only.
    pub fn single_id(&mut self, text: &str, first: RunId) -> Option<RunId> {
        if self.is_text_known(first) { Some(first) } else { self.id_as(text, first) }
    }

    /// Adds the id texts of another store of the same log.
    pub fn adopt_id_texts(&mut self, other: &Self) {
        self.id_texts = other.id_texts.clone();
    }

    /// Name of a text, interned if it is new.
    pub fn intern(&mut self, text: &str) -> Name {
        self.names.intern(text)
    }

    /// Takes over the engine of a store in which nothing is yet. What was read before stays counted.
    ///
    /// # Panics
    ///
    /// When there is a run or a task.
    pub fn become_of(&mut self, other: Self) {
        assert!(self.is_unused(), "the states of runs are those of an engine");
        let tally = self.head.tally;
        let (problems, is_watched) = (std::mem::take(&mut self.problems), self.runs.is_watched());
        *self = Self { problems, ..other };
        self.head.tally = tally;
        self.runs.watch_touches(is_watched);
    }
}
