//! The one way to the terminal, open while the screen is ours and closed otherwise.
//!
//! It is shared between the screen that writes and the panic hook that must take the screen away from under it:
//! once the gate is closed, what is still written goes nowhere, so no frame is painted over the shell.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::termios::{self, LocalModes, QueueSelector};
use rustix::{process, stdio};

/// The modes in the order in which they are entered; each is left by the other half of its pair.
const MODES: [(&str, &str); 4] = [
    ("\x1b[?1049h", "\x1b[?1049l"), // the alternate screen
    ("\x1b[?2004h", "\x1b[?2004l"), // bracketed paste: a paste is no row of keys
    ("\x1b[?1004h", "\x1b[?1004l"), // tells when somebody looks away
    ("\x1b[?25l", "\x1b[?25h"),     // a hidden cursor
];

/// The same while the mouse is ours, after the others: presses and drags are told, in numbers that go past column 223.
const MOUSE: [(&str, &str); 2] = [("\x1b[?1002h", "\x1b[?1002l"), ("\x1b[?1006h", "\x1b[?1006l")];

/// How long a way out waits for a frame or a read that is under way.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long the end of the program waits for the report of a panic; one with a backtrace takes a while.
const REPORT: Duration = Duration::from_secs(3);

/// Whether the terminal's modes are ours, and whether a panic has ended that for good.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<Shared>);

/// Whose the mouse is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The terminal tells us what it does.
    Ours,
    /// The terminal keeps it, to select text with.
    Terminals,
}

#[derive(Debug, Default)]
struct Shared {
    /// Held while something is written, so that a way out never cuts into a frame.
    open: Mutex<bool>,
    /// Whether the mouse is ours while the gate is open. Changed only while `open` is held.
    mouse: AtomicBool,
    /// Held while keys are read, so that no read is under way when the process stops: one that wakes up in the
    /// background would stop it again.
    reading: Mutex<()>,
    panic: Mutex<Panic>,
    reported: Condvar,
}

/// How far a panic has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Panic {
    #[default]
    None,
    Raised,
    Reported,
}

impl Gate {
    /// A writer to the terminal that writes nothing while the gate is closed.
    #[must_use]
    pub fn output(&self) -> Output {
        Output(self.clone())
    }

    /// Whether what is written reaches the terminal.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *lock(&self.0.open)
    }

    /// Whether a thread has panicked. The gate stays closed from then on.
    #[must_use]
    pub fn has_panicked(&self) -> bool {
        *lock(&self.0.panic) != Panic::None
    }

    /// Waits for the report of a panic that another thread is writing, so that the end of the program does not
    /// cut it off. Returns at once when there is none.
    pub(super) fn wait_for_report(&self) {
        let panic = lock(&self.0.panic);
        drop(self.0.reported.wait_timeout_while(panic, REPORT, |panic| *panic == Panic::Raised));
    }

    /// Sets every mode, also when they are set already: a shell may have changed them behind our back.
    pub(super) fn open(&self) -> io::Result<()> {
        let mut open = lock(&self.0.open);
        if self.has_panicked() {
            return Err(io::Error::other("a part of the program has panicked"));
        }
        // crossterm takes a terminal for raw that it made raw once, so it is made to forget.
        let _ = disable_raw_mode();
        enable_raw_mode()?;
        *open = true;
        let entered = write_all(&modes(self.mouse()).map(|(enter, _)| enter).collect::<String>());
        drop(open);
        entered.inspect_err(|_| drop(self.close()))
    }

    /// Leaves every mode, in reverse order. Tries each step whatever became of the one before, and does nothing
    /// when the gate is closed already.
    pub(super) fn close(&self) -> io::Result<()> {
        let Some(mut open) = lock_soon(&self.0.open) else {
            // The terminal takes no bytes; its line discipline can still be put right.
            return disable_raw_mode();
        };
        if !std::mem::take(&mut *open) {
            return Ok(());
        }
        let owned = is_foreground();
        if owned {
            // Keys typed for the dashboard are not for the shell; those typed after it is seen are.
            let _ = termios::tcflush(stdio::stdout(), QueueSelector::IFlush);
        }
        let written =
            if owned || may_write_in_background() { write_all(&leaving(self.mouse())) } else { Ok(()) };
        if !owned {
            // The shell has put its own modes back; to change them from here would stop the process.
            return written;
        }
        written.and(disable_raw_mode())
    }

    /// Takes the mouse or gives it back: at once while the gate is open, else when it opens.
    pub(super) fn use_mouse(&self, mouse: Mouse) -> io::Result<()> {
        let open = lock(&self.0.open);
        if self.0.mouse.swap(mouse == Mouse::Ours, Ordering::SeqCst) == (mouse == Mouse::Ours) || !*open {
            return Ok(());
        }
        match mouse {
            Mouse::Ours => write_all(&MOUSE.map(|(enter, _)| enter).concat()),
            Mouse::Terminals => write_all(&leaving_of(MOUSE.into_iter())),
        }
    }

    fn mouse(&self) -> Mouse {
        if self.0.mouse.load(Ordering::SeqCst) { Mouse::Ours } else { Mouse::Terminals }
    }

    /// Closes the gate for good, on behalf of a panic, and then reports it.
    pub(super) fn close_for_good(&self, report: impl FnOnce()) {
        *lock(&self.0.panic) = Panic::Raised;
        let _ = self.close();
        report();
        *lock(&self.0.panic) = Panic::Reported;
        self.0.reported.notify_all();
    }

    /// Reads with `read` while the screen is ours; none when it is not.
    pub(super) fn reading<T>(&self, read: impl FnOnce() -> T) -> Option<T> {
        let _reading = lock(&self.0.reading);
        (self.is_open() && is_foreground()).then(read)
    }

    /// Waits until no read is under way. After the gate has been closed, none begins.
    pub(super) fn wait_for_read(&self) {
        drop(lock_soon(&self.0.reading));
    }
}

/// Writes to the terminal while its gate is open, and swallows the rest.
#[derive(Debug)]
pub struct Output(Gate);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let open = lock(&self.0.0.open);
        if *open { Ok(rustix::io::write(stdio::stdout(), bytes)?) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a panicked thread has left locked is still true: each value is written in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a frame or a read that is under way, but not for ever: a terminal that takes no bytes never ends one.
fn lock_soon<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(guard)) => return Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(1));
            }
            Err(TryLockError::WouldBlock) => return None,
        }
    }
}

/// Whether the terminal takes its keys and its orders from our process group.
pub(super) fn is_foreground() -> bool {
    // A terminal that is not the session's own has no foreground, and stops nobody.
    termios::tcgetpgrp(stdio::stdout()).map_or(true, |group| group == process::getpgrp())
}

/// Whether the terminal lets background processes write instead of stopping them.
fn may_write_in_background() -> bool {
    termios::tcgetattr(stdio::stdout()).is_ok_and(|modes| !modes.local_modes.contains(LocalModes::TOSTOP))
}

/// The modes that are set, in the order in which they are entered.
fn modes(mouse: Mouse) -> impl DoubleEndedIterator<Item = (&'static str, &'static str)> {
    let of_mouse: &[_] = if mouse == Mouse::Ours { &MOUSE } else { &[] };
    MODES.iter().chain(of_mouse).copied()
}

/// Plain colors, then every mode off, last entered first.
fn leaving(mouse: Mouse) -> String {
    "\x1b[0m".to_owned() + &leaving_of(modes(mouse))
}

fn leaving_of(modes: impl DoubleEndedIterator<Item = (&'static str, &'static str)>) -> String {
    modes.rev().map(|(_, leave)| leave).collect()
}

fn write_all(text: &str) -> io::Result<()> {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        match rustix::io::write(stdio::stdout(), rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => rest = &rest[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_that_is_entered_is_left() {
        for (enter, leave) in modes(Mouse::Ours) {
            assert_eq!(enter[..enter.len() - 1], leave[..leave.len() - 1]);
            assert_ne!(enter, leave);
        }
        let others = "\x1b[?25h\x1b[?1004l\x1b[?2004l\x1b[?1049l";
        assert_eq!(leaving(Mouse::Terminals), format!("\x1b[0m{others}"));
        assert_eq!(leaving(Mouse::Ours), format!("\x1b[0m\x1b[?1006l\x1b[?1002l{others}"));
    }

    #[test]
    fn a_closed_gate_swallows_what_is_written() {
        let gate = Gate::default();
        gate.output().write_all(b"\x1b[31mover the shell").unwrap();
        gate.close().unwrap();
        assert!(!gate.is_open());
    }

    #[test]
    fn a_panic_closes_the_gate_for_good() {
        let gate = Gate::default();
        gate.close_for_good(|| assert!(gate.has_panicked()));
        gate.wait_for_report();
        assert!(gate.has_panicked());
        assert!(gate.open().is_err());
    }
}
