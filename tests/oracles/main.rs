//! The same verdicts as the engines: their published crates, their recordings, and what holds for every log.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../common/mod.rs"]
mod common;

mod dag_executor;
mod dag_logs;
mod format_logs;
mod generated;
mod properties;
mod reducer;
mod run_instance;
mod verdicts;
mod wal;
