//! The engine's binary log as JSON lines: one event a line, every event, in order.
//!
//! Reads the file as any outside process could: it takes no lock and asks the engine nothing. Knows frames and
//! lines; must not know what an event means.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use actionqueue_storage::wal::codec::{self, DecodeError};

/// Maximum lag of the log behind the engine when no event wakes the mirror.
const POLL: Duration = Duration::from_millis(5);

/// Copies events from a growing binary log to a growing log of lines.
#[derive(Debug)]
pub struct Mirror<R, W> {
    wal: R,
    log: W,
    /// The bytes after the last whole frame: the start of one that is still being written.
    torn: Vec<u8>,
    /// Where `torn` begins in the binary log.
    offset: u64,
    events: u64,
}

/// Why the log cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The binary log could not be read.
    #[error("read the engine's log")]
    Read(#[source] io::Error),
    /// The binary log holds something that is no frame.
    #[error("decode the frame at byte {offset} of the engine's log")]
    Corrupt {
        /// Where the frame begins.
        offset: u64,
        /// Reason.
        source: DecodeError,
    },
    /// A line could not be written.
    #[error("write the log")]
    Write(#[source] io::Error),
}

impl<R: Read, W: Write> Mirror<R, W> {
    /// Mirrors `wal`, from its present position, into `log`.
    pub const fn new(wal: R, log: W) -> Self {
        Self { wal, log, torn: Vec::new(), offset: 0, events: 0 }
    }

    /// Mirrors until the engine drops its end of the channel, then once more, and returns the number of events.
    ///
    /// # Errors
    /// As [`Mirror::pump`].
    pub fn follow(mut self, engine: &Receiver<()>) -> Result<u64, MirrorError> {
        loop {
            // The engine's last write comes before it drops the channel, so the last pump sees it.
            let gone = matches!(engine.recv_timeout(POLL), Err(RecvTimeoutError::Disconnected));
            self.pump()?;
            if gone {
                return Ok(self.events);
            }
        }
    }

    /// Mirrors what is there now: whole frames become lines, a torn tail waits for its rest.
    ///
    /// # Errors
    /// When the binary log cannot be read, is corrupt, or the lines cannot be written.
    pub fn pump(&mut self) -> Result<(), MirrorError> {
        let mut chunk = [0; 64 * 1024];
        loop {
            match self.wal.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(n) => self.torn.extend_from_slice(&chunk[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(MirrorError::Read(error)),
            }
            self.write_whole_frames()?;
        }
    }

    /// One write a batch, and a batch ends with a newline, so that a reader meets few torn lines.
    fn write_whole_frames(&mut self) -> Result<(), MirrorError> {
        let (mut taken, mut lines) = (0, Vec::new());
        while let Some(frame) = self.frame_at(taken)? {
            let event = codec::decode(frame).map_err(|source| self.corrupt(taken, source))?;
            serde_json::to_writer(&mut lines, &event).map_err(|e| MirrorError::Write(e.into()))?;
            lines.push(b'\n');
            taken += frame.len();
            self.events += 1;
        }
        self.torn.drain(..taken);
        self.offset += taken as u64;
        self.log.write_all(&lines).map_err(MirrorError::Write)
    }

    /// The frame that begins `at` bytes into the tail, if all of it is there.
    fn frame_at(&self, at: usize) -> Result<Option<&[u8]>, MirrorError> {
        let rest = &self.torn[at..];
        let Some(header) = rest.get(..codec::HEADER_LEN) else { return Ok(None) };
        if !header.starts_with(codec::MAGIC) {
            return Err(self.corrupt(at, DecodeError::InvalidMagic));
        }
        let length = u32::from_le_bytes([header[40], header[41], header[42], header[43]]) as usize;
        if length > codec::MAX_PAYLOAD_SIZE {
            // Waiting for the rest of such a frame would be waiting for ever.
            return Err(self.corrupt(at, DecodeError::InvalidLength(format!("{length} bytes"))));
        }
        Ok(rest.get(..codec::HEADER_LEN + length))
    }

    const fn corrupt(&self, at: usize, source: DecodeError) -> MirrorError {
        MirrorError::Corrupt { offset: self.offset + at as u64, source }
    }
}
