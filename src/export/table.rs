//! Runs as rows of CSV, for spreadsheets and scripts.
//!
//! A value that the log does not give is an empty cell, and instants are UTC. Texts are as the screen shows
//! them: no control byte gets through. One that a spreadsheet would take for a formula, because it begins
//! with `=`, `+`, `-` or `@`, gets a `'` before it, which spreadsheets take for the sign of a text; numbers
//! are left alone.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

use crate::model::clock::stamp;
use crate::model::text;
use crate::store::{RunKey, Store};
use crate::view::RunRow;

/// The names of the columns.
const NAMES: [&str; 15] = [
    "run",
    "state",
    "task",
    "name",
    "tags",
    "attempts",
    "max_attempts",
    "uncounted_attempts",
    "priority",
    "in_state_seconds",
    "since",
    "created",
    "owner",
    "key",
    "error",
];

/// The byte order mark, which is the only way to tell a spreadsheet that a file is UTF-8.
pub(super) const MARK: &[u8] = "\u{feff}".as_bytes();

/// The longest text, in characters: spreadsheets cut cells off at 32,767.
const MAX_CELL_CHARS: usize = 32_000;

/// Characters that begin a formula, also in the wide letters that some spreadsheets take for the same.
const FORMULAS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The line of the names.
#[must_use]
pub fn heading() -> Vec<u8> {
    line(&NAMES.map(Cow::Borrowed))
}

/// A run at the instant `now`.
#[must_use]
pub fn row(store: &Store, key: RunKey, now: u64) -> Vec<u8> {
    let row = RunRow::of(store, key, now);
    let (known, unit) = (!row.joined, store.unit());
    let number = |number: Option<u64>| Cow::from(number.map(|it| it.to_string()).unwrap_or_default());
    let words = |words: Option<&str>| Cow::from(words.map(harmless).unwrap_or_default());
    let name = |name| words(Some(store.text(name)));
    let tags: Vec<&str> = row.tags().collect();
    let spec = store.spec(key);
    line(&[
        words(Some(&store.id_text(row.id))),
        row.state.name().into(),
        if known { words(Some(&store.id_text(row.task))) } else { Cow::default() },
        words(row.description),
        words(Some(&tags.join(" "))),
        number(row.attempts.counted.map(u64::from)),
        number(row.attempts.cap.map(u64::from)),
        number(Some(row.attempts.uncounted.into())),
        row.priority.map(|it| it.to_string()).unwrap_or_default().into(),
        row.age.map(|age| unit.decimal(age)).unwrap_or_default().into(),
        stamp(store.changed_at(key), unit).into(),
        if known { stamp(store.created_at(key), unit).into() } else { Cow::default() },
        words(row.owner),
        spec.and_then(|spec| spec.concurrency_key).map(name).unwrap_or_default(),
        store.latest_error(key).map(name).unwrap_or_default(),
    ])
}

/// A text that is safe in a cell.
fn harmless(words: &str) -> String {
    let clean = text::clean(words);
    let sign = if clean.trim_start().starts_with(FORMULAS) { "'" } else { "" };
    let cut = clean.char_indices().nth(MAX_CELL_CHARS).map_or(clean.len(), |(at, _)| at);
    let more = if cut < clean.len() { "..." } else { "" };
    format!("{sign}{}{more}", &clean[..cut])
}

fn line(cells: &[Cow<'_, str>; NAMES.len()]) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing to a vector cannot fail, and there is one record only, so that all are as long.
    let _ = writer.write_record(cells.iter().map(|cell| cell.as_bytes()));
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_nor_a_control_byte() {
        for (words, expected) in [
            ("flaky job", "flaky job"),
            ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1+1", "' =1+1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=b", "a=b"),
            ("'=1", "'=1"),
            ("", ""),
        ] {
            assert_eq!(harmless(words), expected);
        }
        for hostile in ["\t=1", "\r=1", "\n@x", "\x1b[31m", "\0=1"] {
            let cell = harmless(hostile);
            assert!(!cell.chars().any(char::is_control) && !cell.starts_with(FORMULAS), "{cell:?}");
        }
        assert_eq!(harmless(&"é".repeat(40_000)).chars().count(), MAX_CELL_CHARS + 3);
    }
}
