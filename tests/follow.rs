//! The log as it grows, shrinks and is replaced, on real files. No test sleeps: the state machine is given its time.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "follow/changes.rs"]
mod changes;
#[path = "follow/feed.rs"]
mod feed;
#[path = "follow/model.rs"]
mod model;
#[path = "follow/stage.rs"]
mod stage;
