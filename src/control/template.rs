//! The command line of a program, with places for the values of what is canceled: `celery control revoke {run}`.
//!
//! A value becomes one argument or a part of one, through no shell. Since a log's author chooses it, it is a plain word
//! or the call is refused. Must not know how a program is run.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use super::command::{CommandKind, CommandNames};
use crate::model::text;
use crate::model::text::words::{self, SplitError};

/// The length of the longest value, in bytes.
pub const MAX_VALUE_BYTES: usize = 200;

/// Characters of a value besides ASCII letters and digits.
const PLAIN: &str = "._:/@+=-";

/// Columns of a value that is told as unfit.
const MAX_TOLD_COLUMNS: usize = 40;

/// A value that is put into a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateValue {
    /// The id of the run, as the log writes it.
    Run,
    /// The name of its task.
    Task,
    /// The id of its parent.
    Parent,
}

/// A part of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(TemplateValue),
}

/// A program with its arguments, at least one of which has a value in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallTemplate {
    program: PathBuf,
    arguments: Vec<Vec<Piece>>,
}

/// The reason why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A word in braces is no value.
    #[error(
        "{{{}}} is no value of a run; there are {{run}}, {{task}} and {{parent}}, and {{{{ and }}}} are braces",
        text::clean(.0)
    )]
    UnknownValue(String),
    /// A brace has no counterpart.
    #[error(
        "a brace without its counterpart; write {{{{ and }}}} for braces, or {{run}}, {{task}}, {{parent}}"
    )]
    LoneBrace,
    /// The words cannot be told.
    #[error("{0}")]
    Unsplit(#[from] SplitError),
    /// A log's author would choose the program.
    #[error("the program cannot be a value of a run; name it, as in exec:PROGRAM {{run}}")]
    NamedByValue,
}

/// The reason why a value is not put into a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfitValue {
    value: TemplateValue,
    fault: ValueFault,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum ValueFault {
    Missing(CommandKind),
    Empty,
    Option(String),
    Long(usize),
    Character(char, String),
}

impl TemplateValue {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Run, Self::Task, Self::Parent];

    /// Its name, as it is written in braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Task => "task",
            Self::Parent => "parent",
        }
    }

    fn of(self, kind: CommandKind, names: &CommandNames) -> Option<Cow<'_, str>> {
        match self {
            Self::Run => Some(names.run_text(kind.run()?)),
            Self::Task => names.task.as_deref().map(Cow::from),
            Self::Parent => names.parent.as_deref().map(Cow::from),
        }
    }
}

/// Reads the values and the braces in a text.
fn pieces(text: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
            continue;
        }
        let (name, after) = after.split_once('}').filter(|_| brace == "{").ok_or(TemplateError::LoneBrace)?;
        let value = TemplateValue::ALL.into_iter().find(|value| value.name() == name);
        let value = value.ok_or_else(|| TemplateError::UnknownValue(name.to_owned()))?;
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Value(value));
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// Text after `exec:`, as it is meant.
pub(super) enum ProgramText {
    /// A program alone.
    Alone(PathBuf),
    /// A program with its arguments.
    Template(CallTemplate),
}

impl ProgramText {
    /// Reads a text: a program alone, blanks and all, as long as no value is in it.
    pub(super) fn of(text: &str) -> Result<Self, TemplateError> {
        let whole = pieces(text)?;
        if let [] | [Piece::Text(_)] = &whole[..] {
            return Ok(Self::Alone(plain_text(whole).unwrap_or_default().into()));
        }
        let mut words = words::split(text)?.into_iter();
        let program = pieces(&words.next().unwrap_or_default())?;
        let program = plain_text(program).ok_or(TemplateError::NamedByValue)?.into();
        let arguments = words.map(|word| pieces(&word)).collect::<Result<_, _>>()?;
        Ok(Self::Template(CallTemplate { program, arguments }))
    }
}

/// The text of pieces without a value.
fn plain_text(pieces: Vec<Piece>) -> Option<String> {
    let texts = pieces.into_iter().map(|piece| match piece {
        Piece::Text(text) => Some(text),
        Piece::Value(_) => None,
    });
    texts.collect()
}

impl CallTemplate {
    /// The program: a whole path, or a name to be looked for in `PATH`.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The same, with the program by its whole path.
    pub(super) fn at(self, program: PathBuf) -> Self {
        Self { program, ..self }
    }

    /// Returns true if a value is put in.
    #[must_use]
    pub fn has(&self, value: TemplateValue) -> bool {
        self.arguments.iter().flatten().any(|piece| *piece == Piece::Value(value))
    }

    /// The arguments for a command.
    ///
    /// # Errors
    /// When a value is not known, or is no plain word.
    pub fn arguments(&self, kind: CommandKind, names: &CommandNames) -> Result<Vec<String>, UnfitValue> {
        let filled = |word: &Vec<Piece>| {
            let texts = word.iter().map(|piece| match piece {
                Piece::Text(text) => Ok(Cow::from(text)),
                Piece::Value(value) => fit(*value, kind, names),
            });
            texts.collect::<Result<String, _>>()
        };
        self.arguments.iter().map(filled).collect()
    }

    /// The whole command line for a command, safe for a screen.
    ///
    /// # Errors
    /// When a value is not known, or is no plain word.
    pub fn line(&self, kind: CommandKind, names: &CommandNames) -> Result<String, UnfitValue> {
        Ok(self.shown(&self.arguments(kind, names)?))
    }

    fn shown(&self, arguments: &[String]) -> String {
        let program = text::clean_path(&self.program).into_owned();
        let words: Vec<&str> = std::iter::once(&program).chain(arguments).map(String::as_str).collect();
        text::clean(&words::join(&words)).into_owned()
    }
}

/// The command line with its places for values, safe for a screen.
impl fmt::Display for CallTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |pieces: &Vec<Piece>| {
            let texts = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
                Piece::Value(value) => format!("{{{}}}", value.name()),
            });
            texts.collect::<String>()
        };
        f.write_str(&self.shown(&self.arguments.iter().map(word).collect::<Vec<_>>()))
    }
}

/// A value of a command that is fit to be an argument.
fn fit(value: TemplateValue, kind: CommandKind, names: &CommandNames) -> Result<Cow<'_, str>, UnfitValue> {
    let unfit = |fault| Err(UnfitValue { value, fault });
    let Some(word) = value.of(kind, names) else { return unfit(ValueFault::Missing(kind)) };
    let told = || text::clean_fit(&word, MAX_TOLD_COLUMNS).into_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || PLAIN.contains(c);
    match word.chars().find(|c| !is_plain(*c)) {
        _ if word.is_empty() => unfit(ValueFault::Empty),
        Some(c) => unfit(ValueFault::Character(c, told())),
        None if word.starts_with('-') => unfit(ValueFault::Option(told())),
        None if word.len() > MAX_VALUE_BYTES => unfit(ValueFault::Long(word.len())),
        None => Ok(word),
    }
}

/// The value, why it is not put in, and what to do.
impl fmt::Display for UnfitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.value.name();
        let what = match self.value {
            TemplateValue::Run => "the id of the run",
            TemplateValue::Task => "the name of the task",
            TemplateValue::Parent => "the id of the parent",
        };
        match &self.fault {
            ValueFault::Missing(kind) => match (self.value, kind) {
                (TemplateValue::Run, CommandKind::CancelParent { .. }) => f.write_str(
                    "{run} has no value, since its engine cancels the parent of a run; use {parent} in --control",
                ),
                (TemplateValue::Run, _) => {
                    f.write_str("{run} has no value, since no single run is canceled; cancel the runs themselves")
                }
                _ => write!(f, "{{{name}}} has no value, since the log does not tell {what}; use {{run}} in --control"),
            },
            ValueFault::Empty => {
                write!(f, "{what} is empty, and {{{name}}} would be no argument; cancel it where it runs")
            }
            ValueFault::Option(word) => {
                write!(f, "{what}, {word}, begins with -, as an option does; cancel it where it runs")
            }
            ValueFault::Long(length) => write!(
                f,
                "{what} takes {length} bytes, and {{{name}}} may take {MAX_VALUE_BYTES}; cancel it where it runs"
            ),
            ValueFault::Character(c, word) => write!(
                f,
                "{what}, {word}, has {}, and {{{name}}} may have letters and digits of ASCII and {PLAIN} alone; \
                 cancel it where it runs",
                called(*c)
            ),
        }
    }
}

/// A character, as it can be told.
fn called(c: char) -> String {
    if c == ' ' { "a blank".to_owned() } else { text::clean(&c.to_string()).into_owned() }
}

#[cfg(test)]
mod tests;
