//! Marker of a file's content: the bytes before the place that was reached.
//!
//! An inode is given again, and a truncated file keeps its own; only the content tells. The bytes themselves are
//! kept rather than a hash of them: they are few, and cannot collide. Must not know lines.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;

/// As many bytes as are compared. A line of an engine is about as long, and holds its sequence.
const MARKER_BYTES: usize = 256;

/// The last bytes before an offset.
#[derive(Debug, Clone, Default)]
pub(super) struct Marker {
    /// Where the kept bytes end.
    at: u64,
    /// Invariant: the last `min(at, MARKER_BYTES)` bytes before `at`.
    bytes: Vec<u8>,
}

impl Marker {
    /// Moves on over bytes that were read.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        self.at += bytes.len() as u64;
        if bytes.len() >= MARKER_BYTES {
            self.bytes.clear();
            self.bytes.extend_from_slice(&bytes[bytes.len() - MARKER_BYTES..]);
            return;
        }
        let over = (self.bytes.len() + bytes.len()).saturating_sub(MARKER_BYTES);
        self.bytes.drain(..over);
        self.bytes.extend_from_slice(bytes);
    }

    /// Moves on over NULs that were not read.
    pub(super) fn pass_nuls(&mut self, n: u64) {
        let kept = usize::try_from(n).unwrap_or(MARKER_BYTES).min(MARKER_BYTES);
        self.pass(&[0; MARKER_BYTES][..kept]);
        self.at += n - kept as u64;
    }

    /// Returns true if the file still has these bytes there. Before its first byte, every file has.
    pub(super) fn holds_in(&self, file: &File) -> io::Result<bool> {
        let mut found = [0; MARKER_BYTES];
        let found = &mut found[..self.bytes.len()];
        match file.read_exact_at(found, self.at - self.bytes.len() as u64) {
            Ok(()) => Ok(found == self.bytes),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Where the kept bytes end.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.at == 0
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_marker_holds_until_one_of_its_bytes_changes() {
        let content: Vec<u8> = (0..2000_u32).map(|n| (n * 7 % 251) as u8).collect();
        for step in [1, 3, 100, 256, 257, 2000] {
            let mut file = tempfile::tempfile().unwrap();
            let mut marker = Marker::default();
            for chunk in content.chunks(step) {
                assert!(marker.holds_in(&file).unwrap());
                file.write_all(chunk).unwrap();
                marker.pass(chunk);
            }
            file.write_all(b"more").unwrap();
            assert!(marker.holds_in(&file).unwrap());
            for (at, holds) in [(0, true), (1743, true), (1744, false), (1999, false), (2000, true)] {
                file.write_all_at(b"\xff", at).unwrap();
                assert_eq!(marker.holds_in(&file).unwrap(), holds, "{at} in steps of {step}");
                if let Some(byte) = content.get(usize::try_from(at).unwrap()) {
                    file.write_all_at(&[*byte], at).unwrap();
                }
            }
            file.set_len(1999).unwrap();
            assert!(!marker.holds_in(&file).unwrap());
        }
    }
}
