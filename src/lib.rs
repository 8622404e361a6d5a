//! runwatch shows the life of every run in a durable task queue, from the queue's own log.
//!
//! ```text
//! bytes > lines > events =batches=> reduce > Store + lanes > view rows (borrowed) > widgets > cells
//!   ^ the log <- engine <- control channel <- Command <- App::update <- Action <- keymap <- key
//! ```
//!
//! One river up, one stream down; they meet only in the log. A key never changes a run: it sends a command, and
//! the run moves when the engine's own event comes back. What the screen shows is therefore always
//! `fold(log)`, whether the log is live, recorded or read again after a restart.
//!
//! Two threads share the work: the reader's splits lines and decodes them into batches, the loop's folds the batches
//! and draws. The store has one owner, so there is no lock, and painting borrows it. Reports go the same way without
//! the loop.
//!
//! The floors, each of which knows only those below it:
//! `model <- {log, store, input, control, terminal} <- fold <- view <- app <- ui <- {runtime, args} <- commands <- main`.
//! `tests/tidy.rs` fails when a `use` line goes the other way, or when a dependency is used outside its one door.

pub mod app;
pub mod args;
pub mod commands;
pub mod control;
pub mod fold;
pub mod input;
pub mod log;
pub mod model;
pub mod runtime;
pub mod store;
pub mod terminal;
pub mod ui;
pub mod view;
