//! The meaning of each action: which owner it goes to, and what the owners tell each other.

use super::copy::Copy;
use super::detail::DetailPage;
use super::line::ProblemPage;
use super::page::Page;
use super::prompt::PromptKind;
use super::remark::Remark;
use super::scroll::{Distance, steps};
use super::{App, Now, Step};
use crate::input::{Action, Mode};
use crate::model::id::RunId;
use crate::model::position::Position;
use crate::query::Query;
use crate::source::reread::Reread;
use crate::store::RunKey;
use crate::view::arrange::Grouping;
use crate::view::notice::Subject;
use crate::view::{Column, Pane};

impl App {
    /// Does what a key means.
    pub fn update(&mut self, action: Action, now: Now) -> Step {
        self.now = now;
        self.is_dirty = true;
        self.notices.begin_action(now.instant);
        match action {
            Action::Quit => return Step::Quit,
            Action::Redraw => return Step::Redraw,
            Action::Suspend => return Step::Suspend,
            Action::Mouse => return self.pointer.toggle(),
            Action::CopyId | Action::CopyRow => return self.copy(action),
            Action::Leave => return self.leave(),
            Action::Back => {
                self.back();
            }
            Action::Accept => return self.accept(),
            Action::Find => self.ask_query(),
            Action::Command => {
                self.typing.begin(PromptKind::Command, "");
                self.suggest();
            }
            Action::NextSort | Action::PreviousSort => {
                self.finding.sort_by_next(action);
                self.look_through();
            }
            Action::InvertSort => self.finding.turn_order(),
            Action::NextGrouping => self.group_by(self.finding.grouping().next()),
            Action::Mark => self.mark_instant(),
            Action::Changes => self.toggle_changes(),
            Action::NextEvent | Action::PreviousEvent => {
                let (cx, pages, _) = self.pages();
                pages.detail_mut().into_iter().for_each(|page| page.select_event(&cx, action));
            }
            Action::GoTo => self.typing.begin(PromptKind::Instant, ""),
            action if self.turn(action) => (),
            Action::MarkRun => self.mark_run(),
            Action::MarkRange => self.mark_range(),
            Action::MarkAll => self.mark_all(),
            Action::Help if self.pages.close(Mode::Help) => (),
            Action::Help => self.pages.open(Page::Help(0)),
            Action::Pause => self.toggle_pause(),
            Action::NextPane => self.focus(self.board.focus.after(1)),
            Action::PreviousPane => self.focus(self.board.focus.after(Pane::ALL.len() - 1)),
            Action::Pane(number) => Pane::numbered(number).into_iter().for_each(|pane| self.focus(pane)),
            Action::Zoom => self.board.zoomed = !self.board.zoomed,
            Action::Follow => self.toggle_follow(),
            Action::NextProblem => self.go_to_problem(1),
            Action::PreviousProblem => self.go_to_problem(-1),
            Action::Open => self.open(),
            Action::CancelRun => self.ask(),
            Action::Confirm => return self.confirm(),
            Action::Keep if self.cancels.close() => (),
            Action::Keep => self.leave_prompt(),
            Action::Down
            | Action::Up
            | Action::PageDown
            | Action::PageUp
            | Action::Top
            | Action::Bottom
            | Action::NextSection
            | Action::PreviousSection => self.go(action),
            Action::Start => self.go(Action::Top),
            Action::End => self.go(Action::Bottom),
            // What these mean is a matter of time, wherever one is.
            Action::StepBack
            | Action::StepForward
            | Action::PreviousOfRun
            | Action::NextOfRun
            | Action::MinuteBack
            | Action::MinuteForward
            | Action::Faster
            | Action::Slower => (),
            Action::Type(_)
            | Action::Erase
            | Action::EraseWord
            | Action::ErasePart
            | Action::EraseLine
            | Action::EraseRest
            | Action::Delete
            | Action::DeletePart
            | Action::CaretLeft
            | Action::CaretRight
            | Action::CaretWordLeft
            | Action::CaretWordRight
            | Action::CaretStart
            | Action::CaretEnd
            | Action::Older
            | Action::Newer
            | Action::Complete => self.type_in_prompt(action),
        }
        self.note_pace(false);
        self.settle();
        Step::Stay
    }

    fn go(&mut self, action: Action) {
        match self.mode() {
            Mode::Help | Mode::Detail | Mode::Line | Mode::Changes | Mode::Ledger => {
                self.scroll_page(Distance::Key(action));
            }
            Mode::Charts => self.scroll_charts(Distance::Key(action)),
            Mode::Problems => {
                let height = self.layout().rows(Pane::Problems);
                self.board.problems.step(self.session.store(), height, steps(action, height));
            }
            Mode::Board => {
                let height = self.layout().rows(self.board.focus);
                self.board.step(action, self.finding.shelves(self.session.store()), height);
            }
            Mode::Dialog | Mode::Count | Mode::Prompt | Mode::Find | Mode::Command => (),
        }
    }

    pub(super) fn scroll_page(&mut self, distance: Distance) {
        let (cx, pages, _) = self.pages();
        pages.scroll(&cx, distance);
    }

    pub(super) fn scroll_charts(&mut self, distance: Distance) {
        let edge = self.edge();
        let (cx, _, charts) = self.pages();
        charts.scroll(&cx, edge, distance);
    }

    /// Opens what is under the cursor: the line of a problem, a section, or the page of a run.
    pub(super) fn open(&mut self) {
        let store = self.session.store();
        if self.mode() == Mode::Problems {
            if self.board.problems.problem(store).is_some() {
                self.pages.open(Page::Problem(ProblemPage::default()));
            }
            return;
        }
        let height = self.layout().rows(self.board.focus);
        let list = self.board.list_of(self.finding.shelves(store));
        if list.is_some_and(|(list, shelf)| list.toggle(shelf, height)) {
            return;
        }
        let selected = self.board.selected(store);
        match selected.filter(|run| store.find(*run).is_some()) {
            Some(run) => self.pages.open(Page::Detail(DetailPage::of(run))),
            None if self.mode() == Mode::Line => {
                self.tell(Remark::note("this problem names no run that is known"));
            }
            None => (),
        }
    }

    /// Goes back a step; says whether there was one.
    fn back(&mut self) -> bool {
        if self.stop_sending() || self.pages.back() {
            return true;
        }
        let is_alone = !self.board.zoomed && !self.layout().side_by_side;
        self.board.back(is_alone) || self.marking.clear() || self.find(None)
    }

    fn leave(&mut self) -> Step {
        if self.back() {
            self.settle();
            return Step::Stay;
        }
        Step::Quit
    }

    pub(super) fn focus(&mut self, pane: Pane) {
        self.pages.leave_pane();
        self.board.focus = pane;
    }

    fn toggle_follow(&mut self) {
        if let Some((list, shelf)) = self.board.list_of(self.finding.shelves(self.session.store())) {
            list.toggle_follow(shelf);
        }
    }

    fn go_to_problem(&mut self, steps: isize) {
        if self.session.store().problems().total() == 0 {
            return self.tell(Remark::note("the log has done nothing that it may not do"));
        }
        let was_elsewhere = !matches!(self.mode(), Mode::Problems | Mode::Line);
        let was_open = self.pages.problem().is_some();
        self.focus(Pane::Problems);
        if was_open {
            self.pages.open(Page::Problem(ProblemPage::default()));
        }
        let height = self.layout().rows(Pane::Problems);
        // The first press shows where one is; the next ones go on from there.
        self.board.problems.step(self.session.store(), height, if was_elsewhere { 0 } else { steps });
    }

    /// The run whose page is open, or the one under the cursor. It need not be there at the instant at hand.
    pub(super) fn pointed_out(&self) -> Option<RunId> {
        let open = self.pages.detail().map(DetailPage::run);
        open.or_else(|| self.board.selected(self.session.store()))
    }

    /// The key of the run that is pointed out.
    pub(super) fn looked_at(&self) -> Option<RunKey> {
        self.session.store().find_ever(self.pointed_out()?)
    }

    fn copy(&mut self, action: Action) -> Step {
        let Some(run) = self.pointed_out() else {
            self.tell(Remark::note("no run is under the cursor"));
            return Step::Stay;
        };
        let copy = match action {
            Action::CopyId => Some(Copy::id(run, self.session.store())),
            _ => Copy::row(run, self.session.store(), self.naming.ids(self.session.store())),
        };
        copy.map_or_else(
            || {
                let words = "the run is not there at this instant: only its id can be copied";
                self.tell(Remark::note(words));
                Step::Stay
            },
            Step::Copy,
        )
    }

    /// Whether marks mean nothing here, and says why: they hold the keys that runs have now.
    fn refuses_to_mark(&mut self) -> bool {
        let refuses = self.session.history.has_other_keys();
        if refuses {
            let words = "here runs cannot be marked, nor instants: it is before what is kept; f goes forward";
            self.tell(Remark::note(words));
        }
        refuses
    }

    fn run_to_mark(&mut self) -> Option<(RunId, RunKey)> {
        if self.refuses_to_mark() {
            return None;
        }
        let store = self.session.store();
        let found = self.board.selected(store).and_then(|run| Some((run, store.find(run)?)));
        if found.is_none() {
            self.tell(Remark::note("the cursor is on no run"));
        }
        found
    }

    /// Marks the run under the cursor, or takes its mark away, and goes on to the next row.
    fn mark_run(&mut self) {
        if let Some((_, key)) = self.run_to_mark() {
            self.marking.toggle(key);
            self.go(Action::Down);
        }
    }

    /// Begins a range at the cursor, or marks all that is shown from there to here.
    fn mark_range(&mut self) {
        let Some((run, _)) = self.run_to_mark() else { return };
        let (height, store) = (self.layout().rows(self.board.focus), self.session.store());
        let list = self.board.list_of(self.finding.shelves(store));
        let outline = list.map(|(list, shelf)| list.outline(shelf, height));
        let told = self.marking.range(run, outline, store);
        self.tell(told);
    }

    /// Marks every run that is shown, or takes all marks away where that has been done.
    fn mark_all(&mut self) {
        if self.refuses_to_mark() {
            return;
        }
        if self.finding.is_arranging() {
            let words = "runs are still being looked through: press M again in a moment";
            return self.tell(Remark::note(words).about(Subject::Search));
        }
        let shelves = self.finding.shelves(self.session.store());
        let told = self.marking.all(shelves, self.board.focus, self.finding.query());
        self.tell(told);
    }

    /// Marks the instant at hand, to compare later ones with.
    fn mark_instant(&mut self) {
        if self.refuses_to_mark() {
            return;
        }
        let words = self.baselines.mark(&self.session.history).words(self.clock());
        self.tell(Remark::note(format!("marked {words}: d tells what is different from here")));
    }

    /// Tells what is different from the instant that was marked, or stops doing so.
    fn toggle_changes(&mut self) {
        if self.pages.close(Mode::Changes) {
            return;
        }
        if self.baselines.is_empty() {
            let words = "no instant is marked yet: D marks this one, and d tells later what is different";
            return self.tell(Remark::note(words));
        }
        if self.refuses_to_mark() {
            return;
        }
        self.pages.close(Mode::Help);
        if let Some(page) = self.baselines.compare(&self.session.history) {
            self.pages.open(Page::Changes(page));
        }
    }

    /// Compares again when the page is open and time has gone on.
    pub(super) fn refresh_changes(&mut self) {
        let is_at_rest = self.looks_back() && !self.travel.is_playing();
        if let Some(page) = self.pages.changes_mut() {
            page.refresh(&self.baselines, &self.session.history, is_at_rest);
        }
    }

    /// The terminal has lost the focus: what comes is not seen.
    pub fn look_away(&mut self, now: Now) {
        self.now = now;
        if !self.looks_back() {
            self.baselines.look_away(&self.session.history);
        }
    }

    /// The terminal has the focus again: tells whether anything is different.
    pub fn look_again(&mut self, now: Now) {
        self.now = now;
        if !self.looks_back() {
            let told = self.baselines.look_again(&self.session.history);
            self.tell(told);
        }
    }

    pub(super) fn open_ledger(&mut self) {
        if self.cancels.ledger.iter().next().is_none() {
            return self.tell(Remark::note("no cancel was asked for yet: c asks for one"));
        }
        self.pages.close(Mode::Help);
        self.pages.open(Page::Ledger(0));
    }

    /// Asks for a query, beginning with the one in force.
    fn ask_query(&mut self) {
        self.finding.set_aside(self.board.focus);
        // To go on with a query is to add to it.
        let text = self.finding.query().map(|text| format!("{} ", text.trim_end())).unwrap_or_default();
        self.typing.begin(PromptKind::Query, &text);
        self.suggest();
        if !matches!(self.board.focus, Pane::Runs | Pane::Suspended | Pane::Attempts | Pane::Problems) {
            self.focus(Pane::Runs);
        }
    }

    /// Leaves what is being typed. A query goes back to the one that was in force before.
    fn leave_prompt(&mut self) {
        let was_query = self.typing.kind() == Some(PromptKind::Query);
        self.typing.leave();
        if was_query {
            let (focus, query) = self.finding.take_aside();
            if self.board.focus != focus {
                self.focus(focus);
            }
            self.find(query);
        }
    }

    /// Narrows to what a query finds, as if it had been typed.
    pub fn narrow(&mut self, query: Query) {
        self.find(Some(query));
        self.settle();
    }

    /// Narrows to what a query finds, to all runs without one; says whether that is another query.
    pub(super) fn find(&mut self, query: Option<Query>) -> bool {
        let is_other = self.finding.narrow(query);
        if is_other {
            self.look_through();
        }
        is_other
    }

    /// Groups runs by something else.
    pub(super) fn group_by(&mut self, grouping: Grouping) {
        self.finding.group_by(grouping);
        self.look_through();
        self.board.runs.regroup();
    }

    /// Whether there are runs to judge, by [`App::arrange`].
    #[must_use]
    pub fn is_arranging(&self) -> bool {
        self.finding.is_arranging()
    }

    /// Judges a slice of the runs, and shows what came of it.
    pub fn arrange(&mut self) {
        self.is_dirty |= self.finding.arrange(self.session.store());
        if !self.finding.is_arranging() {
            self.notices.withdraw_about(Subject::Search);
        }
    }

    /// Gets ready what a frame shows: judges runs that have changed, counts those of a question, and looks the queue up
    /// where it is told why runs wait.
    pub fn arrange_changed(&mut self) {
        let store = self.session.store();
        self.cancels.refresh(store);
        if self.finding.is_watching() {
            self.finding.arrange_changed(store);
            self.settle();
        }
        let is_told = self.columns(&self.layout()).has(Column::Waiting);
        if is_told && self.pages.top().is_none() {
            self.finding.look_up(self.session.store());
        }
    }

    /// Whether there is something to measure, by [`App::measure`].
    #[must_use]
    pub const fn is_measuring(&self) -> bool {
        self.charts.is_measuring()
    }

    /// Measures a slice of the runs for the charts.
    pub fn measure(&mut self, now: Now) {
        self.now = now;
        self.is_dirty |= self.charts.measure(&self.session.history, now.instant);
    }

    /// Whether there are lines to be read for the page that is open, by [`App::read_moments`].
    #[must_use]
    pub fn wants_moments(&self) -> bool {
        self.pages.detail().is_some_and(|page| page.wants_moments(&self.context()))
    }

    /// Reads some lines for the page that is open.
    pub fn read_moments(&mut self, log: &dyn Reread) {
        let (cx, pages, _) = self.pages();
        if let Some(page) = pages.detail_mut() {
            page.read_moments(&cx, log);
            self.is_dirty = true;
        }
    }

    /// Draws the life of the run whose page is open, unless it is drawn as it is now. For who paints often.
    pub fn draw_life(&mut self) {
        let (cx, pages, _) = self.pages();
        pages.detail_mut().into_iter().for_each(|page| page.draw_life(&cx));
    }

    /// The line of the log that an open page wants to show and does not have.
    #[must_use]
    pub fn wanted_line(&self) -> Option<Position> {
        self.pages.wanted_line(&self.context())
    }

    /// Takes the text of a line that was wanted.
    pub fn give_line(&mut self, place: Position, text: String) {
        let (cx, pages, _) = self.pages();
        let is_shown = pages.give_line(&cx, place, text);
        self.is_dirty |= is_shown;
    }
}
