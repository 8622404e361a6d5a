//! Versioned containers: they roll back to savepoints within an open epoch, and cross closed epochs.
//!
//! Each records before-images of its changes. Engines store their own data in the public ones. Must not know runs.

pub mod epoch;
pub(super) mod index;
pub mod map;
pub(super) mod set;
pub(super) mod slab;
pub mod vec;
