//! Writes one line of cells from left to right, and never past its end.
//!
//! [`LineWriter::log`] is the one door through which a log's texts come to the screen.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::names::ShortNames;
use super::spelling::{Spelling, to_ascii};
use super::theme::{Glyph, Meaning, Theme};
use crate::model::text;

/// One line that is being written.
pub(super) struct LineWriter<'b> {
    buf: &'b mut Buffer,
    theme: Theme,
    x: u16,
    y: u16,
    end: u16,
    /// Style laid over all that is written.
    over: Style,
    /// Leaves meanings out, because the whole line has one.
    is_plain: bool,
}

impl<'b> LineWriter<'b> {
    /// At the beginning of line `line` of an area; writes nothing when the area has no such line.
    pub(super) fn at(buf: &'b mut Buffer, theme: Theme, area: Rect, line: u16) -> Self {
        let area = area.intersection(buf.area);
        let end = if line < area.height { area.right() } else { area.x };
        let y = area.y + line.min(area.height.saturating_sub(1));
        Self { buf, theme, x: area.x, y, end, over: Style::new(), is_plain: false }
    }

    /// Paints the whole line in one style, and everything that follows with it.
    pub(super) fn mark(&mut self, meaning: Meaning) {
        self.over = self.theme.style(meaning);
        self.is_plain = true;
        self.buf.set_style(Rect::new(self.x, self.y, self.left_u16(), 1), self.over);
    }

    /// Writes the sign of the cursor, and marks the line that it is on.
    pub(super) fn cursor(&mut self, is_here: bool, has_keys: bool) {
        match (is_here, has_keys) {
            (false, _) => self.skip(1),
            (true, true) => {
                self.mark(Meaning::Cursor);
                self.own(Meaning::Cursor, if self.theme.unicode { " " } else { ">" });
            }
            (true, false) => self.own(Meaning::Dim, self.theme.glyph(Glyph::Cursor)),
        }
    }

    /// Returns the look of the screen.
    pub(super) const fn theme(&self) -> Theme {
        self.theme
    }

    /// Returns the number of columns left.
    pub(super) fn left(&self) -> usize {
        usize::from(self.left_u16())
    }

    const fn left_u16(&self) -> u16 {
        self.end.saturating_sub(self.x)
    }

    /// Leaves columns free.
    pub(super) fn skip(&mut self, columns: usize) {
        let columns = u16::try_from(columns).unwrap_or(u16::MAX);
        self.x = self.x.saturating_add(columns).min(self.end);
    }

    /// Goes to the column that has `columns` to its right.
    pub(super) fn skip_to_last(&mut self, columns: usize) {
        self.skip(self.left().saturating_sub(columns));
    }

    /// Writes a text of ours, as much of it as fits; never a part of a number.
    pub(super) fn own(&mut self, meaning: Meaning, text: &str) {
        self.write(meaning, text);
    }

    /// Writes a text of ours at the right end of the next `width` columns; nothing that is wider.
    pub(super) fn right(&mut self, meaning: Meaning, text: &str, width: usize) {
        let end = self.column_end(width);
        let width = width.min(self.left());
        if let Some(before) = width.checked_sub(text::width(text)) {
            self.skip(before);
            self.write(meaning, text);
        }
        self.x = end;
    }

    /// Writes a text of ours, and goes to the end of the next `width` columns.
    pub(super) fn cell(&mut self, meaning: Meaning, text: &str, width: usize) {
        let end = self.column_end(width);
        let text = self.fit(text, width);
        self.write(meaning, &text);
        self.x = end;
    }

    /// Writes a text of the log into at most `width` columns: what a terminal would obey is shown instead.
    pub(super) fn log(&mut self, meaning: Meaning, text: &str, width: usize) {
        let width = width.min(self.left());
        let text = self.spelling().fit(text, width);
        self.write(meaning, &text);
    }

    /// Writes a name of the log into at most `width` columns, so that it is told from the others beside it.
    pub(super) fn name(&mut self, meaning: Meaning, name: &str, names: &ShortNames<'_>, width: usize) {
        let width = width.min(self.left());
        self.write(meaning, &names.fit(name, width, self.spelling()));
    }

    const fn spelling(&self) -> Spelling {
        if self.theme.unicode { Spelling::Unicode } else { Spelling::Ascii }
    }

    /// Writes what is shown of an id, and goes to the end of the next `width` columns.
    pub(super) fn id(&mut self, meaning: Meaning, id: &str, width: usize) {
        let end = self.column_end(width);
        self.clean_in(meaning, id, width);
        self.x = end;
    }

    /// Writes a text that was cleaned before.
    pub(super) fn clean(&mut self, meaning: Meaning, text: &str) {
        self.clean_in(meaning, text, self.left());
    }

    /// The letters of a text that is typed, as the terminal can show them.
    pub(super) fn letters(&self, text: &str) -> Vec<text::Letter> {
        let mut letters = text::shown_letters(text);
        if !self.theme.unicode {
            for letter in &mut letters {
                letter.shown = to_ascii(&letter.shown).into_owned();
            }
        }
        letters
    }

    /// Writes words of ours that hold texts of the log into at most `width` columns.
    pub(super) fn words(&mut self, meaning: Meaning, text: &str, width: usize) {
        self.clean_in(meaning, &text::clean(text), width);
    }

    fn clean_in(&mut self, meaning: Meaning, text: &str, width: usize) {
        let text = if self.theme.unicode { Cow::Borrowed(text) } else { to_ascii(text) };
        let text = self.fit(&text, width).into_owned();
        self.write(meaning, &text);
    }

    /// Draws a rule to the end of the line.
    pub(super) fn rule(&mut self) {
        let rule = self.theme.glyph(Glyph::RuleAcross).repeat(self.left());
        self.write(Meaning::Rule, &rule);
    }

    fn column_end(&self, width: usize) -> u16 {
        self.x.saturating_add(u16::try_from(width).unwrap_or(u16::MAX)).min(self.end)
    }

    fn fit<'t>(&self, text: &'t str, width: usize) -> Cow<'t, str> {
        let fitted = text::fit_numbers(text, width.min(self.left()));
        match fitted {
            Cow::Owned(text) if !self.theme.unicode => Cow::Owned(text.replace('…', "~")),
            fitted => fitted,
        }
    }

    fn write(&mut self, meaning: Meaning, text: &str) {
        if self.left() == 0 {
            return;
        }
        // What was painted there before does not shine through.
        let own = if self.is_plain { Style::new() } else { self.theme.style(meaning) };
        let own = Style::reset().patch(own);
        // A text has no fewer bytes than columns.
        let may_cut = text.len() > self.left() && text.bytes().any(|byte| byte.is_ascii_digit());
        let text = if may_cut { text::whole_numbers(text, self.left()) } else { text };
        let (x, _) = self.buf.set_stringn(self.x, self.y, text, self.left(), own.patch(self.over));
        self.x = x;
    }
}
