//! A page of text: a title line with a scroll position, and lines in parts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::line_writer::LineWriter;
use super::theme::{Glyph, Meaning, Theme};
use crate::view::detail::{DetailLine, Stroke, Tone};

/// Paints the line above a page: what it is, and where there is more.
pub(super) fn title(theme: Theme, words: &str, more: (bool, bool), area: Rect, buf: &mut Buffer) {
    LineWriter::at(buf, theme, area, 0).rule();
    let mut pen = LineWriter::at(buf, theme, area, 0);
    pen.skip(1);
    pen.own(Meaning::Text, " ");
    pen.clean(Meaning::Focus, words);
    pen.own(Meaning::Text, " ");
    let (above, below) = more;
    if above || below {
        let sign = |is_so: bool, glyph| if is_so { theme.glyph(glyph) } else { " " };
        pen.skip_to_last(13);
        let words = format!(" more {} {} ", sign(above, Glyph::Up), sign(below, Glyph::Down));
        pen.own(Meaning::Dim, &words);
    }
}

/// Paints lines that are safe already.
pub(super) fn lines(theme: Theme, lines: &[DetailLine], area: Rect, buf: &mut Buffer) {
    for (number, line) in (0..area.height).zip(lines) {
        let mut pen = LineWriter::at(buf, theme, area, number);
        for part in &line.parts {
            if let Some((stroke, columns)) = part.stroke {
                pen.own(meaning(part.tone), &sign(theme, stroke).repeat(usize::from(columns)));
                continue;
            }
            match part.tone {
                Tone::Sign(state) => pen.own(Meaning::State(state), theme.state(state)),
                Tone::Bar(state, columns) => {
                    let bar = theme.glyph(Glyph::Bar).repeat(usize::from(columns));
                    pen.own(Meaning::State(state), &bar);
                }
                tone => pen.clean(meaning(tone), &part.text),
            }
        }
    }
}

/// The sign of a stroke, which is one column wide.
pub(super) const fn sign(theme: Theme, stroke: Stroke) -> &'static str {
    theme.glyph(match stroke {
        Stroke::Bar => Glyph::Bar,
        Stroke::Brief => Glyph::Brief,
        Stroke::Ahead => Glyph::Ahead,
        Stroke::Break => Glyph::Break,
        Stroke::Thin => Glyph::RuleAcross,
        Stroke::Begin => Glyph::Begin,
        Stroke::Beat => Glyph::Beat,
        Stroke::End => Glyph::End,
        Stroke::Lapse => Glyph::Timeout,
        Stroke::Tick => Glyph::Tick,
        Stroke::Here => Glyph::Here,
        Stroke::Hair => Glyph::Hair,
        Stroke::Cursor => Glyph::Cursor,
        Stroke::Sign(state) => return theme.state(state),
    })
}

/// The meaning of a tone.
pub(super) const fn meaning(tone: Tone) -> Meaning {
    match tone {
        Tone::Plain => Meaning::Text,
        Tone::Dim => Meaning::Dim,
        Tone::Title => Meaning::Title,
        Tone::State(state) | Tone::Sign(state) | Tone::Bar(state, _) => Meaning::State(state),
        Tone::Good => Meaning::Good,
        Tone::Warn => Meaning::Warn,
        Tone::Bad => Meaning::Bad,
        Tone::Chosen => Meaning::Focus,
        Tone::Caret => Meaning::Cursor,
    }
}
