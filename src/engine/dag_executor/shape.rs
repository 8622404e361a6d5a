//! The shape of dag-executor's records, by which a source recognizes them without reading them.

use crate::source::shape::RecordShape;

/// Shape of a record on a line, and of the events that a host writes between them.
pub const RECORDS: RecordShape = RecordShape {
    first: &["id", "attempts", "ev", "concurrency", "attempt"],
    every: &["updated_at", "attempts", "state"],
    shared: "id",
    spare: "output",
    binary: &[],
};
