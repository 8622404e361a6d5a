//! What a run is: its ids, its states, its record, the events that change it, and its times.
//!
//! Data and rules only. Knows no JSON, no screen, no clock and no file; every other floor knows this one.

pub mod clock;
pub mod cron;
pub mod event;
pub mod facts;
pub mod id;
pub mod json;
pub mod place;
pub mod run;
pub mod size;
pub mod state;
pub mod states;
pub mod text;
pub mod theme;
pub mod time;
