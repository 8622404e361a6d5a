//! Marked runs: those that a command is to be about. A mark is on a run, wherever it stands and whatever is shown.
//!
//! Marks hold the store's keys, each of which stands for one id as long as the store lives.

use super::App;
use crate::model::id::RunId;
use crate::store::{Renumbering, RunKey, Store};
use crate::view::format::count;
use crate::view::list::Row;
use crate::view::{Pane, Severity};

/// Runs, as a bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    bits: Vec<u64>,
    len: usize,
}

impl Marks {
    /// How many runs are marked.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a run is marked.
    #[must_use]
    pub fn has(&self, run: RunKey) -> bool {
        self.bits.get(run.index() / 64).is_some_and(|word| word >> (run.index() % 64) & 1 == 1)
    }

    /// Marks a run, or takes its mark away.
    pub fn set(&mut self, run: RunKey, is_marked: bool) {
        if self.has(run) == is_marked {
            return;
        }
        let (word, bit) = (run.index() / 64, 1 << (run.index() % 64));
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] ^= bit;
        self.len = if is_marked { self.len + 1 } else { self.len - 1 };
    }

    /// Takes in the new keys of runs. Those that were let go of are not marked any more.
    pub(super) fn renumber(&mut self, renumbering: &Renumbering) {
        let before = std::mem::take(self);
        before.iter().filter_map(|run| renumbering.now(run)).for_each(|run| self.set(run, true));
    }

    /// The marked runs, in order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = RunKey> + '_ {
        let words = self.bits.iter().enumerate().filter(|(_, word)| **word != 0);
        words.flat_map(|(index, word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| RunKey::from_index(index * 64 + bit))
        })
    }
}

/// What is marked, and where a range was begun.
#[derive(Debug, Default)]
pub(super) struct Marking {
    pub(super) marks: Marks,
    from: Option<RunId>,
}

impl App {
    /// The marked runs.
    #[must_use]
    pub const fn marks(&self) -> &Marks {
        &self.marking.marks
    }

    /// Whether a run is marked.
    #[must_use]
    pub fn is_marked(&self, run: RunKey) -> bool {
        self.marking.marks.has(run) && !self.history.has_other_keys()
    }

    /// Whether a range was begun and not ended.
    #[must_use]
    pub const fn is_marking_range(&self) -> bool {
        self.marking.from.is_some()
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
                "the run that the range began with is not in this list any more: press v to begin anew";
            self.notify(Severity::Warning, words);
            return;
        };
        let (first, last) = (one.min(other), one.max(other));
        let mut marks = std::mem::take(&mut self.marking.marks);
        for row in outline.rows(first).take(last - first + 1) {
            if let Row::Run(key) = row {
                marks.set(key, true);
            }
        }
        self.marking.marks = marks;
        self.tell_marks();
    }

    /// Marks every run that is shown, or takes all marks away where that has been done.
    pub(super) fn mark_all(&mut self) {
        if self.refuses_to_mark() {
            return;
        }
        if self.is_arranging() {
            return self
                .notify(Severity::Note, "runs are still being looked through: press M again in a moment");
        }
        let store = self.history.store();
        let mut marks = Marks::default();
        let found = self.finding.found();
        let is_here = |key: &RunKey| {
            self.board.focus != Pane::Suspended
                || crate::view::suspended::STATES.contains(&store.standing(*key).0)
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
        marks.iter().for_each(|key| self.marking.marks.set(key, true));
        self.tell_marks();
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
            ended => format!(", {} of them have ended", count(ended)),
        };
        self.notify(Severity::Note, format!("{} runs are marked{ended}", count(n)));
    }
}

/// How many marked runs are there and have not ended.
pub(super) fn n_live(marks: &Marks, store: &Store) -> usize {
    marks.iter().filter(|key| store.has(*key) && !store.standing(*key).0.is_terminal()).count()
}
