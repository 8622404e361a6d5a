//! dag-executor: records of tasks in the order in which the engine saves them, and what that order shows.
//!
//! A task is a run here, and the one run of a task of the same id. Must not know where records come from, nor how tasks
//! are shown.

mod data;
pub mod decode;
pub mod describe;
pub mod envelope;
mod files;
pub(in crate::engine) mod fold;
mod given;
pub mod lines;
mod page;
mod progress;
pub mod projection;
pub mod record;
mod rules;
pub mod shape;
pub mod states;
mod tasks;
mod waiting;

pub use given::DagGiven;
pub use tasks::{DagTasks, Execution, TaskDetail};

use std::sync::Arc;

use crate::model::time::Unit;
use crate::store::{Rules, Store};

/// The unit of all instants of its records.
pub const UNIT: Unit = Unit::Milliseconds;

/// A store for a log of dag-executor that has seen nothing, with what was given beside the log.
#[must_use]
pub fn store(rules: Rules, given: Option<Arc<DagGiven>>) -> Store {
    Store::new(rules, &states::STATES, UNIT, Box::new(DagTasks { given, ..DagTasks::default() }))
}
