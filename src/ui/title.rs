//! The line above a pane: a rule with what the pane is called, and at its end where one is in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::line_writer::LineWriter;
use super::theme::{Glyph, Meaning, Theme};
use crate::view::format::count;
use crate::view::panes::Shared;
use crate::view::{Pane, title};

/// The title of a pane.
pub(super) struct Title<'a> {
    pub(super) shared: &'a Shared<'a>,
    pub(super) theme: Theme,
    pub(super) pane: Pane,
    /// Where one is: the first and the last row shown, and how many there are.
    pub(super) position: Option<(usize, usize, usize)>,
    /// A word on how the pane is looked at.
    pub(super) remark: Option<&'static str>,
}

impl Title<'_> {
    /// Paints the first line of `area`.
    pub(super) fn render(&self, area: Rect, buf: &mut Buffer) {
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
        pen.rule();
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
        pen.skip(1);
        let Shared { shelves, side_by_side, .. } = *self.shared;
        if side_by_side || !title::has_all(shelves, usize::from(area.width)) {
            self.name(self.pane, &mut pen);
        } else {
            // Alone on the screen: the other panes are named beside it.
            for pane in Pane::ALL {
                self.name(pane, &mut pen);
            }
        }
        self.end(pen);
    }

    fn name(&self, pane: Pane, pen: &mut LineWriter<'_>) {
        let has_keys = self.shared.has_keys(pane);
        let meaning = match (has_keys, pane == self.pane) {
            (true, _) => Meaning::Focus,
            (false, true) => Meaning::Title,
            (false, false) => Meaning::Dim,
        };
        pen.own(Meaning::Text, " ");
        pen.own(Meaning::Dim, &format!("{} ", pane as u8 + 1));
        pen.own(meaning, pane.label());
        if let Some(words) = title::counted(self.shared.shelves, pane, pen.left().saturating_sub(2)) {
            let counted = if pane == Pane::Problems { Meaning::Warn } else { Meaning::Dim };
            pen.own(counted, &format!(" {words}"));
        }
        pen.own(Meaning::Text, " ");
        pen.skip(1);
    }

    fn end(&self, mut pen: LineWriter<'_>) {
        let mut words = String::new();
        if let Some(remark) = self.remark {
            words += remark;
        }
        if let Some((first, last, all)) = self.position.filter(|(first, last, all)| *first > 1 || last < all)
        {
            let gap = if words.is_empty() { "" } else { " " };
            words += &format!("{gap}{}-{} of {}", count(first), count(last), count(all));
        }
        let columns = words.len() + 3;
        if !words.is_empty() && pen.left() >= columns {
            pen.skip_to_last(columns);
            pen.own(Meaning::Dim, &format!(" {words} "));
        }
    }
}

/// A rule down the right side of an area, with a branch where another pane begins beside it.
pub(super) fn rule_down(theme: Theme, branches: [u16; 2], area: Rect, buf: &mut Buffer) {
    let column = Rect { x: area.right(), width: 1, ..area };
    for line in 0..area.height {
        let glyph = match area.y + line {
            _ if line == 0 => Glyph::Corner,
            y if branches.contains(&y) => Glyph::Branch,
            _ => Glyph::RuleDown,
        };
        LineWriter::at(buf, theme, column, line).own(Meaning::Rule, theme.glyph(glyph));
    }
}
