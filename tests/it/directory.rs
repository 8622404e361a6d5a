//! State directories of dag-executor as logs: recorded ones, live ones, and what may be wrong with one.

#[allow(unreachable_pub, reason = "as a host writes it")]
mod line_storage;
mod live;
mod odd;
mod recorded;
mod reports;
mod stage;
