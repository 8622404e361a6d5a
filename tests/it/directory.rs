//! State directories of dag-executor as logs: recorded ones, live ones, and what may be wrong with one.

mod line_storage;
mod live;
mod odd;
mod recorded;
mod reports;
mod stage;
