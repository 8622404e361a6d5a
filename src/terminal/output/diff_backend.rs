//! The backend that ratatui draws through: the terminal, without the bytes that change nothing.
//!
//! A frame that equals the one before is no bytes at all, so a screen at rest is silent on a slow line and in a
//! recording. A row with letters on whose width terminals differ is erased from the first of them on, and painted to its
//! end. Must not know what is drawn.

mod shown;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use rustix::{stdio, termios};

use super::diff_backend::shown::Shown;
use crate::model::text;
use crate::terminal::modes;

/// A terminal that is told nothing twice.
#[derive(Debug)]
pub struct DiffBackend<W: Write> {
    inner: CrosstermBackend<W>,
    /// Visibility of the cursor, if it has been set since the screen was cleared last.
    is_cursor_shown: Option<bool>,
    /// Where the cursor is, if no cell was drawn since it was put there.
    cursor: Option<Position>,
    shown: Shown,
    /// The number of columns when that was asked last; many until then.
    columns: std::cell::Cell<u16>,
}

impl<W: Write> DiffBackend<W> {
    pub(in crate::terminal) const fn new(writer: W) -> Self {
        Self {
            inner: CrosstermBackend::new(writer),
            is_cursor_shown: None,
            cursor: None,
            shown: Shown::new(),
            columns: std::cell::Cell::new(u16::MAX),
        }
    }

    /// Leaves the cursor at a place while it is hidden.
    pub(in crate::terminal) fn rest_at(&mut self, at: Option<Position>) -> io::Result<()> {
        if self.is_cursor_shown == Some(false)
            && let Some(at) = at.filter(|at| self.cursor != Some(*at))
        {
            self.set_cursor_position(at)?;
            Backend::flush(self)?;
        }
        Ok(())
    }

    fn show(&mut self, is_shown: bool) -> io::Result<()> {
        if self.is_cursor_shown.replace(is_shown) == Some(is_shown) {
            return Ok(());
        }
        if is_shown { self.inner.show_cursor() } else { self.inner.hide_cursor() }
    }

    /// Erases a row from a column on, and paints it to its end. The cursor is set after each letter of uncertain width.
    fn repaint(&mut self, y: u16, from: u16) -> io::Result<()> {
        let (enter, leave) =
            if self.shown.may_wrap(y, from, self.columns.get()) { modes::UNWRAPPED } else { ("", "") };
        // The colors are plain after each drawing, and so is what is erased.
        write!(self.inner, "{enter}\x1b[{};{}H\x1b[K", y + 1, from + 1)?;
        let mut cells = self.shown.cells(y, from).peekable();
        while cells.peek().is_some() {
            let mut is_certain = true;
            // A drawing begins with the cursor's place.
            self.inner.draw(std::iter::from_fn(|| {
                let cell = cells.next_if(|_| is_certain)?;
                is_certain = text::has_certain_width(cell.2.symbol());
                Some(cell)
            }))?;
        }
        self.inner.write_all(leave.as_bytes())
    }
}

impl<W: Write> Backend for DiffBackend<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        // It would be seen to run over the screen.
        if self.is_cursor_shown == Some(true) {
            self.show(false)?;
        }
        self.cursor = None;
        let shown = &mut self.shown;
        let mut alone = content.filter(|(x, y, cell)| shown.takes(*x, *y, cell)).peekable();
        if alone.peek().is_some() {
            self.inner.draw(alone)?;
        }
        for (y, from) in self.shown.take_due() {
            self.repaint(y, from)?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.show(false)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.show(true)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.replace(position) == Some(position) {
            return Ok(());
        }
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    /// Also the first call after another program owned the terminal: nothing that was sent before holds.
    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        (self.is_cursor_shown, self.cursor) = (None, None);
        self.shown.clear();
        self.inner.clear_region(clear_type)
    }

    /// Asked of the terminal alone: who has no answer is not looked for a program that might know.
    fn size(&self) -> io::Result<Size> {
        let size = termios::tcgetwinsize(stdio::stdout())?;
        let (columns, rows) = known(size.ws_col, size.ws_row);
        self.columns.set(columns);
        Ok((columns, rows).into())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

/// A terminal that does not know a side says 0; then it is as long as that of the first ones.
pub(in crate::terminal) const fn known(columns: u16, rows: u16) -> (u16, u16) {
    (if columns == 0 { 80 } else { columns }, if rows == 0 { 24 } else { rows })
}
