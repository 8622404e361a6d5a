//! The last line: what there is to say at the moment, or else what the keys do here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::filter_bar;
use super::line_writer::LineWriter;
use super::theme::{Meaning, Theme};
use crate::input::{Binding, KeyGroup, Mode};
use crate::model::text;
use crate::view::Severity;
use crate::view::screen::{Footer, TypedLine};

/// The footer.
pub(super) struct LastLine<'a> {
    pub(super) footer: Footer<'a>,
    pub(super) theme: Theme,
}

impl Widget for LastLine<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
        pen.skip(1);
        match (self.footer.typed, self.footer.notice) {
            (Some(typed), _) => self.typed(typed, &mut pen),
            (None, Some(notice)) => pen.clean(meaning(notice.severity), &notice.text),
            // A question says itself what its keys do.
            (None, None) if self.footer.has_question => (),
            (None, None) => self.hints(&mut pen),
        }
    }
}

impl LastLine<'_> {
    /// Writes the typed line, and its errors or suggestions. A query has a line of its own.
    fn typed(&self, typed: TypedLine<'_>, pen: &mut LineWriter<'_>) {
        let mode = self.footer.hints.mode;
        let name = match mode {
            Mode::Command => Some(":"),
            Mode::Prompt => Some("Go to "),
            _ => None,
        };
        if let Some(name) = name {
            pen.own(Meaning::Key, name);
            filter_bar::line(typed, pen);
            pen.skip(2);
        }
        if let Some((_, words)) = typed.wrong {
            pen.clean(Meaning::Warn, words);
            return;
        }
        if mode == Mode::Prompt {
            return self.instants(pen);
        }
        if typed.candidates.is_empty() {
            return self.hints(pen);
        }
        pen.own(Meaning::Key, "Tab ");
        for candidate in typed.candidates {
            if pen.left() < text::width(&candidate.label) + 2 {
                break;
            }
            let room = pen.left();
            pen.log(Meaning::Dim, &candidate.label, room);
            pen.skip(2);
        }
    }

    /// Writes the keys, and examples of instants.
    fn instants(&self, pen: &mut LineWriter<'_>) {
        self.hints(pen);
        // The end of the log is the best of examples.
        let Footer { edge: (sequence, at), clock, .. } = self.footer;
        let (last, time) = (format!("#{sequence}"), clock.time(at, at));
        for example in [&last, &time, "-5m", "start", "end"] {
            if pen.left() < example.len() + 2 {
                break;
            }
            pen.own(Meaning::Dim, example);
            pen.skip(2);
        }
    }

    fn hints(&self, pen: &mut LineWriter<'_>) {
        let width = |binding: &Binding, hint: &str| binding.key.label().len() + 1 + hint.len() + 2;
        // The way to the help and the way out have their place before all others.
        let hints = self.footer.hints;
        let is_last = |row: &Binding| row.group == KeyGroup::Program;
        let mut reserved: usize =
            hints.rows().filter(|(row, _)| is_last(row)).map(|(row, hint)| width(row, hint)).sum();
        for (row, hint) in hints.rows() {
            if is_last(row) {
                reserved -= width(row, hint);
            } else if pen.left() + 2 < reserved + width(row, hint) {
                continue;
            }
            pen.own(Meaning::Key, &row.key.label());
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
