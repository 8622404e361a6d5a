//! Logs of any queue, read by tables: data that say where in a JSON line a run, its state and its facts are.
//!
//! A table is written by people, checked once, and compiled. Must not know where lines come from, nor how runs are shown.

pub mod catalog;
pub mod scan;
pub mod states;
pub mod table;
