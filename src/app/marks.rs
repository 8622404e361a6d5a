//! Marked runs: those that a command is to be about. A mark is on a run, wherever it stands and whatever is shown.
//!
//! Marks hold the store's keys, each of which stands for one id as long as the store lives.

use std::fmt;

use super::App;
use crate::model::id::RunId;
use crate::model::states::Phase;
use crate::model::text;
use crate::store::{RunKey, RunSet, Store};
use crate::view::format::{count, counted};
use crate::view::list::Row;
use crate::view::notice::Subject;
use crate::view::{Pane, Severity};

/// What is marked, and where a range was begun.
#[derive(Debug, Default)]
pub(super) struct Marking {
    pub(super) marks: RunSet,
    pub(super) from: Option<RunId>,
    /// How runs came to be marked, with how many each time; and how many marks were taken away one by one.
    reasons: Vec<(Reason, usize)>,
    n_unmarked: usize,
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
    /// Notes how so many runs came to be marked.
    fn note(&mut self, reason: Reason, n: usize) {
        match self.reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, so_far)) => *so_far += n,
            None if n > 0 => self.reasons.push((reason, n)),
            None => (),
        }
    }
}

impl App {
    /// The marked runs.
    #[must_use]
    pub const fn marks(&self) -> &RunSet {
        &self.marking.marks
    }

    /// Whether a run is marked.
    #[must_use]
    pub fn is_marked(&self, run: RunKey) -> bool {
        self.marking.marks.has(run) && !self.history.has_other_keys()
    }

    fn run_under_cursor(&mut self) -> Option<(RunId, RunKey)> {
        let store = self.history.store();
        let found = self.board.selected(store).and_then(|run| Some((run, store.find(run)?)));
        if found.is_none() {
            self.notify(Severity::Note, "the cursor is on no run");
        }
        found
    }

    /// Marks the run under the cursor, or takes its mark away, and goes on to the next row.
    pub(super) fn mark_run(&mut self) {
        if self.refuses_to_mark() {
            return;
        }
        let Some((_, key)) = self.run_under_cursor() else { return };
        let is_marked = self.marking.marks.has(key);
        self.marking.marks.set(key, !is_marked);
        match is_marked {
            true if self.marking.marks.is_empty() => drop(self.clear_marks()),
            true => self.marking.n_unmarked += 1,
            false => self.marking.note(Reason::Rows, 1),
        }
        self.go(crate::input::Action::Down);
    }

    /// Begins a range at the cursor, or marks all that is shown from there to here.
    pub(super) fn mark_range(&mut self) {
        if self.refuses_to_mark() {
            return;
        }
        let Some((run, _)) = self.run_under_cursor() else { return };
        let Some(from) = self.marking.from.take() else {
            self.marking.from = Some(run);
            self.notify(Severity::Note, "a range begins here: go to its other end and press v again");
            return;
        };
        let height = self.layout().rows(self.board.focus);
        let Some((list, shelf)) = self.board.list_of(self.finding.shelves(&self.history)) else { return };
        let outline = list.outline(shelf, height);
        let place = |run| outline.place(crate::view::Cursor::Run(run));
        let (Some(one), Some(other)) = (place(from), place(run)) else {
            let words =
                "the run that the range began with is not in this list any more: press v to start again";
            self.notify(Severity::Warning, words);
            return;
        };
        let (first, last) = (one.min(other), one.max(other));
        let mut marks = std::mem::take(&mut self.marking.marks);
        let n_before = marks.len();
        for row in outline.rows(first).take(last - first + 1) {
            if let Row::Run(key) = row {
                marks.set(key, true);
            }
        }
        self.marking.note(Reason::Rows, marks.len() - n_before);
        self.marking.marks = marks;
        self.tell_marks();
    }

    /// Marks every run that is shown, or takes all marks away where that has been done.
    pub(super) fn mark_all(&mut self) {
        if self.refuses_to_mark() {
            return;
        }
        if self.is_arranging() {
            let words = "runs are still being looked through: press M again in a moment";
            return self.notify_about(Subject::Search, Severity::Note, words);
        }
        let store = self.history.store();
        let mut marks = RunSet::default();
        let found = self.finding.found();
        let is_here = |key: &RunKey| {
            self.board.focus != Pane::Suspended || store.standing(*key).0.phase() == Phase::Parked
        };
        for key in store.keys().filter(|key| found.is_none_or(|found| found.has(*key))).filter(is_here) {
            marks.set(key, true);
        }
        let are_all_marked = marks.iter().all(|key| self.marking.marks.has(key));
        if are_all_marked && !self.marking.marks.is_empty() {
            self.clear_marks();
            self.notify(Severity::Note, "no run is marked any more");
            return;
        }
        let n_before = self.marking.marks.len();
        for key in marks.iter() {
            self.marking.marks.set(key, true);
        }
        let query = self.query().map(|query| query.trim().to_owned());
        let reason = match query {
            query if self.board.focus == Pane::Suspended => Reason::Suspended(query),
            Some(query) => Reason::Query(query),
            None => Reason::All,
        };
        self.marking.note(reason, self.marking.marks.len() - n_before);
        self.tell_marks();
    }

    /// How the marked runs came to be marked, in words that are safe for a screen.
    pub(super) fn why_marked(&self) -> String {
        let Marking { reasons, n_unmarked, .. } = &self.marking;
        let mut words = match &reasons[..] {
            [(reason, _)] => reason.to_string(),
            reasons => {
                let words = reasons.iter().map(|(reason, n)| format!("{} {reason}", count(*n)));
                words.collect::<Vec<_>>().join("; ")
            }
        };
        if *n_unmarked > 0 {
            words += &format!("; less {} unmarked", count(*n_unmarked));
        }
        text::clean(&words).into_owned()
    }

    /// Takes all marks away; says whether there was one, or a range was begun.
    pub(super) fn clear_marks(&mut self) -> bool {
        let was_there = !self.marking.marks.is_empty() || self.marking.from.is_some();
        self.marking = Marking::default();
        was_there
    }

    fn tell_marks(&mut self) {
        let n = self.marking.marks.len();
        let live = n_live(&self.marking.marks, self.history.store());
        let ended = match n - live {
            0 => String::new(),
            1 => ", 1 of them has ended".to_owned(),
            ended => format!(", {} of them have ended", count(ended)),
        };
        self.notify(Severity::Note, format!("{} marked{ended}", are(n)));
    }
}

/// So many runs, as the subject of what they are.
fn are(n: usize) -> String {
    format!("{} {}", counted(n, "run", "runs"), if n == 1 { "is" } else { "are" })
}

/// How many marked runs are there and have not ended.
pub(super) fn n_live(marks: &RunSet, store: &Store) -> usize {
    marks.iter().filter(|key| store.has(*key) && !store.standing(*key).0.is_terminal()).count()
}
