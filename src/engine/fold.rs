//! From what records say to the store: the one step in which the log and the store meet.
//!
//! The dashboard, the reports and the tests all fold through here, so that they cannot disagree. The engine is asked
//! for once a batch, and the loop over its records is its own.

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

/// Folds some records of a batch into the store, in order, until `after`, which sees each of them folded, breaks off.
///
/// What only the engine has is not at hand in the store that `after` sees.
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
