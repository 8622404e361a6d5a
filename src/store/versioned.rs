//! Containers that can become again what they were: by savepoints within an open epoch, and across closed ones.
//!
//! Each keeps before-images of what changes in it. An engine keeps its own data in the public ones. Must not know runs.

pub mod epoch;
pub(super) mod index;
pub mod map;
pub(super) mod set;
pub(super) mod slab;
pub(super) mod vec;
