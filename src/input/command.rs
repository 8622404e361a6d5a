//! The table of commands: a row a command, with what it takes and what the help says of it.
//!
//! Everything that has no key has a name here. Must not know what is done.

/// Argument that follows the name of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// An instant.
    Instant,
    /// A query, or nothing.
    Query,
    /// The name of a column.
    Sort,
    /// The name of a grouping.
    Grouping,
    /// Names of columns.
    Columns,
    /// The name of a theme.
    Theme,
    /// A file.
    File,
}

/// One row of the table.
#[derive(Debug)]
pub struct CommandRow {
    /// Name, as typed.
    pub name: &'static str,
    /// Argument that follows.
    pub takes: Takes,
    /// Purpose, for the help page.
    pub help: &'static str,
}

const fn row(name: &'static str, takes: Takes, help: &'static str) -> CommandRow {
    CommandRow { name, takes, help }
}

/// Every command there is.
pub const COMMANDS: &[CommandRow] = &[
    row("find", Takes::Query, "show only the runs that a query finds; all of them without one"),
    row("sort", Takes::Sort, "sort by a column, or by newest; again to turn the order round"),
    row("group", Takes::Grouping, "group by state, task, owner or nothing"),
    row("columns", Takes::Columns, "choose the columns of the list of runs; the usual ones without any"),
    row("goto", Takes::Instant, "go to an instant"),
    row("cancel", Takes::Nothing, "ask whether to cancel the marked runs, or the one under the cursor"),
    row("cancel-task", Takes::Nothing, "ask whether to cancel every run of the task under the cursor"),
    row("stop", Takes::Nothing, "send no more of the cancels that are on their way"),
    row("ledger", Takes::Nothing, "what became of each cancel of this session"),
    row("unmark", Takes::Nothing, "take all marks away"),
    row("theme", Takes::Theme, "choose how the screen looks"),
    row("export", Takes::File, "write what is shown to FILE.csv, .jsonl, .svg or .html"),
    row("export!", Takes::File, "the same over a file that is there"),
    row("help", Takes::Nothing, "the keys, the commands and the marks"),
    row("quit", Takes::Nothing, "quit"),
];

impl CommandRow {
    /// The command with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|row| row.name == name)
    }

    /// Returns the placeholder shown behind its name.
    #[must_use]
    pub const fn argument(&self) -> &'static str {
        match self.takes {
            Takes::Nothing => "",
            Takes::Instant => "WHEN",
            Takes::Query => "[QUERY]",
            Takes::Sort => "COLUMN",
            Takes::Grouping => "GROUPING",
            Takes::Columns => "[COLUMN ...]",
            Takes::Theme => "THEME",
            Takes::File => "FILE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_used_twice() {
        for (index, row) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS[..index].iter().all(|other| other.name != row.name), "{}", row.name);
            assert!(!row.help.is_empty());
        }
    }
}
