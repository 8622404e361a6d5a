//! A rule of a compiled table: when it holds for a line, and what the line then says of a run.

use super::condition::MappedCondition;
use super::pick::{EachOf, Pick};
use super::time::TimeOf;
use super::words::WordTable;
use crate::engine::mapped::scan::SlotSet;
use crate::engine::mapped::states::MappedState;

/// Rule of a table.
#[derive(Debug)]
pub struct MappedRule {
    /// Conditions; all of them hold.
    pub when: Vec<MappedCondition>,
    /// True if the next rule that holds for the line is taken, too.
    pub also: bool,
    /// The elements that the rule holds for, each by itself.
    pub each: Option<EachOf>,
    /// Registers that the line sets, and their values. They never ask for an element.
    pub carry: Vec<(usize, Pick)>,
    /// Id of the run.
    pub id: Pick,
    /// State of the run.
    pub state: StateOf,
    /// Instant of the line.
    pub time: Option<TimeOf>,
    /// Number of the attempt, and the number of the first one.
    pub attempt: Option<(Pick, i64)>,
    /// All other facts.
    pub fields: RuleFields,
}

impl MappedRule {
    /// True if a line that the rule holds for says at most one thing, and no other rule is asked.
    #[inline]
    pub const fn is_one_statement(&self) -> bool {
        !self.also && self.each.is_none() && self.carry.is_empty()
    }
}

/// Fields of a rule, found by what is filled of a line: most lines have few of them.
#[derive(Debug)]
pub struct RuleFields {
    fields: Vec<(FieldName, FieldOf)>,
    /// Slots that are the way to one field and that are told apart.
    slots: SlotSet,
    /// Field of such a slot.
    by_slot: [u8; SlotSet::TOLD_APART],
    /// All other fields.
    others: Vec<u8>,
}

impl RuleFields {
    /// Fields of a rule, each name once at most.
    #[must_use]
    pub fn new(fields: Vec<(FieldName, FieldOf)>) -> Self {
        let (mut slots, mut by_slot, mut others) =
            (SlotSet::default(), [u8::MAX; SlotSet::TOLD_APART], vec![]);
        for (index, (_, of)) in (0..).zip(&fields) {
            let (FieldOf::Value(at) | FieldOf::Time(TimeOf { at, .. })) = of;
            match at {
                Pick::Slot(slot) if by_slot.get(*slot) == Some(&u8::MAX) => {
                    slots.add(*slot);
                    by_slot[*slot] = index;
                }
                _ => others.push(index),
            }
        }
        Self { fields, slots, by_slot, others }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[(FieldName, FieldOf)] {
        &self.fields
    }

    /// The fields whose values may be there in a line with these slots filled.
    #[inline]
    pub fn filled_by(&self, filled: SlotSet) -> impl Iterator<Item = &(FieldName, FieldOf)> {
        let simple = filled.and(self.slots).map(|slot| self.by_slot[slot]);
        simple.chain(self.others.iter().copied()).map(|index| &self.fields[usize::from(index)])
    }
}

/// Way to the state of a run.
#[derive(Debug)]
pub enum StateOf {
    /// The same for every line, with the engine's word for it.
    Const(MappedState, Option<Pick>),
    /// By a word.
    Word(Pick, WordTable),
    /// Nothing is said of the state: the line has facts of a run that is known, such as its name.
    Untold,
}

/// Fact of a run beside its id, its state, its time and its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldName {
    /// Name of the task.
    Task,
    /// Id of the run that it is part of.
    Parent,
    /// Worker that has it.
    Worker,
    /// Text of a failure.
    Error,
    /// Queue that it is in.
    Queue,
    /// Reason of its state.
    Reason,
    /// Key by which its producer knows it.
    Key,
    /// Output, as any JSON.
    Output,
    /// Tags: a list of texts, or a text.
    Tags,
    /// Instant from which it may run.
    Due,
    /// Instant at which it was started.
    Started,
    /// Instant at which it ended.
    Ended,
    /// Instant at which it was created.
    Created,
    /// Instant until which a worker has it.
    LeaseUntil,
    /// Number of attempts that it may make.
    MaxAttempts,
    /// Priority; a greater one is taken first.
    Priority,
}

impl FieldName {
    /// Every field with its name in a table.
    pub const ALL: [(&'static str, Self); 16] = [
        ("task", Self::Task),
        ("parent", Self::Parent),
        ("worker", Self::Worker),
        ("error", Self::Error),
        ("queue", Self::Queue),
        ("reason", Self::Reason),
        ("key", Self::Key),
        ("output", Self::Output),
        ("tags", Self::Tags),
        ("due", Self::Due),
        ("started", Self::Started),
        ("ended", Self::Ended),
        ("created", Self::Created),
        ("lease_until", Self::LeaseUntil),
        ("max_attempts", Self::MaxAttempts),
        ("priority", Self::Priority),
    ];

    /// Is true of an instant.
    #[must_use]
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Due | Self::Started | Self::Ended | Self::Created | Self::LeaseUntil)
    }
}

/// Way to the value of a field.
#[derive(Debug)]
pub enum FieldOf {
    /// A value.
    Value(Pick),
    /// An instant.
    Time(TimeOf),
}
