//! The model of a run: its ids, its states, its record, the events that change it, and its times.
//!
//! Data and rules only. Knows no JSON, no screen, no clock and no file; every other floor knows this one.

pub mod clock;
pub mod deadline;
pub mod facts;
pub mod id;
pub mod json;
pub mod kind;
pub mod nearest;
pub mod position;
pub mod size;
pub mod states;
pub mod task;
pub mod text;
pub mod theme;
pub mod time;
