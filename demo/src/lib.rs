//! A live task queue to watch: a real engine, some work for it, and its log as JSON lines.
//!
//! ```text
//! workload > engine > the engine's binary log > mirror > JSON lines > runwatch
//!               ^ commands <------------------ control file <------------'
//! ```
//!
//! Nothing is staged: handlers run, fail, wait and are suspended as in a real host, and the log is what the
//! engine wrote. Two files are meant to be read by users who put runwatch on a queue of their own: [`mirror`]
//! makes the log, and [`commands`] takes the commands. That is ActionQueue; [`dag`] has dag-executor at work.

pub mod args;
pub mod catalog;
pub mod commands;
pub mod dag;
pub mod dashboard;
pub mod engine;
pub mod incident;
pub mod mirror;
pub mod order;
pub mod payload;
pub mod payments;
pub mod plan;
pub mod stop;
pub mod worker;
pub mod workload;
