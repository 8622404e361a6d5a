//! The terminal, taken and given back: entered, left, suspended, and restored whatever happens.
//!
//! Every mode is set as a pair, so what was switched on is switched off on each way out: the end, an error, a
//! signal, a stop, a panic of any thread. Knows nothing of runs, nor of what is drawn.

pub mod gate;
pub mod keys;
pub mod order;
pub mod panics;
pub mod signals;
pub mod sparing;

use std::fs::OpenOptions;
use std::io::{self, BufWriter};

use ratatui::Frame;
use ratatui::layout::Rect;
use rustix::process::{self, Signal};
use rustix::{stdio, termios};

use crate::terminal::gate::{Gate, Mouse, Output};
use crate::terminal::keys::Keys;
use crate::terminal::order::Copied;
use crate::terminal::sparing::Sparing;

/// What widgets are drawn on.
pub type Terminal = ratatui::Terminal<Sparing<BufWriter<Output>>>;

/// A frame is written at once: a reader on a slow line sees whole frames, and one system call a frame is enough.
const FRAME_BYTES: usize = 64 * 1024;

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
    /// A thread has panicked, and the screen was given back so that its report can be read.
    #[error("a part of the program has panicked")]
    Panicked,
    /// The terminal does not answer; it has been closed, perhaps.
    #[error("the terminal failed")]
    Io(#[from] io::Error),
}

impl TerminalError {
    /// What the user may do next.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotATerminal | Self::Dumb(_) => {
                Some("use `runwatch stats LOG` for a report that needs no terminal")
            }
            Self::NoKeyboard(_) => {
                Some("start runwatch from a terminal, or use `runwatch stats LOG` for a report")
            }
            Self::Panicked | Self::Io(_) => None,
        }
    }
}

/// What became of the wish to be suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Suspension {
    /// The process group was stopped, and now goes on. The screen comes back with [`Screen::resume`].
    Stopped,
    /// Nobody could wake the process again: no shell with job control has started it. Nothing was done.
    Refused,
}

/// Where the process is, seen from its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Presence {
    /// It owns the terminal, and the screen is on it.
    Foreground,
    /// Somebody else owns the terminal. Nothing is drawn until it comes back.
    Background,
}

/// The terminal while runwatch has it; gives it back when dropped.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal,
    gate: Gate,
}

impl Screen {
    /// Takes the terminal. `term` is the value of `TERM`; `gate` comes from [`panics::install`].
    ///
    /// # Errors
    ///
    /// When there is no terminal that could show a dashboard, or it fails.
    pub fn enter(term: Option<&str>, gate: &Gate) -> Result<Self, TerminalError> {
        check(term)?;
        let output = BufWriter::with_capacity(FRAME_BYTES, gate.output());
        // Asks for the size only: if that fails, no mode has been touched.
        let terminal = Terminal::new(Sparing::new(output))?;
        let mut screen = Self { terminal, gate: gate.clone() };
        screen.show()?;
        Ok(screen)
    }

    /// How many columns and rows there are.
    ///
    /// # Errors
    ///
    /// When the terminal does not say.
    pub fn size(&self) -> Result<(u16, u16), TerminalError> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Starts to read what is typed at this screen.
    ///
    /// # Errors
    ///
    /// When no thread can be started.
    pub fn keys(&self) -> io::Result<Keys> {
        Keys::start(self.gate.clone())
    }

    /// Draws one frame, unless the terminal is somebody else's just now: then the frame is still due.
    ///
    /// # Errors
    ///
    /// When the terminal fails, or a thread has panicked: either ends the loop.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> Result<Presence, TerminalError> {
        self.check_panic()?;
        if !self.is_shown() {
            return Ok(Presence::Background);
        }
        self.terminal.draw(paint)?;
        Ok(Presence::Foreground)
    }

    /// Whether frames reach the terminal. Not after a suspension, until [`Screen::resume`] has succeeded.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.gate.is_open()
    }

    /// Gives the terminal back and stops the process group, as Ctrl-Z does for a program that does not handle it.
    ///
    /// The way back is the signal that continues the process: on [`signals::Signal::Continue`], call
    /// [`Screen::resume`]. The stop itself cannot tell, since the process may wake up in the background.
    ///
    /// # Errors
    ///
    /// When the terminal or the stop fails.
    pub fn suspend(&mut self) -> Result<Suspension, TerminalError> {
        if !may_stop() {
            return Ok(Suspension::Refused);
        }
        self.gate.close()?;
        self.gate.wait_for_read();
        // TSTP has a handler of ours, which would swallow it. STOP cannot be handled.
        process::kill_current_process_group(Signal::STOP).map_err(io::Error::from)?;
        Ok(Suspension::Stopped)
    }

    /// Takes the terminal again and clears it, if the process is in the foreground: a frame is due then.
    ///
    /// Called on [`signals::Signal::Continue`], and every second while [`Screen::is_shown`] is false: a shell
    /// does not say when it brings a process to the foreground that was running already.
    ///
    /// # Errors
    ///
    /// When the terminal fails, or a thread has panicked.
    pub fn resume(&mut self) -> Result<Presence, TerminalError> {
        self.check_panic()?;
        if gate::is_foreground() {
            self.show()?;
            Ok(Presence::Foreground)
        } else {
            self.gate.close()?;
            Ok(Presence::Background)
        }
    }

    /// Takes the mouse, or gives it back to the terminal. Whoever has it keeps it over a suspension.
    ///
    /// # Errors
    ///
    /// When the terminal fails.
    pub fn use_mouse(&self, mouse: Mouse) -> Result<(), TerminalError> {
        Ok(self.gate.use_mouse(mouse)?)
    }

    /// Asks the terminal to keep a text in its clipboard.
    ///
    /// # Errors
    ///
    /// When the terminal fails.
    pub fn copy(&mut self, text: &str) -> Result<Copied, TerminalError> {
        if !self.is_shown() {
            return Ok(Copied::Away);
        }
        let Some(order) = order::copy(text) else { return Ok(Copied::TooLong) };
        self.terminal.backend_mut().order(&order)?;
        Ok(Copied::Sent)
    }

    /// Asks the terminal to ring, unless it is somebody else's just now.
    ///
    /// # Errors
    ///
    /// When the terminal fails.
    pub fn ring(&mut self) -> Result<(), TerminalError> {
        self.order(order::BELL)
    }

    /// Asks the terminal to show a notice beside its window, unless it is somebody else's just now.
    ///
    /// # Errors
    ///
    /// When the terminal fails.
    pub fn announce(&mut self, words: &str) -> Result<(), TerminalError> {
        self.order(&order::notice(words))
    }

    fn order(&mut self, order: &str) -> Result<(), TerminalError> {
        if self.is_shown() {
            self.terminal.backend_mut().order(order)?;
        }
        Ok(())
    }

    /// Gives the terminal back. Doing so twice is harmless, and dropping the screen does it as well.
    ///
    /// # Errors
    ///
    /// When a step failed; the others have been tried nevertheless.
    pub fn leave(&mut self) -> Result<(), TerminalError> {
        Ok(self.gate.close()?)
    }

    /// A panic of any thread ends the program, after its report has been written.
    fn check_panic(&self) -> Result<(), TerminalError> {
        if self.gate.has_panicked() {
            self.gate.wait_for_report();
            return Err(TerminalError::Panicked);
        }
        Ok(())
    }

    /// Sets the modes, and makes the next frame a whole one.
    fn show(&mut self) -> Result<(), TerminalError> {
        self.gate.open()?;
        let size = self.terminal.size()?;
        // Clears without asking where the cursor is: `clear` would wait for the terminal's answer.
        self.terminal.resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nobody is left to be told. What the buffer still holds is swallowed by the closed gate.
        let _ = self.gate.close();
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

/// Whether a shell would continue this process group after it has stopped. Without one, a stop is for ever.
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
        let error = Screen::enter(Some("dumb"), &Gate::default()).unwrap_err();
        assert!(matches!(error, TerminalError::NotATerminal | TerminalError::Dumb(_)), "{error}");
        assert!(error.hint().unwrap().contains("runwatch stats LOG"));
    }
}
