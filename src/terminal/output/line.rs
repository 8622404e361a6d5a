//! The line to the terminal; no write on it waits for longer than its time limit.
//!
//! The terminal is opened once more by its name, so that it can be written to without waiting: to ask that of our standard
//! output would ask it of the shell and of everybody else who has it. Where it cannot be opened, after `su` for one, the
//! standard output is written to as it is; then only the writer's thread may wait. Must not know what is
//! sent.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{self, Errno};
use rustix::{process, stdio, termios};

/// Number of bytes written at once: as little as a terminal that does not wait takes in any case.
const CHUNK: usize = 4096;

/// The line to the terminal.
#[derive(Debug, Default)]
pub(in crate::terminal) struct TtyLine(Option<OwnedFd>);

/// Result of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terminal) enum WriteResult {
    /// The terminal took this number of bytes.
    Some(usize),
    /// It takes nothing just now.
    Nothing,
}

impl TtyLine {
    /// The line to the terminal that our standard output is.
    pub(in crate::terminal) fn open() -> Self {
        let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let named =
            termios::ttyname(stdio::stdout(), Vec::new()).and_then(|name| open(name, flags, Mode::empty()));
        let line = named.or_else(|error| {
            // Another user's terminal cannot be opened by its name, but by what every process calls its own.
            let is_own = termios::tcgetsid(stdio::stdout()).ok() == process::getsid(None).ok();
            if is_own { open("/dev/tty", flags, Mode::empty()) } else { Err(error) }
        });
        Self(line.ok())
    }

    /// Writes as much as the terminal takes at once.
    pub(in crate::terminal) fn write(&self, bytes: &[u8]) -> io::Result<WriteResult> {
        match io::write(self.fd(), &bytes[..bytes.len().min(CHUNK)]) {
            Ok(n) => Ok(WriteResult::Some(n)),
            Err(Errno::AGAIN | Errno::INTR) => Ok(WriteResult::Nothing),
            Err(error) => Err(error),
        }
    }

    /// Writes until all is written, or time is up. Says how much was written.
    pub(in crate::terminal) fn write_until(&self, mut bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        let length = bytes.len();
        while !bytes.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if !self.is_ready(left) {
                break;
            }
            if let WriteResult::Some(n) = self.write(bytes)? {
                bytes = &bytes[n..];
            }
        }
        Ok(length - bytes.len())
    }

    /// Waits until the terminal takes something, for so long at most. Also true when it is gone: a write then tells.
    pub(in crate::terminal) fn is_ready(&self, patience: Duration) -> bool {
        let patience = Timespec::try_from(patience).ok();
        let mut asked = [PollFd::from_borrowed_fd(self.fd(), PollFlags::OUT)];
        poll(&mut asked, patience.as_ref()).is_ok_and(|ready| ready > 0)
    }

    fn fd(&self) -> BorrowedFd<'_> {
        match &self.0 {
            Some(line) => line.as_fd(),
            None => stdio::stdout(),
        }
    }
}
