//! Finding: the query that narrows what is shown, the order and the groups that it is shown in.
//!
//! A query that is typed is tried at each letter, and kept by Enter alone, which does not take a wrong one. Esc brings
//! back what was in force before. What is found is looked for in slices, so no key and no frame waits for a million runs.

use super::prompt::{Prompt, PromptKind, Recollection};
use super::{App, DialogKind};
use crate::history::History;
use crate::input::Action;
use crate::model::text;
use crate::query::{Query, QueryError};
use crate::store::RunKey;
use crate::view::Pane;
use crate::view::arrange::{Direction, Grouping, Sort};
use crate::view::found::{Found, Shelves, Wanted};
use crate::view::notice::Subject;

/// Runs that are judged before a key that changed the query is answered: a few milliseconds.
const AT_ONCE: usize = 1 << 14;
/// Runs that are judged in one slice, between two looks at the clock.
const SLICE: usize = 1 << 11;
/// Changed runs that are judged before a frame.
const BEFORE_FRAME: usize = 1 << 14;

/// What is wanted, and what was found of it.
#[derive(Debug)]
pub(super) struct Finding {
    wanted: Wanted,
    direction: Direction,
    found: Option<Found>,
    /// The query that was in force when another one was begun to be typed.
    before: Option<Query>,
    /// The pane that had the keys then.
    focus_before: Pane,
    pub(super) typed: Recollection,
}

impl Default for Finding {
    fn default() -> Self {
        Self {
            wanted: Wanted::default(),
            direction: Sort::Entry.natural(),
            found: None,
            before: None,
            focus_before: Pane::default(),
            typed: Recollection::default(),
        }
    }
}

impl Finding {
    pub(super) const fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// What the panes show rows of.
    pub(super) fn shelves<'a>(&'a self, history: &'a History) -> Shelves<'a> {
        Shelves { store: history.store(), found: self.found.as_ref(), direction: self.direction }
    }
}

impl App {
    /// What the panes show rows of.
    #[must_use]
    pub fn shelves(&self) -> Shelves<'_> {
        self.finding.shelves(&self.history)
    }

    /// The text of the query in force.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.finding.wanted.query.as_ref().map(Query::text)
    }

    /// By what runs are grouped.
    #[must_use]
    pub const fn grouping(&self) -> Grouping {
        self.finding.wanted.grouping
    }

    /// By what runs are sorted, and which end comes first.
    #[must_use]
    pub const fn sort(&self) -> (Sort, Direction) {
        (self.finding.wanted.sort, self.finding.direction)
    }

    /// Whether less than all is shown, or in another order.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.finding.wanted.is_plain() || self.finding.direction != self.finding.wanted.sort.natural()
    }

    /// How far the looking has come, in percent, while runs are looked through.
    #[must_use]
    pub fn looked_through(&self) -> Option<u8> {
        self.finding.found.as_ref()?.percent(self.history.store())
    }

    /// Whether there are runs to judge, by [`App::arrange`].
    #[must_use]
    pub fn is_arranging(&self) -> bool {
        self.finding.found.as_ref().is_some_and(|found| !found.is_settled())
    }

    /// Judges a slice of the runs, and shows what came of it.
    pub fn arrange(&mut self) {
        if let Some(found) = &mut self.finding.found {
            found.advance(self.history.store(), SLICE);
            self.is_dirty = true;
        }
        if !self.is_arranging() {
            self.notices.withdraw_about(Subject::Search);
        }
    }

    /// Judges runs that have changed, before they are painted: all of them, unless they are very many. Counts those of a
    /// question.
    pub fn arrange_changed(&mut self) {
        let store = self.history.store();
        if let Some(DialogKind::Many(many)) = self.dialog.as_mut().map(|dialog| &mut dialog.kind) {
            many.refresh(store);
        }
        let Some(found) = &mut self.finding.found else { return };
        let n = found.n_changed().min(BEFORE_FRAME);
        if n > 0 {
            found.advance(self.history.store(), n);
        }
        self.settle();
    }

    /// Takes in what the way from the last instant to this one has changed.
    pub(super) fn note_changes(&mut self) -> Vec<RunKey> {
        let second = self.second();
        let Some(changed) = self.history.take_changed() else {
            self.look_again_for_all();
            self.unsettle_alarms();
            return Vec::new();
        };
        if let Some(found) = &mut self.finding.found {
            found.tick(second);
            found.note(changed.iter().copied());
        }
        changed
    }

    /// Lets time change what is found.
    pub(super) fn tick_found(&mut self) {
        let second = self.second();
        if let Some(found) = &mut self.finding.found {
            found.tick(second);
        }
    }

    /// Looks through all runs, from the beginning.
    pub(super) fn look_again_for_all(&mut self) {
        let second = self.second();
        let wanted = &self.finding.wanted;
        self.finding.found = (!wanted.is_plain()).then(|| Found::begin(wanted, second));
        self.watch_changes();
        if let Some(found) = &mut self.finding.found {
            found.advance(self.history.store(), AT_ONCE);
        }
        self.is_dirty = true;
    }

    /// Whether changes are asked for by anybody.
    pub(super) fn watch_changes(&mut self) {
        let is_watched =
            self.finding.found.is_some() || !self.alarms.is_empty() || self.wishes.ledger.has_open();
        self.history.watch_changes(is_watched);
    }

    /// Asks for a query, beginning with the one in force.
    pub(super) fn ask_query(&mut self) {
        self.finding.before = self.finding.wanted.query.clone();
        self.finding.focus_before = self.board.focus;
        // Whoever goes on with a query adds to it.
        let text = self.query().map(|text| format!("{} ", text.trim_end())).unwrap_or_default();
        self.prompt = Some(Prompt::new(PromptKind::Query, &text));
        self.suggest();
        if !matches!(self.board.focus, Pane::Runs | Pane::Suspended | Pane::Attempts | Pane::Problems) {
            self.focus(Pane::Runs);
        }
    }

    /// Narrows to what is typed now, as far as it is right.
    pub(super) fn try_query(&mut self) {
        let states = self.history.store().states();
        let Some(prompt) = &mut self.prompt else { return };
        match self.setup.taste.parse(prompt.text(), states) {
            Ok(query) => {
                prompt.wrong = None;
                self.find(query);
            }
            Err(error) => prompt.wrong = Some((error.at.clone(), said(&error))),
        }
        self.suggest();
    }

    /// Narrows to what a query finds, as if it had been typed.
    pub fn narrow(&mut self, query: Query) {
        self.find(query);
        self.settle();
    }

    /// Narrows to what a query finds.
    pub(super) fn find(&mut self, query: Query) {
        let wanted = (!query.is_everything()).then_some(query);
        let text = |query: &Option<Query>| query.as_ref().map(|query| query.text().trim().to_owned());
        let is_other = text(&wanted) != text(&self.finding.wanted.query);
        self.finding.wanted.query = wanted;
        if is_other {
            self.look_again_for_all();
        }
    }

    /// Keeps the query that was typed. One that is wrong is not kept: it stays to be mended, with the caret where it is
    /// wrong.
    pub(super) fn keep_query(&mut self) {
        let Some(prompt) = &mut self.prompt else { return };
        if let Some((at, _)) = &prompt.wrong {
            let end = at.end;
            prompt.go_to(end);
            return self.suggest();
        }
        self.finding.typed.remember(prompt.text().trim());
        self.finding.before = None;
        self.prompt = None;
    }

    /// Goes back to the query that was in force before.
    pub(super) fn leave_query(&mut self) {
        // What was typed can be brought back and mended.
        if let Some(prompt) = self.prompt.take().filter(|prompt| prompt.wrong.is_some()) {
            self.finding.typed.remember(prompt.text().trim());
        }
        if self.board.focus != self.finding.focus_before {
            self.focus(self.finding.focus_before);
        }
        match self.finding.before.take() {
            Some(query) => self.find(query),
            None => {
                self.clear_query();
            }
        }
    }

    /// Shows all runs again; says whether that is anything new.
    pub(super) fn clear_query(&mut self) -> bool {
        let was_there = self.finding.wanted.query.take().is_some();
        if was_there {
            self.look_again_for_all();
        }
        was_there
    }

    /// Says what may be meant by what was begun.
    pub(super) fn suggest(&mut self) {
        let Some(prompt) = self.prompt.as_ref().filter(|prompt| !prompt.is_completing()) else { return };
        let (typed, caret) = (prompt.text().to_owned(), prompt.caret());
        let candidates = match prompt.kind {
            PromptKind::Instant => Vec::new(),
            PromptKind::Query => self.setup.taste.complete(&typed, caret, self.history.store()),
            PromptKind::Command => self.complete_command(&typed, caret),
        };
        if let Some(prompt) = &mut self.prompt {
            prompt.candidates = candidates;
        }
    }

    /// Sorts by another column.
    pub(super) fn sort_by_next(&mut self, action: Action) {
        let all = Sort::ALL;
        let at = all.iter().position(|sort| *sort == self.finding.wanted.sort).unwrap_or(0);
        let steps = if action == Action::NextSort { 1 } else { all.len() - 1 };
        self.sort_by(all[(at + steps) % all.len()]);
    }

    /// Sorts, beginning at the end that people look for first.
    pub(super) fn sort_by(&mut self, sort: Sort) {
        self.finding.wanted.sort = sort;
        self.finding.direction = sort.natural();
        self.look_again_for_all();
    }

    pub(super) const fn turn_order(&mut self) {
        self.finding.direction = self.finding.direction.turned();
    }

    /// Groups runs by something else.
    pub(super) fn group_by(&mut self, grouping: Grouping) {
        self.finding.wanted.grouping = grouping;
        self.look_again_for_all();
        self.board.runs.regroup();
    }
}

/// An error of a query in words that are safe for a screen.
pub(super) fn said(error: &QueryError) -> String {
    let hint = error.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    text::clean(&format!("{}{hint}", error.what)).into_owned()
}

#[cfg(test)]
mod tests;
