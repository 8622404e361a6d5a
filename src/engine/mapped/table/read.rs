//! Reads the text of a table, and goes on where something is wrong, so that all of it is told.

mod condition;
mod rule;
mod setting;
mod value;
mod word;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{TableFault, TableProblem};
use super::words::WordTable;
use super::{CancelUnit, CancelWay, MAX_RULES, MAX_TABLE_BYTES, MappedTable};
use crate::engine::mapped::scan::{JsonPointer, PointerTrie};
use crate::engine::mapped::states::{MappedState, MappedStates, state_table};

/// A value of the text, with its place.
type Given<'a> = Spanned<DeValue<'a>>;

/// Keys of a table.
const KEYS: [&str; 16] = [
    "name",
    "title",
    "command",
    "source",
    "detect",
    "noise",
    "prefix",
    "unwrap",
    "dedup",
    "late",
    "left_open",
    "attempts",
    "transitions",
    "cancel",
    "words",
    "rule",
];

/// Everything that is gathered while a table is read.
#[derive(Default)]
struct TableReader {
    faults: Vec<TableFault>,
    /// Pointers from the root of an event.
    pointers: PointerSet,
    /// Pointers into an element, within a rule with `each`.
    elements: Option<PointerSet>,
    registers: Vec<String>,
    words: BTreeMap<String, WordTable>,
    /// States that the rules can give.
    states: MappedStates,
    /// Number of pointers in the rule that is read.
    n_pointers: usize,
}

/// Pointers in the order of their slots, each once.
#[derive(Default)]
struct PointerSet(Vec<JsonPointer>);

impl PointerSet {
    fn slot(&mut self, pointer: JsonPointer) -> usize {
        self.0.iter().position(|it| *it == pointer).unwrap_or_else(|| {
            self.0.push(pointer);
            self.0.len() - 1
        })
    }

    fn trie(&self) -> PointerTrie {
        PointerTrie::new(&self.0)
    }
}

impl TableReader {
    fn fault(&mut self, span: Range<usize>, key: &str, what: impl Into<String>) {
        self.faults.push(TableFault::new(span, key, what));
    }

    /// Tells the keys of a table that are none of `names`.
    fn check_keys(&mut self, table: &DeTable<'_>, names: &[&str], at: &str) {
        for name in table.keys() {
            let typed: &str = name.get_ref();
            if !names.contains(&typed) {
                let key = if at.is_empty() { typed.to_owned() } else { format!("{at}: {typed}") };
                let fault = TableFault::new(name.span(), key, "nothing is called so here");
                self.faults.push(fault.near(typed, names.iter().copied()));
            }
        }
    }

    /// A text, or a fault.
    fn text<'a>(&mut self, given: &'a Given<'_>, key: &str) -> Option<&'a str> {
        let text = given.get_ref().as_str();
        if text.is_none() {
            self.fault(given.span(), key, "this is a text, in quotes");
        }
        text
    }

    /// One of a few names, or a fault.
    fn one_of<T: Copy>(&mut self, given: &Given<'_>, key: &str, names: &[(&str, T)]) -> Option<T> {
        let typed = given.get_ref().as_str().unwrap_or_default();
        let found = names.iter().find(|(name, _)| *name == typed).map(|(_, it)| *it);
        if found.is_none() {
            let list: Vec<String> = names.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let fault = TableFault::new(given.span(), key, format!("this is one of {}", list.join(", ")));
            self.faults.push(fault.near(typed, names.iter().map(|(name, _)| *name)));
        }
        found
    }

    /// True or false, or a fault.
    fn truth(&mut self, given: Option<&Given<'_>>, key: &str) -> bool {
        let Some(given) = given else { return false };
        given.get_ref().as_bool().unwrap_or_else(|| {
            self.fault(given.span(), key, "this is true or false");
            false
        })
    }
}

/// The table of a text, or everything that is wrong in it.
pub(super) fn table(text: &str) -> Result<MappedTable, Vec<TableProblem>> {
    if text.len() > MAX_TABLE_BYTES {
        let what = format!("a table has at most 64 KiB; this one has {} bytes", text.len());
        return Err(vec![TableProblem { line: 1, column: 1, key: None, what }]);
    }
    let (given, errors) = DeTable::parse_recoverable(text);
    let mut reader =
        TableReader { faults: errors.iter().map(TableFault::of_toml).collect(), ..Default::default() };
    // The meaning of a text that is no TOML cannot be known.
    let table = if reader.faults.is_empty() { reader.read(text, given.get_ref()) } else { None };
    match table {
        Some(table) if reader.faults.is_empty() => Ok(table),
        _ => {
            reader.faults.sort_by_key(TableFault::start);
            Err(reader.faults.into_iter().map(|fault| fault.placed(text)).collect())
        }
    }
}

impl TableReader {
    fn read(&mut self, text: &str, given: &DeTable<'_>) -> Option<MappedTable> {
        self.check_keys(given, &KEYS, "");
        // Rules refer to these by name.
        self.read_words(given.get("words"));
        self.read_registers(given);
        let name = self.read_name(given);
        let mut about = |key: &str| given.get(key).and_then(|it| self.text(it, key)).map(str::to_owned);
        let (title, command, source) = (about("title"), about("command"), about("source"));
        let detect = self.read_detect(given.get("detect"));
        let unwrap = given.get("unwrap").and_then(|it| self.read_unwrap(it));
        let dedup = given.get("dedup").and_then(|it| self.pick(it, "dedup"));
        let rules: Option<Vec<_>> = {
            let rules = self.rules(given);
            let rules: Vec<_> =
                rules.iter().enumerate().map(|(index, it)| self.read_rule(it, index + 1)).collect();
            rules.into_iter().collect()
        };
        let late = given.get("late").and_then(|it| self.read_late(it));
        let transitions = given.get("transitions").and_then(|it| self.read_transitions(it));
        let cancel = given.get("cancel").and_then(|it| self.read_cancel(it));
        let counts = given.get("attempts").is_none_or(|it| self.read_attempts(it));
        let [noise, prefix, left_open] =
            ["noise", "prefix", "left_open"].map(|key| self.truth(given.get(key), key));
        let (name, rules) = (name?, rules?);
        if left_open {
            self.states.insert(MappedState::LeftOpen);
        }
        // Faults would leave states of the program's life behind.
        let shown = if self.faults.is_empty() { self.states } else { return None };
        let way = cancel.as_ref().map(|way: &CancelWay| (way.proof, way.unit == CancelUnit::Parent));
        let (states, ids) = state_table(shown, way);
        let mut table = MappedTable {
            tells: Vec::new(),
            title: title.unwrap_or_else(|| name.clone()),
            name,
            command: command.unwrap_or_default(),
            source: source.unwrap_or_default(),
            trie: self.pointers.trie(),
            unwrap,
            detect,
            rules,
            registers: std::mem::take(&mut self.registers),
            dedup,
            late: late.unwrap_or(super::LateRule::Reopen),
            noise,
            prefix,
            left_open,
            counts_attempts: counts,
            cancel,
            transitions,
            text: text.into(),
            states,
            fields: 0,
            gives_attempts: false,
            ids,
            shown: shown.iter().collect(),
        };
        table.look_up_fields();
        table.tells = table.told_lines();
        Some(table)
    }

    /// The rules as they are given: a list of tables, neither empty nor too long.
    fn rules<'a, 'g>(&mut self, given: &'a DeTable<'g>) -> Vec<&'a Given<'g>> {
        let Some(rules) = given.get("rule") else {
            self.fault(0..0, "rule", "a table has rules: [[rule]] with an id and a state");
            return vec![];
        };
        let Some(list) = rules.get_ref().as_array() else {
            self.fault(rules.span(), "rule", "rules are written [[rule]], in two pairs of brackets");
            return vec![];
        };
        if list.is_empty() || list.len() > MAX_RULES {
            let what = format!("a table has 1 to {MAX_RULES} rules; this one has {}", list.len());
            self.fault(rules.span(), "rule", what);
            return vec![];
        }
        list.iter().collect()
    }
}
