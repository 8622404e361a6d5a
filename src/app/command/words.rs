//! The words of a command that was typed, each with its place, so that errors can be marked.
//!
//! Must not know what a command does.

use std::ops::Range;

use crate::app::prompt::PromptError;
use crate::input::{CommandRow, Takes};

/// The name of a command and what follows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    typed: &'a str,
    pub(super) name: &'a str,
    pub(super) rest: &'a str,
}

impl<'a> Words<'a> {
    pub(super) fn of(typed: &'a str) -> Self {
        let trimmed = typed.trim();
        let (name, rest) = trimmed.split_once(char::is_whitespace).unwrap_or((trimmed, ""));
        let end = typed.trim_end().len();
        let rest = if rest.is_empty() { &typed[end..end] } else { rest.trim() };
        Self { typed, name, rest }
    }

    /// The place of a part of the typed line.
    fn at(&self, part: &str) -> Range<usize> {
        let start =
            (part.as_ptr() as usize).saturating_sub(self.typed.as_ptr() as usize).min(self.typed.len());
        start..(start + part.len()).min(self.typed.len())
    }

    pub(super) fn at_name(&self) -> Range<usize> {
        self.at(self.name)
    }

    pub(super) fn at_rest(&self) -> Range<usize> {
        self.at(self.rest)
    }

    /// The same with a part of what follows alone.
    pub(super) fn with_rest(self, rest: &'a str) -> Self {
        Self { rest, ..self }
    }

    /// Refuses words that the command does not take, and the lack of one that it needs.
    pub(super) fn check_number(&self, row: &CommandRow) -> Result<(), PromptError> {
        let second = self.rest.split_once(char::is_whitespace).map(|(_, more)| more.trim_start());
        let (name, argument) = (row.name, row.argument());
        match row.takes {
            Takes::Nothing if !self.rest.is_empty() => {
                let words = format!("`{}` is too much: {name} takes nothing after its name", self.rest);
                Err(PromptError::new(self.at_rest(), &words))
            }
            Takes::Instant if self.rest.is_empty() => {
                let words = format!("{name} needs a {argument}: start, end, #1234, line:1234, 14:03 or -5m");
                Err(PromptError::new(self.at_rest(), &words))
            }
            Takes::Sort | Takes::Grouping | Takes::Theme => match second {
                Some(more) => {
                    let words = format!("`{more}` is too much: {name} takes one {argument}");
                    Err(PromptError::new(self.at(more), &words))
                }
                None => Ok(()),
            },
            Takes::File if self.rest.is_empty() => {
                let words = format!("{name} needs a {argument}: call it .csv, .jsonl, .svg or .html");
                Err(PromptError::new(self.at_rest(), &words))
            }
            _ => Ok(()),
        }
    }

    /// An error for an argument that is none of these names.
    pub(super) fn is_none_of<const N: usize>(&self, what: &str, names: [&str; N]) -> PromptError {
        let said = match CommandRow::named(self.name).filter(|_| self.rest.is_empty()) {
            Some(row) => format!("{} needs a {}", self.name, row.argument()),
            None => format!("`{}` is no {what}", self.rest),
        };
        PromptError::new(self.at_rest(), &format!("{said}: {}", names.join(", ")))
    }

    /// The one file that follows the name: a name with blanks is put between quotes, or has a backslash before each.
    pub(super) fn file(&self) -> Result<String, PromptError> {
        let (mut file, mut quote, mut end) = (String::new(), None, self.rest.len());
        let mut chars = self.rest.char_indices();
        while let Some((at, letter)) = chars.next() {
            match (letter, quote) {
                (letter, Some((_, open))) if letter == open => quote = None,
                ('\'' | '"', None) => quote = Some((at, letter)),
                ('\\', None | Some((_, '"'))) => {
                    let Some((_, kept)) = chars.next() else {
                        let words = "a backslash ends it; write \\\\ for one";
                        return Err(PromptError::new(self.at(&self.rest[at..]), words));
                    };
                    file.push(kept);
                }
                (letter, None) if letter.is_whitespace() => {
                    end = at;
                    break;
                }
                (letter, _) => file.push(letter),
            }
        }
        if let Some((at, _)) = quote {
            return Err(PromptError::new(self.at(&self.rest[at..]), "this quote is not closed"));
        }
        let more = self.rest[end..].trim_start();
        if !more.is_empty() {
            let words = format!(
                "`{more}` is too much: {} takes one FILE; put a name with blanks between quotes",
                self.name
            );
            return Err(PromptError::new(self.at(more), &words));
        }
        Ok(file)
    }
}
