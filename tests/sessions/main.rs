//! Sessions on real terminals, and commands to real daemons, servers, programs and disks.
//!
//! Limits, signals and environments hold for a whole process, and other tests run in this one: a test that needs one of
//! these starts this very program again, for one test by its name.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/session.rs"]
mod session;

mod cancel;
mod celery;
mod command_lines;
mod config;
mod control;
mod control_exec;
mod control_http;
mod control_servers;
mod control_session;
mod copy;
mod daemons;
mod dag_cancel;
mod dag_host;
mod dashboard;
mod find;
#[path = "../it/directory/line_storage.rs"]
#[allow(unreachable_pub, reason = "as a host writes it")]
mod line_storage;
mod mouse;
mod refusals;
mod sending;
mod terminal;
mod told;
mod travel;
