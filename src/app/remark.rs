//! Words for the reader that an owner hands to the app, which puts them among its notices.

use crate::view::Severity;
use crate::view::notice::Subject;

/// Something that an owner has for the notices.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a remark that is not reported is not read"]
pub(super) enum Remark {
    /// Words, which must be clean. Those about a subject take the place of earlier ones about it.
    Words { severity: Severity, subject: Option<Subject>, text: String },
    /// Earlier words about this subject are no longer so.
    Over(Subject),
}

impl Remark {
    pub(super) fn of(severity: Severity, text: impl Into<String>) -> Self {
        Self::Words { severity, subject: None, text: text.into() }
    }

    pub(super) fn note(text: impl Into<String>) -> Self {
        Self::of(Severity::Note, text)
    }

    pub(super) fn warning(text: impl Into<String>) -> Self {
        Self::of(Severity::Warning, text)
    }

    pub(super) fn about(self, subject: Subject) -> Self {
        match self {
            Self::Words { severity, text, .. } => Self::Words { severity, subject: Some(subject), text },
            Self::Over(_) => Self::Over(subject),
        }
    }
}

impl IntoIterator for Remark {
    type Item = Self;
    type IntoIter = std::iter::Once<Self>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self)
    }
}
