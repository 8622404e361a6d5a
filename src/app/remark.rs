//! Words for the reader that an owner hands to the app, which puts them among its notices.

use crate::view::Severity;
use crate::view::notice::Subject;

/// Words for the reader. The text must be clean.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a remark that is not told is not read"]
pub(super) struct Remark {
    pub(super) severity: Severity,
    /// The thing whose state the words tell: they take the place of earlier ones about it.
    pub(super) subject: Option<Subject>,
    pub(super) text: String,
}

impl Remark {
    pub(super) fn of(severity: Severity, text: impl Into<String>) -> Self {
        Self { severity, subject: None, text: text.into() }
    }

    pub(super) fn note(text: impl Into<String>) -> Self {
        Self::of(Severity::Note, text)
    }

    pub(super) fn warning(text: impl Into<String>) -> Self {
        Self::of(Severity::Warning, text)
    }

    pub(super) fn about(self, subject: Subject) -> Self {
        Self { subject: Some(subject), ..self }
    }
}

impl IntoIterator for Remark {
    type Item = Self;
    type IntoIter = std::iter::Once<Self>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self)
    }
}
