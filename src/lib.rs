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
//! In the dashboard two threads share the work: the reader's splits lines and decodes them into batches, the loop's folds
//! the batches and draws. The store has one owner, so there is no lock, and painting borrows it. A third thread, that
//! folds and is asked for views, would gain nothing: a batch of thousands of lines is folded within a millisecond, which
//! is all that a key waits for; a frame takes a fifth of that; and on two cores the reader and the folder have work
//! for both already (`cargo bench --bench stages` has the two without a screen, `--bench session` with one).
//!
//! Reports have no screen to keep alive, so there each core decodes and folds its own blocks: what reads the log and the
//! store go round in a ring (`commands::read`).
//!
//! The floors, each of which knows only those below it:
//! `{model, fault, process, trust} <- {source, store, input, control, terminal} <- engine <- {history, query, projection} <- {view, session} <- app <- ui <- export <- {runtime, args, config} <- commands <- main`.
//! `tests/tidy` fails when a `use` line goes the other way, or when a dependency is used outside its one door.

pub mod app;
pub mod args;
pub mod commands;
pub mod config;
pub mod control;
pub mod engine;
pub mod export;
pub mod fault;
pub mod history;
pub mod input;
pub mod model;
pub mod process;
pub mod projection;
pub mod query;
pub mod runtime;
pub mod session;
pub mod source;
pub mod store;
pub mod terminal;
pub mod trust;
pub mod ui;
pub mod view;
