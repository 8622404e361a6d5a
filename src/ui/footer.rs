//! The last line: what there is to say at the moment, or else what the keys do here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::filter_bar;
use super::line_writer::Pen;
use super::theme::{Meaning, Theme};
use crate::app::prompt::{Prompt, PromptKind};
use crate::app::{App, Sending};
use crate::input::{Action, Binding, Group, Mode};
use crate::model::text;
use crate::view::{Pane, Severity};

/// The footer.
pub(super) struct Footer<'a> {
    pub(super) app: &'a App,
    pub(super) theme: Theme,
}

impl Widget for Footer<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let mut pen = Pen::at(buf, self.theme, area, 0);
        pen.skip(1);
        if let Some(prompt) = self.app.prompt() {
            self.prompt(prompt, &mut pen);
            return;
        }
        match self.app.notices().current() {
            Some(notice) => pen.clean(meaning(notice.severity), &notice.text),
            // A question says itself what its keys do.
            None if self.app.dialog().is_some() => (),
            None => self.hints(&mut pen),
        }
    }
}

impl Footer<'_> {
    /// What is typed, and what is wrong with it or may be meant by it. A query has a line of its own.
    fn prompt(&self, prompt: &Prompt, pen: &mut Pen<'_>) {
        let name = match prompt.kind {
            PromptKind::Query => None,
            PromptKind::Command => Some(":"),
            PromptKind::Instant => Some("Go to "),
        };
        if let Some(name) = name {
            pen.own(Meaning::Key, name);
            filter_bar::line(prompt, pen);
            pen.skip(2);
        }
        if let Some((_, words)) = &prompt.wrong {
            pen.clean(Meaning::Warn, words);
            return;
        }
        if prompt.kind == PromptKind::Instant {
            return self.instants(pen);
        }
        if prompt.candidates.is_empty() {
            return self.hints(pen);
        }
        pen.own(Meaning::Key, "Tab ");
        for candidate in &prompt.candidates {
            if pen.left() < text::width(&candidate.label) + 2 {
                break;
            }
            let room = pen.left();
            pen.log(Meaning::Dim, &candidate.label, room);
            pen.skip(2);
        }
    }

    /// What the keys do, and examples of instants.
    fn instants(&self, pen: &mut Pen<'_>) {
        self.hints(pen);
        // The end of the log is the best of examples.
        let edge = self.app.edge();
        let (last, time) = (format!("#{}", edge.sequence), self.app.clock().time(edge.at, edge.at));
        for example in [&last, &time, "-5m", "start", "end"] {
            if pen.left() < example.len() + 2 {
                break;
            }
            pen.own(Meaning::Dim, example);
            pen.skip(2);
        }
    }

    fn hints(&self, pen: &mut Pen<'_>) {
        let width = |binding: &Binding, hint: &str| binding.key.label().len() + 1 + hint.len() + 2;
        // The way to the help and the way out have their place before all others.
        let has_problems = self.app.store().problems().total() > 0;
        let looks_back = self.app.looks_back();
        let sends = matches!(self.app.sending(), Sending::To(..)) && !looks_back;
        let (mode, focus) = (self.app.mode(), self.app.board().focus);
        let has_list = mode == Mode::Board && matches!(focus, Pane::Runs | Pane::Suspended);
        let has_past = self.app.history().oldest() < self.app.history().edge();
        let applies = move |row: &Binding| match row.action {
            // The time line says what these do in the past.
            Action::Pause | Action::Follow | Action::NextProblem | Action::StepBack if looks_back => false,
            Action::NextProblem => has_problems,
            Action::Open if mode == Mode::Problems => has_problems,
            Action::Open if mode == Mode::Board => has_list,
            Action::Follow => has_list,
            Action::CancelRun => sends && (has_list || mode == Mode::Detail),
            // A mark is good for nothing but a cancel.
            Action::MarkRun => sends && has_list,
            Action::StepBack | Action::GoTo => has_past,
            _ => true,
        };
        let rows = || self.app.keymap().in_mode(self.app.mode()).filter(|row| applies(row));
        let hints = || rows().filter_map(|row| Some((row, row.hint?)));
        let is_last = |row: &Binding| row.group == Group::Program;
        let mut reserved: usize =
            hints().filter(|(row, _)| is_last(row)).map(|(row, hint)| width(row, hint)).sum();
        for (row, hint) in hints() {
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
