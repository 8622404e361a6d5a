//! The library and the program without a terminal: logs as they grow, any instant of them, queries and reports.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../common/mod.rs"]
mod common;

mod believed;
mod dag;
mod diff;
mod directory;
mod follow;
mod format_commands;
mod format_tables;
mod formats;
mod found;
mod frames;
mod history;
mod instants;
mod live_query;
mod not_lines;
mod producers;
mod query;
mod query_reports;
mod reports;
mod retention;
mod screenshot;
mod wait;
mod waiting;
