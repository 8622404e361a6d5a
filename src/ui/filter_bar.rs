//! The line that says what is shown of all runs: the query, while it is typed and as it is in force, and the order.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::line_writer::LineWriter;
use super::theme::{Glyph, Meaning, Theme};
use crate::model::text;
use crate::view::arrange::{Direction, Grouping, Sort};
use crate::view::format::{count, counted, thousands};
use crate::view::screen::{Filter, TypedLine};

/// The line.
pub(super) struct FilterBar<'a> {
    pub(super) filter: Filter<'a>,
    pub(super) theme: Theme,
}

impl Widget for FilterBar<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let mut pen = LineWriter::at(buf, self.theme, area, 0);
        pen.skip(1);
        let parts = self.parts();
        match (self.filter.typed, self.filter.query) {
            (Some(typed), _) => {
                pen.own(Meaning::Key, "/ ");
                line(typed, &mut pen);
                pen.skip(3);
            }
            (None, Some(query)) => {
                pen.own(Meaning::Key, "/ ");
                let rest = parts.first().map_or(0, |(_, words)| words.len() + 3);
                let room = pen.left().saturating_sub(rest);
                pen.log(Meaning::Title, query, room);
                pen.skip(3);
            }
            (None, None) => (),
        }
        for (meaning, words) in parts {
            if pen.left() < words.len() {
                break;
            }
            pen.own(meaning, &words);
            pen.skip(3);
        }
    }
}

impl FilterBar<'_> {
    fn parts(&self) -> Vec<(Meaning, String)> {
        let Filter { shelves, query, typed, is_typing, looked_through, sort, grouping } = self.filter;
        let store = shelves.store;
        let mut parts = Vec::new();
        // Nothing is found by what is wrong.
        let is_wrong = typed.is_some_and(|typed| typed.wrong.is_some());
        if query.is_some() && !is_wrong {
            let found: usize = store.states().all().map(|state| shelves.count(state)).sum();
            parts.push((
                Meaning::Text,
                format!("{} of {}", count(found), counted(store.len(), "run", "runs")),
            ));
            if store.n_gone() > 0 {
                parts.push((
                    Meaning::Dim,
                    format!("not of {} that are only counted", thousands(store.n_gone())),
                ));
            }
        }
        if let Some(percent) = looked_through {
            parts.push((Meaning::Warn, format!("looking, {percent} %")));
        }
        let (sort, direction) = sort;
        if sort != Sort::Entry || direction != sort.natural() {
            let arrow = match direction {
                Direction::Up => Glyph::Up,
                Direction::Down => Glyph::Down,
            };
            parts.push((Meaning::Dim, format!("by {} {}", sort.name(), self.theme.glyph(arrow))));
        }
        match grouping {
            Grouping::State => (),
            Grouping::Nothing => parts.push((Meaning::Dim, "not grouped".to_owned())),
            grouping => parts.push((Meaning::Dim, format!("grouped by {}", grouping.name()))),
        }
        if query.is_some() && !is_typing {
            parts.push((Meaning::Dim, "Esc shows all".to_owned()));
        }
        parts
    }
}

/// Writes a line that is being typed, with its caret; errors in it are highlighted.
pub(super) fn line(typed: TypedLine<'_>, pen: &mut LineWriter<'_>) {
    let TypedLine { text: typed, caret, wrong, .. } = typed;
    let wrong = wrong.map(|(at, _)| at);
    let is_wrong = |at: usize| wrong.as_ref().is_some_and(|wrong| wrong.contains(&at));
    let letters = pen.letters(typed);
    // What lies far before the caret goes first when there is no room.
    let mut room = pen.left().saturating_sub(2);
    let (before, _) = letters.split_at(letters.partition_point(|letter| letter.start < caret));
    let fits = |letter: &&text::Letter| {
        let rest = room.checked_sub(text::width(&letter.shown));
        room = rest.unwrap_or(0);
        rest.is_some()
    };
    let skipped = before.len() - before.iter().rev().take_while(fits).count();
    for letter in &letters[skipped..] {
        let meaning = match ((letter.start..letter.end).contains(&caret), is_wrong(letter.start)) {
            (true, _) => Meaning::Cursor,
            (false, true) => Meaning::Bad,
            (false, false) => Meaning::Title,
        };
        pen.own(meaning, &letter.shown);
    }
    if caret == typed.len() {
        pen.own(Meaning::Cursor, " ");
    }
    if wrong.is_some_and(|wrong| wrong.start >= typed.len()) {
        pen.own(Meaning::Bad, pen.theme().glyph(Glyph::More));
    }
}
