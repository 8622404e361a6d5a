//! Problems: violations in the log, each with its place, its run and the reason.

use std::fmt;

use super::versioned::epoch::{Cell, Composite, Versioned};
use crate::model::id::RunId;
use crate::model::position::Position;

/// Number of problems kept in full; all are counted.
const MAX_KEPT_PROBLEMS: usize = 10_000;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)+) => {
        /// Kind of a problem, from the bytes up to the rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum ProblemKind { $($(#[$doc])* $name,)+ }

        impl ProblemKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// One-word label for tables and JSON.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }
        }
    };
}

kinds! {
    /// A line that is not an event.
    Unreadable = "unreadable",
    /// A line over the length limit.
    OverLong = "over_long",
    /// NUL bytes where a line should begin.
    Nul = "nul_gap",
    /// A file whose last line has no line end.
    Torn = "torn_line",
    /// A sequence that repeats or goes back.
    Sequence = "sequence",
    /// Instants that do not count the log's unit since 1970; reported once per log.
    Time = "time",
    /// A second creation of the same thing.
    Duplicate = "duplicate",
    /// A state change that the transition table does not have.
    Transition = "transition",
    /// An event for a run that was never created.
    UnknownRun = "unknown_run",
    /// An attempt that may not start or finish.
    Attempt = "attempt",
    /// A lease that may not be acquired, extended or ended.
    Lease = "lease",
    /// A task that may not be canceled.
    Task = "task",
    /// A pause or resume of the engine out of turn.
    Engine = "engine",
    /// A record that contradicts itself or its event (0.2 and later).
    Record = "record",
    /// A wait or a signal out of turn (0.2 and later).
    Wait = "wait",
    /// An invalid admission (0.2 and later).
    Admission = "admission",
    /// A run that moved unseen: lines were lost, and the run was set to the state that the log gives.
    Gap = "gap",
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Kind of the problem.
    pub kind: ProblemKind,
    /// Position of the line.
    pub place: Position,
    /// Sequence of the event, if the line has one.
    pub sequence: Option<u64>,
    /// The run concerned, if any.
    pub run: Option<RunId>,
    /// Reason, in words.
    pub reason: String,
}

/// Problems of a log: the first 10,000 in full, all of them counted.
#[derive(Debug, Default)]
pub struct Problems {
    /// Entries beyond `known` belong to the future of the current instant.
    kept: Vec<Problem>,
    known: Cell<Known>,
}

/// Counts of problems at the current instant.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    n_kept: usize,
    /// Invariant: the sum of `counts`.
    total: u64,
    counts: [u64; ProblemKind::ALL.len()],
}

impl Problems {
    pub(super) fn push(&mut self, problem: Problem) {
        let known = &mut self.known.value;
        known.counts[problem.kind as usize] += 1;
        known.total += 1;
        if known.n_kept >= MAX_KEPT_PROBLEMS {
            return;
        }
        match self.kept.get_mut(known.n_kept) {
            Some(same) => *same = problem,
            None => self.kept.push(problem),
        }
        known.n_kept += 1;
    }

    pub(super) fn take(&mut self) -> Vec<Problem> {
        self.known.value.n_kept = 0;
        std::mem::take(&mut self.kept)
    }

    /// The problems kept, in order of their lines.
    #[must_use]
    pub fn kept(&self) -> &[Problem] {
        &self.kept[..self.known.value.n_kept]
    }

    /// Number of all problems.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.known.value.total
    }

    /// Number of problems of `kind`.
    #[must_use]
    pub const fn of(&self, kind: ProblemKind) -> u64 {
        self.known.value.counts[kind as usize]
    }
}

impl Composite for Problems {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.known);
    }
}
