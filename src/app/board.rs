//! The panes and the pages over them: their focus, their cursors, and the pages that are open.

use super::detail::DetailPage;
use super::line::ProblemPage;
use super::page::{Page, Pages};
use super::remark::Remark;
use super::scroll::steps;
use crate::input::{Action, Mode};
use crate::model::id::RunId;
use crate::store::{RunKey, Store};
use crate::view::found::Shelves;
use crate::view::layout::Spot;
use crate::view::list::Reached;
use crate::view::problems::ProblemCursor;
use crate::view::{Fold, Layout, List, Outline, Pane, Shape, Shelf, title};

/// The panes, and the pages over them.
#[derive(Debug)]
pub(super) struct Board {
    /// The pane that has the keys.
    pub(super) focus: Pane,
    /// Is true while it has the screen for itself.
    pub(super) zoomed: bool,
    /// Runs by state.
    pub(super) runs: List,
    /// Runs that are suspended or awaiting.
    pub(super) suspended: List,
    /// The problems of the log.
    pub(super) problems: ProblemCursor,
    /// The pages over the panes.
    pub(super) pages: Pages,
}

/// The screen around the panes: its size, and the lines that take room from them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    /// Columns and lines.
    pub(super) size: (u16, u16),
    /// The time line is shown.
    pub(super) timeline: bool,
    /// The line of the query is shown.
    pub(super) has_filter: bool,
    /// The progress of many cancels is shown.
    pub(super) sending: bool,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            focus: Pane::Runs,
            zoomed: false,
            runs: List::new(Fold::Peek),
            suspended: List::new(Fold::Open),
            problems: ProblemCursor::default(),
            pages: Pages::default(),
        }
    }
}

impl Board {
    /// Geometry of the screen.
    pub(super) fn layout(&self, around: Surroundings) -> Layout {
        let Surroundings { size: (width, height), timeline, has_filter, sending } = around;
        let (focus, zoomed, page) = (self.focus, self.zoomed, self.pages.top().is_some());
        Layout::of(width, height, Shape { focus, zoomed, page, timeline, has_filter, sending })
    }

    /// The run under the cursor of the pane that has the keys.
    pub(super) fn selected(&self, store: &Store) -> Option<RunId> {
        match self.focus {
            Pane::Runs => self.runs.selected(),
            Pane::Suspended => self.suspended.selected(),
            Pane::Attempts | Pane::Charts => None,
            Pane::Problems => self.problems.problem(store)?.run,
        }
    }

    /// The run whose page is open, or the one under the cursor. It need not be there at the instant at hand.
    pub(super) fn pointed_out(&self, store: &Store) -> Option<RunId> {
        self.pages.detail().map(DetailPage::run).or_else(|| self.selected(store))
    }

    /// The key of the run that is pointed out.
    pub(super) fn looked_at(&self, store: &Store) -> Option<RunKey> {
        store.find_ever(self.pointed_out(store)?)
    }

    /// Meaning of the keys on the topmost page, or in the pane that has them.
    pub(super) fn mode(&self) -> Mode {
        self.pages.top().map_or(
            match self.focus {
                Pane::Runs | Pane::Attempts | Pane::Suspended => Mode::Board,
                Pane::Problems => Mode::Problems,
                Pane::Charts => Mode::Charts,
            },
            Page::mode,
        )
    }

    const fn list(&self) -> Option<&List> {
        match self.focus {
            Pane::Runs => Some(&self.runs),
            Pane::Suspended => Some(&self.suspended),
            Pane::Attempts | Pane::Problems | Pane::Charts => None,
        }
    }

    const fn list_mut(&mut self) -> Option<&mut List> {
        match self.focus {
            Pane::Runs => Some(&mut self.runs),
            Pane::Suspended => Some(&mut self.suspended),
            Pane::Attempts | Pane::Problems | Pane::Charts => None,
        }
    }

    fn shelf<'a>(&self, shelves: Shelves<'a>) -> Shelf<'a> {
        if matches!(self.focus, Pane::Suspended) { shelves.suspended() } else { shelves.runs() }
    }

    /// The list that has the keys, with what it shows.
    fn list_of<'a>(&mut self, shelves: Shelves<'a>) -> Option<(&mut List, Shelf<'a>)> {
        let shelf = self.shelf(shelves);
        Some((self.list_mut()?, shelf))
    }

    /// The rows of the list that has the keys.
    pub(super) fn outline<'a>(&self, shelves: Shelves<'a>, height: usize) -> Option<Outline<'a>> {
        Some(self.list()?.outline(self.shelf(shelves), height))
    }

    /// Gives the keys to a pane.
    pub(super) fn focus_on(&mut self, pane: Pane) {
        self.pages.leave_pane();
        self.focus = pane;
    }

    /// Moves the cursor of the pane that has the keys.
    pub(super) fn step(&mut self, action: Action, shelves: Shelves<'_>, layout: &Layout) {
        let height = layout.rows(self.focus);
        if self.focus == Pane::Problems {
            return self.problems.step(shelves.store, height, steps(action, height));
        }
        let Some((list, shelf)) = self.list_of(shelves) else { return };
        match action {
            Action::NextSection => list.to_next_section(shelf, height),
            Action::PreviousSection => list.to_previous_section(shelf, height),
            Action::Top => list.to_first(shelf, height),
            Action::Bottom => list.to_last(shelf, height),
            _ => list.step(shelf, height, steps(action, height)),
        }
    }

    /// Scrolls a pane, which need not have the keys.
    pub(super) fn scroll(&mut self, pane: Pane, shelves: Shelves<'_>, layout: &Layout, rows: isize) {
        let height = layout.rows(pane);
        match pane {
            Pane::Runs => self.runs.scroll(shelves.runs(), height, rows),
            Pane::Suspended => self.suspended.scroll(shelves.suspended(), height, rows),
            Pane::Problems => self.problems.scroll(shelves.store, height, rows),
            Pane::Attempts | Pane::Charts => (),
        }
    }

    /// Follows the newest run of the list that has the keys, or stops doing so.
    pub(super) fn toggle_follow(&mut self, shelves: Shelves<'_>) {
        if let Some((list, shelf)) = self.list_of(shelves) {
            list.toggle_follow(shelf);
        }
    }

    /// Opens what is under the cursor: the line of a problem, a section, or the page of a run.
    pub(super) fn open(&mut self, shelves: Shelves<'_>, layout: &Layout) -> Option<Remark> {
        let (store, mode) = (shelves.store, self.mode());
        if mode == Mode::Problems {
            if self.problems.problem(store).is_some() {
                self.pages.open(Page::Problem(ProblemPage::default()));
            }
            return None;
        }
        let height = layout.rows(self.focus);
        if self.list_of(shelves).is_some_and(|(list, shelf)| list.toggle(shelf, height)) {
            return None;
        }
        if let Some(run) = self.selected(store).filter(|run| store.find(*run).is_some()) {
            self.pages.open(Page::Detail(DetailPage::of(run)));
            return None;
        }
        (mode == Mode::Line).then(|| Remark::note("this problem names no run that is known"))
    }

    /// Goes to the problem that is `steps` further on.
    pub(super) fn go_to_problem(
        &mut self,
        steps: isize,
        store: &Store,
        around: Surroundings,
    ) -> Option<Remark> {
        if store.problems().total() == 0 {
            return Some(Remark::note("the log has done nothing that it may not do"));
        }
        let was_elsewhere = !matches!(self.mode(), Mode::Problems | Mode::Line);
        let was_open = self.pages.problem().is_some();
        self.focus_on(Pane::Problems);
        if was_open {
            self.pages.open(Page::Problem(ProblemPage::default()));
        }
        let height = self.layout(around).rows(Pane::Problems);
        // The first press shows where one is; the next ones go on from there.
        self.problems.step(store, height, if was_elsewhere { 0 } else { steps });
        None
    }

    /// Puts the cursor on the run that a way in time has led to, unless the page of one is open.
    pub(super) fn show_found(&mut self, run: Option<RunKey>, store: &Store) {
        let run = run.filter(|key| key.index() < store.len() && self.pages.detail().is_none());
        run.into_iter().for_each(|key| self.runs.to_run(store.id_of(key)));
    }

    /// Goes back a step: closes the topmost page, returns to the list of runs where the focus is alone on the screen,
    /// or else to all panes. Says whether there was a step.
    pub(super) fn back(&mut self, around: Surroundings) -> bool {
        if self.pages.back() {
            return true;
        }
        let is_away = match self.focus {
            Pane::Problems | Pane::Charts => true,
            Pane::Runs => false,
            Pane::Attempts | Pane::Suspended => !self.zoomed && !self.layout(around).side_by_side,
        };
        if is_away {
            self.focus = Pane::Runs;
            return true;
        }
        std::mem::take(&mut self.zoomed)
    }

    /// Does what a click means: it gives the keys to a pane and selects a row. One that is selected already is opened.
    pub(super) fn click(&mut self, spot: Spot, shelves: Shelves<'_>, around: Surroundings) -> Option<Remark> {
        match spot {
            Spot::Title(pane, column) => {
                let layout = self.layout(around);
                let is_one_of_all =
                    !layout.side_by_side && title::has_all(shelves, usize::from(layout.pane(pane).width));
                let named = title::named_at(shelves, usize::from(column));
                self.focus_on(named.filter(|_| is_one_of_all).unwrap_or(pane));
                None
            }
            Spot::Row(pane, line) => self.click_row(pane, line, shelves, around),
            Spot::Pane(pane) => {
                self.focus_on(pane);
                None
            }
            Spot::Timeline(_) | Spot::Page | Spot::Elsewhere => None,
        }
    }

    fn click_row(
        &mut self,
        pane: Pane,
        line: usize,
        shelves: Shelves<'_>,
        around: Surroundings,
    ) -> Option<Remark> {
        let is_board = matches!(self.mode(), Mode::Board | Mode::Problems | Mode::Charts);
        let had_keys = is_board && self.focus == pane;
        self.focus_on(pane);
        let (layout, store) = (self.layout(around), shelves.store);
        let height = layout.rows(pane);
        let reached = match pane {
            Pane::Runs => self.runs.to_line(shelves.runs(), height, line),
            Pane::Suspended => self.suspended.to_line(shelves.suspended(), height, line),
            Pane::Problems => {
                let (cursor, n_kept) = (self.problems, store.problems().kept().len());
                let number = cursor.top(store, height) + line;
                (number < n_kept).then(|| {
                    self.problems.go_to(store, height, number);
                    if cursor.selected() == number { Reached::Again } else { Reached::Moved }
                })
            }
            Pane::Attempts | Pane::Charts => None,
        };
        if had_keys && reached == Some(Reached::Again) { self.open(shelves, &layout) } else { None }
    }

    /// Begins again in another log, with the keys where they are.
    pub(super) fn leave_log(&mut self) {
        let mut pages = std::mem::take(&mut self.pages);
        pages.leave_log();
        *self = Self { focus: self.focus, zoomed: self.zoomed, pages, ..Self::default() };
    }

    pub(super) fn settle(&mut self, shelves: Shelves<'_>, layout: &Layout) {
        self.runs.settle(shelves.runs(), layout.rows(Pane::Runs));
        self.suspended.settle(shelves.suspended(), layout.rows(Pane::Suspended));
    }
}
