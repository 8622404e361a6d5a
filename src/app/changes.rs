//! The difference between two instants: one that was marked by a key, or the last that was seen, and the instant at hand.

use std::cmp::Reverse;

use super::context::Context;
use super::marks::refusal;
use super::page::{Page, Pages};
use super::remark::Remark;
use super::travel::Travel;
use crate::history::History;
use crate::input::Mode;
use crate::view::Clock;
use crate::view::changes::page::ChangesPageView;
use crate::view::changes::{ChangeKind, RunChanges, Snapshot};
use crate::view::format::{count, counted};

/// Number of runs from which on a page is compared again only at rest in the past.
const MIN_RUNS_COMPARED_AT_REST: usize = 100_000;

/// The instants to compare with.
#[derive(Debug, Default)]
pub(super) struct Baselines {
    /// The one that was marked by a key.
    mark: Option<Snapshot>,
    /// The last that was seen before the terminal lost the focus.
    left: Option<Snapshot>,
}

/// The page that compares a mark with the instant at hand.
#[derive(Debug)]
pub(super) struct ChangesPage {
    changes: RunChanges,
    /// Lines above the screen.
    pub(super) top: usize,
}

impl Baselines {
    /// The mark to compare with: that of a key before the other.
    fn from(&self) -> Option<&Snapshot> {
        self.mark.as_ref().or(self.left.as_ref())
    }

    /// Forgets what was marked; says whether that was done by a key.
    pub(super) fn forget(&mut self) -> bool {
        std::mem::take(self).mark.is_some()
    }

    /// Marks the instant at hand, to compare later ones with.
    pub(super) fn mark(&mut self, history: &History, clock: &Clock) -> Remark {
        if let Some(refusal) = refusal(history) {
            return refusal;
        }
        let here = self.mark.insert(Snapshot::of(history.store())).here();
        let words = here.words(clock.of(history.store().unit()));
        Remark::note(format!("marked {words}: d tells what is different from here"))
    }

    /// Opens the page of differences from the mark, or closes it.
    pub(super) fn toggle(&self, pages: &mut Pages, history: &History) -> Option<Remark> {
        if pages.close(Mode::Changes) {
            return None;
        }
        if self.from().is_none() {
            let words = "no instant is marked yet: D marks this one, and d tells later what is different";
            return Some(Remark::note(words));
        }
        if let Some(refusal) = refusal(history) {
            return Some(refusal);
        }
        pages.close(Mode::Help);
        if let Some(page) = self.compare(history) {
            pages.open(Page::Changes(page));
        }
        None
    }

    /// Compares the mark with the instant at hand. Runs of an instant before the kept history have other keys.
    fn compare(&self, history: &History) -> Option<ChangesPage> {
        let from = self.from().filter(|_| !history.has_other_keys())?;
        let mut changes = RunChanges::between(from, history.store());
        changes.runs.sort_by_key(|run| Reverse(run.sequence));
        Some(ChangesPage { changes, top: 0 })
    }

    /// Compares again when the page of changes is open and time has gone on.
    pub(super) fn refresh(&self, pages: &mut Pages, travel: &Travel, history: &History) {
        let is_at_rest = travel.looks_back() && !travel.is_playing();
        if let Some(page) = pages.changes_mut() {
            page.refresh(self, history, is_at_rest);
        }
    }

    /// Marks the instant that was seen last, since the next ones are not seen.
    pub(super) fn look_away(&mut self, history: &History) {
        self.left = Some(Snapshot::of(history.store()));
    }

    /// The difference from what was seen last, in words, if there is any.
    pub(super) fn look_again(&self, history: &History) -> Option<Remark> {
        let changes = RunChanges::between(self.left.as_ref()?, history.store());
        if changes.runs.is_empty() {
            return None;
        }
        let (new, changed) = (changes.count(ChangeKind::New), changes.count(ChangeKind::Changed));
        let failed = changes.after.failed.saturating_sub(changes.before.failed);
        let which = if self.mark.is_none() { "; d tells which" } else { "" };
        let new = counted(new, "new run", "new runs");
        let failures = counted(failed, "failure", "failures");
        let changed = count(changed);
        let words = format!("since you looked away: {new}, {changed} changed, {failures}{which}");
        Some(Remark::note(words))
    }
}

impl ChangesPage {
    /// The page as it is drawn.
    pub(super) fn page<'a>(&'a self, cx: &Context<'a>) -> ChangesPageView<'a> {
        ChangesPageView {
            changes: &self.changes,
            store: cx.store(),
            clock: cx.clock(),
            ids: cx.ids(),
            width: cx.width(),
        }
    }

    /// Compares again when the log has gone on, if that is quick or the instant `is_at_rest`.
    fn refresh(&mut self, baselines: &Baselines, history: &History, is_at_rest: bool) {
        let is_quick = history.store().len() < MIN_RUNS_COMPARED_AT_REST || is_at_rest;
        if self.changes.to.line == history.position() || !is_quick {
            return;
        }
        if let Some(page) = baselines.compare(history) {
            self.changes = page.changes;
        }
    }
}
