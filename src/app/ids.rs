//! Which part of an id is shown: chosen by the runs that are looked at and by the latest ones, before they are painted.

use super::App;
use crate::model::id::RunId;
use crate::store::RunKey;
use crate::view::list::{List, Row};
use crate::view::{Ids, Pane, Shelf, problems};

/// The latest runs are looked at, too: what comes next is like them.
const LATEST: usize = 256;

/// Which part of an id is shown.
#[derive(Debug, Default)]
pub(super) struct Naming {
    pub(super) ids: Ids,
    /// The number of runs when the latest were looked at last.
    of: usize,
}

impl App {
    /// What is shown of ids.
    #[must_use]
    pub const fn ids(&self) -> Ids {
        self.naming.ids
    }

    /// What is shown of a run's id.
    pub(super) fn called(&self, run: RunId) -> String {
        self.ids().run(run)
    }

    /// Looks at the ids that are about to be shown.
    pub(super) fn tell_ids_apart(&mut self) {
        let store = self.history.store();
        let mut keys: Vec<RunKey> = Vec::with_capacity(2 * LATEST);
        if self.naming.of != store.len() {
            keys.extend((store.len().saturating_sub(LATEST)..store.len()).map(RunKey::from_index));
        }
        let (layout, shelves) = (self.layout(), self.shelves());
        let (runs, suspended) = (&self.board.runs, &self.board.suspended);
        keys.extend(on_screen(runs, shelves.runs(), layout.rows(Pane::Runs)));
        keys.extend(on_screen(suspended, shelves.suspended(), layout.rows(Pane::Suspended)));
        keys.retain(|key| store.has(*key));
        let mut tasks: Vec<_> = keys.iter().map(|key| store.task(store.run(*key).task).id).collect();
        tasks.dedup();
        let mut ids: Vec<RunId> = keys.into_iter().map(|key| store.id_of(key)).collect();
        let height = layout.rows(Pane::Problems);
        let shown = problems::shown(store, self.board.problems.top(store, height), height);
        ids.extend(shown.filter_map(|(_, problem)| problem.run));
        ids.extend(self.wishes.ledger.iter().take(height).map(|intent| intent.run));
        self.naming.of = store.len();
        self.naming.ids.tell_apart(&ids, &tasks);
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
