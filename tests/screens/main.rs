//! Whole screens without a terminal, at fixed times and sizes: snapshots, and what holds for every one.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../common/mod.rs"]
mod common;

mod cancel_ways;
mod charts;
mod dag;
mod find;
mod formats;
mod life;
mod numbers;
mod odd_engine;
mod recorded;
mod shown;
mod stage;
mod text_ids;
mod themes;
mod travel;
mod units;
