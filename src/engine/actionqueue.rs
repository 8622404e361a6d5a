//! ActionQueue: its two vocabularies of events, its rules, and what they say of a run that waits.
//!
//! Must not know where lines come from, nor how runs are shown.

pub mod cron;
pub mod decode;
pub mod describe;
pub mod event;
pub mod fold;
pub mod lines;
pub mod records;
mod registry;
pub mod rejection;
pub mod rules;
pub mod run_instance;
pub mod sample;
pub mod states;
pub mod stored;
mod task_end;
pub mod waiting;
pub mod waits;

pub use registry::Registry;

use crate::model::time::Unit;
use crate::store::{Name, Rules, RunKey, Store};
use event::Vocabulary;
use waits::WaitRecord;

/// The unit of all instants of its logs.
pub const UNIT: Unit = Unit::Seconds;

/// A store for a log of ActionQueue that has seen nothing.
#[must_use]
pub fn store(rules: Rules) -> Store {
    Store::new(rules, &states::STATES, UNIT, Box::new(Registry::default()))
}

/// Sets which vocabulary a log speaks, for one whose lines do not show it.
pub fn set_vocabulary(store: &mut Store, vocabulary: Vocabulary) {
    store.with_side(|store, registry: &mut Registry| {
        rules::Reducer::new(store, registry).set_vocabulary(vocabulary)
    });
}

/// What an awaiting run waits for.
#[must_use]
pub fn wait(store: &Store, run: RunKey) -> Option<&WaitRecord> {
    Registry::of(store)?.wait(run)
}

/// The run that holds a concurrency key (0.2 and later).
#[must_use]
pub fn key_owner(store: &Store, key: Name) -> Option<RunKey> {
    Registry::of(store)?.key_owner(key)
}

/// Which vocabulary the log speaks, once an event has shown it.
#[must_use]
pub fn vocabulary(store: &Store) -> Option<Vocabulary> {
    Registry::of(store)?.vocabulary()
}
