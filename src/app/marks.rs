//! Marked runs: those that a command is to be about. A mark is on a run, independent of its row and of what is shown.
//!
//! Marks hold the store's keys, each of which belongs to one id as long as the store lives.

use std::fmt;

use super::board::Board;
use super::find::Finding;
use super::remark::Remark;
use crate::history::History;
use crate::input::Action;
use crate::model::id::RunId;
use crate::model::states::Phase;
use crate::model::text;
use crate::store::{Renumbering, RunKey, RunSet, Store};
use crate::view::format::{count, counted};
use crate::view::list::Row;
use crate::view::notice::Subject;
use crate::view::{Cursor, Pane};

/// The marks, and the begin of a range.
#[derive(Debug, Default)]
pub(super) struct Marking {
    runs: RunSet,
    /// The run at which a range was begun.
    pub(super) from: Option<RunId>,
    /// Reasons for the marks, each with its number of runs.
    reasons: Vec<(Reason, usize)>,
    /// Number of marks that were taken away one by one.
    n_unmarked: usize,
}

/// The list in which runs are marked.
pub(super) struct MarkScope<'a> {
    pub(super) history: &'a History,
    pub(super) board: &'a Board,
    pub(super) finding: &'a Finding,
    /// Lines of the list.
    pub(super) height: usize,
}

/// The reason why nothing can be marked at the instant at hand, if so: marks hold the keys that runs have now.
pub(super) fn refusal(history: &History) -> Option<Remark> {
    let words = "here runs cannot be marked, nor instants: it is before what is kept; f goes forward";
    history.has_other_keys().then(|| Remark::note(words))
}

/// A way to mark runs.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    /// All that a query finds.
    Query(String),
    /// All that there are.
    All,
    /// All suspended and awaiting ones, of those that a query finds where there is one.
    Suspended(Option<String>),
    /// Each by its own, or a range of rows.
    Rows,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(query) => write!(f, "the query {query}"),
            Self::All => f.write_str("all runs, without a query"),
            Self::Suspended(None) => f.write_str("all suspended and awaiting runs"),
            Self::Suspended(Some(query)) => write!(f, "suspended and awaiting, of the query {query}"),
            Self::Rows => f.write_str("marked row by row"),
        }
    }
}

impl Marking {
    /// The marked runs.
    pub(super) const fn runs(&self) -> &RunSet {
        &self.runs
    }

    /// Notes the reason for which `n` runs were marked.
    fn note(&mut self, reason: Reason, n: usize) {
        match self.reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, so_far)) => *so_far += n,
            None if n > 0 => self.reasons.push((reason, n)),
            None => (),
        }
    }

    /// The marked runs where they can be shown: at an instant before an eviction runs have other keys.
    pub(super) fn shown(&self, history: &History) -> Option<&RunSet> {
        Some(&self.runs).filter(|_| !history.has_other_keys())
    }

    /// Applies a key of marks, or returns why that is not possible.
    pub(super) fn press(&mut self, action: Action, at: &MarkScope<'_>) -> Option<Remark> {
        if let Some(refusal) = refusal(at.history) {
            return Some(refusal);
        }
        if action == Action::MarkAll {
            return Some(self.all(at));
        }
        let store = at.history.store();
        let Some((run, key)) = at.board.selected(store).and_then(|run| Some((run, store.find(run)?))) else {
            return Some(Remark::note("the cursor is on no run"));
        };
        match action {
            Action::MarkRange => self.range(run, at),
            _ => {
                self.toggle(key);
                None
            }
        }
    }

    /// Marks a run, or takes its mark away.
    fn toggle(&mut self, run: RunKey) {
        let is_marked = self.runs.has(run);
        self.runs.set(run, !is_marked);
        match is_marked {
            true if self.runs.is_empty() => *self = Self::default(),
            true => self.n_unmarked += 1,
            false => self.note(Reason::Rows, 1),
        }
    }

    /// Begins a range at a run, or marks all rows from where it was begun to there.
    fn range(&mut self, run: RunId, at: &MarkScope<'_>) -> Option<Remark> {
        let Some(from) = self.from.take() else {
            self.from = Some(run);
            return Some(Remark::note("a range begins here: go to its other end and press v again"));
        };
        let outline = at.board.outline(at.finding.shelves(at.history.store()), at.height)?;
        let place = |run| outline.place(Cursor::Run(run));
        let (Some(one), Some(other)) = (place(from), place(run)) else {
            let words =
                "the run that the range began with is not in this list any more: press v to start again";
            return Some(Remark::warning(words));
        };
        let (first, last) = (one.min(other), one.max(other));
        let n_before = self.runs.len();
        for row in outline.rows(first).take(last - first + 1) {
            if let Row::Run(key) = row {
                self.runs.set(key, true);
            }
        }
        self.note(Reason::Rows, self.runs.len() - n_before);
        Some(self.summary(at.history.store()))
    }

    /// Marks every run that is shown in a pane, or takes all marks away where that has been done.
    fn all(&mut self, at: &MarkScope<'_>) -> Remark {
        if at.finding.is_arranging() {
            let words = "runs are still being looked through: press M again in a moment";
            return Remark::note(words).about(Subject::Search);
        }
        let (store, pane, query) = (at.history.store(), at.board.focus, at.finding.query());
        let shelves = at.finding.shelves(store);
        let mut shown = RunSet::default();
        let is_here =
            |key: &RunKey| pane != Pane::Suspended || store.standing(*key).0.phase() == Phase::Parked;
        let is_found = |key: &RunKey| shelves.found.is_none_or(|found| found.has(*key));
        for key in store.keys().filter(is_found).filter(is_here) {
            shown.set(key, true);
        }
        let are_all_marked = shown.iter().all(|key| self.runs.has(key));
        if are_all_marked && !self.runs.is_empty() {
            *self = Self::default();
            return Remark::note("no run is marked any more");
        }
        let n_before = self.runs.len();
        for key in shown.iter() {
            self.runs.set(key, true);
        }
        let reason = match query.map(|query| query.trim().to_owned()) {
            query if pane == Pane::Suspended => Reason::Suspended(query),
            Some(query) => Reason::Query(query),
            None => Reason::All,
        };
        self.note(reason, self.runs.len() - n_before);
        self.summary(store)
    }

    /// The reasons for the marks, in words that are safe for a screen.
    pub(super) fn why(&self) -> String {
        let mut words = match &self.reasons[..] {
            [(reason, _)] => reason.to_string(),
            reasons => {
                let words = reasons.iter().map(|(reason, n)| format!("{} {reason}", count(*n)));
                words.collect::<Vec<_>>().join("; ")
            }
        };
        if self.n_unmarked > 0 {
            words += &format!("; less {} unmarked", count(self.n_unmarked));
        }
        text::clean(&words).into_owned()
    }

    /// Takes all marks away; says whether there was one, or a range was begun.
    pub(super) fn clear(&mut self) -> bool {
        let was_there = !self.runs.is_empty() || self.from.is_some();
        *self = Self::default();
        was_there
    }

    /// Takes in the new keys of runs.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        self.runs.renumber(renumbering);
    }

    fn summary(&self, store: &Store) -> Remark {
        let n = self.runs.len();
        let ended = match n - n_live(&self.runs, store) {
            0 => String::new(),
            1 => ", 1 of them has ended".to_owned(),
            ended => format!(", {} of them have ended", count(ended)),
        };
        Remark::note(format!("{} marked{ended}", are(n)))
    }
}

/// `n` runs with their verb, as the subject of a sentence.
fn are(n: usize) -> String {
    format!("{} {}", counted(n, "run", "runs"), if n == 1 { "is" } else { "are" })
}

/// Number of marked runs that are there and have not ended.
fn n_live(marks: &RunSet, store: &Store) -> usize {
    marks.iter().filter(|key| store.has(*key) && !store.standing(*key).0.is_terminal()).count()
}
