//! The columns that a row of a run may have: one row a column, with its name and its heading.
//!
//! What is written into them, and in which order runs stand by them, is said elsewhere.

pub mod fitted;

/// One column of the list of runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The first digits of its id.
    Run,
    /// What its task is called, and the task's tags.
    Task,
    /// Attempts that count, of how many.
    Attempts,
    /// How long it has been in its state.
    InState,
    /// Who holds the lease on it.
    Owner,
    /// By which it is selected.
    Priority,
    /// When it was created.
    Created,
    /// Its concurrency key.
    Key,
    /// Its latest error.
    Error,
    /// Why it does not go on.
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

    /// What it is called where it is asked for: in a config file, in a command.
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
