//! A query as a tree of tests. Must not know how it was typed.

use std::time::Duration;

use super::cause::Causes;
use super::compare::Compare;
use super::digits::Digits;
use super::field::Word;
use super::letters::Letters;
use super::pattern::Pattern;
use super::state::States;
use super::text::TextTest;
use super::value::Instant;
use crate::model::states::{State, StateSet};

/// Condition on a run.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// All of these; of none, anything.
    All(Vec<Tree>),
    /// One of these.
    Any(Vec<Tree>),
    Not(Box<Tree>),
    Test(Test),
}

/// One thing that is asked of a run.
#[derive(Debug, Clone)]
pub(super) enum Test {
    States(StateSet),
    Flagged,
    Joined,
    Waiting(Causes),
    Stuck,
    Number { of: Number, compare: Compare, than: i64 },
    Length { of: Length, compare: Compare, than: Duration },
    Instant { of: Moment, compare: Compare, than: Instant },
    Text { of: Prose, test: TextTest },
    Tag(TextTest),
    Parent(TextTest),
    Id(IdTest),
    Tenant(IdTest),
    Task(TaskTest),
    Anything(Anything),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Attempts,
    MaxAttempts,
    Priority,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    InState,
    Age,
    Lease,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Created,
    Scheduled,
}

/// A text of which a run has one or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prose {
    Owner,
    Key,
    Queue,
    Error,
    Reason,
}

/// Test of an id.
#[derive(Debug, Clone)]
pub(super) enum IdTest {
    Digits {
        digits: Digits,
        is_negative: bool,
    },
    /// By its digits where it is a UUID, and by its letters where it is another text.
    Any {
        digits: Option<Digits>,
        letters: Letters,
        is_negative: bool,
    },
    /// As it is written.
    Text(TextTest),
}

/// Test of a task: its description, or its id where it has none; or its id.
#[derive(Debug, Clone)]
pub(super) struct TaskTest {
    pub(super) text: TextTest,
    pub(super) id: Option<Digits>,
    /// The same of an id that is a text.
    pub(super) letters: Letters,
}

/// Search in all texts by which people know a run.
#[derive(Debug, Clone)]
pub(super) struct Anything {
    pub(super) pattern: Pattern,
    pub(super) id: AnyId,
}

/// The same in ids.
#[derive(Debug, Clone)]
pub(super) enum AnyId {
    /// By their digits.
    Digits(Digits),
    /// By their text, since any text may be between the parts.
    Written,
}

impl Test {
    pub(super) fn of_word(word: Word, states: States) -> Self {
        match word {
            Word::Live => Self::States(states.filter(|state| !state.is_terminal())),
            Word::Ended => Self::States(states.filter(State::is_terminal)),
            Word::Cancelable => Self::States(states.filter(State::is_cancelable)),
            Word::Flagged => Self::Flagged,
            Word::Joined => Self::Joined,
            Word::Waiting => Self::Waiting(Causes::any()),
            Word::Stuck => Self::Stuck,
        }
    }

    /// Returns the cost, by the distance of its data from the run's record: the cheaper ones are asked first.
    pub(super) const fn cost(&self) -> u32 {
        match self {
            Self::States(_) | Self::Joined => 0,
            Self::Number { of: Number::Attempts, .. } | Self::Length { of: Length::InState, .. } => 1,
            Self::Id(IdTest::Digits { .. }) => 1,
            Self::Instant { .. } | Self::Length { of: Length::Age, .. } | Self::Flagged => 2,
            Self::Text { of: Prose::Owner | Prose::Reason, .. } | Self::Length { of: Length::Lease, .. } => 3,
            Self::Number { .. } | Self::Tag(_) | Self::Tenant(_) | Self::Task(_) => 4,
            Self::Text { .. } | Self::Parent(_) => 5,
            Self::Anything(_) => 7,
            Self::Id(IdTest::Text(_) | IdTest::Any { .. }) => 8,
            Self::Waiting(_) | Self::Stuck => 10,
        }
    }

    const fn uses_time(&self) -> bool {
        match self {
            Self::Length { .. } | Self::Waiting(_) | Self::Stuck => true,
            Self::Instant { than, .. } => matches!(than, Instant::Apart(_)),
            _ => false,
        }
    }

    /// Returns true if it looks at the whole queue.
    pub(super) const fn needs_scene(&self) -> bool {
        matches!(self, Self::Waiting(_) | Self::Stuck)
    }
}

impl Tree {
    /// Returns true if a test of it fits.
    pub(super) fn any(&self, is_so: &impl Fn(&Test) -> bool) -> bool {
        match self {
            Self::All(trees) | Self::Any(trees) => trees.iter().any(|tree| tree.any(is_so)),
            Self::Not(tree) => tree.any(is_so),
            Self::Test(test) => is_so(test),
        }
    }

    pub(super) fn uses_time(&self) -> bool {
        self.any(&Test::uses_time)
    }

    /// Several as one; one as itself.
    pub(super) fn all(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::All(trees) }
    }

    /// The same for alternatives.
    pub(super) fn one_of(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::Any(trees) }
    }
}
