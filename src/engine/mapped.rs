//! Logs of any queue that writes JSON lines: a table says where a line has the run, its state and the rest.
//!
//! Tables are data. No table can run anything, and no line can make one slow. A foreign engine is not judged by the rules
//! of another: its statements are what it said. Must not know where lines come from, nor how runs are shown.

pub mod catalog;
mod data;
pub mod decode;
pub mod describe;
pub(in crate::engine) mod fold;
pub mod format;
pub mod lines;
mod page;
mod pick;
pub mod projection;
mod ranges;
mod rules;
mod runs;
pub mod scan;
pub mod shape;
pub mod statement;
pub mod states;
pub mod table;

pub use format::Format;
pub use runs::{MappedDetail, MappedRuns};

use crate::model::time::Unit;
use crate::store::{Rules, Store};

/// The unit of all instants, into which those of a line are brought.
pub const UNIT: Unit = Unit::Milliseconds;

/// A store for a log of this format that has seen nothing.
#[must_use]
pub fn store(rules: Rules, format: Format, is_given: bool) -> Store {
    let states = format.table().states;
    Store::new(rules, states, UNIT, Box::new(MappedRuns::new(format, is_given)))
}
