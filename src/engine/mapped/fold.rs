//! From the lines of a batch to the store: the one step in which the two meet.

use std::ops::{ControlFlow as Flow, Range};

use super::lines::{MappedEntry, MappedLines};
use super::rules::StatementRules;
use super::runs::MappedRuns;
use super::statement::{Composed, MappedContent, Statement};
use crate::model::id::RunId;
use crate::store::Store;

/// Lines whose rows are loaded together, before the first of them is applied.
const PREFETCH_STATEMENTS: usize = 256;

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
        let flow = lines.entries[range].chunks(PREFETCH_STATEMENTS).try_for_each(|chunk| {
            rules.store.prefetch_singles(chunk.iter().map(single));
            chunk.iter().enumerate().try_for_each(|(index, entry)| {
                rules.store.expect_single(index, single(entry).0);
                rules.apply(entry);
                after(rules.store, entry)
            })
        });
        rules.store.end_prefetch();
        flow
    })
}

/// The run of a line that tells of one run only, and its text; else the id of nothing.
fn single<'l>(entry: &'l MappedEntry<'_>) -> (RunId, &'l str) {
    match &entry.content {
        MappedContent::One(Statement { id: Composed::Whole(text), run: Some(run), .. }) => (*run, text),
        _ => (RunId::nil(), ""),
    }
}
