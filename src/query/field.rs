//! Fields of a query, and the words that are queries alone: one row each, from which completions, suggestions
//! and the README's tables are made.

use super::compare::Compare;
use crate::model::nearest::nearest;

/// Something that a run has, and that a query may compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each has its help beside it")]
pub enum Field {
    State,
    Task,
    Tag,
    Id,
    Owner,
    Key,
    Queue,
    Parent,
    Tenant,
    Error,
    Reason,
    Attempts,
    MaxAttempts,
    Priority,
    InState,
    Age,
    Created,
    Scheduled,
    Lease,
    Waiting,
}

/// Kinds of a field's values, and so their comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One of the states.
    State,
    /// A text that names something: `:` asks for the whole of it.
    Name,
    /// A text that says something: `:` looks for a part of it.
    Prose,
    /// A UUID: `:` asks how it begins.
    Id,
    /// A whole number.
    Number,
    /// A length of time: `1h30m`.
    Length,
    /// An instant: `-10m`.
    Instant,
    /// Cause that keeps a run.
    Cause,
}

/// One field.
#[derive(Debug)]
pub struct FieldRow {
    /// The field.
    pub field: Field,
    /// Name.
    pub name: &'static str,
    /// Other names.
    pub other_names: &'static [&'static str],
    /// Kind of its values.
    pub kind: FieldKind,
    /// Meaning, for people.
    pub help: &'static str,
    /// Example.
    pub example: &'static str,
}

const fn row(
    field: Field,
    name: &'static str,
    kind: FieldKind,
    help: &'static str,
    example: &'static str,
) -> FieldRow {
    FieldRow { field, name, other_names: &[], kind, help, example }
}

const fn or_called(row: &FieldRow, other_names: &'static [&'static str]) -> FieldRow {
    FieldRow { other_names, ..*row }
}

/// Every field.
pub const FIELDS: &[FieldRow] = &[
    row(
        Field::State,
        "state",
        FieldKind::State,
        "the state or its phase, `parked` for example, by its name or how that begins; also `live`, `ended` and `failure`",
        "state:run",
    ),
    row(
        Field::Task,
        "task",
        FieldKind::Prose,
        "the description of the task, or its id where it has none; `:` finds an id by its beginning too",
        "task:\"nightly etl\"",
    ),
    row(Field::Tag, "tag", FieldKind::Name, "a tag of the task", "-tag:test"),
    or_called(
        &row(Field::Id, "id", FieldKind::Id, "the id of the run, or what is shown of it", "id:7ef1"),
        &["run"],
    ),
    or_called(
        &row(Field::Owner, "owner", FieldKind::Name, "the worker that holds the lease", "owner:worker-*"),
        &["worker"],
    ),
    row(Field::Key, "key", FieldKind::Name, "the concurrency key of the task", "key:tenant-7"),
    row(
        Field::Queue,
        "queue",
        FieldKind::Name,
        "the queue, where the log of another engine names it",
        "queue:mail",
    ),
    row(
        Field::Parent,
        "parent",
        FieldKind::Name,
        "the id of the task's parent, or the name of what the run is a part of",
        "parent:batch-7",
    ),
    row(Field::Tenant, "tenant", FieldKind::Id, "the id of the task's tenant", "tenant:4c1d"),
    row(
        Field::Error,
        "error",
        FieldKind::Prose,
        "the error of the latest attempt that has one",
        "error~timeout|refused",
    ),
    row(Field::Reason, "reason", FieldKind::Prose, "why the run is suspended", "reason:budget"),
    row(Field::Attempts, "attempts", FieldKind::Number, "attempts that count against the cap", "attempts>=3"),
    row(Field::MaxAttempts, "max_attempts", FieldKind::Number, "the cap of attempts", "max_attempts=1"),
    row(
        Field::Priority,
        "priority",
        FieldKind::Number,
        "the priority by which the run is selected",
        "priority>5",
    ),
    row(
        Field::InState,
        "in_state",
        FieldKind::Length,
        "how long the run has been in its state",
        "in_state>10m",
    ),
    row(Field::Age, "age", FieldKind::Length, "how long ago the run was created", "age<1h30m"),
    row(
        Field::Created,
        "created",
        FieldKind::Instant,
        "when the run was created",
        "created>2026-11-21T14:03Z",
    ),
    row(Field::Scheduled, "scheduled", FieldKind::Instant, "when the run may become ready", "scheduled>+1h"),
    row(
        Field::Lease,
        "lease",
        FieldKind::Length,
        "how long until the lease lapses; 0 once it has",
        "lease<30s",
    ),
    row(
        Field::Waiting,
        "waiting",
        FieldKind::Cause,
        "what keeps the run, by its name or how that begins: `time`, `dependency`, `worker`, `passed` (over), `key`, \
         `budget`, `paused`, `lease`, `orphaned`, `overtime`, `retry`, `suspended`, `signal`, `children`, `unknown`",
        "waiting:key",
    ),
];

/// A word that is asked of a run without a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each has its help beside it")]
pub enum Word {
    Live,
    Ended,
    Cancelable,
    Flagged,
    Joined,
    Waiting,
    Stuck,
}

/// One word.
#[derive(Debug)]
pub struct WordRow {
    /// The word.
    pub word: Word,
    /// As it is typed.
    pub name: &'static str,
    /// Which runs it finds, for people.
    pub help: &'static str,
}

const fn word(word: Word, name: &'static str, help: &'static str) -> WordRow {
    WordRow { word, name, help }
}

/// Every word.
pub const WORDS: &[WordRow] = &[
    word(Word::Live, "live", "runs that have not ended"),
    word(Word::Ended, "ended", "runs that have"),
    word(Word::Cancelable, "cancelable", "runs that a cancel can still end"),
    word(Word::Flagged, "flagged", "runs to which the log did something that it may not do"),
    word(Word::Joined, "joined", "runs whose creation is not in the log"),
    word(Word::Waiting, "waiting", "runs that have not ended and that something keeps"),
    word(Word::Stuck, "stuck", "runs that nothing will move, as far as the log tells"),
];

impl FieldKind {
    /// The comparisons that its fields take.
    #[must_use]
    pub const fn takes(self) -> &'static [Compare] {
        use Compare::{AtLeast, AtMost, Differs, Fits, Less, Like, More, Same, Unlike};
        match self {
            Self::State | Self::Name | Self::Prose | Self::Id => &[Fits, Same, Differs, Like, Unlike],
            Self::Cause => &[Fits, Same, Differs],
            Self::Number | Self::Length | Self::Instant => {
                &[Fits, Same, Differs, More, AtLeast, Less, AtMost]
            }
        }
    }

    /// An example of a value.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::State => "running",
            Self::Name | Self::Prose => "text",
            Self::Id => "7ef1",
            Self::Number => "3",
            Self::Length => "10m",
            Self::Instant => "-10m",
            Self::Cause => "key",
        }
    }
}

impl FieldRow {
    /// Finds a field by a name of it, however its letters are cased.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        let name = name.to_ascii_lowercase().replace('-', "_");
        FIELDS.iter().find(|row| row.name == name || row.other_names.contains(&name.as_str()))
    }

    /// The name that may have been meant by one that there is not.
    pub(super) fn suggest(name: &str) -> Option<&'static str> {
        nearest(name, FIELDS.iter().map(|row| row.name).chain(WORDS.iter().map(|row| row.name)))
    }
}

impl WordRow {
    /// Finds a word, however its letters are cased.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        WORDS.iter().find(|row| row.name.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Query;
    use super::super::cause::NAMES;
    use super::*;
    use crate::engine::actionqueue::states::STATES;

    #[test]
    fn the_help_of_causes_names_them_all() {
        let row = FieldRow::find("waiting").unwrap();
        for name in NAMES {
            assert!(row.help.contains(&format!("`{name}`")), "{name}");
        }
        assert_eq!(row.help.matches('`').count(), 2 * NAMES.len());
    }

    #[test]
    fn each_name_is_told_once_and_each_example_is_a_query() {
        let mut names: Vec<&str> = FIELDS.iter().map(|row| row.name).collect();
        names.extend(FIELDS.iter().flat_map(|row| row.other_names));
        // One that is also a word asks whether there is anything to compare.
        names.extend(WORDS.iter().map(|row| row.name).filter(|name| *name != "waiting"));
        let n_names = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n_names);
        for example in FIELDS.iter().map(|row| row.example).chain(WORDS.iter().map(|row| row.name)) {
            assert!(Query::parse(example, &STATES).is_ok(), "{example}");
        }
    }
}
