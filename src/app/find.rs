//! Finding: the query in force, and the sort order and the grouping of its results.
//!
//! A query that is typed is tried at each letter, and kept by Enter alone, which does not take a wrong one. Esc brings
//! back what was in force before. Runs are judged in slices, so no key and no frame waits for a million runs.

use super::prompt::{Prompt, PromptKind};
use super::typing::Typing;
use crate::engine::waiting::SharedScene;
use crate::input::Action;
use crate::query::{Query, QueryError};
use crate::store::{RunKey, Store};
use crate::view::Pane;
use crate::view::arrange::{Direction, Grouping, Sort};
use crate::view::found::{Found, Shelves, Wanted};
use crate::view::panes::Emptiness;
use crate::view::screen::Filter;

/// Maximum number of runs judged before a key that changed the query is answered: a few milliseconds.
const MAX_RUNS_PER_KEY: usize = 1 << 14;
/// Number of runs judged in one slice, between two looks at the clock.
const SLICE_RUNS: usize = 1 << 11;
/// Maximum number of changed runs judged before a frame.
const MAX_RUNS_PER_FRAME: usize = 1 << 14;

/// The query, the order and the groups that were chosen, and the runs that were found so.
#[derive(Debug)]
pub(super) struct Finding {
    wanted: Wanted,
    direction: Direction,
    found: Option<Found>,
    /// The query that was in force when another one was begun to be typed.
    before: Option<Query>,
    /// The pane that had the keys then.
    focus_before: Pane,
}

impl Default for Finding {
    fn default() -> Self {
        Self {
            wanted: Wanted::default(),
            direction: Sort::Entry.natural(),
            found: None,
            before: None,
            focus_before: Pane::default(),
        }
    }
}

impl Finding {
    /// The runs in the order and the groups that were chosen.
    pub(super) fn shelves<'a>(&'a self, store: &'a Store) -> Shelves<'a> {
        Shelves { store, found: self.found.as_ref(), direction: self.direction }
    }

    /// The text of the query in force.
    pub(super) fn query(&self) -> Option<&str> {
        self.wanted.query.as_ref().map(Query::text)
    }

    pub(super) const fn grouping(&self) -> Grouping {
        self.wanted.grouping
    }

    /// The column that runs are sorted by, and the end that comes first.
    pub(super) const fn sort(&self) -> (Sort, Direction) {
        (self.wanted.sort, self.direction)
    }

    /// Is true when less than all is shown, or in another order.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.wanted.is_plain() || self.direction != self.wanted.sort.natural()
    }

    /// Progress of the first look through the runs, in percent, while it goes on.
    pub(super) fn looked_through(&self, store: &Store) -> Option<u8> {
        self.found.as_ref()?.percent(store)
    }

    /// The filter line: query, order and grouping in force.
    pub(super) fn filter<'a>(&'a self, store: &'a Store, typing: &'a Typing) -> Filter<'a> {
        Filter {
            shelves: self.shelves(store),
            query: self.query(),
            typed: typing.prompt().filter(|prompt| prompt.kind == PromptKind::Query).map(Prompt::typed),
            is_typing: typing.prompt().is_some(),
            looked_through: self.looked_through(store),
            sort: self.sort(),
            grouping: self.grouping(),
        }
    }

    /// The reason why a query finds no run, while there is one.
    pub(super) fn emptiness(&self, store: &Store) -> Option<Emptiness<'static>> {
        self.query().map(|_| match self.looked_through(store) {
            Some(_) => Emptiness::Searched,
            None => Emptiness::Unanswered,
        })
    }

    /// Is true while runs are to be judged in slices.
    pub(super) fn is_arranging(&self) -> bool {
        self.found.as_ref().is_some_and(|found| !found.is_settled())
    }

    /// Is true while changes of runs must be judged.
    pub(super) const fn is_watching(&self) -> bool {
        self.found.is_some()
    }

    /// Judges a slice of the runs; says whether there was one.
    pub(super) fn arrange(&mut self, store: &Store) -> bool {
        self.found.iter_mut().for_each(|found| found.advance(store, SLICE_RUNS));
        self.found.is_some()
    }

    /// Judges runs that have changed, before they are painted: all of them, unless they are very many.
    pub(super) fn arrange_changed(&mut self, store: &Store) {
        let Some(found) = &mut self.found else { return };
        let n = found.n_changed().min(MAX_RUNS_PER_FRAME);
        if n > 0 {
            found.advance(store, n);
        }
    }

    /// Judges by the present queue, from now on until the store changes.
    pub(super) fn share(&mut self, scene: &SharedScene) {
        self.found.iter_mut().for_each(|found| found.share(scene));
    }

    /// Takes in which runs have changed.
    pub(super) fn note(&mut self, changed: &[RunKey], view_at: u64) {
        if let Some(found) = &mut self.found {
            found.tick(view_at);
            found.note(changed.iter().copied());
        }
    }

    /// Lets time change what is found.
    pub(super) fn tick(&mut self, view_at: u64) {
        self.found.iter_mut().for_each(|found| found.tick(view_at));
    }

    /// Looks through all runs from the beginning, as far as a key may wait for.
    pub(super) fn restart(&mut self, store: &Store, scene: &SharedScene, view_at: u64) {
        self.found = (!self.wanted.is_plain()).then(|| Found::begin(&self.wanted, view_at));
        self.share(scene);
        self.found.iter_mut().for_each(|found| found.advance(store, MAX_RUNS_PER_KEY));
    }

    /// Sets the query in force aside, while another one is typed.
    pub(super) fn set_aside(&mut self, focus: Pane) {
        self.before = self.wanted.query.clone();
        self.focus_before = focus;
    }

    /// Keeps the query that was typed.
    pub(super) fn keep(&mut self) {
        self.before = None;
    }

    /// Takes back the query that was set aside, if there was one, and the pane that had the keys.
    pub(super) const fn take_aside(&mut self) -> (Pane, Option<Query>) {
        (self.focus_before, self.before.take())
    }

    /// Narrows to what a query finds, to all runs without one; says whether that is another query.
    pub(super) fn narrow(&mut self, query: Option<Query>) -> bool {
        let wanted = query.filter(|query| !query.is_everything());
        let text = |query: &Option<Query>| query.as_ref().map(|query| query.text().trim().to_owned());
        let is_other = text(&wanted) != text(&self.wanted.query);
        self.wanted.query = wanted;
        is_other
    }

    /// Reads the queries again, for the states of an engine that the log has just shown. Returns those that are none there,
    /// each with the reason.
    pub(super) fn read_again(&mut self, read: impl Fn(&str) -> Result<Query, QueryError>) -> Vec<String> {
        let mut refused = Vec::new();
        for query in [&mut self.wanted.query, &mut self.before] {
            let Some(text) = query.take().map(|query| query.text().to_owned()) else { continue };
            match read(&text) {
                Ok(again) => *query = Some(again),
                Err(error) => refused.push(format!("{text}: {}", error.what)),
            }
        }
        refused
    }

    /// Sorts by another column.
    pub(super) fn sort_by_next(&mut self, action: Action) {
        let all = Sort::ALL;
        let at = all.iter().position(|sort| *sort == self.wanted.sort).unwrap_or(0);
        let steps = if action == Action::NextSort { 1 } else { all.len() - 1 };
        self.sort_by(all[(at + steps) % all.len()]);
    }

    /// Sorts in the natural direction of the column.
    pub(super) const fn sort_by(&mut self, sort: Sort) {
        self.wanted.sort = sort;
        self.direction = sort.natural();
    }

    pub(super) const fn turn_order(&mut self) {
        self.direction = self.direction.turned();
    }

    pub(super) const fn group_by(&mut self, grouping: Grouping) {
        self.wanted.grouping = grouping;
    }
}

#[cfg(test)]
mod tests;
