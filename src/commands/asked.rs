//! A query on the command line: which runs a report is about, or what is wrong with it, shown where it is wrong.

use super::Failure;
use crate::model::text;
use crate::query::{Query, QueryError, QueryMatcher, QueryText};
use crate::store::{RunKey, Store};

/// Reads a query, if there is one, before the engine of the log is known.
///
/// # Errors
/// When it is none; the hint shows the place.
pub fn read(query: Option<&str>) -> Result<Option<QueryText>, Failure> {
    query.map(|text| QueryText::parse(text).map_err(|error| told(text, &error))).transpose()
}

/// The query about the runs of a store.
///
/// # Errors
/// When the store's engine has no such state; the hint shows the place.
pub fn of(query: &QueryText, store: &Store) -> Result<Query, Failure> {
    query.with(store.states()).map_err(|error| told(query.text(), &error))
}

/// Which runs of a store a query finds at the log's latest instant, by their keys; all of them without one.
pub(super) fn found(store: &Store, query: Option<&Query>) -> impl FnMut(RunKey) -> bool {
    let now = store.latest_at();
    let mut sieve = query.map(QueryMatcher::new);
    if let Some(sieve) = &mut sieve {
        sieve.prepare(store);
    }
    move |key| sieve.as_mut().is_none_or(|sieve| sieve.judge(store, key, now).matches)
}

/// Describes the error of a query, with a line that points at the place.
fn told(query: &str, error: &QueryError) -> Failure {
    let width = |text: &str| text::width(&text::clean(text));
    let (before, wrong) = (&query[..error.at.start], &query[error.at.clone()]);
    let carets = "^".repeat(width(wrong).max(1));
    let mut hint = format!("{}\n{}{carets}", text::clean(query), " ".repeat(width(before)));
    if let Some(more) = &error.hint {
        hint = format!("{hint}\n{}", text::clean(more));
    }
    let what = format!("failed to understand the query: {}", text::clean(&error.what));
    Failure { what, hint: Some(hint) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_an_error_is_pointed_at_under_what_is_shown() {
        for (query, hint) in [
            ("stat:run", "stat:run\n^^^^\ndid you mean `state`?"),
            ("live (", "live (\n     ^\nclose it by `)`"),
            ("\"仕事\" a:b", "\"仕事\" a:b\n       ^\n"),
            ("\x1b[2J stat:x", "\\x1b[2J stat:x\n        ^^^^\ndid you mean `state`?"),
            ("live or", "live or\n     ^^\n"),
        ] {
            let told = read(Some(query)).unwrap_err().hint.unwrap();
            assert!(told.starts_with(hint), "{told}");
        }
    }
}
