//! Fold of decoded records into the store: the one step in which the log and the store meet.
//!
//! The dashboard, the reports and the tests all fold through here, so that they cannot disagree. The engine is
//! matched once per batch, and the loop over its records is its own.

use std::ops::{ControlFlow as Flow, Range};

use super::actionqueue::{self, Registry};
use super::batch::{Batch, Content};
use super::dag_executor::{self, DagTasks};
use super::given;
use super::mapped::{self, MappedRuns};
use super::record::LogRecord;
use crate::store::{ProblemKind, Store};

/// Folds every record of a batch into the store, in order. A function of its own, so that its cost can be counted.
#[inline(never)]
pub fn batch(store: &mut Store, batch: &Batch) {
    adopt(store, batch.content());
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
        _ if !is_of(store, content) => range.into_iter().try_for_each(|index| {
            let record = content.record(index);
            let reason = given(store).refusal().unwrap_or("a record of another engine");
            store.unreadable(ProblemKind::Unreadable, record.place(), reason.to_owned());
            after(store, record)
        }),
        Content::ActionQueue(lines) => {
            actionqueue::fold::entries(store, lines, range, |store, entry| after(store, entry))
        }
        Content::DagExecutor(lines) => {
            dag_executor::fold::entries(store, lines, range, |store, entry| after(store, entry))
        }
        Content::Mapped(lines) => {
            mapped::fold::entries(store, lines, range, |store, entry| after(store, entry))
        }
    }
}

/// True if a store is made for the engine of some records.
#[must_use]
pub fn is_of(store: &Store, content: &Content<'_>) -> bool {
    match content {
        Content::ActionQueue(_) => store.side_of::<Registry>().is_some(),
        Content::DagExecutor(_) => store.side_of::<DagTasks>().is_some(),
        Content::Mapped(lines) => MappedRuns::of(store).is_some_and(|own| own.format() == lines.format),
    }
}

/// True if a store is to become one for the engine of some records: no run of another is in it, nor anything that a user
/// gave for another.
#[must_use]
pub fn is_adopted_by(store: &Store, content: &Content<'_>) -> bool {
    !is_of(store, content) && store.is_unused() && given(store).refusal().is_none()
}

/// Makes a store in which nothing is one for the engine of some records. Not to be done between savepoints, which are of
/// the other engine.
pub fn adopt(store: &mut Store, content: &Content<'_>) {
    if !is_adopted_by(store, content) {
        return;
    }
    let rules = store.rules();
    store.become_of(match content {
        Content::ActionQueue(_) => actionqueue::store(rules),
        Content::DagExecutor(_) => dag_executor::store(rules, None),
        Content::Mapped(lines) => mapped::store(rules, lines.format, false),
    });
}
