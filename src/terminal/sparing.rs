//! What ratatui draws through: the terminal, without the bytes that change nothing.
//!
//! A frame that equals the one before is no bytes at all, so a screen at rest is silent on a slow line and in a
//! recording. Must not know what is drawn.

use std::io::{self, Write};
use std::iter::Peekable;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use rustix::{stdio, termios};

/// A terminal that is told nothing twice.
#[derive(Debug)]
pub struct Sparing<W: Write> {
    inner: CrosstermBackend<W>,
    /// Whether the cursor is shown, if it has been told since the screen was cleared last.
    is_cursor_shown: Option<bool>,
    /// Where the cursor is, if no cell was drawn since it was put there.
    cursor: Option<Position>,
}

impl<W: Write> Sparing<W> {
    pub(super) const fn new(writer: W) -> Self {
        Self { inner: CrosstermBackend::new(writer), is_cursor_shown: None, cursor: None }
    }

    /// Leaves the cursor at a place while it is hidden.
    pub(super) fn rest_at(&mut self, at: Option<Position>) -> io::Result<()> {
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
}

impl<W: Write> Backend for Sparing<W> {
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
        self.inner.draw(ClearedFirst { content, kept: None })
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

    /// Also the first thing after the terminal was somebody else's: nothing that was told before holds.
    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        (self.is_cursor_shown, self.cursor) = (None, None);
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

/// Cells in the order in which they are drawn: what clears the second column of an emoji comes before it, or it would
/// take half of the emoji away wherever that has two columns.
struct ClearedFirst<'a, I: Iterator<Item = (u16, u16, &'a Cell)>> {
    content: Peekable<I>,
    kept: Option<I::Item>,
}

impl<'a, I: Iterator<Item = (u16, u16, &'a Cell)>> Iterator for ClearedFirst<'a, I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if let Some(kept) = self.kept.take() {
            return Some(kept);
        }
        let (x, y, cell) = self.content.next()?;
        // One in the form of text has one column, and nothing after it is cleared.
        let is_emoji = cell.symbol().contains('\u{fe0f}');
        match self
            .content
            .next_if(|(column, row, it)| is_emoji && (*column, *row, it.symbol()) == (x + 1, y, " "))
        {
            Some(cleared) => {
                self.kept = Some((x, y, cell));
                Some(cleared)
            }
            None => Some((x, y, cell)),
        }
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

    #[test]
    fn the_second_column_of_an_emoji_is_cleared_before_it_is_drawn() {
        let mut written = Vec::new();
        let mut terminal = Sparing::new(&mut written);
        let [heart, blank, letter] = ["\u{2764}\u{fe0f}", " ", "x"].map(Cell::new);
        let cells = [(4, 0, &heart), (5, 0, &blank), (6, 0, &letter), (7, 0, &blank)];
        terminal.draw(cells.into_iter()).unwrap();
        Backend::flush(&mut terminal).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert!(text.starts_with("\x1b[1;6H \x1b[1;5H\u{2764}\u{fe0f}\x1b[1;7Hx "), "{text:?}");
    }

    #[test]
    fn the_cursor_is_put_where_it_belongs_once() {
        let mut written = Vec::new();
        let mut terminal = Sparing::new(&mut written);
        terminal.hide_cursor().unwrap();
        for _ in 0..3 {
            terminal.rest_at(Some(Position::new(4, 2))).unwrap();
        }
        terminal.rest_at(None).unwrap();
        for _ in 0..3 {
            terminal.show_cursor().unwrap();
            terminal.set_cursor_position((7, 2)).unwrap();
            // One that is shown stays where it is.
            terminal.rest_at(Some(Position::new(4, 2))).unwrap();
        }
        Backend::flush(&mut terminal).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "\x1b[?25l\x1b[3;5H\x1b[?25h\x1b[3;8H");
    }
}
