//! The short form of an id: as many of its digits, or of the letters of a text, as make the ids of the screen distinct.
//!
//! Ids that are made in order of time begin alike, others end alike. The form is chosen for all ids of a kind at once,
//! and changes only where it has to, so that a run keeps its name and its column. It finds the run after `id:`. Must
//! not know which runs are on the screen.

mod letters;

use std::borrow::Cow;

use crate::model::id::{Id, IdTexts, RunId, TaskId};
use crate::model::text::clean;
use crate::store::Store;
use letters::TextForm;

/// A range of an id's digits, counted without the hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    first: usize,
    len: usize,
}

/// Digits of an id.
const ID_DIGITS: usize = 32;

const fn part(first: usize, len: usize) -> Part {
    Part { first, len }
}

/// The parts that may be shown: each is used where none before it makes the ids distinct. The last is the whole id.
const PARTS: [Part; 11] = [
    part(0, 8),
    part(24, 8),
    part(8, 8),
    part(16, 8),
    part(12, 8),
    part(20, 8),
    part(4, 8),
    part(20, 12),
    part(0, 12),
    part(0, 16),
    part(0, ID_DIGITS),
];

/// The short forms of ids, of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdForms {
    runs: Form,
    tasks: Form,
}

/// The short form of ids of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Form {
    /// The index in [`PARTS`] of the part that is shown of UUIDs.
    part: usize,
    /// The form of ids that are texts; none before there is one.
    letters: Option<TextForm>,
    /// True once there was a UUID.
    has_uuids: bool,
}

/// The ids of one store, as the screen shows them: clean, whole or in their short forms.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ids<'a> {
    forms: IdForms,
    /// None where every id is a UUID.
    texts: Option<&'a IdTexts>,
}

impl IdForms {
    /// Chooses forms that make these ids distinct; returns true if a form has changed.
    pub fn distinguish(&mut self, texts: &IdTexts, runs: &[RunId], tasks: &[TaskId]) -> bool {
        let before = *self;
        self.runs.distinguish(texts, runs);
        self.tasks.distinguish(texts, tasks);
        *self != before
    }

    /// The ids of a store in these forms.
    #[must_use]
    pub const fn of(self, store: &Store) -> Ids<'_> {
        Ids { forms: self, texts: Some(store.id_texts()) }
    }

    /// The columns of a run's id.
    #[must_use]
    pub fn run_columns(self) -> usize {
        self.runs.columns()
    }
}

impl<'a> Ids<'a> {
    /// The short form of a run's id.
    #[must_use]
    pub fn run(self, run: RunId) -> String {
        self.short(self.forms.runs, run)
    }

    /// The short form of a task's id, for a task that has no description; `?` for one that is not known.
    #[must_use]
    pub fn task(self, task: TaskId) -> String {
        if task.is_nil() {
            return "?".to_owned();
        }
        self.short(self.forms.tasks, task)
    }

    /// The whole id, clean.
    #[must_use]
    pub fn whole(self, id: impl Id) -> String {
        clean(&self.text(id)).into_owned()
    }

    /// The whole id as the log writes it.
    #[must_use]
    pub fn text(self, id: impl Id) -> Cow<'a, str> {
        self.texts.map_or_else(|| IdTexts::default().text(id).into_owned().into(), |texts| texts.text(id))
    }

    /// The columns of a run's id.
    #[must_use]
    pub fn run_columns(self) -> usize {
        self.forms.run_columns()
    }

    fn short(self, form: Form, id: impl Id) -> String {
        match self.texts.and_then(|texts| texts.get(id)) {
            Some(text) => form.letters.unwrap_or_default().of(text),
            None => PARTS[form.part].of(&self.text(id)),
        }
    }
}

impl Form {
    fn distinguish(&mut self, texts: &IdTexts, ids: &[impl Id]) {
        let mut uuids = Vec::with_capacity(ids.len());
        let mut written = Vec::new();
        for id in ids {
            match texts.get(*id) {
                Some(text) => written.push(text),
                None => uuids.push(id.bits()),
            }
        }
        self.has_uuids |= uuids.iter().any(|bits| *bits != 0);
        self.part = distinct_part(self.part, uuids);
        if !written.is_empty() {
            self.letters = Some(self.letters.unwrap_or_default().distinguishing(written));
        }
    }

    fn columns(self) -> usize {
        match self.letters {
            None => PARTS[self.part].columns(),
            Some(letters) if self.has_uuids => PARTS[self.part].columns().max(letters.columns()),
            Some(letters) => letters.columns(),
        }
    }
}

/// The first part from `at` on that is distinct for all distinct ids.
fn distinct_part(mut at: usize, mut ids: Vec<u128>) -> usize {
    ids.sort_unstable();
    ids.dedup();
    let mut parts = Vec::with_capacity(ids.len());
    while at + 1 < PARTS.len() {
        parts.clear();
        parts.extend(ids.iter().map(|id| PARTS[at].digits(*id)));
        parts.sort_unstable();
        if parts.windows(2).all(|pair| pair[0] != pair[1]) {
            break;
        }
        at += 1;
    }
    at
}

impl Part {
    const fn digits(self, id: u128) -> u128 {
        (id << (4 * self.first)) >> (4 * (ID_DIGITS - self.len))
    }

    /// Cuts the part out of a written id.
    fn of(self, id: &str) -> String {
        let shown = &id[digit_offset(self.first)..=digit_offset(self.first + self.len - 1)];
        match (self.first > 0, self.first > 0 && self.first + self.len < ID_DIGITS) {
            (false, _) => shown.to_owned(),
            (true, false) => format!("…{shown}"),
            (true, true) => format!("…{shown}…"),
        }
    }

    const fn columns(self) -> usize {
        let shown = digit_offset(self.first + self.len - 1) + 1 - digit_offset(self.first);
        let marks = if self.first == 0 { 0 } else { 1 + (self.first + self.len < ID_DIGITS) as usize };
        shown + marks
    }
}

/// The offset of a digit in the text of an id.
const fn digit_offset(digit: usize) -> usize {
    digit + (digit >= 8) as usize + (digit >= 12) as usize + (digit >= 16) as usize + (digit >= 20) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::model::text;

    fn runs(ids: &[u128]) -> Vec<RunId> {
        ids.iter().map(|id| format!("{id:032x}").parse().unwrap()).collect()
    }

    #[test]
    fn short_forms_are_distinct() {
        for (ids, expected) in [
            // Random ones.
            (
                vec![0x7ef1_a3c2_0000_4000_8000_0000_0000_0001, 0x8ef1_a3c2_0000_4000_8000_0000_0000_0001],
                "7ef1a3c2",
            ),
            // In order of time.
            (
                vec![0x01a1_fa09_0001_7000_8000_0000_d4e5_f6a7, 0x01a1_fa09_0001_7000_8000_0000_d4e5_f6a8],
                "…d4e5f6a7",
            ),
            // Those of a node, with the time in the middle.
            (
                vec![0x1ef2_1d2f_1b5a_6d40_8b1c_0242_ac12_0002, 0x1ef2_1d2f_1b5b_6d40_8b1c_0242_ac12_0002],
                "…1b5a-6d40…",
            ),
            // Numbers with marks on both sides.
            (
                vec![0x0000_0000_0000_4001_8000_0000_0000_0000, 0x0000_0000_0000_4002_8000_0000_0000_0000],
                "…0000-4001…",
            ),
            (
                vec![0x0000_0000_0000_4000_8000_0000_0000_002a, 0x0000_0000_0000_4000_8000_0000_0000_002b],
                "…0000002a",
            ),
            // One that is like one in its beginning, and like another in its end.
            (
                vec![
                    0xaaaa_aaaa_0000_4000_8000_0000_0000_0001,
                    0xaaaa_aaaa_0000_4000_8000_0000_0000_0002,
                    0xbbbb_bbbb_0000_4000_8000_0000_0000_0001,
                ],
                "aaaaaaaa-0000-4000-8000-000000000001",
            ),
        ] {
            let (mut forms, texts, runs) = (IdForms::default(), IdTexts::default(), runs(&ids));
            forms.distinguish(&texts, &runs, &[]);
            let shown = Ids { forms, texts: Some(&texts) };
            assert_eq!(shown.run(runs[0]), expected);
            assert_eq!(text::width(expected), shown.run_columns());
            let all: HashSet<String> = runs.iter().map(|run| shown.run(*run)).collect();
            assert_eq!(all.len(), runs.len());
            // The same again changes nothing, nor does a part of them.
            assert!(!forms.distinguish(&texts, &runs, &[]) && !forms.distinguish(&texts, &runs[..1], &[]));
        }
    }
}
