//! The orders of runs, and which end comes first.

use super::Grouping;
use crate::view::Column;

/// An order of the runs in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By entry to the group, the latest first: by their lane where they are grouped by state, else by their latest
    /// change.
    #[default]
    Entry,
    /// By the values of a column.
    By(Column),
}

/// The end of an order that comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest, earliest, A first.
    Up,
    /// Largest, latest, Z first.
    Down,
}

impl Sort {
    /// Every order, as a key cycles through them.
    pub const ALL: [Self; 11] = [
        Self::Entry,
        Self::By(Column::Run),
        Self::By(Column::Task),
        Self::By(Column::Attempts),
        Self::By(Column::InState),
        Self::By(Column::Owner),
        Self::By(Column::Priority),
        Self::By(Column::Created),
        Self::By(Column::Key),
        Self::By(Column::Error),
        Self::By(Column::Waiting),
    ];

    /// The end that is most often looked for: the latest, the most attempts, the longest in its state, A.
    #[must_use]
    pub const fn natural(self) -> Direction {
        match self {
            Self::By(Column::Attempts | Column::Priority | Column::Created | Column::Waiting) => {
                Direction::Down
            }
            Self::Entry
            | Self::By(
                Column::Run | Column::Task | Column::InState | Column::Owner | Column::Key | Column::Error,
            ) => Direction::Up,
        }
    }

    /// Its name in a config file and in a command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "newest",
            Self::By(column) => column.name(),
        }
    }

    /// The value that is compared in groups of `grouping`: slots are comparable only within one lane.
    pub(super) const fn within(self, grouping: Grouping) -> Value {
        match (self, grouping) {
            (Self::Entry, Grouping::State) => Value::Slot,
            (Self::Entry, _) => Value::Recent,
            (Self::By(column), _) => Value::Of(column),
        }
    }
}

/// The value by which two runs are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Slot,
    Recent,
    Of(Column),
}

impl Direction {
    /// The opposite end.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}
