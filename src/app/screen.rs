//! Composition of the screen from its parts, each from its owner.

use super::App;
use super::cancel::Dialog;
use super::prompt::Prompt;
use super::question::Asking;
use super::sending::Sending;
use super::unread::Unread;
use crate::engine;
use crate::input::Mode;
use crate::store::RunSet;
use crate::view::column::fitted::Fitted;
use crate::view::detail::{Detail, Scroll};
use crate::view::found::Shelves;
use crate::view::panes::{Emptiness, RunFacts, RunsPane, Shared, SuspendedPane};
use crate::view::screen::{Footer, Header, Hints, PageView, ProblemsPane, Question, Screen};
use crate::view::{Column, Layout, Pane};

impl App {
    /// The whole screen.
    #[must_use]
    pub fn screen(&self) -> Screen<'_> {
        let (layout, mode, cx) = (self.layout(), self.mode(), self.context());
        let focus = self.board.focus;
        let shared = Shared {
            shelves: self.shelves(),
            second: cx.at.view_at,
            ids: cx.ids(),
            scene: cx.scene,
            has_query: self.finding.query().is_some(),
            focused: matches!(mode, Mode::Board | Mode::Problems | Mode::Charts).then_some(focus),
            side_by_side: layout.side_by_side,
        };
        let charts =
            (focus == Pane::Charts).then(|| self.charts.drawn(&cx, self.travel.edge(cx.history))).flatten();
        Screen {
            layout,
            mode,
            focus,
            header: Header { summary: self.summary(), clock: cx.clock(), uses_mouse: self.pointer.is_used() },
            filter: self.finding.filter(cx.store(), &self.typing),
            shared,
            page: match (self.board.pages.drawn(&cx), charts) {
                (Some(page), _) => page,
                (None, Some((charts, scroll))) => PageView::Charts(charts, scroll),
                (None, None) => self.panes(&layout, shared),
            },
            time: self.travel.time_line(&cx).filter(|_| !layout.timeline.is_empty()),
            progress: self.progress(),
            footer: self.footer(mode),
            question: self.question(),
        }
    }

    fn panes<'a>(&'a self, layout: &Layout, shared: Shared<'a>) -> PageView<'a> {
        let Self { board, finding, session, setup, .. } = self;
        // A pane that is not on the screen has no rows there.
        let height = |pane| if layout.pane(pane).is_empty() { 0 } else { layout.rows(pane) };
        let columns = self.columns(layout);
        let facts = RunFacts {
            shared,
            grouping: finding.grouping(),
            marked: self.marking.shown(&session.history),
            ledger: &self.cancels.ledger,
            shows_waiting: columns.has(Column::Waiting),
        };
        let unread = || match Unread::of(session, &setup.name).words() {
            words if words.is_empty() => Emptiness::Silent(&setup.name, self.summary().flow),
            words => Emptiness::Unread(words),
        };
        let runs = RunsPane {
            shared,
            rows: facts.rows(&board.runs, height(Pane::Runs)),
            columns,
            sort: finding.sort(),
            clock: setup.log_clock(session.store()),
            emptiness: finding.emptiness(session.store()).unwrap_or_else(unread),
        };
        PageView::Panes {
            runs: Box::new(runs),
            suspended: SuspendedPane::of(shared, &board.suspended, height(Pane::Suspended)),
            problems: ProblemsPane {
                cursor: board.problems,
                height: layout.rows(Pane::Problems),
                earlier: self.intake.earlier(),
            },
        }
    }

    /// The columns of the pane of runs that there is room for.
    pub(super) fn columns(&self, layout: &Layout) -> Fitted {
        let (width, chosen) = (layout.pane(Pane::Runs).width, self.setup.taste.columns.as_deref());
        Fitted::of(
            width,
            chosen,
            self.finding.sort().0,
            (self.naming.forms().run_columns(), engine::recorded(self.session.store())),
        )
    }

    fn footer(&self, mode: Mode) -> Footer<'_> {
        let (history, focus) = (&self.session.history, self.board.focus);
        let (edge, looks_back) = (self.travel.edge(history), self.travel.looks_back());
        Footer {
            typed: self.typing.prompt().map(Prompt::typed),
            notice: self.notices.current(),
            has_question: self.cancels.dialog().is_some(),
            edge: (edge.sequence, edge.at),
            clock: self.setup.log_clock(history.store()),
            hints: Hints {
                keymap: self.keymap(),
                mode,
                has_problems: history.store().problems().total() > 0,
                has_list: mode == Mode::Board && matches!(focus, Pane::Runs | Pane::Suspended),
                has_past: history.oldest() < history.edge(),
                looks_back,
                sends: matches!(self.setup.sending, Sending::To(..)) && !looks_back,
            },
        }
    }

    /// The page of a run that is open, how far it is scrolled, and how many lines it has on the screen.
    #[must_use]
    pub fn detail(&self) -> Option<(Detail<'_>, Scroll, usize)> {
        let (page, cx) = (self.board.pages.detail()?, self.context());
        Some((page.detail(&cx)?, page.top(), cx.height()))
    }

    /// The question on the screen.
    #[must_use]
    pub const fn dialog(&self) -> Option<&Dialog> {
        self.cancels.dialog()
    }

    /// The question on the screen as it is drawn.
    pub(super) fn question(&self) -> Option<Question> {
        let dialog = self.cancels.dialog()?;
        let asking = Asking {
            store: self.session.store(),
            view_at: self.view_at(),
            summary: self.summary(),
            clock: self.setup.log_clock(self.session.store()),
            frozen_for: self.intake.backlog.frozen_for(self.now),
            sending: &self.setup.sending,
            taste: &self.setup.taste,
            mode: self.mode(),
        };
        Some(asking.question(dialog, &self.layout()))
    }

    /// The marked runs.
    #[must_use]
    pub const fn marks(&self) -> &RunSet {
        self.marking.runs()
    }

    /// The runs in the order and the groups that were chosen.
    #[must_use]
    pub fn shelves(&self) -> Shelves<'_> {
        self.finding.shelves(self.session.store())
    }
}
