//! The pages that lie over the panes. The topmost is shown and has the keys; the one below it is there again when it
//! is closed.
//!
//! A page of a kind is open at most once. Must not know the panes.

use super::changes_page::ChangesPage;
use super::context::Context;
use super::detail::DetailPage;
use super::line::ProblemPage;
use super::remark::Remark;
use super::scroll::Distance;
use super::sending::Sending;
use crate::control::ledger::Ledger;
use crate::engine;
use crate::input::Mode;
use crate::model::position::Position;
use crate::view::help;
use crate::view::ledger::LedgerPage;
use crate::view::screen::{HelpPage, PageView, TextPage};

/// One page over the panes.
#[derive(Debug)]
pub(super) enum Page {
    /// A problem, and its line of the log.
    Problem(ProblemPage),
    /// A run.
    Detail(DetailPage),
    /// The difference from a marked instant.
    Changes(ChangesPage),
    /// The outcome of each cancel, from a line on.
    Ledger(usize),
    /// The keys, from a line on.
    Help(usize),
}

impl Page {
    /// Meaning of the keys on the page.
    pub(super) const fn mode(&self) -> Mode {
        match self {
            Self::Problem(_) => Mode::Line,
            Self::Detail(_) => Mode::Detail,
            Self::Changes(_) => Mode::Changes,
            Self::Ledger(_) => Mode::Ledger,
            Self::Help(_) => Mode::Help,
        }
    }

    fn scroll(&mut self, cx: &Context<'_>, distance: Distance) {
        let (top, len) = match self {
            Self::Detail(page) => return page.scroll(cx, distance),
            Self::Problem(page) => {
                let len = page.lines(cx).map_or(0, |lines| lines.len());
                (&mut page.top, len)
            }
            Self::Changes(page) => {
                let len = page.page(cx).len_lines();
                (&mut page.top, len)
            }
            Self::Ledger(top) => (top, ledger(cx).len_lines()),
            Self::Help(top) => {
                (top, help::lines(cx.keymap(), cx.store().states(), engine::tells(cx.store())).count())
            }
        };
        *top = distance.from(*top, len, cx.height());
    }
}

/// The outcome of each cancel.
pub(super) fn ledger<'a>(cx: &Context<'a>) -> LedgerPage<'a> {
    LedgerPage { ledger: cx.ledger, store: cx.store(), now: cx.at.now, ids: cx.ids(), width: cx.width() }
}

/// The pages that are open, the topmost last.
#[derive(Debug, Default)]
pub(super) struct Pages(Vec<Page>);

impl Pages {
    /// The page that is shown; none while the panes are.
    pub(super) fn top(&self) -> Option<&Page> {
        self.0.last()
    }

    /// Opens a page over the others, in the place of an open one of its kind.
    pub(super) fn open(&mut self, page: Page) {
        self.close(page.mode());
        self.0.push(page);
    }

    /// Closes the page on which the keys have this meaning; says whether it was open.
    pub(super) fn close(&mut self, mode: Mode) -> bool {
        let before = self.0.len();
        self.0.retain(|page| page.mode() != mode);
        self.0.len() < before
    }

    /// Closes the topmost page; says whether there was one.
    pub(super) fn back(&mut self) -> bool {
        self.0.pop().is_some()
    }

    /// Closes the pages that lie over a pane, for another one. The help stays.
    pub(super) fn leave_pane(&mut self) {
        self.0.retain(|page| page.mode() == Mode::Help);
    }

    /// Closes the pages of runs and problems: the log is another one.
    pub(super) fn leave_log(&mut self) {
        self.0.retain(|page| matches!(page.mode(), Mode::Help | Mode::Ledger));
    }

    /// The page of a run, shown or below another.
    pub(super) fn detail(&self) -> Option<&DetailPage> {
        self.0.iter().find_map(|page| if let Page::Detail(page) = page { Some(page) } else { None })
    }

    pub(super) fn detail_mut(&mut self) -> Option<&mut DetailPage> {
        self.0.iter_mut().find_map(|page| if let Page::Detail(page) = page { Some(page) } else { None })
    }

    /// The page of a problem, shown or below another.
    pub(super) fn problem(&self) -> Option<&ProblemPage> {
        self.0.iter().find_map(|page| if let Page::Problem(page) = page { Some(page) } else { None })
    }

    fn problem_mut(&mut self) -> Option<&mut ProblemPage> {
        self.0.iter_mut().find_map(|page| if let Page::Problem(page) = page { Some(page) } else { None })
    }

    /// The page of changes, shown or below another.
    pub(super) fn changes_mut(&mut self) -> Option<&mut ChangesPage> {
        self.0.iter_mut().find_map(|page| if let Page::Changes(page) = page { Some(page) } else { None })
    }

    /// Opens the page of cancels, or returns why there is none.
    pub(super) fn open_ledger(&mut self, ledger: &Ledger) -> Option<Remark> {
        if ledger.iter().next().is_none() {
            return Some(Remark::note("no cancel was asked for yet: c asks for one"));
        }
        self.close(Mode::Help);
        self.open(Page::Ledger(0));
        None
    }

    /// The page that is shown, as it is drawn; none while the panes are.
    pub(super) fn drawn<'a>(&'a self, cx: &Context<'a>) -> Option<PageView<'a>> {
        let height = cx.height();
        Some(match self.top()? {
            Page::Help(top) => PageView::Help(HelpPage {
                keymap: cx.keymap(),
                states: cx.store().states(),
                tells: engine::tells(cx.store()),
                top: *top,
                off: match cx.setup.sending {
                    Sending::Off(why) => Some(why),
                    Sending::To(..) => None,
                },
            }),
            Page::Ledger(top) => {
                let page = ledger(cx);
                let lines = |top| page.lines(top, height);
                PageView::Text(TextPage::of("Cancels", (*top, page.len_lines()), height, lines))
            }
            Page::Changes(changes) => {
                let page = changes.page(cx);
                let lines = |top| page.lines(top, height);
                PageView::Text(TextPage::of("Changes", (changes.top, page.len_lines()), height, lines))
            }
            Page::Detail(page) => match page.detail(cx) {
                Some(detail) => PageView::Detail(Box::new(detail), page.top()),
                None => PageView::Absent(page.run()),
            },
            Page::Problem(problem) => {
                let title = format!("Problem {}", cx.at.problems.selected() + 1);
                let mut lines = problem.lines(cx).unwrap_or_default();
                let len = lines.len();
                PageView::Text(TextPage::of(title, (problem.top, len), height, |top| lines.split_off(top)))
            }
        })
    }

    /// Scrolls the topmost page.
    pub(super) fn scroll(&mut self, cx: &Context<'_>, distance: Distance) {
        self.0.last_mut().into_iter().for_each(|page| page.scroll(cx, distance));
    }

    /// Follows the log: a run's page wants its new events, and a problem that is not there at the instant at hand has
    /// no page.
    pub(super) fn settle(&mut self, cx: &Context<'_>) {
        if let Some(page) = self.detail_mut() {
            page.settle(cx);
        }
        if cx.problem().is_none() {
            self.close(Mode::Line);
        }
    }

    /// The line that an open page wants to show and does not have.
    pub(super) fn wanted_line(&self, cx: &Context<'_>) -> Option<Position> {
        match self.detail() {
            Some(page) => page.wanted_line(cx),
            None => self.problem()?.wanted_line(cx),
        }
    }

    /// Takes the text of a line that was wanted; says whether a page is open to show it.
    pub(super) fn give_line(&mut self, cx: &Context<'_>, place: Position, text: String) -> bool {
        if let Some(page) = self.detail_mut() {
            page.give_line(cx, place, text);
            return true;
        }
        let page = self.problem_mut();
        let is_open = page.is_some();
        page.into_iter().for_each(|page| page.give_line(place, text.clone()));
        is_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::id;

    #[test]
    fn the_page_below_is_there_again_when_the_topmost_is_closed() {
        let mut pages = Pages::default();
        let mode = |pages: &Pages| pages.top().map(Page::mode);
        pages.open(Page::Detail(DetailPage::of(id(1))));
        pages.open(Page::Ledger(3));
        pages.open(Page::Help(0));
        assert_eq!((mode(&pages), pages.detail().is_some()), (Some(Mode::Help), true));
        assert!(pages.back());
        assert_eq!(mode(&pages), Some(Mode::Ledger));
        // A page of a kind is open once.
        pages.open(Page::Ledger(0));
        assert!(pages.close(Mode::Ledger) && !pages.close(Mode::Ledger));
        assert_eq!(mode(&pages), Some(Mode::Detail));
        pages.open(Page::Help(0));
        pages.leave_pane();
        assert_eq!((mode(&pages), pages.detail().is_some()), (Some(Mode::Help), false));
        assert!(pages.back() && !pages.back());
    }
}
