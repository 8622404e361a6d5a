//! The last line: what there is to say at the moment, or else what the keys do here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::pen::Pen;
use super::theme::{Meaning, Theme};
use crate::app::App;
use crate::input::keymap;
use crate::view::Severity;

/// The footer.
pub(super) struct Footer<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for Footer<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let mut pen = Pen::at(buf, self.theme, area, 0);
        pen.skip(1);
        match self.app.notices().current(self.app.now().instant) {
            Some(notice) => pen.clean(meaning(notice.severity), &notice.text),
            None => self.hints(&mut pen),
        }
    }
}

impl Footer<'_> {
    fn hints(&self, pen: &mut Pen<'_>) {
        for binding in keymap::in_mode(self.app.mode()) {
            let Some(hint) = binding.hint else { continue };
            let label = binding.key.label();
            if pen.left() < label.len() + 1 + hint.len() {
                return;
            }
            pen.own(Meaning::Key, &label);
            pen.own(Meaning::Dim, &format!(" {hint}"));
            pen.skip(2);
        }
    }
}

const fn meaning(severity: Severity) -> Meaning {
    match severity {
        Severity::Note => Meaning::Text,
        Severity::Success => Meaning::Good,
        Severity::Warning => Meaning::Warn,
        Severity::Failure => Meaning::Bad,
    }
}
