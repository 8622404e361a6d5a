//! The app as it is painted: hands what each part of the screen says out of its owner.

use super::App;
use super::cancel::{Dialog, DialogKind, Sending};
use super::page::{Page, ledger};
use super::prompt::{Prompt, PromptKind};
use super::question::Asking;
use super::unread::Unread;
use crate::control::ledger::Standing;
use crate::input::{Action, Mode};
use crate::model::id::RunId;
use crate::store::{RunKey, RunSet};

use crate::view::column::fitted::Fitted;
use crate::view::detail::{Detail, Scroll};
use crate::view::dialog::Sheet;
use crate::view::found::Shelves;
use crate::view::panes::{Emptiness, RunFacts, RunsPane, Shared, SuspendedPane};
use crate::view::screen::{
    Filter, Footer, Header, HelpPage, Hints, PageView as Shown, ProblemsPane, Question, Screen, TextPage,
    TimeLine,
};
use crate::view::{Column, Layout, Pane};

impl App {
    /// The whole screen.
    #[must_use]
    pub fn screen(&self) -> Screen<'_> {
        let (layout, mode) = (self.layout(), self.mode());
        let shared = self.shared(&layout, mode);
        Screen {
            layout,
            mode,
            focus: self.board.focus,
            header: Header {
                summary: self.summary(),
                clock: self.clock(),
                uses_mouse: self.pointer.is_used(),
            },
            filter: Filter {
                shelves: shared.shelves,
                query: self.finding.query(),
                typed: self.typing.prompt().filter(|it| it.kind == PromptKind::Query).map(Prompt::typed),
                is_typing: self.typing.prompt().is_some(),
                looked_through: self.finding.looked_through(self.session.store()),
                sort: self.finding.sort(),
                grouping: self.finding.grouping(),
            },
            shared,
            page: self.page(&layout, shared),
            time: (!layout.timeline.is_empty()).then(|| self.time_line()),
            progress: self.progress(),
            footer: self.footer(mode),
            question: self.cancels.dialog().zip(self.question()).map(|(dialog, sheet)| Question {
                sheet,
                is_asked: !matches!(dialog.kind, DialogKind::Off(_)),
                remark: self.remark_of(dialog),
            }),
        }
    }

    fn shared(&self, layout: &Layout, mode: Mode) -> Shared<'_> {
        Shared {
            shelves: self.shelves(),
            second: self.second(),
            ids: self.naming.ids(self.session.store()),
            has_query: self.finding.query().is_some(),
            focused: matches!(mode, Mode::Board | Mode::Problems | Mode::Charts).then_some(self.board.focus),
            side_by_side: layout.side_by_side,
        }
    }

    fn page<'a>(&'a self, layout: &Layout, shared: Shared<'a>) -> Shown<'a> {
        let cx = self.context();
        let (store, height) = (cx.store(), cx.height());
        match self.pages.top() {
            Some(Page::Help(top)) => Shown::Help(HelpPage {
                keymap: self.keymap(),
                states: store.states(),
                top: *top,
                off: match self.setup.sending {
                    Sending::Off(why) => Some(why),
                    Sending::To(..) => None,
                },
            }),
            Some(Page::Ledger(top)) => {
                let page = ledger(&cx);
                let lines = |top| page.lines(top, height);
                Shown::Text(TextPage::of("Cancels", (*top, page.len_lines()), height, lines))
            }
            Some(Page::Changes(changes)) => {
                let page = changes.page(&cx);
                let lines = |top| page.lines(top, height);
                Shown::Text(TextPage::of("Changes", (changes.top, page.len_lines()), height, lines))
            }
            Some(Page::Detail(page)) => match page.detail(&cx) {
                Some(detail) => Shown::Detail(Box::new(detail), page.top()),
                None => Shown::Absent(page.run()),
            },
            Some(Page::Problem(problem)) => {
                let title = format!("Problem {}", self.board.problems.selected() + 1);
                let mut lines = problem.lines(&cx).unwrap_or_default();
                let len = lines.len();
                Shown::Text(TextPage::of(title, (problem.top, len), height, |top| lines.split_off(top)))
            }
            None if self.board.focus == Pane::Charts => match self.charts.drawn(&cx, self.edge()) {
                Some((charts, scroll)) => Shown::Charts(charts, scroll),
                None => self.panes(layout, shared),
            },
            None => self.panes(layout, shared),
        }
    }

    fn panes<'a>(&'a self, layout: &Layout, shared: Shared<'a>) -> Shown<'a> {
        // A pane that is not on the screen has no rows there.
        let height = |pane| if layout.pane(pane).is_empty() { 0 } else { layout.rows(pane) };
        let columns = self.columns(layout);
        let facts = RunFacts {
            shared,
            grouping: self.finding.grouping(),
            marked: Some(self.marking.runs()).filter(|_| !self.session.history.has_other_keys()),
            ledger: &self.cancels.ledger,
            scene: self.finding.scene().filter(|_| columns.has(Column::Waiting)),
        };
        let runs = RunsPane {
            shared,
            rows: facts.rows(&self.board.runs, height(Pane::Runs)),
            columns,
            sort: self.finding.sort(),
            clock: self.clock(),
            emptiness: self.emptiness(),
        };
        Shown::Panes {
            runs: Box::new(runs),
            suspended: SuspendedPane::of(shared, &self.board.suspended, height(Pane::Suspended)),
            problems: ProblemsPane {
                cursor: self.board.problems,
                height: layout.rows(Pane::Problems),
                earlier: self.feed.earlier(),
            },
        }
    }

    /// The columns of the pane of runs that there is room for.
    pub(super) fn columns(&self, layout: &Layout) -> Fitted {
        let (width, chosen) = (layout.pane(Pane::Runs).width, self.setup.taste.columns.as_deref());
        Fitted::of(width, chosen, self.finding.sort().0, self.naming.forms().run_columns())
    }

    fn emptiness(&self) -> Emptiness<'_> {
        if self.finding.query().is_some() {
            return match self.finding.looked_through(self.session.store()) {
                Some(_) => Emptiness::Searched,
                None => Emptiness::Unanswered,
            };
        }
        let unread = self.unread();
        if unread.is_empty() {
            Emptiness::Silent(&self.setup.name, self.flow())
        } else {
            Emptiness::Unread(unread)
        }
    }

    fn time_line(&self) -> TimeLine<'_> {
        let edge = self.edge();
        TimeLine {
            line: self.travel.timeline(&self.session.history),
            course: self.travel.course(self.looks_back()),
            sequences: (self.session.store().latest_sequence(), edge.sequence),
            is_timeless: edge.is_timeless,
            is_replay: self.is_replay(),
            clock: self.clock(),
            keymap: self.keymap(),
        }
    }

    fn footer(&self, mode: Mode) -> Footer<'_> {
        let (edge, focus) = (self.edge(), self.board.focus);
        let looks_back = self.looks_back();
        Footer {
            typed: self.typing.prompt().map(Prompt::typed),
            notice: self.notices.current(),
            has_question: self.cancels.dialog().is_some(),
            edge: (edge.sequence, edge.at),
            clock: self.clock(),
            hints: Hints {
                keymap: self.keymap(),
                mode,
                has_problems: self.session.store().problems().total() > 0,
                has_list: mode == Mode::Board && matches!(focus, Pane::Runs | Pane::Suspended),
                has_past: self.session.history.oldest() < self.session.history.edge(),
                looks_back,
                sends: matches!(self.setup.sending, Sending::To(..)) && !looks_back,
            },
        }
    }

    /// The remark on a yes that came too soon.
    fn remark_of(&self, dialog: &Dialog) -> Option<String> {
        if !dialog.was_hurried {
            return None;
        }
        Some(match &dialog.kind {
            DialogKind::Many(many) if !many.is_counted() => "type the number first".to_owned(),
            _ => {
                let key = self.keymap().label(Action::Confirm, self.mode()).unwrap_or_default();
                format!("that was fast: press {key} again")
            }
        })
    }

    /// The page of a run that is open, how far it is scrolled, and how many lines it has on the screen.
    #[must_use]
    pub fn detail(&self) -> Option<(Detail<'_>, Scroll, usize)> {
        let (page, cx) = (self.pages.detail()?, self.context());
        Some((page.detail(&cx)?, page.top(), cx.height()))
    }

    /// The line that is being typed.
    #[must_use]
    pub const fn prompt(&self) -> Option<&Prompt> {
        self.typing.prompt()
    }

    /// The question on the screen.
    #[must_use]
    pub const fn dialog(&self) -> Option<&Dialog> {
        self.cancels.dialog()
    }

    /// The question on the screen as it is drawn.
    #[must_use]
    pub fn question(&self) -> Option<Sheet> {
        let dialog = self.cancels.dialog()?;
        let asking = Asking {
            store: self.session.store(),
            second: self.second(),
            summary: self.summary(),
            clock: self.clock(),
            frozen_for: self.frozen_for(),
            sending: &self.setup.sending,
            taste: &self.setup.taste,
            mode: self.mode(),
        };
        Some(asking.sheet(dialog, &self.layout()))
    }

    /// The outcome of the latest cancel of a run, as far as it is known.
    #[must_use]
    pub fn standing(&self, run: RunId) -> Option<&Standing> {
        self.cancels.ledger.standing(run)
    }

    /// The marked runs.
    #[must_use]
    pub const fn marks(&self) -> &RunSet {
        self.marking.runs()
    }

    /// Whether a run is marked.
    #[must_use]
    pub fn is_marked(&self, run: RunKey) -> bool {
        self.marking.runs().has(run) && !self.session.history.has_other_keys()
    }

    /// The runs in the order and the groups that were chosen.
    #[must_use]
    pub fn shelves(&self) -> Shelves<'_> {
        self.finding.shelves(self.session.store())
    }

    /// The text of the query in force.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.finding.query()
    }

    /// The reason why no event of the log could be read, and what helps, a sentence a line; none while it may only be
    /// silent.
    #[must_use]
    pub fn unread(&self) -> Vec<String> {
        let log = &self.session.log;
        let unread = Unread {
            name: &self.setup.name,
            refused: log.refused(),
            store: self.session.store(),
            is_read: log.status().is_some_and(|status| status.caught_up),
            pending: log.pending(),
        };
        unread.words()
    }
}
