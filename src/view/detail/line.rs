//! Lines of a page of text, in parts with a tone each; and long texts wrapped into them.

use std::borrow::Cow;

use crate::model::states::State;
use crate::model::text;

/// The meaning of a part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As text.
    Plain,
    /// Less important.
    Dim,
    /// A heading.
    Title,
    /// The name of a state.
    State(State),
    /// The sign of a state; its text is not written.
    Sign(State),
    /// A bar of this number of columns in a state's color; its text is not written.
    Bar(State, u8),
    /// A success.
    Good,
    /// A warning.
    Warn,
    /// A failure.
    Bad,
    /// The target of the keys.
    Chosen,
    /// The caret of the typed text.
    Caret,
}

/// A graphic sign of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// Time spent, to scale.
    Bar,
    /// Time too short for the scale, drawn wider than it was.
    Brief,
    /// Time that has not come yet.
    Ahead,
    /// One side of a stretch that is drawn shorter than it was.
    Break,
    /// The line of an attempt, a lease or the axis.
    Thin,
    /// The start of such a line.
    Begin,
    /// A heartbeat on it.
    Beat,
    /// The end of it.
    End,
    /// An expiry: its time ran out.
    Lapse,
    /// A place on the axis that has a label.
    Tick,
    /// The place of the chosen event on the axis.
    Here,
    /// The place of the chosen event in the lanes above.
    Hair,
    /// The sign of a state.
    Sign(State),
    /// The mark of the selected row.
    Cursor,
}

/// A part of a line; its text is safe for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// Its meaning.
    pub tone: Tone,
    /// A stroke that is drawn instead of the text, and its columns.
    pub stroke: Option<(Stroke, u16)>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DetailLine {
    /// Its parts, from left to right.
    pub parts: Vec<Part>,
}

impl DetailLine {
    /// An empty line.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a part.
    #[must_use]
    pub fn with(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.parts.push(Part { text: text.into(), tone, stroke: None });
        self
    }

    /// The columns that it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        let columns = |part: &Part| match (part.stroke, part.tone) {
            (Some((_, columns)), _) => usize::from(columns),
            (None, Tone::Bar(_, columns)) => usize::from(columns),
            (None, Tone::Sign(_)) => 1,
            (None, _) => text::width(&part.text),
        };
        self.parts.iter().map(columns).sum()
    }

    /// Adds a stroke over `columns`.
    #[must_use]
    pub fn drawn(mut self, tone: Tone, stroke: Stroke, columns: u16) -> Self {
        self.parts.push(Part { text: String::new(), tone, stroke: Some((stroke, columns)) });
        self
    }
}

/// A heading after an empty line.
pub(super) fn title(words: impl Into<String>) -> Vec<DetailLine> {
    vec![DetailLine::empty(), DetailLine::empty().with(Tone::Title, words)]
}

/// Columns of the label of a fact.
const LABEL_COLUMNS: usize = 14;

/// A fact behind its label, wrapped.
pub(in crate::view) fn fact(label: &str, tone: Tone, value: &str, width: usize) -> Vec<DetailLine> {
    indented(&format!("  {label:<LABEL_COLUMNS$}"), tone, value, width)
}

/// A text that begins behind `first`, a dim ASCII text, and wraps below its own beginning.
pub(in crate::view) fn indented(first: &str, tone: Tone, value: &str, width: usize) -> Vec<DetailLine> {
    let indent = first.len();
    let mut lines = wrap(value, width.saturating_sub(indent));
    let rest = lines.split_off(1.min(lines.len()));
    let head = lines.pop().unwrap_or_default();
    let mut wrapped = vec![DetailLine::empty().with(Tone::Dim, first).with(tone, head)];
    wrapped.extend(
        rest.into_iter().map(|text| DetailLine::empty().with(tone, " ".repeat(indent)).with(tone, text)),
    );
    wrapped
}

/// Cleans a text from outside and wraps it into lines of at most `width` columns, between words where possible. Its own
/// line breaks are kept.
pub(super) fn wrap(value: &str, width: usize) -> Vec<String> {
    let width = width.max(4);
    let mut lines = Vec::new();
    for line in value.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        wrap_line(&text::clean(line), width, &mut lines);
    }
    lines
}

fn wrap_line(mut rest: &str, width: usize, lines: &mut Vec<String>) {
    loop {
        // A line costs what it shows, however long the text is that follows.
        let near = window(rest, width);
        if near.len() == rest.len() && text::width(rest) <= width {
            lines.push(rest.to_owned());
            return;
        }
        let fitting = prefix(near, width);
        // A break between words, unless it would leave the line half empty.
        let at = rest[..fitting].rfind(' ').filter(|at| *at * 2 >= fitting).unwrap_or(fitting);
        lines.push(rest[..at].to_owned());
        rest = rest[at..].strip_prefix(' ').unwrap_or(&rest[at..]);
    }
}

/// A prefix of a clean text that is long enough to overflow `width` columns, or all of it.
fn window(rest: &str, width: usize) -> &str {
    // A base with two marks, or a syllable of Hangul, takes fewer bytes a column.
    const MAX_BYTES_PER_COLUMN: usize = 16;
    let mut end = (width + 2).saturating_mul(MAX_BYTES_PER_COLUMN).min(rest.len());
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    &rest[..end]
}

/// The number of bytes of a clean text, one too long, that fit in `width` columns; at least one character.
fn prefix(rest: &str, width: usize) -> usize {
    // The text that `fit` keeps before its mark fits in one column less; a text that fits whole is made longer.
    let longer =
        if text::width(rest) > width + 1 { Cow::Borrowed(rest) } else { Cow::Owned(format!("{rest}x")) };
    let fitted = text::fit(&longer, width + 1);
    let kept = fitted.strip_suffix('…').map_or(0, str::len);
    if kept > 0 { kept } else { rest.chars().next().map_or(0, char::len_utf8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_break_between_words_where_they_can() {
        for (value, width, expected) in [
            ("", 10, &[""][..]),
            ("short", 10, &["short"]),
            ("one two three", 8, &["one two", "three"]),
            ("one two three", 7, &["one two", "three"]),
            ("abcdefghijkl", 5, &["abcde", "fghij", "kl"]),
            ("a bcdefghijkl", 6, &["a bcde", "fghijk", "l"]),
            ("first\r\nsecond\x1b", 20, &["first", "second\\x1b"]),
            ("仕事仕事", 5, &["仕事", "仕事"]),
        ] {
            assert_eq!(wrap(value, width), expected, "{value:?} in {width}");
        }
    }

    #[test]
    fn a_megabyte_is_wrapped_at_once() {
        let value = "x".repeat(1 << 20) + &"é仕 ".repeat(1 << 16);
        // Were each line to look at all that follows, this test would take minutes.
        assert!(wrap(&value, 80).len() > 14_000);
    }

    #[test]
    fn no_line_is_wider_than_the_page_and_nothing_is_lost() {
        let value =
            "panicked at src/worker.rs:12: 仕事 failed e\u{301}e\u{301}: \u{202e}nothing to see ".repeat(30);
        for width in 4..90 {
            let lines = wrap(&value, width);
            assert!(lines.iter().all(|line| text::width(line) <= width), "{width}");
            let squeezed = |text: &str| text.replace(' ', "");
            assert_eq!(squeezed(&lines.concat()), squeezed(&text::clean(&value)));
        }
    }
}
