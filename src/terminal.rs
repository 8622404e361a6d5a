//! The terminal, taken and given back: entered, left, suspended, and restored on every way out.
//!
//! Every mode is set as a pair, so what was switched on is switched off on each way out: the end, an error, a
//! signal, a stop, a panic of any thread. Knows nothing of runs, nor of what is drawn.

pub mod background;
mod events;
pub mod keys;
pub mod modes;
pub mod order;
pub mod output;
pub mod panics;
pub mod signals;
mod tty;
mod typing;

pub use tty::is_gone;

use std::fs::OpenOptions;
use std::io;

use ratatui::Frame;
use ratatui::layout::Rect;
use rustix::process::{self, Signal};
use rustix::{stdio, termios};

use crate::fault::Faults;
use keys::Keys;
use modes::Mouse;
use order::Copied;
use output::diff_backend::DiffBackend;
use output::guard::TerminalGuard;
use output::writer::Output;

/// The terminal that widgets are drawn on.
pub type Terminal = ratatui::Terminal<DiffBackend<Output>>;

/// Why the terminal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// The output goes to a file, a pipe or nowhere.
    #[error("standard output is not a terminal")]
    NotATerminal,
    /// The terminal says that it can only print.
    #[error("TERM={0:?} cannot show a dashboard")]
    Dumb(String),
    /// Standard input is no terminal, and the process has none of its own.
    #[error("there is no terminal to read keys from")]
    NoKeyboard(#[source] io::Error),
    /// The system has no thread left for it.
    #[error("no thread can be started for it")]
    NoThread(#[source] io::Error),
    /// A thread has panicked, and the screen was given back so that its report can be read.
    #[error("a part of the program has panicked")]
    Panicked,
    /// The terminal does not do what it is told.
    #[error("the terminal failed")]
    Io(#[from] io::Error),
}

impl TerminalError {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotATerminal | Self::Dumb(_) => {
                Some("use `runwatch stats LOG` for a report that needs no terminal")
            }
            Self::NoKeyboard(_) => {
                Some("start runwatch from a terminal, or use `runwatch stats LOG` for a report")
            }
            Self::NoThread(_) => Some("end other programs, or see `ulimit -u`"),
            Self::Panicked | Self::Io(_) => None,
        }
    }
}

/// Result of a request to suspend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Suspension {
    /// The process group was stopped, and now goes on. The screen comes back with [`TerminalScreen::resume`].
    Stopped,
    /// No shell with job control has started the process, so none could wake it again. Nothing was done.
    Refused,
}

/// Where the process is, seen from its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Presence {
    /// It owns the terminal, and the screen is on it.
    Foreground,
    /// It owns the terminal, which has not taken the frame before yet. Nothing is drawn until it has.
    Busy,
    /// Another program owns the terminal. Nothing is drawn until it comes back.
    Background,
}

/// The terminal while runwatch has it; gives it back when dropped.
#[derive(Debug)]
pub struct TerminalScreen {
    terminal: Terminal,
    gate: TerminalGuard,
    /// The modes are to be set again, and the next frame is to be a whole one.
    is_stale: bool,
}

impl TerminalScreen {
    /// Takes the terminal, and begins to read what is typed at it. `term` is the value of `TERM`; `gate` comes from
    /// [`panics::install`].
    ///
    /// # Errors
    ///
    /// When there is no terminal that could show a dashboard, no thread can be started for it, or it fails. Until all that
    /// is there, no mode is touched.
    pub fn enter(
        term: Option<&str>,
        gate: &TerminalGuard,
        faults: Faults,
    ) -> Result<(Self, Keys), TerminalError> {
        check(term)?;
        let terminal = Terminal::new(DiffBackend::new(Output::new(gate.clone())))?;
        output::writer::start(gate, faults).map_err(TerminalError::NoThread)?;
        let mut screen = Self { terminal, gate: gate.clone(), is_stale: false };
        let keys = Keys::start(gate.clone(), faults).map_err(TerminalError::NoThread)?;
        screen.show()?;
        Ok((screen, keys))
    }

    /// Returns the number of columns and rows.
    ///
    /// # Errors
    ///
    /// When the terminal does not say.
    pub fn size(&self) -> Result<(u16, u16), TerminalError> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame, unless another program owns the terminal just now, or it does not take it: then it is
    /// still due.
    ///
    /// A frame is what changed since the one before, so none is made that might not reach the terminal whole.
    ///
    /// # Errors
    ///
    /// When the terminal fails, or a thread has panicked: either ends the loop.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> Result<Presence, TerminalError> {
        self.check()?;
        if !self.is_shown() {
            return Ok(Presence::Background);
        }
        if !self.is_idle() {
            return Ok(Presence::Busy);
        }
        if self.is_stale {
            self.show()?;
        }
        self.terminal.draw(paint)?;
        Ok(Presence::Foreground)
    }

    /// Returns true if the terminal has taken all that was written.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.gate.queue().is_empty()
    }

    /// Waits until [`TerminalScreen::is_idle`] may be true again. May be dropped while it waits.
    pub async fn drained(&self) {
        self.gate.queue().drained().await;
    }

    /// Returns true if frames reach the terminal. Not after a suspension, until [`TerminalScreen::resume`] has
    /// succeeded.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.gate.is_open()
    }

    /// Gives the terminal back and stops the process group, as Ctrl-Z does for a program that does not handle it.
    ///
    /// The way back is the signal that continues the process: on [`signals::ProcessSignal::Continue`], call
    /// [`TerminalScreen::resume`]. The stop itself cannot tell, since the process may wake up in the background.
    ///
    /// # Errors
    ///
    /// When the terminal or the stop fails.
    pub fn suspend(&mut self) -> Result<Suspension, TerminalError> {
        if !may_stop() {
            return Ok(Suspension::Refused);
        }
        self.gate.close()?;
        // TSTP has a handler of ours, which would swallow it. STOP cannot be handled.
        process::kill_current_process_group(Signal::STOP).map_err(io::Error::from)?;
        Ok(Suspension::Stopped)
    }

    /// Takes the terminal again and clears it, if the process is in the foreground: a frame is due then.
    ///
    /// Called on [`signals::ProcessSignal::Continue`], and every second while [`TerminalScreen::is_shown`] is false: a shell
    /// does not say when it brings a process to the foreground that was running already.
    ///
    /// # Errors
    ///
    /// When the terminal fails, or a thread has panicked.
    pub fn resume(&mut self) -> Result<Presence, TerminalError> {
        self.check()?;
        if tty::is_foreground() {
            if self.is_shown() && !self.is_idle() {
                // What the terminal does not take is not to grow.
                self.is_stale = true;
            } else {
                self.show()?;
            }
            Ok(Presence::Foreground)
        } else {
            self.gate.close()?;
            Ok(Presence::Background)
        }
    }

    /// Takes the mouse, or gives it back to the terminal. Its owner keeps it over a suspension.
    pub fn use_mouse(&self, mouse: Mouse) {
        self.gate.use_mouse(mouse);
    }

    /// Asks the terminal how light its background is; says whether it may answer. The answer comes among the keys.
    #[must_use]
    pub fn ask_background(&self, term: Option<&str>) -> bool {
        self.gate.ask_background(term)
    }

    /// Leaves the hidden cursor of the terminal at a place, after a frame: who reads the screen by ear or by touch reads
    /// there. A cursor that is shown stays where the frame has put it.
    ///
    /// # Errors
    ///
    /// When the terminal fails.
    pub fn rest_cursor(&mut self, at: Option<(u16, u16)>) -> Result<(), TerminalError> {
        Ok(self.terminal.backend_mut().rest_at(at.map(Into::into))?)
    }

    /// Asks the terminal to keep a text in its clipboard.
    pub fn copy(&self, text: &str) -> Copied {
        if !self.is_shown() {
            return Copied::Away;
        }
        match order::copy(text) {
            None => Copied::TooLong,
            Some(order) if self.gate.order(&order) => Copied::Sent,
            Some(_) => Copied::Busy,
        }
    }

    /// Rings the terminal's bell, unless another program owns it just now, or it has not taken the earlier
    /// orders: to ring many times at once later has no use.
    pub fn ring(&self) {
        if !self.gate.queue().has_orders() {
            self.gate.order(order::BELL);
        }
    }

    /// Shows a notice beside the terminal's window, unless another program owns it just now.
    pub fn announce(&self, words: &str) {
        self.gate.order(&order::notice(words));
    }

    /// Gives the terminal back. Doing so twice is harmless, and dropping the screen does it as well.
    ///
    /// # Errors
    ///
    /// When a step failed; the others have been tried nevertheless.
    pub fn leave(&mut self) -> Result<(), TerminalError> {
        Ok(self.gate.close()?)
    }

    /// A panic of any thread ends the program, after its report has been written. So does a terminal that fails.
    ///
    /// # Errors
    ///
    /// When either has happened.
    pub fn check(&self) -> Result<(), TerminalError> {
        if self.gate.has_panicked() {
            self.gate.wait_for_report();
            return Err(TerminalError::Panicked);
        }
        Ok(self.gate.check()?)
    }

    /// Sets the modes, and makes the next frame a whole one.
    fn show(&mut self) -> Result<(), TerminalError> {
        self.gate.open()?;
        self.is_stale = false;
        let size = self.terminal.size()?;
        // Clears without asking where the cursor is: `clear` would wait for the terminal's answer.
        self.terminal.resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))?;
        Ok(())
    }
}

impl Drop for TerminalScreen {
    fn drop(&mut self) {
        // There is no one left to report to. What was not written is swallowed by the closed guard.
        let _ = self.gate.close();
        self.gate.queue().end();
        self.gate.wait_for_report();
    }
}

/// Finds out what is missing before any mode is touched.
fn check(term: Option<&str>) -> Result<(), TerminalError> {
    if !termios::isatty(stdio::stdout()) {
        return Err(TerminalError::NotATerminal);
    }
    // Without TERM nothing is known against the terminal, and every one since 1978 takes these sequences.
    if let Some(term @ ("" | "dumb")) = term {
        return Err(TerminalError::Dumb(term.to_owned()));
    }
    if !termios::isatty(stdio::stdin()) {
        OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(TerminalError::NoKeyboard)?;
    }
    Ok(())
}

/// Returns true if a shell would continue this process group after it has stopped. Without one, a stop is for
/// ever.
fn may_stop() -> bool {
    let (Some(parent), Ok(session)) = (process::getppid(), process::getsid(None)) else { return false };
    process::getpgrp() != session && process::getsid(Some(parent)) == Ok(session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_show_a_dashboard_is_refused_with_a_way_out() {
        // The test's own output is a pipe, a file or a terminal; only a terminal gets as far as TERM.
        let error =
            TerminalScreen::enter(Some("dumb"), &TerminalGuard::default(), Faults::default()).unwrap_err();
        assert!(matches!(error, TerminalError::NotATerminal | TerminalError::Dumb(_)), "{error}");
        assert!(error.hint().unwrap().contains("runwatch stats LOG"));
    }
}
