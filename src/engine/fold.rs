//! Fold of decoded records into the store: the one step in which the log and the store meet.
//!
//! The dashboard, the reports and the tests all fold through here, so that they cannot disagree. The engine is
//! matched once per batch, and the loop over its records is its own.

use std::ops::{ControlFlow as Flow, Range};

use super::actionqueue;
use super::batch::{Batch, Content};
use super::record::LogRecord;
use crate::store::Store;

/// Folds every record of a batch into the store, in order. A function of its own, so that its cost can be counted.
#[inline(never)]
pub fn batch(store: &mut Store, batch: &Batch) {
    let _ = records(store, batch.content(), 0..batch.content().len(), |_, _| Flow::Continue(()));
}

/// Folds a range of records of a batch into the store, in order. Calls `after` for each folded record, and stops when
/// it breaks.
///
/// The engine's data is absent from the store that `after` receives.
pub fn records(
    store: &mut Store,
    content: &Content<'_>,
    range: Range<usize>,
    mut after: impl FnMut(&Store, &dyn LogRecord) -> Flow<()>,
) -> Flow<()> {
    match content {
        Content::ActionQueue(lines) => {
            actionqueue::fold::entries(store, lines, range, |store, entry| after(store, entry))
        }
    }
}
