//! Errors of a query: the place, the reason, and a suggestion.

use std::ops::Range;

use thiserror::Error;

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what}")]
pub struct QueryError {
    /// Which bytes of the text are wrong.
    pub at: Range<usize>,
    /// Reason, as a sentence without an end.
    pub what: String,
    /// Suggestion of what may have been meant, or what to write.
    pub hint: Option<String>,
}

impl QueryError {
    pub(super) fn new(at: Range<usize>, what: impl Into<String>) -> Self {
        Self { at, what: what.into(), hint: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Suggests a name, or else says something.
    pub(super) fn suggest(self, name: Option<&str>, or: impl FnOnce() -> String) -> Self {
        let hint = name.map_or_else(or, |name| format!("did you mean `{name}`?"));
        self.hint(hint)
    }
}
