//! From the lines of a batch to the store: the one step in which the two meet.

use std::ops::{ControlFlow as Flow, Range};

use super::lines::{DagEntry, DagLines};
use super::rules::Upserts;
use super::tasks::DagTasks;
use crate::store::Store;

/// Folds some lines of a batch into the store, in order, until `after`, which sees each of them folded, breaks off.
///
/// The data of the engine is absent from the store that `after` receives.
pub(in crate::engine) fn entries(
    store: &mut Store,
    lines: &DagLines<'_>,
    range: Range<usize>,
    mut after: impl FnMut(&Store, &DagEntry<'_>) -> Flow<()>,
) -> Flow<()> {
    store.with_side(|store, own: &mut DagTasks| {
        let mut rules = Upserts { store, own };
        lines.entries[range].iter().try_for_each(|entry| {
            rules.apply(entry);
            after(rules.store, entry)
        })
    })
}
