//! The events of the run whose page is open: read again from the log, some at a time, and kept while it is open.
//!
//! The lines of its future are read with them, so that going about in time reads nothing twice.

use super::App;
use crate::engine::run_event::RunEvent;
use crate::history::History;
use crate::input::Action;
use crate::source::reread::Reread;
use crate::store::RunKey;
use crate::view::detail::Lines;

/// Lines that are read in one piece: a few milliseconds.
const PIECE: usize = 1000;
/// A longer line is not read again.
const LONGEST: usize = 16 << 20;

/// The events of one run.
#[derive(Debug, Default)]
pub struct Moments {
    /// Lines that are to be read, the latest first.
    wanted: Vec<u64>,
    /// The latest line that was ever wanted.
    newest: Option<u64>,
    lines: Vec<u64>,
    /// Invariant: one for each of `lines`, in their order.
    moments: Vec<RunEvent>,
    is_gone: bool,
    /// The one that the keys act on; none for the last.
    pub selected: Option<usize>,
}

impl Moments {
    /// The moments before an instant.
    #[must_use]
    pub fn before(&self, position: u64) -> &[RunEvent] {
        &self.moments[..self.lines.partition_point(|line| *line < position)]
    }

    /// Whether these are all.
    #[must_use]
    pub const fn lines(&self) -> Lines {
        if !self.wanted.is_empty() {
            Lines::Awaited
        } else if self.is_gone {
            Lines::Gone
        } else {
            Lines::Whole
        }
    }

    /// Asks for the lines that have come since this was done last.
    fn update(&mut self, history: &History, run: RunKey) {
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
    }

    fn read(&mut self, history: &History, log: &dyn Reread, run: RunKey) {
        for _ in 0..PIECE {
            let Some(line) = self.wanted.pop() else { return };
            let moment = history.place(line).and_then(|place| {
                let text = log.record(place, LONGEST).ok()?;
                RunEvent::read(place, &text)
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

impl App {
    /// Whether there are lines to be read for the page that is open, by [`App::read_moments`].
    #[must_use]
    pub fn wants_moments(&self) -> bool {
        let wants = self.detail.as_ref().is_some_and(|page| !page.moments.wanted.is_empty());
        wants && self.page_key().is_some()
    }

    /// The run whose page is open, also at an instant before it was created: its lines can be read all the same.
    fn page_key(&self) -> Option<RunKey> {
        self.history.store().find_ever(self.detail.as_ref()?.run)
    }

    /// Reads some lines for the page that is open.
    pub fn read_moments(&mut self, log: &dyn Reread) {
        let Some(key) = self.page_key() else { return };
        if let Some(page) = &mut self.detail {
            page.moments.read(&self.history, log, key);
            self.is_dirty = true;
        }
    }

    /// Looks after the events of the page that is open, when the log has gone on.
    pub(super) fn settle_moments(&mut self) {
        let Some(key) = self.page_key() else { return };
        if let Some(page) = &mut self.detail {
            page.moments.update(&self.history, key);
            let known = page.moments.before(self.history.position()).len();
            page.moments.selected = page.moments.selected.filter(|selected| *selected < known);
        }
    }

    /// Brings the selected event back into view, after the page has taken another shape.
    pub(super) fn show_selected_event(&mut self) {
        let Some((detail, scroll, height)) = self.detail() else { return };
        let Some(selected) = detail.selected else { return };
        let scroll = detail.scrolled_to_event(selected, scroll, height);
        if let Some(page) = &mut self.detail {
            page.scroll = scroll;
        }
    }

    /// Selects another event on the page, whose line is shown whole.
    pub(super) fn select_event(&mut self, action: Action) {
        let Some((detail, ..)) = self.detail() else { return };
        let Some(last) = detail.moments.len().checked_sub(1) else { return };
        let selected = detail.selected.unwrap_or(last);
        let to =
            if action == Action::NextEvent { (selected + 1).min(last) } else { selected.saturating_sub(1) };
        if let Some(page) = &mut self.detail {
            page.moments.selected = Some(to);
        }
        self.show_selected_event();
    }
}
