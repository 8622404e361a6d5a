//! Options for following a log of any source.

use std::time::Duration;

use super::directory::shape::DirectoryShape;
use super::framing::Framing;
use super::lines::Limits;
use super::shape::RecordShape;
use crate::fault::Faults;

/// Options for following a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Framing of its records.
    pub framing: Framing,
    /// Shapes of the directories that are read as logs.
    pub directories: &'static [DirectoryShape],
    /// Logs that stand for the directory they are in, by their paths within it.
    pub inside: &'static [&'static str],
    /// Bounds of a line and of a block.
    pub limits: Limits,
    /// Interval at which a path is looked at when nothing hints at a change.
    pub poll: Duration,
    /// Time for which a finished generation that was deleted is kept open after its last byte where no line is read again,
    /// for writers that have not noticed. Those that have a name are kept open anyway.
    pub linger: Duration,
    /// A watcher may shorten the wait.
    pub watch: bool,
    /// Lines are read again: input from a pipe is kept on the disk for that, and deleted generations are held.
    pub keep_pipes: bool,
    /// Faults that were asked for.
    pub faults: Faults,
}

impl Options {
    /// Options for a log of records of these shapes, a record a line.
    #[must_use]
    pub fn of(shapes: &'static [RecordShape]) -> Self {
        Self {
            framing: Framing::of_lines(shapes),
            directories: &[],
            inside: &[],
            limits: Limits::default(),
            poll: Duration::from_secs(1),
            linger: Duration::from_secs(5),
            watch: true,
            keep_pipes: true,
            faults: Faults::default(),
        }
    }
}
