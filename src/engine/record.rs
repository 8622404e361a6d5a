//! One record of a log, as everything but its engine needs it. Must not know any engine.

use crate::model::id::RunId;
use crate::model::position::Position;
use crate::store::{RunKey, Store};

/// A record, decoded.
pub trait LogRecord {
    /// Its place in the log.
    fn place(&self) -> Position;

    /// NUL bytes before its text.
    fn nuls(&self) -> u64;

    /// Its sequence, where its engine numbers its events.
    fn sequence(&self) -> Option<u64>;

    /// When it happened, as it says itself; may lie.
    fn at(&self) -> Option<u64>;

    /// Is true of an event that does not speak of another run.
    fn may_be_about(&self, run: RunId) -> bool;

    /// The run that it is about, if the store has it now; the first one, where it is about several.
    fn run(&self, store: &Store) -> Option<RunKey>;
}
