//! From the lines of a batch to the store: the one step in which the two meet.

use std::ops::{ControlFlow as Flow, Range};

use super::lines::{MappedEntry, MappedLines};
use super::rules::StatementRules;
use super::runs::MappedRuns;
use crate::store::Store;

/// Folds some lines of a batch into the store, in order, until `after`, which sees each of them folded, breaks off.
///
/// The data of the engine is absent from the store that `after` receives.
pub(in crate::engine) fn entries(
    store: &mut Store,
    lines: &MappedLines<'_>,
    range: Range<usize>,
    mut after: impl FnMut(&Store, &MappedEntry<'_>) -> Flow<()>,
) -> Flow<()> {
    store.with_side(|store, own: &mut MappedRuns| {
        let table = own.format.table();
        let mut rules = StatementRules { store, own, table };
        lines.entries[range].iter().try_for_each(|entry| {
            rules.apply(entry);
            after(rules.store, entry)
        })
    })
}
