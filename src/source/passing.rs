//! Errors of a read that pass by themselves.

use std::io::{self, ErrorKind};
use std::time::Duration;

/// Is true when reading may simply go on. Another process may have made our input non-blocking: then waits a little.
pub(super) fn is_passing(error: &io::Error) -> bool {
    match error.kind() {
        ErrorKind::Interrupted => true,
        ErrorKind::WouldBlock => {
            std::thread::sleep(Duration::from_millis(10));
            true
        }
        _ => false,
    }
}
