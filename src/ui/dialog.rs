//! The question whether to cancel a run, in a box over everything but the header.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::page;
use super::pen::Pen;
use super::theme::{Glyph, Meaning, Theme};
use crate::app::{App, Dialog, DialogKind, Sending};
use crate::input::Action;
use crate::input::keymap;
use crate::view::detail::Line;
use crate::view::dialog::{Question, Questions, why_not};

const WIDEST: u16 = 76;

/// The box.
pub(super) struct DialogBox<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for DialogBox<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let Some(dialog) = self.app.dialog() else { return };
        let width = area.width.min(WIDEST);
        let inner = usize::from(width.saturating_sub(4));
        let (title, mut lines) = self.words(&dialog.kind, inner);
        // Two borders, the answers and, where there is room, an empty line around what is said.
        let room = usize::from(area.height.saturating_sub(3));
        let is_airy = lines.len() + 3 <= room;
        if !is_airy {
            lines.retain(|line| !line.parts.is_empty());
            lines.truncate(room);
        }
        let extra = if is_airy { 6 } else { 3 };
        let height = u16::try_from(lines.len() + extra).unwrap_or(u16::MAX).min(area.height);
        let place = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        };
        Clear.render(place, buf);
        self.frame(title, place, buf);
        let text = Rect {
            x: place.x + 1,
            y: place.y + 1 + u16::from(is_airy),
            width: width.saturating_sub(3),
            height: height.saturating_sub(2),
        };
        page::lines(self.theme, &lines, text, buf);
        let answers = place.height.saturating_sub(2 + u16::from(is_airy));
        let line = Rect { x: place.x + 1, width: width.saturating_sub(2), ..place };
        self.answers(dialog, Pen::at(buf, self.theme, line, answers));
    }
}

impl DialogBox<'_> {
    fn words(&self, kind: &DialogKind, width: usize) -> (&'static str, Vec<Line>) {
        let app = self.app;
        let target = match app.sending() {
            Sending::To(target, _) => target.to_string(),
            Sending::Off(_) => String::new(),
        };
        match kind {
            DialogKind::Off(why) => ("Nothing can be sent", why_not(*why, width)),
            DialogKind::Many(many) => {
                let questions = Questions {
                    n_marked: many.n_marked,
                    eligible: many.eligible,
                    ended_since: many.ended.len(),
                    by_state: &many.by_state,
                    typed: &many.typed,
                    frozen_for: app.frozen_for(),
                    summary: &app.summary(),
                    clock: app.clock(),
                    target: &target,
                    rate: app.taste().control_rate,
                };
                let title = if many.task.is_some() { "Cancel this task?" } else { "Cancel these runs?" };
                (title, questions.lines(width))
            }
            DialogKind::Cancel { run } => {
                let question = Question {
                    store: app.store(),
                    run: *run,
                    now: app.second(),
                    frozen_for: app.frozen_for(),
                    summary: &app.summary(),
                    clock: app.clock(),
                    target: &target,
                };
                ("Cancel this run?", question.lines(width))
            }
        }
    }

    fn frame(&self, title: &str, area: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        for line in 0..area.height {
            let (left, right) = match line {
                0 => (Glyph::TopLeft, Glyph::TopRight),
                _ if line + 1 == area.height => (Glyph::BottomLeft, Glyph::BottomRight),
                _ => (Glyph::RuleDown, Glyph::RuleDown),
            };
            let mut pen = Pen::at(buf, theme, area, line);
            if line == 0 || line + 1 == area.height {
                pen.own(Meaning::Text, &theme.glyph(Glyph::RuleAcross).repeat(usize::from(area.width)));
                pen = Pen::at(buf, theme, area, line);
            }
            pen.own(Meaning::Text, theme.glyph(left));
            pen.skip_to_last(1);
            pen.own(Meaning::Text, theme.glyph(right));
        }
        let mut pen = Pen::at(buf, theme, area, 0);
        pen.skip(2);
        pen.own(Meaning::Title, &format!(" {title} "));
    }

    fn answers(&self, dialog: &Dialog, mut pen: Pen<'_>) {
        pen.skip(2);
        for binding in keymap::in_mode(self.app.mode()) {
            let Some(hint) = binding.hint else { continue };
            match (&dialog.kind, binding.action) {
                (DialogKind::Off(_), Action::Confirm) => continue,
                (DialogKind::Off(_), _) => {
                    pen.own(Meaning::Key, "Esc");
                    pen.own(Meaning::Text, " back");
                    return;
                }
                (DialogKind::Cancel { .. } | DialogKind::Many(_), _) => {
                    pen.own(Meaning::Key, &binding.key.label());
                    pen.own(Meaning::Title, &format!(" {hint}"));
                    pen.skip(4);
                }
            }
        }
        match &dialog.kind {
            DialogKind::Many(many) if dialog.was_hurried && !many.is_counted() => {
                pen.own(Meaning::Warn, "type the number first");
            }
            _ if dialog.was_hurried => pen.own(Meaning::Warn, "that was fast: press y again"),
            _ => (),
        }
    }
}
