//! A statement: what one line says of one run, in the words that tables of all engines share.
//!
//! Must not know where in a line a value was, nor what a statement does.

use super::states::MappedState;
use crate::model::id::RunId;
use crate::model::task::Text;

/// A value of a field: a line that does not have the field leaves what was known, and `null` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FieldChange<T> {
    /// The line does not say.
    #[default]
    Left,
    /// The line clears it.
    Cleared,
    /// The line sets it.
    Set(T),
}

impl<T> FieldChange<T> {
    /// The new value, if there is one.
    #[must_use]
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Left | Self::Cleared => None,
        }
    }
}

/// A text, of which parts may have been told by an earlier line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Composed<'a> {
    /// The whole text.
    Whole(Text<'a>),
    /// Pieces of it, in order.
    Pieces(Box<[IdPiece<'a>]>),
}

/// IdPiece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdPiece<'a> {
    /// A text.
    Text(Text<'a>),
    /// The value that an earlier line left in this register.
    Register(u8),
}

/// The state, as a line tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldState<'a> {
    /// A state, and the engine's own word for it, if it has one.
    State(MappedState, Option<Text<'a>>),
    /// Nothing.
    Nothing,
    /// A word that no table explains.
    Unknown(Text<'a>),
}

/// One statement. Instants are milliseconds since the Unix epoch, and may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// Id of the run.
    pub id: Composed<'a>,
    /// First digest of the id, where its text is whole.
    pub run: Option<RunId>,
    /// The state.
    pub state: ToldState<'a>,
    /// Instant of the statement.
    pub time: Option<u64>,
    /// The line has a time that is none.
    pub has_unread_time: bool,
    /// Number of the attempt, from 1; 0 where the line says that there was none.
    pub attempt: Option<u32>,
    /// Name of the task.
    pub task: FieldChange<Text<'a>>,
    /// Worker that has it.
    pub worker: FieldChange<Text<'a>>,
    /// Error text.
    pub error: FieldChange<Text<'a>>,
    /// Queue that the run came by.
    pub queue: FieldChange<Text<'a>>,
    /// Fields that few lines have.
    pub rest: Option<Box<RareStatement<'a>>>,
}

impl Statement<'_> {
    /// Number of the attempt that the line is about, from 1.
    #[must_use]
    pub fn attempt(&self) -> Option<u32> {
        self.attempt.filter(|number| *number > 0)
    }
}

/// Fields that few lines have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the fields are those of the plain log, which its page describes")]
pub struct RareStatement<'a> {
    pub parent: Option<Composed<'a>>,
    pub reason: FieldChange<Text<'a>>,
    pub key: FieldChange<Text<'a>>,
    /// As JSON.
    pub output: FieldChange<Text<'a>>,
    pub tags: FieldChange<Vec<Text<'a>>>,
    pub due: FieldChange<u64>,
    pub started: Option<u64>,
    pub ended: Option<u64>,
    pub created: Option<u64>,
    pub lease_until: FieldChange<u64>,
    pub max_attempts: FieldChange<u32>,
    pub priority: FieldChange<i32>,
}

/// The content of a line.
#[derive(Debug, PartialEq, Eq)]
pub enum MappedContent<'a> {
    /// One statement.
    One(Statement<'a>),
    /// Any number of them, and values for later lines.
    Many(Box<Statements<'a>>),
    /// Nothing of a run: the line is of the engine, and none of the table's rules is about it.
    PassedOver,
    /// Nothing but blanks.
    Blank,
    /// No JSON, and why.
    Unreadable(String),
    /// More than was kept.
    OverLong {
        /// Length of the line.
        bytes: u64,
    },
}

/// All that a line says that is more than one statement.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Statements<'a> {
    /// Id of the event, where a table tells repeated ones by it.
    pub event: Option<Text<'a>>,
    /// Values that later lines use.
    pub carried: Vec<(u8, Text<'a>)>,
    /// The statements, in the order of the rules.
    pub list: Vec<Statement<'a>>,
}

impl Statements<'_> {
    /// True if nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.carried.is_empty() && self.list.is_empty()
    }
}

impl<'a> MappedContent<'a> {
    /// The statements.
    #[must_use]
    pub fn statements(&self) -> &[Statement<'a>] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => &many.list,
            _ => &[],
        }
    }

    /// The first instant that is told.
    #[must_use]
    pub fn at(&self) -> Option<u64> {
        self.statements().iter().find_map(|statement| statement.time)
    }
}
