//! The terminal as a file that is read: which one it is, what is there, and which key erases.
//!
//! Must not know what is read.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{self, SpecialCodeIndex};
use rustix::{process, stdio};

/// The terminal that keys come from: the standard input, or the process's own where that is something else.
pub(super) fn tty() -> io::Result<File> {
    if termios::isatty(stdio::stdin()) {
        let fd: OwnedFd = rustix::io::fcntl_dupfd_cloexec(stdio::stdin(), 3)?;
        return Ok(fd.into());
    }
    File::open("/dev/tty")
}

/// The control character that the terminal's erase key sends, as `stty erase` has set it. One that means something else
/// everywhere is not believed, nor is one that is printed: it is typed.
pub(super) fn erase(tty: &File) -> Option<char> {
    let modes = termios::tcgetattr(tty).ok()?;
    let erase = char::from(modes.special_codes[SpecialCodeIndex::VERASE]);
    let is_taken = matches!(erase, '\0' | '\x03' | '\t' | '\n' | '\r' | '\x1a' | '\x1b');
    (erase.is_ascii_control() && !is_taken).then_some(erase)
}

/// Is true once the terminal has been closed, as by a hang-up of which no signal came.
#[must_use]
pub fn is_gone() -> bool {
    // It answers every question with an error from then on.
    termios::tcgetattr(stdio::stdout()).is_err_and(|error| error != rustix::io::Errno::INTR)
}

/// Is true while the terminal takes its keys and its orders from our process group.
pub(super) fn is_foreground() -> bool {
    // A terminal that is not the session's own has no foreground, and stops no process.
    termios::tcgetpgrp(stdio::stdout()).map_or(true, |group| group == process::getpgrp())
}

/// Returns true if something can be read, or comes soon.
pub(super) fn is_ready(tty: BorrowedFd<'_>, patience: Duration) -> io::Result<bool> {
    let patience = Timespec::try_from(patience).ok();
    match poll(&mut [PollFd::from_borrowed_fd(tty, PollFlags::IN)], patience.as_ref()) {
        Ok(ready) => Ok(ready > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Reads what is there. A terminal that is gone is an error, and not an endless end of file.
pub(super) fn read_some(tty: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    match tty.read(buffer) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => Ok(0),
        read => read,
    }
}

/// Reads what is there, if something comes soon; none if nothing does.
pub(super) fn read_soon(
    tty: BorrowedFd<'_>,
    buffer: &mut [u8],
    patience: Duration,
) -> io::Result<Option<usize>> {
    if !is_ready(tty, patience)? {
        return Ok(None);
    }
    match rustix::io::read(tty, buffer) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(n) => Ok(Some(n)),
        Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
