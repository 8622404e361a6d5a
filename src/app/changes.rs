//! The difference between two instants: one that was marked by a key, or the last that was seen, and the instant at hand.

use std::cmp::Reverse;

use super::changes_page::ChangesPage;
use super::marks::refusal;
use super::page::{Page, Pages};
use super::remark::Remark;
use super::travel::Travel;
use crate::history::History;
use crate::input::Mode;
use crate::view::Clock;
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
        if let Some(changes) = self.compare(history) {
            pages.open(Page::Changes(ChangesPage { changes, top: 0 }));
        }
        None
    }

    /// Compares the mark with the instant at hand. Runs of an instant before the kept history have other keys.
    fn compare(&self, history: &History) -> Option<RunChanges> {
        let from = self.from().filter(|_| !history.has_other_keys())?;
        let mut changes = RunChanges::between(from, history.store());
        changes.runs.sort_by_key(|run| Reverse(run.sequence));
        Some(changes)
    }

    /// Compares again when the page of changes is open and the log has gone on, if that is quick or the past is at rest.
    pub(super) fn refresh(&self, pages: &mut Pages, travel: &Travel, history: &History) {
        let is_at_rest = travel.looks_back() && !travel.is_playing();
        let is_quick = history.store().len() < MIN_RUNS_COMPARED_AT_REST || is_at_rest;
        let Some(page) = pages.changes_mut().filter(|page| is_quick && !page.is_at(history.position()))
        else {
            return;
        };
        if let Some(changes) = self.compare(history) {
            page.changes = changes;
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
