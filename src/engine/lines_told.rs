//! Lines of a foreign log, by what its table makes of them.

/// Number of lines of each kind. Lines that cannot be read are counted by the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinesTold {
    /// Lines that say something of a run.
    pub matched: u64,
    /// Lines of which the table says nothing.
    pub passed_over: u64,
    /// Statements whose instant is before that of an earlier one.
    pub back_in_time: u64,
    /// Statements with a time that is none.
    pub unread_times: u64,
    /// Events that were told before.
    pub repeated: u64,
}
