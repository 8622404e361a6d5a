//! A live task queue to watch: a real engine and some work for it.
//!
//! ```text
//! workload > engine > the engine's own files > runwatch
//!               ^ commands <---- control file <---'
//! ```
//!
//! Nothing is staged: handlers run, fail, wait and are suspended as in a real host, and the log is what the
//! engine wrote. One file is meant to be read by users who put runwatch on a queue of their own: [`commands`]
//! takes the commands. That is ActionQueue; [`dag`] has dag-executor at work.

pub mod args;
pub mod catalog;
pub mod commands;
pub mod dag;
pub mod dashboard;
pub mod engine;
pub mod incident;
pub mod order;
pub mod payload;
pub mod payments;
pub mod plan;
pub mod stop;
pub mod worker;
pub mod workload;
