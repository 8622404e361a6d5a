//! The columns that a row of a run may have: one row a column, with its name.
//!
//! The contents of the columns, and the order of runs by them, are defined elsewhere.

pub mod fitted;

/// One column of the list of runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The short id.
    Run,
    /// The description of its task, and the task's tags.
    Task,
    /// Attempts that count, and their limit.
    Attempts,
    /// Time since it entered its state.
    InState,
    /// The worker that holds its lease.
    Owner,
    /// The priority by which it is selected.
    Priority,
    /// The instant of its creation.
    Created,
    /// Its concurrency key.
    Key,
    /// Its latest error.
    Error,
    /// The cause of its wait.
    Waiting,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 10] = [
        Self::Run,
        Self::Task,
        Self::Attempts,
        Self::InState,
        Self::Owner,
        Self::Priority,
        Self::Created,
        Self::Key,
        Self::Error,
        Self::Waiting,
    ];

    /// Its name in a config file and in a command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Task => "task",
            Self::Attempts => "attempts",
            Self::InState => "in_state",
            Self::Owner => "owner",
            Self::Priority => "priority",
            Self::Created => "created",
            Self::Key => "key",
            Self::Error => "error",
            Self::Waiting => "waiting",
        }
    }
}
