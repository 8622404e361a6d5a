//! Facts that the records of an engine have, and those of another do not. A screen leaves out what a log cannot tell.

/// Kinds of facts in the records of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Tasks are apart from their runs, of which one may have several.
    pub tasks: bool,
    /// Runs have a name beside their id.
    pub names: bool,
    /// Workers have names.
    pub owners: bool,
    /// Runs have priorities.
    pub priorities: bool,
    /// Attempts are counted.
    pub attempts: bool,
    /// The number of attempts that a run may make is told.
    pub caps: bool,
    /// The cause for which a run waits can be told.
    pub causes: bool,
    /// Runs are scheduled for an instant.
    pub schedules: bool,
    /// Attempts have ids.
    pub attempt_ids: bool,
    /// Attempts may end without being counted.
    pub uncounted_attempts: bool,
    /// The engine can be paused.
    pub pauses: bool,
}

impl Recorded {
    /// All of them.
    pub(in crate::engine) const ALL: Self = Self {
        tasks: true,
        names: true,
        owners: true,
        priorities: true,
        attempts: true,
        caps: true,
        causes: true,
        schedules: true,
        attempt_ids: true,
        uncounted_attempts: true,
        pauses: true,
    };
    /// None of them.
    pub(in crate::engine) const NONE: Self = Self {
        tasks: false,
        names: false,
        owners: false,
        priorities: false,
        attempts: false,
        caps: false,
        causes: false,
        schedules: false,
        attempt_ids: false,
        uncounted_attempts: false,
        pauses: false,
    };
}
