//! Going about: from row to row, from pane to pane, into a page and back.

use super::line::LinePage;
use super::moments::Moments;
use super::scroll::{Distance, steps};
use super::{App, Step};
use crate::input::{Action, Mode};
use crate::model::id::RunId;
use crate::store::RunKey;
use crate::view::detail::{Detail, Drawn, Scroll};
use crate::view::{Pane, Severity, help};

use crate::model::position::Position;

/// A run's page.
#[derive(Debug)]
pub struct DetailPage {
    /// The run.
    pub run: RunId,
    /// How far it is scrolled.
    pub scroll: Scroll,
    /// The line of its last event, once it was read again, and where it stands.
    pub raw: Option<(Position, String)>,
    /// The drawing of its life, as it was made last.
    pub drawn: Option<Drawn>,
    /// Its events.
    pub moments: Moments,
}

impl App {
    /// How far the help page is scrolled, when it is open.
    #[must_use]
    pub const fn help(&self) -> Option<usize> {
        self.help
    }

    /// The page of a run that is open, how far it is scrolled, and how many lines it has on the screen.
    #[must_use]
    pub fn detail(&self) -> Option<(Detail<'_>, Scroll, usize)> {
        let page = self.detail.as_ref()?;
        let key = self.history.store().find(page.run)?;
        let area = self.layout().page();
        let moments = page.moments.before(self.history.position());
        let wanted = self.place_of_selected(page, key);
        let detail = Detail {
            store: self.history.store(),
            key,
            life: self.history.store().life(key),
            now: self.second(),
            clock: self.clock(),
            ids: self.ids(),
            standing: self.standing(page.run).map(ToString::to_string),
            moments,
            lines: page.moments.lines(),
            selected: page.moments.selected,
            raw: page.raw.as_ref().filter(|(place, _)| place.is_same(wanted)).map(|(_, text)| text.as_str()),
            drawn: page.drawn.as_ref(),
            width: usize::from(area.width),
        };
        Some((detail, page.scroll, usize::from(area.height)))
    }

    /// Whether a run's page is open.
    #[must_use]
    pub const fn has_page(&self) -> bool {
        self.detail.is_some()
    }

    /// The run whose page is open, when it is not there at the instant at hand.
    #[must_use]
    pub fn absent(&self) -> Option<RunId> {
        let run = self.detail.as_ref()?.run;
        self.history.store().find(run).is_none().then_some(run)
    }

    /// Draws the life of the run whose page is open, unless it is drawn as it is now. For who paints often.
    pub fn draw_life(&mut self) {
        let drawn = self.detail().filter(|(detail, ..)| !detail.is_drawn()).map(|(detail, ..)| detail.draw());
        if let (Some(page), Some(drawn)) = (&mut self.detail, drawn) {
            page.drawn = Some(drawn);
        }
    }

    /// Where the line of the selected event stands, or else that of the run's last one.
    fn place_of_selected(&self, page: &DetailPage, key: RunKey) -> Position {
        let moments = page.moments.before(self.history.position());
        let selected = page.moments.selected.and_then(|selected| moments.get(selected));
        selected.map_or_else(|| self.history.store().run(key).last.place, |moment| moment.place)
    }

    /// The line that the open page wants to show and does not have: that of the selected event, or else of its run's
    /// last one.
    #[must_use]
    pub fn wanted_line(&self) -> Option<Position> {
        let Some(page) = self.detail.as_ref() else { return self.wanted_line_of_problem() };
        let wanted = self.place_of_selected(page, self.history.store().find(page.run)?);
        page.raw.as_ref().is_none_or(|(place, _)| !place.is_same(wanted)).then_some(wanted)
    }

    /// Takes the text of a line that was wanted.
    pub fn give_line(&mut self, place: Position, text: String) {
        if let Some(page) = &mut self.detail {
            page.raw = Some((place, text));
            self.is_dirty = true;
            self.show_selected_event();
        } else {
            self.give_line_of_problem(place, text);
        }
    }

    pub(super) fn go(&mut self, action: Action) {
        match self.mode() {
            Mode::Help => self.scroll_help(Distance::Key(action)),
            Mode::Detail => self.scroll_detail(Distance::Key(action)),
            Mode::Line => self.scroll_line(Distance::Key(action)),
            Mode::Problems => self.move_in_problems(action),
            Mode::Board => self.move_in_list(action),
            Mode::Charts => self.scroll_charts(Distance::Key(action)),
            Mode::Changes => self.scroll_changes(Distance::Key(action)),
            Mode::Ledger => self.scroll_ledger(Distance::Key(action)),
            Mode::Dialog | Mode::Count | Mode::Prompt | Mode::Find | Mode::Command => (),
        }
    }

    pub(super) fn scroll_help(&mut self, distance: Distance) {
        let height = usize::from(self.layout().page().height);
        let last = help::lines(self.keymap(), self.store().states()).count().saturating_sub(height);
        self.help = self.help.map(|top| top.saturating_add_signed(distance.steps(height)).min(last));
    }

    pub(super) fn scroll_detail(&mut self, distance: Distance) {
        let Some((detail, scroll, height)) = self.detail() else { return };
        let scroll = match distance {
            Distance::Key(Action::Top) => Scroll::default(),
            Distance::Key(Action::Bottom) => detail.end(height),
            _ => detail.scrolled(scroll, distance.steps(height), height),
        };
        if let Some(page) = &mut self.detail {
            page.scroll = scroll;
        }
    }

    fn move_in_problems(&mut self, action: Action) {
        let height = self.layout().rows(Pane::Problems);
        self.board.problems.step(self.history.store(), height, steps(action, height));
    }

    fn move_in_list(&mut self, action: Action) {
        let height = self.layout().rows(self.board.focus);
        let Some((list, shelf)) = self.board.list_of(self.finding.shelves(&self.history)) else { return };
        match action {
            Action::NextSection => list.to_next_section(shelf, height),
            Action::PreviousSection => list.to_previous_section(shelf, height),
            Action::Top => list.to_first(shelf, height),
            Action::Bottom => list.to_last(shelf, height),
            _ => list.step(shelf, height, steps(action, height)),
        }
    }

    pub(super) fn open(&mut self) {
        if self.mode() == Mode::Problems {
            return self.open_line();
        }
        let height = self.layout().rows(self.board.focus);
        let list = self.board.list_of(self.finding.shelves(&self.history));
        if list.is_some_and(|(list, shelf)| list.toggle(shelf, height)) {
            return;
        }
        let selected = self.board.selected(self.history.store());
        match selected.filter(|run| self.history.store().find(*run).is_some()) {
            Some(run) => {
                self.detail = Some(DetailPage {
                    run,
                    scroll: Scroll::default(),
                    raw: None,
                    drawn: None,
                    moments: Moments::default(),
                });
            }
            None if self.mode() == Mode::Line => {
                self.notify(Severity::Note, "this problem names no run that is known");
            }
            None => (),
        }
    }

    /// Goes back a step; says whether there was one.
    pub(super) fn back(&mut self) -> bool {
        if self.stop_sending()
            || self.help.take().is_some()
            || self.ledger_top.take().is_some()
            || self.since.close()
            || self.detail.take().is_some()
            || self.line.take().is_some()
        {
            return true;
        }
        let is_away = matches!(self.board.focus, Pane::Problems | Pane::Charts)
            || (self.board.focus != Pane::Runs && !self.board.zoomed && !self.layout().side_by_side);
        if is_away {
            self.board.focus = Pane::Runs;
            return true;
        }
        std::mem::take(&mut self.board.zoomed) || self.clear_marks() || self.clear_query()
    }

    pub(super) fn leave(&mut self) -> Step {
        if self.back() {
            self.settle();
            return Step::Stay;
        }
        Step::Quit
    }

    pub(super) fn focus(&mut self, pane: Pane) {
        self.detail = None;
        self.line = None;
        self.ledger_top = None;
        self.since.close();
        self.board.focus = pane;
    }

    pub(super) fn toggle_follow(&mut self) {
        if let Some((list, shelf)) = self.board.list_of(self.finding.shelves(&self.history)) {
            list.toggle_follow(shelf);
        }
    }

    pub(super) fn go_to_problem(&mut self, steps: isize) {
        if self.history.store().problems().total() == 0 {
            self.notify(Severity::Note, "the log has done nothing that it may not do");
            return;
        }
        let was_elsewhere = !matches!(self.mode(), Mode::Problems | Mode::Line);
        let line = self.line.take();
        self.focus(Pane::Problems);
        self.line = line.map(|_| LinePage::default());
        let height = self.layout().rows(Pane::Problems);
        // The first press shows where one is; the next ones go on from there.
        self.board.problems.step(self.history.store(), height, if was_elsewhere { 0 } else { steps });
    }

    /// The run that is looked at, which need not be there yet: the one whose page is open, or the one under the cursor.
    pub(super) fn looked_at(&self) -> Option<RunKey> {
        let store = self.history.store();
        let open = self.detail.as_ref().map(|page| page.run);
        store.find_ever(open.or_else(|| self.board.selected(store))?)
    }
}
