//! What changed since an instant that was marked by a key, or since somebody looked away.

use std::cmp::Reverse;

use super::scroll::Distance;
use super::{App, Now};
use crate::view::Severity;
use crate::view::changes::page::Page;
use crate::view::changes::{ChangeKind, Changes, Snapshot};
use crate::view::format::{count, counted};

/// A page of a log with more runs is compared anew only where one comes to rest in the past.
const MANY: usize = 100_000;

/// The marks, and the page that compares one with the instant at hand.
#[derive(Debug, Default)]
pub(super) struct Since {
    /// What was marked by a key.
    mark: Option<Snapshot>,
    /// When somebody looked away.
    left: Option<Snapshot>,
    page: Option<(Changes, usize)>,
}

impl Since {
    /// What is compared with: the mark of a key before the other.
    fn from(&self) -> Option<&Snapshot> {
        self.mark.as_ref().or(self.left.as_ref())
    }

    /// Forgets what was marked; says whether that was done by a key.
    pub(super) fn forget(&mut self) -> bool {
        std::mem::take(self).mark.is_some()
    }

    pub(super) const fn is_open(&self) -> bool {
        self.page.is_some()
    }

    pub(super) fn close(&mut self) -> bool {
        self.page.take().is_some()
    }
}

impl App {
    /// The page of what changed, and how far it is scrolled, when it is open.
    #[must_use]
    pub fn changes(&self) -> Option<(Page<'_>, usize)> {
        let (changes, top) = self.since.page.as_ref()?;
        let width = usize::from(self.layout().page().width);
        let page = Page { changes, store: self.history.store(), clock: self.clock(), ids: self.ids(), width };
        let last = page.len_lines().saturating_sub(usize::from(self.layout().page().height));
        Some((page, (*top).min(last)))
    }

    /// Marks the instant at hand, to compare later ones with.
    pub(super) fn mark(&mut self) {
        if self.refuses_to_mark() {
            return;
        }
        let mark = Snapshot::of(self.history.store());
        let words = mark.here().words(self.clock());
        self.since.mark = Some(mark);
        self.notify(Severity::Note, format!("marked {words}: d tells what is different from here"));
    }

    /// Tells what is different from the instant that was marked, or stops doing so.
    pub(super) fn toggle_changes(&mut self) {
        if self.since.close() {
            return;
        }
        if self.since.from().is_none() {
            let words = "no instant is marked yet: D marks this one, and d tells later what is different";
            self.notify(Severity::Note, words);
            return;
        }
        if self.refuses_to_mark() {
            return;
        }
        self.help = None;
        self.compare(0);
    }

    fn compare(&mut self, top: usize) {
        if self.history.has_other_keys() {
            return;
        }
        if let Some(from) = self.since.from() {
            let mut changes = Changes::between(from, self.history.store());
            changes.runs.sort_by_key(|run| Reverse(run.sequence));
            self.since.page = Some((changes, top));
        }
    }

    /// Compares anew when the page is open and time has gone on.
    pub(super) fn refresh_changes(&mut self) {
        let Some((changes, top)) = &self.since.page else { return };
        let here = self.history.position();
        let is_at_rest = self.looks_back() && !self.is_playing();
        let is_quick = self.history.store().len() < MANY || is_at_rest;
        if changes.to.line != here && is_quick {
            self.compare(*top);
        }
    }

    pub(super) fn scroll_changes(&mut self, distance: Distance) {
        let height = usize::from(self.layout().page().height);
        let Some((page, top)) = self.changes() else { return };
        let last = page.len_lines().saturating_sub(height);
        let to = top.saturating_add_signed(distance.steps(height)).min(last);
        if let Some((_, top)) = &mut self.since.page {
            *top = to;
        }
    }

    /// Somebody looks away: what comes is what they do not see.
    pub fn look_away(&mut self, now: Now) {
        self.now = now;
        if !self.looks_back() {
            self.since.left = Some(Snapshot::of(self.history.store()));
        }
    }

    /// Somebody looks again, and is told whether anything is different.
    pub fn look_again(&mut self, now: Now) {
        self.now = now;
        let Some(mark) = self.since.left.as_ref().filter(|_| !self.looks_back()) else { return };
        let changes = Changes::between(mark, self.history.store());
        if changes.runs.is_empty() {
            return;
        }
        let (new, changed) = (changes.count(ChangeKind::New), changes.count(ChangeKind::Changed));
        let failed = changes.after.failed.saturating_sub(changes.before.failed);
        let which = if self.since.mark.is_none() { "; d tells which" } else { "" };
        let new = counted(new, "new run", "new runs");
        let failures = counted(failed, "failure", "failures");
        let changed = count(changed);
        let words = format!("since you looked away: {new}, {changed} changed, {failures}{which}");
        self.notify(Severity::Note, words);
    }
}
