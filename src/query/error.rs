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

/// The one of `names` that may have been meant by a misspelled one: a third of it may be wrong, or its rest missing.
#[must_use]
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let n_letters = typed.chars().count();
    let far = |name: &str| strsim::damerau_levenshtein(&typed, &name.to_lowercase());
    let is_begun = |name: &str| n_letters > 1 && name.to_lowercase().starts_with(&typed);
    let measured = names.map(|name| (if is_begun(name) { 0 } else { far(name) }, name));
    let (distance, name) = measured.min_by_key(|(distance, _)| *distance)?;
    (distance <= n_letters.max(name.len()) / 3).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_suggested_when_it_is_near() {
        let names = ["state", "in_state", "attempts", "created"];
        for (typed, expected) in [
            ("stat", Some("state")),
            ("States", Some("state")),
            ("attemps", Some("attempts")),
            ("att", Some("attempts")),
            ("instate", Some("in_state")),
            ("craeted", Some("created")),
            ("x", None),
            ("", None),
            ("http", None),
        ] {
            assert_eq!(nearest(typed, names.into_iter()), expected, "{typed}");
        }
    }
}
