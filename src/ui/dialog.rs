//! The question whether to cancel a run, in a box over everything but the header.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::area::rect;
use super::line_writer::LineWriter;
use super::page;
use super::theme::{Glyph, Meaning, Theme};
use crate::view::dialog::ANSWER_GAP_COLUMNS;
use crate::view::screen::Question;

/// The box.
pub(super) struct DialogBox<'a> {
    pub(super) question: &'a Question,
    pub(super) theme: Theme,
}

impl Widget for DialogBox<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let sheet = &self.question.sheet;
        let place = rect(sheet.area).intersection(area);
        Clear.render(place, buf);
        self.frame(&sheet.title, place, buf);
        let (air, frame) = (u16::from(sheet.is_airy), 2 + u16::from(!sheet.is_tight));
        let text = Rect {
            x: place.x + 1,
            y: place.y + 1 + air,
            width: place.width.saturating_sub(3),
            height: place.height.saturating_sub(frame + air),
        };
        page::lines(self.theme, &sheet.lines, text, buf);
        let answers = place.height.saturating_sub(frame - 1 + air);
        let line = Rect { x: place.x + 1, width: place.width.saturating_sub(2), ..place };
        self.answers(LineWriter::at(buf, self.theme, line, answers));
    }
}

impl DialogBox<'_> {
    fn frame(&self, title: &str, area: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        for line in 0..area.height {
            let (left, right) = match line {
                0 => (Glyph::TopLeft, Glyph::TopRight),
                _ if line + 1 == area.height => (Glyph::BottomLeft, Glyph::BottomRight),
                _ => (Glyph::RuleDown, Glyph::RuleDown),
            };
            let mut pen = LineWriter::at(buf, theme, area, line);
            if line == 0 || line + 1 == area.height {
                pen.own(Meaning::Text, &theme.glyph(Glyph::RuleAcross).repeat(usize::from(area.width)));
                pen = LineWriter::at(buf, theme, area, line);
            }
            pen.own(Meaning::Text, theme.glyph(left));
            pen.skip_to_last(1);
            pen.own(Meaning::Text, theme.glyph(right));
        }
        let mut pen = LineWriter::at(buf, theme, area, 0);
        pen.skip(2);
        pen.own(Meaning::Title, &format!(" {title} "));
    }

    fn answers(&self, mut pen: LineWriter<'_>) {
        let Question { sheet, is_asked, remark } = self.question;
        pen.skip(2);
        if !sheet.is_whole && *is_asked {
            pen.own(Meaning::Warn, "no room for the question");
            return;
        }
        for (key, words) in &sheet.answers {
            pen.own(Meaning::Key, key);
            pen.own(Meaning::Title, &format!(" {words}"));
            pen.skip(ANSWER_GAP_COLUMNS);
        }
        remark.iter().for_each(|remark| pen.own(Meaning::Warn, remark));
    }
}
