//! How light the terminal's background is: asked for before the screen is taken, and not waited for long.
//!
//! A terminal far away answers when the dashboard is there already. That answer is no row of keys either: whoever reads
//! them knows an answer by its form.

use std::time::Duration;

use rustix::termios::{self, OptionalActions, QueueSelector, Termios};
use rustix::{io, stdio};
use terminal_colorsaurus::{Error, QueryOptions, background_color};

use crate::terminal::gate;

/// How long an answer is waited for: more than any terminal on this machine takes, less than anybody notices.
const PATIENCE: Duration = Duration::from_millis(100);

/// Asks how light the background is, from black at 0 to white at 1.
///
/// Nothing is asked where nobody would answer: not of a file, of what cannot show colors, nor from the background.
#[must_use]
pub fn ask(term: Option<&str>) -> Option<f32> {
    let is_there =
        termios::isatty(stdio::stdin()) && termios::isatty(stdio::stdout()) && gate::is_foreground();
    if !is_there || matches!(term, None | Some("" | "dumb")) {
        return None;
    }
    // What is typed or answered meanwhile is not echoed over what the shell has written.
    let Ok(_quiet) = Quiet::begin() else { return None };
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match background_color(options) {
        Ok(color) => Some(color.perceived_lightness()),
        Err(Error::Timeout(_)) => {
            // Half of an answer would not be known for one when its other half comes.
            let _ = termios::tcflush(stdio::stdin(), QueueSelector::IFlush);
            None
        }
        Err(_) => None,
    }
}

/// The terminal without echo and lines, until it is dropped.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> io::Result<Self> {
        let before = termios::tcgetattr(stdio::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        termios::tcsetattr(stdio::stdin(), OptionalActions::Now, &raw)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(stdio::stdin(), OptionalActions::Now, &self.0);
    }
}
