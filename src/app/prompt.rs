//! A line that is being typed: an instant to go to, a query, a command. Earlier lines come back with a key.
//!
//! Must not know the use of a line.

mod words;

use std::ops::Range;

use tui_input::{Input, InputRequest};

use crate::input::{Action, Mode};
use crate::model::text;
pub use crate::view::screen::CompletionRow;
use crate::view::screen::TypedLine;

/// Maximum length of a line, in characters.
const MAX_LINE_CHARS: usize = 1000;
/// Maximum number of lines of one kind that are remembered.
const MAX_REMEMBERED_LINES: usize = 200;

/// The kinds of lines that are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// An instant to go to.
    Instant,
    /// A query.
    Query,
    /// A command.
    Command,
}

impl PromptKind {
    /// Meaning of the keys while such a line is typed.
    #[must_use]
    pub const fn mode(self) -> Mode {
        match self {
            Self::Instant => Mode::Prompt,
            Self::Query => Mode::Find,
            Self::Command => Mode::Command,
        }
    }
}

/// The bytes of a line that are wrong, and why.
#[derive(Debug)]
pub(super) struct PromptError {
    pub(super) at: Range<usize>,
    /// Safe for a screen.
    pub(super) words: String,
}

impl PromptError {
    pub(super) fn new(at: Range<usize>, words: &str) -> Self {
        Self { at, words: text::clean(words).into_owned() }
    }
}

/// A line that is being typed.
#[derive(Debug)]
pub struct Prompt {
    /// The kind of the line.
    pub kind: PromptKind,
    /// The error in it: its bytes, and the reason.
    pub wrong: Option<(Range<usize>, String)>,
    /// Completions of the word at the caret; the first one is the likeliest.
    pub candidates: Vec<CompletionRow>,
    line: Input,
    /// The earlier line that was recalled, counted from the latest; and the line that was typed instead.
    recalled: Option<(usize, String)>,
    /// The candidate that was put in by a key, and the line and the caret before that.
    completing: Option<(usize, String, usize)>,
}

/// The lines that were typed before, of one kind.
#[derive(Debug, Default)]
pub struct Recollection(Vec<String>);

impl Recollection {
    /// Remembers a line as the latest.
    pub fn remember(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        self.0.retain(|old| old != line);
        if self.0.len() == MAX_REMEMBERED_LINES {
            self.0.remove(0);
        }
        self.0.push(line.to_owned());
    }

    /// The line that was typed `n` lines before the latest.
    pub(super) fn latest(&self, n: usize) -> Option<&str> {
        self.0.iter().rev().nth(n).map(String::as_str)
    }
}

impl Prompt {
    /// Begins with a line, and the caret at its end.
    #[must_use]
    pub fn new(kind: PromptKind, text: &str) -> Self {
        Self {
            kind,
            wrong: None,
            candidates: Vec::new(),
            line: Input::from(text.to_owned()),
            recalled: None,
            completing: None,
        }
    }

    /// The line as it is drawn.
    #[must_use]
    pub fn typed(&self) -> TypedLine<'_> {
        let (text, caret) = (self.text(), self.caret());
        TypedLine { text, caret, wrong: self.wrong.as_ref(), candidates: &self.candidates }
    }

    /// The text of the line.
    #[must_use]
    pub fn text(&self) -> &str {
        self.line.value()
    }

    /// Position of the caret, in bytes.
    #[must_use]
    pub fn caret(&self) -> usize {
        let text = self.text();
        text.char_indices().nth(self.line.cursor()).map_or(text.len(), |(at, _)| at)
    }

    /// Edits the line as a key asks; says whether the line has changed.
    pub fn edit(&mut self, action: Action) -> bool {
        let request = match action {
            Action::Type(_) if self.text().chars().count() >= MAX_LINE_CHARS => return false,
            Action::Type(letter) => InputRequest::InsertChar(letter),
            Action::Erase => InputRequest::DeletePrevChar,
            Action::Delete => InputRequest::DeleteNextChar,
            Action::CaretLeft => InputRequest::GoToPrevChar,
            Action::CaretRight => InputRequest::GoToNextChar,
            Action::CaretStart => InputRequest::GoToStart,
            Action::CaretEnd => InputRequest::GoToEnd,
            Action::EraseLine => return self.cut(0..self.caret()),
            Action::EraseRest => return self.cut(self.caret()..self.text().len()),
            Action::EraseWord => {
                return self.cut(words::blank_before(self.text(), self.caret())..self.caret());
            }
            Action::ErasePart => return self.cut(words::start(self.text(), self.caret())..self.caret()),
            Action::DeletePart => return self.cut(self.caret()..words::end(self.text(), self.caret())),
            Action::CaretWordLeft => {
                self.go_to(words::start(self.text(), self.caret()));
                return false;
            }
            Action::CaretWordRight => {
                self.go_to(words::end(self.text(), self.caret()));
                return false;
            }
            _ => return false,
        };
        self.completing = None;
        self.line.handle(request).is_some_and(|changed| changed.value)
    }

    /// Puts the caret before a byte, or at the end.
    pub fn go_to(&mut self, byte: usize) {
        let text = self.text().to_owned();
        let byte = (0..=byte.min(text.len())).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0);
        self.set(&text, byte);
    }

    /// Recalls an earlier or a later line; says whether the line has changed.
    pub fn recall(&mut self, action: Action, lines: &Recollection) -> bool {
        let at = self.recalled.as_ref().map(|(at, _)| *at);
        let next = match (action, at) {
            (Action::Older, None) => Some(0),
            (Action::Older, Some(at)) => Some(at + 1),
            (_, Some(0)) => {
                let typed = self.recalled.take().map(|(_, typed)| typed).unwrap_or_default();
                return self.set(&typed, typed.len());
            }
            (_, at) => at.map(|at| at - 1),
        };
        let Some((next, line)) = next.and_then(|next| Some((next, lines.latest(next)?.to_owned()))) else {
            return false;
        };
        let typed = self.recalled.take().map_or_else(|| self.text().to_owned(), |(_, typed)| typed);
        self.recalled = Some((next, typed));
        self.set(&line, line.len())
    }

    /// Puts in the first candidate, and the next one when pressed again; says whether the line has changed.
    pub fn complete(&mut self) -> bool {
        let (next, text, caret) = match self.completing.take() {
            Some((last, text, caret)) => (last + 1, text, caret),
            None => (0, self.text().to_owned(), self.caret()),
        };
        let Some(candidate) = self.candidates.get(next % self.candidates.len().max(1)) else { return false };
        let Range { start, end } = candidate.at;
        let Some((before, after)) = text.get(..start).zip(text.get(end..)) else { return false };
        let line = [before, &candidate.text, after].concat();
        let to = start + candidate.text.len();
        let changed = self.set(&line, to);
        self.completing = Some((next % self.candidates.len(), text, caret));
        changed
    }

    /// Is true while the user cycles through candidates, which must not change meanwhile.
    #[must_use]
    pub const fn is_completing(&self) -> bool {
        self.completing.is_some()
    }

    /// Cuts a part of the line, and puts the caret in its place.
    fn cut(&mut self, at: Range<usize>) -> bool {
        let line = [&self.text()[..at.start], &self.text()[at.end..]].concat();
        self.set(&line, at.start)
    }

    fn set(&mut self, text: &str, caret: usize) -> bool {
        let changed = self.text() != text;
        let column = text[..caret.min(text.len())].chars().count();
        self.completing = None;
        self.line = Input::from(text.to_owned()).with_cursor(column);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Action::*;

    #[test]
    fn a_line_is_edited_as_everywhere() {
        for (start, actions, expected) in [
            ("", &[Type('a'), Type('é'), Type('b')][..], "aéb|"),
            ("state:run", &[CaretLeft, CaretLeft, Erase], "state:|un"),
            ("a b", &[CaretStart, Delete], "| b"),
            ("a bc", &[EraseWord], "a |"),
            ("state:running task:etl ", &[EraseWord], "state:running |"),
            ("state:running task:etl", &[ErasePart], "state:running task:|"),
            ("state:running task:", &[ErasePart], "state:running |"),
            ("a-é9", &[ErasePart, ErasePart, ErasePart], "|"),
            ("task:etl x", &[CaretWordLeft, CaretWordLeft], "task:|etl x"),
            ("task:etl x", &[CaretStart, CaretWordRight, CaretWordRight], "task:etl| x"),
            ("task:etl x", &[CaretStart, DeletePart], "|:etl x"),
            ("task:etl x", &[CaretStart, CaretWordRight, DeletePart], "task| x"),
            ("task:etl x", &[CaretStart, CaretRight, EraseRest], "t|"),
            ("a", &[DeletePart, EraseRest, CaretWordRight], "a|"),
            ("abc def", &[CaretLeft, CaretLeft, CaretLeft, EraseLine], "|def"),
            ("abc", &[CaretStart, Type('x'), CaretEnd, Type('y')], "xabcy|"),
        ] {
            let mut prompt = Prompt::new(PromptKind::Query, start);
            for action in actions {
                prompt.edit(*action);
            }
            let (before, after) = prompt.text().split_at(prompt.caret());
            assert_eq!(format!("{before}|{after}"), expected, "{start} {actions:?}");
        }
    }

    #[test]
    fn what_was_typed_before_comes_back_and_so_does_what_was_begun() {
        let mut lines = Recollection::default();
        for line in ["one", "two", " ", "one"] {
            lines.remember(line);
        }
        let mut prompt = Prompt::new(PromptKind::Query, "begun");
        let mut seen = Vec::new();
        for action in [Newer, Older, Older, Older, Newer, Newer, Newer] {
            prompt.recall(action, &lines);
            seen.push(prompt.text().to_owned());
        }
        assert_eq!(seen, ["begun", "one", "two", "two", "one", "begun", "begun"]);
    }

    #[test]
    fn what_was_begun_is_completed_by_each_candidate_in_turn() {
        let mut prompt = Prompt::new(PromptKind::Query, "st x");
        let candidate =
            |text: &str| CompletionRow { at: 0..2, text: text.to_owned(), label: text.to_owned() };
        prompt.candidates = vec![candidate("state:"), candidate("stuck")];
        let mut seen = Vec::new();
        for _ in 0..3 {
            assert!(prompt.complete());
            seen.push((prompt.text().to_owned(), prompt.caret()));
        }
        let state = ("state: x".to_owned(), 6);
        assert_eq!(seen, [state.clone(), ("stuck x".to_owned(), 5), state]);
        prompt.edit(Type('r'));
        assert!(!prompt.is_completing());
    }
}
