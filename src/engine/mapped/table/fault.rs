//! Errors of a table: the place, the key, the reason, and a suggestion.

use std::fmt::{self, Write as _};
use std::ops::Range;

use crate::model::nearest::nearest;
use crate::model::text;

/// One thing that is wrong in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableProblem {
    /// The line, from 1.
    pub line: usize,
    /// The column, in letters, from 1.
    pub column: usize,
    /// The key, with those that it is under; none where the text is no TOML.
    pub key: Option<String>,
    /// Reason, safe for a screen.
    pub what: String,
}

/// `12:7: rule 2: id: a value begins with ...`
impl fmt::Display for TableProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if let Some(key) = &self.key {
            write!(f, "{key}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// The same while the table is read: by its place in the text.
#[derive(Debug)]
pub(super) struct TableFault {
    span: Range<usize>,
    key: Option<String>,
    what: String,
}

impl TableFault {
    pub(super) fn new(span: Range<usize>, key: impl Into<String>, what: impl Into<String>) -> Self {
        Self { span, key: Some(key.into()), what: what.into() }
    }

    /// A text that is no TOML.
    pub(super) fn of_toml(error: &toml::de::Error) -> Self {
        let what = error.message().trim_end().replace('\n', ", ");
        Self { span: error.span().unwrap_or(0..0), key: None, what }
    }

    /// With what may have been meant by `typed`, if anything comes near it.
    pub(super) fn near<'a>(mut self, typed: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        if let Some(name) = nearest(typed, names.into_iter()) {
            let _ = write!(self.what, "; did you mean `{name}`?");
        }
        self
    }

    /// With its line and column in the text.
    pub(super) fn placed(self, text: &str) -> TableProblem {
        let (line, column) = text::place(text, self.span.start);
        let clean = |words: &str| text::clean(words).into_owned();
        TableProblem { line, column, key: self.key.as_deref().map(clean), what: clean(&self.what) }
    }

    /// The place in the text, by which faults are sorted.
    pub(super) const fn start(&self) -> usize {
        self.span.start
    }
}
