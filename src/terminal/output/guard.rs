//! The one way to the terminal, open while the screen is ours and closed otherwise.
//!
//! It is shared between the screen that writes and the panic hook that must take the screen away from under it:
//! once the gate is closed, what is still written goes nowhere, so no frame is painted over the shell.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::stdio;
use rustix::termios::{self, LocalModes, QueueSelector};

use super::filter;
use super::filter::boundary;
use super::line::{TtyLine, WriteResult};
use super::queue::Queue;
use crate::terminal::background;
use crate::terminal::modes::{self, Mouse};
use crate::terminal::tty;
use crate::terminal::typing::{InputDecoder, InputPiece};

/// Time that a way out waits for a write or a read that is under way, and then for what is not written yet.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(200);

/// Time that a way out tries to give the terminal back that takes no bytes.
const RESTORE_TIMEOUT: Duration = Duration::from_millis(400);

/// Interval between the writer's checks that the terminal is still ours.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Time that the end of the program waits for the report of a panic; one with a backtrace takes a while.
const PANIC_REPORT_TIMEOUT: Duration = Duration::from_secs(3);

/// Guard of the terminal's modes: records if they are ours, and if a panic has ended that for good.
#[derive(Debug, Clone, Default)]
pub struct TerminalGuard(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Held while something is written, so that a way out never cuts into what the terminal is taking. The loop never
    /// waits for it: where the line cannot be told not to wait, the writer holds it until the terminal is read.
    line: Mutex<()>,
    to: OnceLock<TtyLine>,
    /// Changed only while `line` is held, but by a way out that has waited for it in vain.
    is_open: AtomicBool,
    /// Is true if the mouse is ours while the guard is open.
    mouse: AtomicBool,
    queue: Queue,
    /// Why the terminal takes nothing any more.
    failure: Mutex<Option<rustix::io::Errno>>,
    /// Bytes that were read and are no whole key yet. Held while something is read and handed on, so that
    /// nothing is read once the guard is closed: what is typed then belongs to the terminal's next owner.
    typing: Mutex<InputDecoder>,
    /// Until when the terminal may answer what it was asked, unless it has.
    answer: Mutex<Option<Instant>>,
    panic: Mutex<Panic>,
    reported: Condvar,
}

/// Progress of a panic.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Panic {
    #[default]
    None,
    Raised,
    Reported,
}

impl TerminalGuard {
    /// Returns true if what is written reaches the terminal.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_open.load(Ordering::SeqCst)
    }

    /// Returns true if a thread has panicked. The guard stays closed from then on.
    #[must_use]
    pub fn has_panicked(&self) -> bool {
        *lock(&self.0.panic) != Panic::None
    }

    /// Waits for the report of a panic that another thread is writing, so that the end of the program does not
    /// cut it off. Returns at once when there is none.
    pub(in crate::terminal) fn wait_for_report(&self) {
        let panic = lock(&self.0.panic);
        drop(
            self.0.reported.wait_timeout_while(panic, PANIC_REPORT_TIMEOUT, |panic| *panic == Panic::Raised),
        );
    }

    /// Returns the queue of bytes that are not written yet.
    pub(in crate::terminal) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    /// Gives a frame, or what belongs to one, to the writer. Swallows it while the gate is closed.
    pub(in crate::terminal) fn send(&self, bytes: &[u8]) {
        if self.is_open() {
            self.0.queue.push(&only_allowed(bytes));
        }
    }

    /// Gives an order to the writer; says whether it was taken.
    pub(in crate::terminal) fn order(&self, order: &str) -> bool {
        self.is_open() && self.0.queue.push_order(&only_allowed(order.as_bytes()))
    }

    /// Sets every mode, also when they are set already: a shell may have changed them behind our back. What was not
    /// written yet comes before.
    pub(in crate::terminal) fn open(&self) -> io::Result<()> {
        let held = lock_soon(&self.0.line).ok_or(io::ErrorKind::TimedOut)?;
        if self.has_panicked() {
            return Err(io::Error::other("a part of the program has panicked"));
        }
        // crossterm takes a terminal for raw that it made raw once, so it is made to forget.
        let _ = disable_raw_mode();
        enable_raw_mode()?;
        if !self.is_open() {
            // What was begun to be typed before was not for this screen.
            lock(&self.0.typing).forget();
            self.0.is_open.store(true, Ordering::SeqCst);
        }
        drop(held);
        self.send(modes::entering(self.mouse()).as_bytes());
        Ok(())
    }

    /// Leaves every mode, in reverse order. Tries each step even if the one before failed, and does nothing
    /// when the gate is closed already. From here on nothing is read.
    pub(in crate::terminal) fn close(&self) -> io::Result<()> {
        let typing = lock_soon(&self.0.typing);
        // Who holds it for so long is held up by the terminal, or has panicked.
        let _held = lock_soon(&self.0.line);
        if !self.0.is_open.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let owned = tty::is_foreground();
        let written = match (owned, may_write_in_background()) {
            (true, _) => self.give_back(typing),
            (false, true) => self.write_rest().and_then(|()| self.leave_modes("")),
            (false, false) => Ok(()),
        };
        self.0.queue.clear();
        if !owned {
            // The shell has put its own modes back; to change them from here would stop the process.
            return written;
        }
        written.and(disable_raw_mode())
    }

    /// Gives the terminal back to its owner.
    fn give_back(&self, typing: Option<MutexGuard<'_, InputDecoder>>) -> io::Result<()> {
        self.write_rest()?;
        if let (Some(mut typing), Some(until)) = (typing, lock(&self.0.answer).take()) {
            wait_for_answer(&mut typing, until);
        }
        // Keys typed for the dashboard are not for the shell; those typed after it is seen are.
        let _ = termios::tcflush(stdio::stdout(), QueueSelector::IFlush);
        self.leave_modes(modes::WIPED)
    }

    /// Writes what is not written yet, if the terminal takes it soon. What is left out ends between two sequences, so that
    /// none is torn.
    fn write_rest(&self) -> io::Result<()> {
        let rest = self.0.queue.look(|bytes, written| bytes[written..].to_vec());
        let written = self.line().write_until(&rest, Instant::now() + FLUSH_TIMEOUT)?;
        self.0.queue.took(written);
        Ok(())
    }

    /// Leaves every mode, after the end of what was begun to be written, and `before`.
    fn leave_modes(&self, before: &str) -> io::Result<()> {
        let mut rest = self.0.queue.look(|bytes, written| bytes[written..boundary(bytes, written)].to_vec());
        rest.extend(before.bytes());
        rest.extend(modes::leaving(self.mouse()).bytes());
        if self.line().write_until(&rest, Instant::now() + RESTORE_TIMEOUT)? < rest.len() {
            // Its line discipline can still be put right.
            return disable_raw_mode().and(Err(io::ErrorKind::TimedOut.into()));
        }
        Ok(())
    }

    /// Asks the terminal how light its background is; says whether it may answer.
    pub(in crate::terminal) fn ask_background(&self, term: Option<&str>) -> bool {
        let may_ask = self.is_open() && background::may_ask(term);
        if may_ask {
            *lock(&self.0.answer) = Some(Instant::now() + background::LATE_ANSWER_TIMEOUT);
            self.0.queue.push(background::QUESTION);
        }
        may_ask
    }

    /// Notes that the terminal has answered all that it was asked.
    pub(in crate::terminal) fn answered(&self) {
        *lock(&self.0.answer) = None;
    }

    /// Takes the mouse or gives it back: at once while the gate is open, else when it opens.
    pub(in crate::terminal) fn use_mouse(&self, mouse: Mouse) {
        if self.0.mouse.swap(mouse == Mouse::Ours, Ordering::SeqCst) != (mouse == Mouse::Ours) {
            self.send(modes::changing(mouse).as_bytes());
        }
    }

    fn mouse(&self) -> Mouse {
        if self.0.mouse.load(Ordering::SeqCst) { Mouse::Ours } else { Mouse::Terminals }
    }

    fn line(&self) -> &TtyLine {
        self.0.to.get_or_init(TtyLine::open)
    }

    /// Writes a part of the queue, or waits a moment. Only one thread calls it repeatedly: the writer.
    pub(in crate::terminal) fn write_some(&self) {
        let held = lock(&self.0.line);
        if !self.is_open() {
            return self.0.queue.clear();
        }
        let taken = if tty::is_foreground() {
            let rest = self.0.queue.look(|bytes, written| bytes[written..].to_vec());
            self.line().write(&rest)
        } else {
            // A process that writes in the background may be stopped for it.
            drop(held);
            return self.0.queue.rest(POLL_INTERVAL);
        };
        match taken {
            Ok(WriteResult::Some(n)) => self.0.queue.took(n),
            Ok(WriteResult::Nothing) => {
                drop(held);
                self.line().is_ready(POLL_INTERVAL);
            }
            Err(error) => {
                *lock(&self.0.failure) = Some(error);
                self.0.queue.clear();
            }
        }
    }

    /// Why nothing is written any more, if that is so.
    pub(in crate::terminal) fn check(&self) -> io::Result<()> {
        lock(&self.0.failure).take().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Closes the gate for good, on behalf of a panic, and then reports it.
    pub(in crate::terminal) fn close_for_good(&self, report: impl FnOnce()) {
        *lock(&self.0.panic) = Panic::Raised;
        let _ = self.close();
        report();
        *lock(&self.0.panic) = Panic::Reported;
        self.0.reported.notify_all();
    }

    /// Returns true if keys are to be read: the screen is ours, and so is the terminal.
    pub(in crate::terminal) fn is_read(&self) -> bool {
        self.is_open() && tty::is_foreground()
    }

    /// Reads with `read` while the screen is ours; none when it is not. It must not wait.
    pub(in crate::terminal) fn reading<T>(&self, read: impl FnOnce(&mut InputDecoder) -> T) -> Option<T> {
        let mut typing = lock(&self.0.typing);
        self.is_read().then(|| read(&mut typing))
    }

    /// When something is to be given up that was begun to be typed.
    pub(in crate::terminal) fn typed_until(&self) -> Option<Instant> {
        lock(&self.0.typing).until()
    }
}

/// Waits until the terminal has answered, or will not any more. What is typed meanwhile is typed at the dashboard.
fn wait_for_answer(typing: &mut InputDecoder, until: Instant) {
    let mut buffer = [0; 256];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match tty::read_soon(stdio::stdin(), &mut buffer, left) {
            Ok(Some(n @ 1..)) => {
                let pieces: Vec<InputPiece> = typing.take(&buffer[..n], Instant::now());
                if pieces.iter().any(background::is_last_answer) {
                    return;
                }
            }
            Ok(_) if Instant::now() < until => (),
            // Time is up, or the terminal is gone.
            _ => return,
        }
    }
}

/// Returns the bytes that may be written: all of them, unless there is a mistake in the program.
fn only_allowed(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let sifted = filter::sift(bytes);
    debug_assert!(sifted.breach.is_none(), "{}", sifted.breach.map_or_else(String::new, |it| it.to_string()));
    sifted.bytes
}

/// The value that a panicked thread has left locked is still true: each value is written in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a frame or a read that is under way, but not for ever: a terminal that takes no bytes never ends one.
fn lock_soon<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    let deadline = Instant::now() + FLUSH_TIMEOUT;
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

/// Returns true if the terminal lets background processes write instead of stopping them.
fn may_write_in_background() -> bool {
    termios::tcgetattr(stdio::stdout()).is_ok_and(|modes| !modes.local_modes.contains(LocalModes::TOSTOP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_gate_swallows_what_is_written() {
        let gate = TerminalGuard::default();
        gate.send(b"\x1b[31mover the shell");
        assert!(!gate.order("\x07"));
        gate.use_mouse(Mouse::Ours);
        assert!(gate.queue().is_empty());
        gate.close().unwrap();
        assert!(!gate.is_open());
    }

    #[test]
    fn a_panic_closes_the_gate_for_good() {
        let gate = TerminalGuard::default();
        gate.close_for_good(|| assert!(gate.has_panicked()));
        gate.wait_for_report();
        assert!(gate.has_panicked());
        assert!(gate.open().is_err());
    }
}
