//! The walk over a payload: where the wire is read, where its text is written, and what was put off.

use super::wire::Wire;

/// Where the wire is read and the text is written.
pub(super) struct Walk<'a, 'l> {
    pub(super) wire: Wire<'a>,
    pub(super) line: &'l mut Vec<u8>,
    /// Places in `line` of names that come later.
    pub(super) late: [usize; 2],
    /// Cron policies of 0.1, as they are read.
    pub(super) cron: Cron,
}

/// Way in which cron policies of 0.1 are read: without a limit of occurrences they are written without a sign that there is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cron {
    /// As the engine reads it. None has been read yet.
    Limited,
    /// As the engine reads it, and one has been read.
    SeenLimited,
    /// As the engine writes it where there is no limit.
    Endless,
}

impl<'a, 'l> Walk<'a, 'l> {
    pub(super) const fn new(payload: &'a [u8], line: &'l mut Vec<u8>) -> Self {
        Self { wire: Wire::new(payload), line, late: [0; 2], cron: Cron::Limited }
    }
}
