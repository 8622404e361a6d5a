//! Tables: what people write about the lines of an engine, checked and compiled.
//!
//! A compiled table asks for values by slots of one trie, so that a line is read once however much the table asks for.
//! Must not know runs, nor what a line does to them.

pub mod condition;
mod fault;
pub mod pick;
mod read;
pub mod rule;
pub mod synonyms;
mod tells;
pub mod time;
pub mod unwrap;
pub mod words;

pub use fault::TableProblem;

use super::scan::PointerTrie;
use super::states::{MappedState, MappedStates};
use crate::model::states::{CancelProof, StateId, StateTable};
use condition::MappedCondition;
use pick::Pick;
use rule::MappedRule;
use unwrap::Unwrap;

/// Rules that a table may have.
pub const MAX_RULES: usize = 64;
/// Pointers of a rule, beside the first one of each field; and pointers of one value.
pub const MAX_POINTERS: usize = 16;
/// Words in one table of words.
pub const MAX_WORDS: usize = 256;
/// Registers of a table.
pub const MAX_REGISTERS: usize = 16;
/// Length of a table's text, in bytes.
pub const MAX_TABLE_BYTES: usize = 64 << 10;

/// Compiled table.
#[derive(Debug)]
pub struct MappedTable {
    /// Name by which users choose it.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Command that writes such a log; empty where the table has none.
    pub command: String,
    /// Place where the form of the log is described; empty where the table has none.
    pub source: String,
    /// Every pointer from the root of an event: of `detect`, of the rules and of `dedup`.
    pub trie: PointerTrie,
    /// Way to the event in a line that wraps it.
    pub unwrap: Option<Unwrap>,
    /// Conditions by which a log is recognized: any of these, and all within one.
    pub detect: Vec<Vec<MappedCondition>>,
    /// Rules, in their order.
    pub rules: Vec<MappedRule>,
    /// Names of the registers.
    pub registers: Vec<String>,
    /// Way to the id of an event that may come again.
    pub dedup: Option<Pick>,
    /// Effect of a statement about a run that has ended.
    pub late: LateRule,
    /// True if lines that are no JSON are passed over, and are not unreadable.
    pub noise: bool,
    /// True if the text before the first `{` of a line is skipped.
    pub prefix: bool,
    /// True if the open children of an ended parent are told as left open.
    pub left_open: bool,
    /// True if entries into `Running` are counted as attempts where no rule gives one.
    pub counts_attempts: bool,
    /// Way to cancel a run; none where there is none.
    pub cancel: Option<CancelWay>,
    /// The only transitions that are no problem; none where all are free.
    pub transitions: Option<Vec<(MappedState, MappedState)>>,
    /// Facts that the log tells and those that it does not, a line each.
    pub tells: Vec<String>,
    /// Its text.
    pub text: Box<str>,
    /// The states that the table can show.
    pub states: &'static StateTable,
    /// Fields that the rules give, as bits.
    fields: u32,
    /// True if a rule gives the number of the attempt.
    gives_attempts: bool,
    ids: [Option<StateId>; MappedState::COUNT],
    /// State of each id.
    shown: Vec<MappedState>,
}

/// Effect of a statement about a run that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LateRule {
    /// It holds, as every later statement.
    Reopen,
    /// It holds for these states only.
    Sticky(MappedStates),
    /// At any time, it holds if its state has no lower rank than that of the run, or if one of the two is exempt.
    Precedence {
        /// Rank of each state, by its discriminant: greater is higher, and 0 is a state that is not listed.
        ranks: [u8; MappedState::COUNT],
        /// States that always hold, and that every other state may follow.
        exempt: MappedStates,
    },
}

/// Way to cancel a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelWay {
    /// The thing that is canceled.
    pub unit: CancelUnit,
    /// Suggested command, with `{run}`, `{task}` and `{parent}`.
    pub command: Option<String>,
    /// Proof of the cancel in the log.
    pub proof: CancelProof,
}

/// The thing that a cancel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelUnit {
    /// The run itself.
    Run,
    /// The run that it is part of, and with it all others.
    Parent,
}

impl MappedTable {
    /// Reads and checks a table.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the text.
    pub fn parse(text: &str) -> Result<Self, Vec<TableProblem>> {
        read::table(text)
    }

    /// The part of a line that is the event, or has it: without the text before the first `{`, where there may be one.
    #[must_use]
    pub fn event_text<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        let start = if self.prefix { line.iter().position(|byte| *byte == b'{') } else { None };
        &line[start.unwrap_or(0)..]
    }

    /// Id of a state in the table's own states.
    ///
    /// # Panics
    /// When the table cannot show the state.
    #[must_use]
    pub fn id(&self, state: MappedState) -> StateId {
        self.ids[state as usize].expect("a table gives only states that it shows")
    }

    /// State of one of the table's own ids.
    #[must_use]
    pub fn state(&self, id: StateId) -> MappedState {
        self.shown[id.index()]
    }
}

#[cfg(test)]
mod tests;
