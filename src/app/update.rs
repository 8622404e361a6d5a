//! The meaning of each action: the owner that it goes to, and what the owners hand each other.

use super::cancel::AskedRuns;
use super::command::Order;
use super::copy::Copy;
use super::marks::MarkScope;
use super::page::Page;
use super::prompt::PromptKind;
use super::scroll::Distance;
use super::{App, Now, Step};
use crate::input::{Action, Mode};
use crate::model::position::Position;
use crate::query::Query;
use crate::source::reread::Reread;
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
            Action::CopyId | Action::CopyRow => {
                let store = self.session.store();
                let run = self.board.pointed_out(store);
                match Copy::of(action, run, store, self.naming.ids(store)) {
                    Ok(copy) => return Step::Copy(copy),
                    Err(remark) => {
                        self.report(remark);
                        return Step::Stay;
                    }
                }
            }
            Action::Leave => {
                let was_there = self.back();
                self.settle();
                return if was_there { Step::Stay } else { Step::Quit };
            }
            Action::Back => {
                self.back();
            }
            Action::Accept => return self.accept(),
            Action::Find => self.ask_query(),
            Action::Command => {
                self.typing.begin(PromptKind::Command, "");
                self.typing.suggest(&self.setup.taste, self.session.store());
            }
            Action::NextSort | Action::PreviousSort => {
                self.finding.sort_by_next(action);
                self.look_through();
            }
            Action::InvertSort => self.finding.turn_order(),
            Action::NextGrouping => {
                drop(self.obey(Order::Group(self.finding.grouping().next())));
            }
            Action::Mark => {
                let remark = self.baselines.mark(&self.session.history, &self.setup.clock);
                self.report(remark);
            }
            Action::Changes => {
                let remark = self.baselines.toggle(&mut self.board.pages, &self.session.history);
                self.report(remark);
            }
            Action::NextEvent | Action::PreviousEvent => {
                let (cx, pages, _) = self.pages();
                pages.detail_mut().into_iter().for_each(|page| page.select_event(&cx, action));
            }
            Action::GoTo => self.typing.begin(PromptKind::Instant, ""),
            action if self.turn(action) => (),
            Action::MarkRun | Action::MarkRange | Action::MarkAll => self.mark(action),
            Action::Help if self.board.pages.close(Mode::Help) => (),
            Action::Help => self.board.pages.open(Page::Help(0)),
            Action::Pause => self.intake.backlog.toggle_pause(now),
            Action::NextPane => self.board.focus_on(self.board.focus.after(1)),
            Action::PreviousPane => self.board.focus_on(self.board.focus.after(Pane::ALL.len() - 1)),
            Action::Pane(number) => {
                Pane::numbered(number).into_iter().for_each(|pane| self.board.focus_on(pane));
            }
            Action::Zoom => self.board.zoomed = !self.board.zoomed,
            Action::Follow => self.board.toggle_follow(self.finding.shelves(self.session.store())),
            Action::NextProblem | Action::PreviousProblem => {
                let steps = if action == Action::NextProblem { 1 } else { -1 };
                let around = self.surroundings();
                let remark = self.board.go_to_problem(steps, self.session.store(), around);
                self.report(remark);
            }
            Action::Open => {
                let layout = self.layout();
                let remark = self.board.open(self.finding.shelves(self.session.store()), &layout);
                self.report(remark);
            }
            Action::CancelRun => self.ask(AskedRuns::Marked),
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
            | Action::Complete => self.type_in(action),
        }
        self.note_pace(false);
        self.settle();
        Step::Stay
    }

    /// Applies a key to the text that is being typed: a line, or the number that confirms many cancels.
    fn type_in(&mut self, action: Action) {
        if self.cancels.dialog().is_some() {
            return self.cancels.type_count(action);
        }
        let query = self.typing.press(action, &self.setup.taste, self.session.store());
        if query.is_some() {
            self.find(query);
        }
    }

    fn go(&mut self, action: Action) {
        match self.mode() {
            Mode::Help | Mode::Detail | Mode::Line | Mode::Changes | Mode::Ledger | Mode::Charts => {
                self.scroll_page(Distance::Key(action));
            }
            Mode::Problems | Mode::Board => {
                let layout = self.layout();
                self.board.step(action, self.finding.shelves(self.session.store()), &layout);
            }
            Mode::Dialog | Mode::Count | Mode::Prompt | Mode::Find | Mode::Command => (),
        }
    }

    /// Scrolls the topmost page, or else the charts.
    pub(super) fn scroll_page(&mut self, distance: Distance) {
        let edge = self.travel.edge(&self.session.history);
        let (cx, pages, charts) = self.pages();
        match pages.top() {
            Some(_) => pages.scroll(&cx, distance),
            None => charts.scroll(&cx, edge, distance),
        }
    }

    /// Goes back a step; says whether there was one.
    fn back(&mut self) -> bool {
        if let Some(remarks) = self.cancels.stop_sending() {
            self.report(remarks);
            return true;
        }
        let around = self.surroundings();
        self.board.back(around) || self.marking.clear() || self.find(None)
    }

    /// Marks runs; after a single one, goes on to the next row.
    fn mark(&mut self, action: Action) {
        let height = self.layout().rows(self.board.focus);
        let Self { board, finding, session, .. } = self;
        let at = MarkScope { history: &session.history, board, finding, height };
        let remark = self.marking.press(action, &at);
        if action == Action::MarkRun && remark.is_none() {
            self.go(Action::Down);
        }
        self.report(remark);
    }

    /// Takes in that the terminal has lost the focus: changes from now on are not seen.
    pub fn look_away(&mut self, now: Now) {
        self.now = now;
        if !self.travel.looks_back() {
            self.baselines.look_away(&self.session.history);
        }
    }

    /// Takes in that the terminal has the focus again: reports whether anything is different.
    pub fn look_again(&mut self, now: Now) {
        self.now = now;
        if !self.travel.looks_back() {
            let remark = self.baselines.look_again(&self.session.history);
            self.report(remark);
        }
    }

    /// Asks for a query, beginning with the one in force.
    fn ask_query(&mut self) {
        self.finding.set_aside(self.board.focus);
        // To go on with a query is to add to it.
        let text = self.finding.query().map(|text| format!("{} ", text.trim_end())).unwrap_or_default();
        self.typing.begin(PromptKind::Query, &text);
        self.typing.suggest(&self.setup.taste, self.session.store());
        if !matches!(self.board.focus, Pane::Runs | Pane::Suspended | Pane::Attempts | Pane::Problems) {
            self.board.focus_on(Pane::Runs);
        }
    }

    /// Leaves the line that is being typed. A query goes back to the one that was in force before.
    fn leave_prompt(&mut self) {
        let was_query = self.typing.kind() == Some(PromptKind::Query);
        self.typing.leave();
        if was_query {
            let (focus, query) = self.finding.take_aside();
            if self.board.focus != focus {
                self.board.focus_on(focus);
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

    /// Is true while there are runs to judge, by [`App::arrange`].
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

    /// Prepares a frame: judges runs that have changed, counts those of a question, and looks the queue up
    /// where it is shown why runs wait.
    pub fn arrange_changed(&mut self) {
        let store = self.session.store();
        self.cancels.refresh(store);
        if self.finding.is_watching() {
            self.finding.arrange_changed(store);
            self.settle();
        }
        let is_shown = self.columns(&self.layout()).has(Column::Waiting);
        if is_shown && self.board.pages.top().is_none() {
            self.scene.look_up(self.session.store());
        }
    }

    /// Is true while there is something to measure, by [`App::measure`].
    #[must_use]
    pub const fn is_measuring(&self) -> bool {
        self.charts.is_measuring()
    }

    /// Measures a slice of the runs for the charts.
    pub fn measure(&mut self, now: Now) {
        self.now = now;
        self.is_dirty |= self.charts.measure(&self.session.history, now.instant);
    }

    /// Is true while there are lines to be read for the page that is open, by [`App::read_moments`].
    #[must_use]
    pub fn wants_moments(&self) -> bool {
        self.board.pages.detail().is_some_and(|page| page.wants_moments(&self.context()))
    }

    /// Reads some lines for the page that is open.
    pub fn read_moments(&mut self, log: &dyn Reread) {
        let (cx, pages, _) = self.pages();
        if let Some(page) = pages.detail_mut() {
            page.read_moments(&cx, log);
            self.is_dirty = true;
        }
    }

    /// Draws the life of the run whose page is open, unless it is drawn as it is now. Used where the page is painted often.
    pub fn draw_life(&mut self) {
        let (cx, pages, _) = self.pages();
        pages.detail_mut().into_iter().for_each(|page| page.draw_life(&cx));
    }

    /// The line of the log that an open page wants to show and does not have.
    #[must_use]
    pub fn wanted_line(&self) -> Option<Position> {
        self.board.pages.wanted_line(&self.context())
    }

    /// Takes the text of a line that was wanted.
    pub fn give_line(&mut self, place: Position, text: String) {
        let (cx, pages, _) = self.pages();
        let is_shown = pages.give_line(&cx, place, text);
        self.is_dirty |= is_shown;
    }
}
