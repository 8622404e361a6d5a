//! One record of a log, independent of its engine.

use crate::model::id::RunId;
use crate::model::position::Position;
use crate::store::{RunKey, Store};

/// A decoded record.
pub trait LogRecord {
    /// Position in the log.
    fn place(&self) -> Position;

    /// Number of NUL bytes before its text.
    fn nuls(&self) -> u64;

    /// Sequence, if its engine numbers its events.
    fn sequence(&self) -> Option<u64>;

    /// Instant of the event, as recorded by itself; may be false.
    fn at(&self) -> Option<u64>;

    /// True unless the record is about another run alone.
    fn may_be_about(&self, run: RunId) -> bool;

    /// Run that it is about, if the store has it now; the first one of several.
    fn run(&self, store: &Store) -> Option<RunKey>;
}
