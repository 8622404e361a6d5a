//! Records inside events of 0.2 and later.
//!
//! Shapes: actionqueue-storage 0.3.0, `mutation/*.rs` and the wire forms in `wal/*_v1.rs`, `wal/admission_v3.rs`.

pub(super) mod admission;
pub(super) mod attempt;
pub(super) mod cancel;
pub(super) mod checkpoint;
pub(super) mod signal;
pub(super) mod wait;

use serde::Deserialize;

/// Shape of an event with one record, which most of this vocabulary have.
#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>"))]
pub(super) struct Of<R> {
    pub(super) record: R,
}
