//! The effects of a key outside of the app: it names them, and must not know how they are done.

use super::copy::Copy;
use super::export::Export;
use crate::control::command::Command;
use crate::model::theme::ThemeChoice;

/// An effect that the loop carries out after a key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a step that is not taken is a key that did nothing"]
pub enum Step {
    /// Nothing but drawing, when the app is dirty.
    Stay,
    /// Send this to where commands go.
    Send(Command),
    /// Paint every cell again.
    Redraw,
    /// Go to the background.
    Suspend,
    /// Write this to a file.
    Export(Export),
    /// Ask the terminal to keep this in its clipboard.
    Copy(Copy),
    /// Have the terminal report the mouse.
    TakeMouse,
    /// Leave the mouse to the terminal.
    LeaveMouse,
    /// Change to this theme.
    Theme(ThemeChoice),
    /// Leave.
    Quit,
}
