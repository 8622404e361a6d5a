//! The form in which the engine keeps a record in a file of its own: a key, a checksum, and the record.
//!
//! It is that of dag-executor 0.1 (`storage/file_storage.rs`). Must not know directories.

use sha2::{Digest as _, Sha256};

/// Kind of key of a task's record.
pub const RECORD: &str = "record";
/// Kind of key of a dead letter.
pub const DEAD_LETTER: &str = "dlq";

/// An envelope, taken apart.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// Names the content: `record:NAME`, `dlq:NAME` or `state:NAME`.
    pub key: &'a str,
    /// SHA-256 of the content, in hexadecimal digits.
    pub checksum: &'a str,
    /// The content as the file has it. The engine itself writes it again before it compares, so it refuses numbers that
    /// it does not write as it reads them.
    pub data: &'a str,
}

impl Envelope<'_> {
    /// Compares the content with its checksum.
    ///
    /// # Errors
    /// When they do not belong together, with the reason.
    pub fn verify(&self) -> Result<(), String> {
        if hex(self.data) == self.checksum {
            return Ok(());
        }
        Err(format!("the checksum of `{}` is not that of its data", self.key))
    }
}

/// Name of the file in which the engine keeps a key.
#[must_use]
pub fn file_name(key: &str) -> String {
    format!("{}.json", hex(key))
}

fn hex(text: &str) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    Sha256::digest(text).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
