//! The sort values of runs: numbers that stay true of the instant at which they were taken.
//!
//! Texts are compared by their names, which never change, so that a run is found again where it was placed.

use std::cmp::Ordering;

use super::order::{Sort, Value};
use super::ordered::OrderedRun;
use crate::model::text::telling_line;
use crate::store::{Name, RunKey, Store};
use crate::view::Column;

/// The current sort value of a run.
pub(super) fn value(value: Value, store: &Store, run: RunKey) -> u64 {
    let name = |name: Option<Name>| name.map_or(0, |name| u64::from(name.number()));
    match value {
        // A scan through a lane begins with the latest run, so its runs arrive in order.
        Value::Slot => u64::from(u32::MAX - store.slot(run).rank()),
        Value::Recent => u64::MAX - store.changed_at(run),
        Value::Of(column) => match column {
            Column::Run => store.id_rank(run),
            Column::Task => name(store.spec(run).and_then(|spec| spec.description)),
            Column::Attempts => u64::from(store.counted(run)),
            Column::InState => store.changed_at(run),
            Column::Owner => name(store.owner(run)),
            Column::Priority => signed(store.priority(run)),
            Column::Created => store.created_at(run),
            Column::Key => name(store.spec(run).and_then(|spec| spec.concurrency_key)),
            Column::Error => name(store.latest_error(run)),
            // The cause of a wait is computed by the engine's scene, not by the store.
            Column::Waiting => 0,
        },
    }
}

/// Compares two runs by the values that were taken; never equal for two runs.
pub(super) fn compare(sort: Sort, store: &Store, a: OrderedRun, b: OrderedRun) -> Ordering {
    let by_value = match sort {
        // Ids never change, so that the rest of them can be looked up.
        Sort::By(Column::Run) if a.value == b.value => store.by_id(a.run, b.run),
        Sort::By(Column::Task | Column::Owner | Column::Key) => by_text(store, a.value, b.value, |it| it),
        // By the line that is shown of it.
        Sort::By(Column::Error) => by_text(store, a.value, b.value, telling_line),
        _ => a.value.cmp(&b.value),
    };
    by_value.then(a.run.cmp(&b.run))
}

/// Compares by letters; runs without a text come last.
fn by_text(store: &Store, a: u64, b: u64, shown: fn(&str) -> &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let text = |number: u64| {
        let name = u32::try_from(number).ok().and_then(Name::numbered)?;
        Some(shown(store.text(name)))
    };
    match (text(a), text(b)) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

/// Maps a signed number to an unsigned one, preserving the order.
const fn signed(number: i32) -> u64 {
    number.abs_diff(i32::MIN) as u64
}
