//! dag-executor: records of tasks in the order in which the engine saves them, and what that order shows.
//!
//! A task is a run here, and the one run of a task of the same id. Must not know where records come from, nor how tasks
//! are shown.

pub mod decode;
pub mod describe;
pub mod envelope;
mod files;
pub(in crate::engine) mod fold;
pub mod lines;
pub mod projection;
pub mod record;
mod rules;
pub mod shape;
pub mod states;
mod tasks;

pub use tasks::{DagTasks, Detail, Execution};

use crate::model::time::Unit;
use crate::store::{Rules, Store};

/// The unit of all instants of its records.
pub const UNIT: Unit = Unit::Milliseconds;

/// A store for a log of dag-executor that has seen nothing.
#[must_use]
pub fn store(rules: Rules) -> Store {
    Store::new(rules, &states::STATES, UNIT, Box::new(DagTasks::default()))
}
