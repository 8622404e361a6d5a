//! Problems: what the log did that it may not do, with its place, its run and the reason.

use std::fmt;

use super::versioned::epoch::{Cell, Composite, Versioned};
use crate::model::id::RunId;
use crate::model::position::Position;

/// How many problems are kept whole; all are counted.
const MAX_KEPT_PROBLEMS: usize = 10_000;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)+) => {
        /// What sort of problem it is, from the bytes up to the rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum ProblemKind { $($(#[$doc])* $name,)+ }

        impl ProblemKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// One word for it, for tables and JSON.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }
        }
    };
}

kinds! {
    /// A line that is no event.
    Unreadable = "unreadable",
    /// A line that is longer than the limit.
    OverLong = "over_long",
    /// NUL bytes where a line should begin.
    Nul = "nul_gap",
    /// A file whose last line never got its end.
    Torn = "torn_line",
    /// A sequence that repeats or goes back.
    Sequence = "sequence",
    /// Times that do not count the unit of the log since 1970: told once a log.
    Time = "time",
    /// Something was created twice.
    Duplicate = "duplicate",
    /// A change of state that the table does not have.
    Transition = "transition",
    /// An event for a run that nobody created.
    UnknownRun = "unknown_run",
    /// An attempt that may not start, or not finish.
    Attempt = "attempt",
    /// A lease that may not be taken, extended or ended.
    Lease = "lease",
    /// A task that may not be canceled.
    Task = "task",
    /// The engine paused or resumed out of turn.
    Engine = "engine",
    /// A record that contradicts itself or its event (0.2 and later).
    Record = "record",
    /// A wait or a signal out of turn (0.2 and later).
    Wait = "wait",
    /// An admission that may not be (0.2 and later).
    Admission = "admission",
    /// A run that moved while the log did not say so: lines were lost, and the run was set to what the log says.
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
    /// What sort it is.
    pub kind: ProblemKind,
    /// Where the line stands.
    pub place: Position,
    /// The event's sequence, where the line has one.
    pub sequence: Option<u64>,
    /// The run that it is about, where it is about one.
    pub run: Option<RunId>,
    /// Why, in words.
    pub reason: String,
}

/// The problems of a log: the first `MAX_KEPT_PROBLEMS` whole, all of them counted.
#[derive(Debug, Default)]
pub struct Problems {
    /// Those beyond `known` are of the future of the instant at hand.
    kept: Vec<Problem>,
    known: Cell<Known>,
}

/// What is known of the problems at an instant.
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

    /// The problems that are kept, in order of their lines.
    #[must_use]
    pub fn kept(&self) -> &[Problem] {
        &self.kept[..self.known.value.n_kept]
    }

    /// How many there were.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.known.value.total
    }

    /// How many there were of `kind`.
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
