//! The events of the run whose page is open: read again from the log, some at a time, and kept while it is open.
//!
//! The lines of its future are read with them, so that going about in time reads nothing twice.

use crate::engine;
use crate::engine::run_event::RunEvent;
use crate::history::History;
use crate::source::reread::Reread;
use crate::store::RunKey;
use crate::view::detail::DetailLines;

/// Number of lines read at a time: a few milliseconds.
const LINES_PER_READ: usize = 1000;
/// Maximum size of a line that is read again.
const MAX_LINE_BYTES: usize = 16 << 20;

/// The events of one run.
#[derive(Debug, Default)]
pub(super) struct Moments {
    /// Lines that are to be read, the latest first.
    wanted: Vec<u64>,
    /// The latest line that was ever wanted.
    newest: Option<u64>,
    lines: Vec<u64>,
    /// Invariant: one for each of `lines`, in their order.
    moments: Vec<RunEvent>,
    is_gone: bool,
    /// The one that the keys act on; none for the last.
    selected: Option<usize>,
}

impl Moments {
    /// The moments before an instant.
    pub(super) fn before(&self, position: u64) -> &[RunEvent] {
        &self.moments[..self.lines.partition_point(|line| *line < position)]
    }

    /// The one that the keys act on; none for the last.
    pub(super) const fn selected(&self) -> Option<usize> {
        self.selected
    }

    pub(super) const fn select(&mut self, moment: usize) {
        self.selected = Some(moment);
    }

    /// Is true while lines are to be read.
    pub(super) const fn wants(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Completeness of the events.
    pub(super) const fn lines(&self) -> DetailLines {
        if !self.wanted.is_empty() {
            DetailLines::Awaited
        } else if self.is_gone {
            DetailLines::Gone
        } else {
            DetailLines::Whole
        }
    }

    /// Asks for the lines that have come since this was done last.
    pub(super) fn update(&mut self, history: &History, run: RunKey) {
        let new: Vec<u64> = history
            .all_lines_of(run)
            .take_while(|line| self.newest.is_none_or(|newest| *line > newest))
            .collect();
        if self.newest.is_none() && new.last().is_some_and(|line| !history.is_first_of_run(*line)) {
            self.is_gone = true;
        }
        if let Some(newest) = new.first() {
            self.newest = Some(*newest);
            self.wanted.splice(0..0, new);
        }
        let known = self.before(history.position()).len();
        self.selected = self.selected.filter(|selected| *selected < known);
    }

    /// Reads a piece of the lines that are wanted.
    pub(super) fn read(&mut self, history: &History, log: &dyn Reread, run: RunKey) {
        for _ in 0..LINES_PER_READ {
            let Some(line) = self.wanted.pop() else { return };
            let moment = history.place(line).and_then(|place| {
                let text = log.record(place, MAX_LINE_BYTES).ok()?;
                engine::run_event(history.store(), run, place, &text)
            });
            let id = history.store().id_of(run);
            match moment.filter(|moment| moment.run.is_none_or(|run| run == id)) {
                Some(moment) => {
                    self.lines.push(line);
                    self.moments.push(moment);
                }
                None => self.is_gone = true,
            }
        }
    }
}
