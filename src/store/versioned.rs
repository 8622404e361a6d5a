//! Containers that can become again what they were: by savepoints within an open epoch, and across closed ones.
//!
//! Each keeps before-images of what changes in it. Must not know runs.

pub(super) mod epoch;
pub(super) mod index;
pub(super) mod map;
pub(super) mod set;
pub(super) mod slab;
pub(super) mod vec;
