//! dag-executor: records of tasks in the order in which the engine saves them, and what that order tells.
//!
//! Must not know where records come from, nor how tasks are shown.

pub mod record;
pub mod states;

use crate::model::time::Unit;

/// The unit of all instants of its records.
pub const UNIT: Unit = Unit::Milliseconds;
