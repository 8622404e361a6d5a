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

    /// Makes one of the bytes of a file before an offset.
    pub(super) fn of_file(file: &File, at: u64) -> io::Result<Self> {
        let n = usize::try_from(at).unwrap_or(MARKER_BYTES).min(MARKER_BYTES);
        let mut bytes = vec![0; n];
        file.read_exact_at(&mut bytes, at - n as u64)?;
        Ok(Self { at, bytes })
    }

    /// Where the kept bytes end.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.at == 0
    }
}

/// The end of the last whole record, and the first bytes of what is torn behind it.
///
/// Two records that are torn may end alike as far as their last bytes are compared: they differ where they begin, in their
/// sequence or their checksum.
#[derive(Debug, Clone, Default)]
pub(super) struct TornMarker {
    whole: Marker,
    /// Invariant: the first bytes that were read behind `whole`, [`MARKER_BYTES`] at most.
    head: Vec<u8>,
}

impl TornMarker {
    /// Moves on over bytes that were read behind `reached`, of which the first `n_whole` end a whole record, if any do.
    pub(super) fn pass(&mut self, reached: &Marker, bytes: &[u8], n_whole: usize) {
        if n_whole > 0 {
            self.whole.clone_from(reached);
            self.whole.pass(&bytes[..n_whole]);
            self.head.clear();
        }
        let torn = &bytes[n_whole..];
        self.head.extend_from_slice(&torn[..torn.len().min(MARKER_BYTES - self.head.len())]);
    }

    /// Takes the record for whole that ends at `at`, up to which `file` was read, and further up to `reached`.
    pub(super) fn move_to(&mut self, at: u64, reached: &Marker, file: &File) -> io::Result<()> {
        if at == reached.at {
            *self = Self { whole: reached.clone(), head: Vec::new() };
        } else if at != self.whole.at {
            let n_torn = usize::try_from(reached.at - at).unwrap_or(MARKER_BYTES).min(MARKER_BYTES);
            let mut head = vec![0; n_torn];
            file.read_exact_at(&mut head, at)?;
            *self = Self { whole: Marker::of_file(file, at)?, head };
        }
        Ok(())
    }

    /// Forgets what is torn.
    pub(super) fn forget_torn(&mut self) {
        self.head.clear();
    }

    /// Returns true if what is torn begins in the file as it did, or is so short that `reached` holds all of it.
    pub(super) fn begins_in(&self, file: &File, reached: &Marker) -> io::Result<bool> {
        if reached.at - self.whole.at <= MARKER_BYTES as u64 {
            return Ok(true);
        }
        let mut found = [0; MARKER_BYTES];
        let found = &mut found[..self.head.len()];
        match file.read_exact_at(found, self.whole.at) {
            Ok(()) => Ok(found == self.head),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The end of the last whole record.
    pub(super) const fn whole(&self) -> &Marker {
        &self.whole
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
