//! Spool of a pipe: its bytes, kept in a file without a name so that a line can be read back.
//!
//! The file is in the directory for temporary files, and is gone with the process. A pipe may flow for months and the disk
//! is not ours, so only its last bytes are kept: room that older ones took is given back. Must not know lines.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

#[cfg(target_os = "linux")]
use rustix::fs::{FallocateFlags, fallocate};

use super::handle::Handle;

/// As many bytes of a pipe are kept at least: the last few million lines.
const MIN_KEPT_BYTES: u64 = 1 << 30;

/// Room is given back in pieces of this size.
const PUNCH_BYTES: u64 = 64 << 20;

/// A file that gets every byte of a pipe.
#[derive(Debug)]
pub struct Spool {
    handle: Handle,
    len: u64,
    /// Bytes before it have no room on the disk any more.
    start: u64,
    /// Bytes that are kept at least, and bytes that are dropped at once.
    bounds: Option<(u64, u64)>,
    /// Writing failed once; what follows is not kept.
    is_full: bool,
}

impl Spool {
    /// Keeps the last bytes.
    pub fn new() -> io::Result<Self> {
        Self::bounded(Some((MIN_KEPT_BYTES, PUNCH_BYTES)))
    }

    /// Keeps every byte, to be read from its start once the pipe has ended.
    pub fn whole() -> io::Result<Self> {
        Self::bounded(None)
    }

    /// A spool that keeps this number of last bytes at least, and gives room back in pieces of the second
    /// size; all without.
    ///
    /// # Errors
    /// When the system has no room for it.
    pub fn bounded(bounds: Option<(u64, u64)>) -> io::Result<Self> {
        let handle = Handle::of(&Arc::new(tempfile::tempfile()?));
        Ok(Self { handle, len: 0, start: 0, bounds, is_full: false })
    }

    /// Handle by which it is read again.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// The file, once everything is in it.
    pub fn file(&self) -> &File {
        self.handle.file()
    }

    /// Keeps the next bytes. Fails once, when the disk is full for example, and then does nothing.
    pub fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_full {
            return Ok(());
        }
        let kept = self.file().write_all_at(bytes, self.len);
        self.len += bytes.len() as u64;
        let kept = kept.and_then(|()| self.make_room());
        self.is_full = kept.is_err();
        kept
    }

    /// Gives back the room of what is too old. Fails where the file system cannot do that: then there is no more to be kept.
    fn make_room(&mut self) -> io::Result<()> {
        let Some((kept, piece)) = self.bounds else { return Ok(()) };
        if self.len - self.start < kept + piece {
            return Ok(());
        }
        let start = self.len - kept;
        self.handle.release(start);
        let given = give_back(self.file(), self.start, start - self.start);
        if given.is_err() {
            self.handle.release(self.start);
        } else {
            self.start = start;
        }
        given
    }
}

/// Gives back the room of a part of a file.
#[cfg(target_os = "linux")]
fn give_back(file: &File, start: u64, len: u64) -> io::Result<()> {
    let how = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    Ok(fallocate(file, how, start, len)?)
}

/// No other system does that.
#[cfg(not(target_os = "linux"))]
fn give_back(_: &File, _: u64, _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::model::position::{Parts, Position, UNKNOWN};
    use crate::source::archive::Archive;
    use crate::source::framing::Framing;
    use crate::source::reread::{Gone, Reread as _};
    use crate::source::shape::SAMPLES;

    /// Catches: a pipe that fills the disk, a line that is read as NULs since its room was given back, and one that is gone
    /// before its time.
    #[test]
    fn the_last_bytes_are_kept_in_bounded_room_and_older_lines_say_that_they_are_gone() {
        const LINE: &str = "a line of thirty-two bytes, all\n";
        let mut spool = Spool::bounded(Some((64 << 10, 64 << 10))).unwrap();
        let mut archive = Archive::new(Framing::of_lines(SAMPLES));
        archive.keep_handle(0, spool.handle());
        let at = |line: u64, len| Position::new(Parts { line, offset: (line - 1) * 32, len, generation: 0 });
        for line in 1..=100_000 {
            spool.keep(LINE.as_bytes()).unwrap();
            if line == 2000 {
                assert_eq!(archive.record(at(1, 31), 99).unwrap(), LINE.trim_end().as_bytes());
            }
        }
        let room = spool.file().metadata().unwrap().blocks() * 512;
        assert!(room <= 256 << 10, "{room} bytes of {}", spool.len);
        for line in [1, 2, 50_000, 95_000] {
            assert_eq!(archive.record(at(line, 31), 99), Err(Gone::TooOld));
            assert_eq!(archive.record(at(line, UNKNOWN), 99), Err(Gone::TooOld));
            assert_eq!(
                archive.blocks(at(line, UNKNOWN)).unwrap().next().unwrap_err(),
                Gone::TooOld,
                "{line}"
            );
        }
        for line in [98_000, 99_999, 100_000] {
            assert_eq!(archive.record(at(line, 31), 99).unwrap(), LINE.trim_end().as_bytes());
            assert_eq!(archive.record(at(line, UNKNOWN), 99).unwrap(), LINE.trim_end().as_bytes());
            assert!(archive.blocks(at(line, UNKNOWN)).unwrap().next().unwrap().is_some(), "{line}");
        }
    }

    /// Catches: a spool that is read from its start and has lost it.
    #[test]
    fn a_whole_one_keeps_every_byte() {
        let mut spool = Spool::whole().unwrap();
        (0..40).for_each(|_| spool.keep(&[b'x'; 100_000]).unwrap());
        assert_eq!(spool.file().metadata().unwrap().len(), 4_000_000);
        assert!(!spool.handle().has_released(0));
    }
}
