//! The demo against real engines, with real files: no mocks, and no waiting but for a condition.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod dag;
mod incident;
mod killed;
mod leaving;
mod queue;
mod running;
mod scripts;
mod store;
