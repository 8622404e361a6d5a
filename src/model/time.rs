//! Instants and lengths of time as numbers, and in words that fit a column.
//!
//! Logs hold ticks of their [`Unit`] since the Unix epoch, and clocks lie: an instant before this century, or after now, is
//! not believed, and its age is `?`. Nothing here reads a clock.

pub mod look;
mod unit;

pub use unit::Unit;

/// A length in seconds, in at most six columns: `3s`, `4m12s`, `2h05m`, `2d`, `5y`.
#[must_use]
pub fn words(seconds: u64) -> String {
    Unit::Seconds.words(seconds)
}
