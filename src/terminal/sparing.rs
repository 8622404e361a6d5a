//! What ratatui draws through: the terminal, without the bytes that change nothing.
//!
//! A frame that equals the one before is no bytes at all, so a screen at rest is silent on a slow line and in a
//! recording. Must not know what is drawn.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use rustix::{stdio, termios};

/// A terminal that is told nothing twice.
#[derive(Debug)]
pub struct Sparing<W: Write> {
    inner: CrosstermBackend<W>,
    /// Since the screen was cleared last.
    is_cursor_hidden: bool,
}

impl<W: Write> Sparing<W> {
    pub(super) const fn new(writer: W) -> Self {
        Self { inner: CrosstermBackend::new(writer), is_cursor_hidden: false }
    }
}

impl<W: Write> Backend for Sparing<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_cursor_hidden, true) {
            self.inner.hide_cursor()?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.is_cursor_hidden = false;
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    /// Also the first thing after the terminal was somebody else's: nothing that was told before holds.
    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.is_cursor_hidden = false;
        self.inner.clear_region(clear_type)
    }

    /// Asked of the terminal alone: who has no answer is not looked for a program that might know.
    fn size(&self) -> io::Result<Size> {
        let size = termios::tcgetwinsize(stdio::stdout())?;
        Ok(known(size.ws_col, size.ws_row).into())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

/// A terminal that does not know a side says 0; then it is as long as that of the first ones.
pub(super) const fn known(columns: u16, rows: u16) -> (u16, u16) {
    (if columns == 0 { 80 } else { columns }, if rows == 0 { 24 } else { rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_that_is_not_known_is_that_of_a_common_terminal() {
        assert_eq!(
            [known(0, 0), known(0, 50), known(132, 0), known(1, 1)],
            [(80, 24), (80, 50), (132, 24), (1, 1)]
        );
    }

    #[test]
    fn what_changes_nothing_is_no_bytes() {
        let mut written = Vec::new();
        let mut terminal = Sparing::new(&mut written);
        terminal.hide_cursor().unwrap();
        terminal.hide_cursor().unwrap();
        terminal.draw(std::iter::empty()).unwrap();
        Backend::flush(&mut terminal).unwrap();
        assert_eq!(written, b"\x1b[?25l");
        let mut terminal = Sparing::new(&mut written);
        terminal.clear().unwrap();
        terminal.draw([(0, 0, &Cell::new("x"))].into_iter()).unwrap();
        terminal.hide_cursor().unwrap();
        Backend::flush(&mut terminal).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert!(text.contains('x') && text.ends_with("\x1b[?25l"), "{text:?}");
    }
}
