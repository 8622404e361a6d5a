//! ActionQueue: its two vocabularies of events, its rules, and its causes for waiting.
//!
//! Must not know where lines come from, nor how runs are shown.

pub mod cron;
mod data;
pub mod decode;
pub mod describe;
pub mod event;
pub mod fold;
pub mod frames;
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
pub mod wal;

pub use registry::Registry;

use crate::model::time::Unit;
use crate::store::{Name, Rules, RunKey, Store};
use event::Vocabulary;
use waits::WaitRecord;

/// Unit of all instants in its logs.
pub const UNIT: Unit = Unit::Seconds;

/// An empty store for a log of ActionQueue.
#[must_use]
pub fn store(rules: Rules) -> Store {
    Store::new(rules, &states::STATES, UNIT, Box::new(Registry::default()))
}

/// Sets the vocabulary of a log whose lines do not show it.
pub fn set_vocabulary(store: &mut Store, vocabulary: Vocabulary) {
    store.with_side(|store, registry: &mut Registry| {
        rules::Reducer::new(store, registry).set_vocabulary(vocabulary);
    });
}

/// Wait of an awaiting run.
#[must_use]
pub fn wait(store: &Store, run: RunKey) -> Option<&WaitRecord> {
    Registry::of(store)?.wait(run)
}

/// Run that holds a concurrency key (0.2 and later).
#[must_use]
pub fn key_owner(store: &Store, key: Name) -> Option<RunKey> {
    Registry::of(store)?.key_owner(key)
}

/// Vocabulary of the log, once an event has shown it.
#[must_use]
pub fn vocabulary(store: &Store) -> Option<Vocabulary> {
    Registry::of(store)?.vocabulary()
}
