//! Which part of an id is shown: chosen by the runs that are looked at and by the latest ones, before they are painted.

use super::Board;
use crate::control::ledger::Ledger;
use crate::model::id::RunId;
use crate::store::{RunKey, Store};
use crate::view::found::Shelves;
use crate::view::list::{List, Row};
use crate::view::{IdForms, Ids, Layout, Pane, Shelf, problems};

/// Number of latest runs that are looked at, too: the next ones are like them.
const N_LATEST_RUNS: usize = 256;

/// Which part of an id is shown.
#[derive(Debug, Default)]
pub(super) struct Naming {
    forms: IdForms,
    /// The number of runs when the latest were looked at last.
    of: usize,
}

impl Naming {
    /// The forms in which ids are shown.
    pub(super) const fn forms(&self) -> IdForms {
        self.forms
    }

    /// The ids of a store, in these forms.
    pub(super) fn ids<'a>(&self, store: &'a Store) -> Ids<'a> {
        self.forms.of(store)
    }

    /// Looks at the ids that are about to be shown.
    pub(super) fn tell_apart(
        &mut self,
        board: &Board,
        shelves: Shelves<'_>,
        ledger: &Ledger,
        layout: &Layout,
    ) {
        let store = shelves.store;
        let mut keys: Vec<RunKey> = Vec::with_capacity(2 * N_LATEST_RUNS);
        if self.of != store.len() {
            keys.extend((store.len().saturating_sub(N_LATEST_RUNS)..store.len()).map(RunKey::from_index));
        }
        keys.extend(on_screen(&board.runs, shelves.runs(), layout.rows(Pane::Runs)));
        keys.extend(on_screen(&board.suspended, shelves.suspended(), layout.rows(Pane::Suspended)));
        keys.retain(|key| store.has(*key));
        let mut tasks: Vec<_> = keys.iter().map(|key| store.task(store.run(*key).task).id).collect();
        tasks.dedup();
        let mut ids: Vec<RunId> = keys.into_iter().map(|key| store.id_of(key)).collect();
        let height = layout.rows(Pane::Problems);
        let shown = problems::shown(store, board.problems.top(store, height), height);
        ids.extend(shown.filter_map(|(_, problem)| problem.run));
        ids.extend(ledger.iter().take(height).map(|intent| intent.run));
        self.of = store.len();
        self.forms.distinguish(store.id_texts(), &ids, &tasks);
    }
}

/// The runs that a pane shows.
fn on_screen<'a>(list: &List, shelf: Shelf<'a>, height: usize) -> Vec<RunKey> {
    let outline = list.outline(shelf, height);
    let top = list.top(&outline, height);
    let runs = outline.rows(top).take(height).filter_map(|row| match row {
        Row::Run(key) => Some(key),
        Row::Header { .. } | Row::More { .. } => None,
    });
    runs.collect()
}
