//! Reads one rule.

use toml::de::DeTable;

use super::value::entries;
use super::{Given, PointerSet, TableReader};
use crate::engine::mapped::scan::JsonPointer;
use crate::engine::mapped::table::MAX_POINTERS;
use crate::engine::mapped::table::fault::TableFault;
use crate::engine::mapped::table::pick::{EachOf, Pick};
use crate::engine::mapped::table::rule::{FieldName, FieldOf, MappedRule, RuleFields, StateOf};
use crate::engine::mapped::table::words::WordTable;

/// Keys of a rule beside the fields.
const KEYS: [&str; 8] = ["when", "also", "each", "carry", "id", "state", "time", "attempt"];

impl TableReader {
    /// The rule of this number, or faults.
    pub(super) fn read_rule(&mut self, given: &Given<'_>, number: usize) -> Option<MappedRule> {
        let at = format!("rule {number}");
        let Some(table) = given.get_ref().as_table() else {
            self.fault(given.span(), &at, "rules are written [[rule]], in two pairs of brackets");
            return None;
        };
        let names: Vec<&str> = KEYS.into_iter().chain(FieldName::ALL.map(|(name, _)| name)).collect();
        self.check_keys(table, &names, &at);
        let key = |name: &str| format!("{at}: {name}");
        self.n_pointers = 0;
        let when = table.get("when").map_or_else(Vec::new, |it| self.conditions(it, &key("when")));
        let also = self.truth(table.get("also"), &key("also"));
        let carry = table.get("carry").map_or_else(Vec::new, |it| self.carry(it, &key("carry")));
        let slot = table.get("each").and_then(|it| self.each(it, &key("each")));
        if table.contains_key("each") {
            self.elements = Some(PointerSet(vec![JsonPointer::default()]));
        }
        let id =
            self.required(table, given, "id", &at).and_then(|it| self.field(|own| own.pick(it, &key("id"))));
        let state = self.required(table, given, "state", &at);
        let state = state.and_then(|it| self.field(|own| own.state(it, &key("state"))));
        let time = table.get("time").and_then(|it| self.field(|own| own.time(it, &key("time"))));
        let attempt = table.get("attempt").and_then(|it| self.field(|own| own.attempt(it, &key("attempt"))));
        let mut fields = vec![];
        for (text, name) in FieldName::ALL {
            let Some(given) = table.get(text) else { continue };
            fields.extend(self.field(|own| own.value(name, given, &key(text))).map(|it| (name, it)));
        }
        if self.n_pointers > MAX_POINTERS {
            let what = format!(
                "a rule has at most {MAX_POINTERS} pointers beside the first of each field; this one has {}",
                self.n_pointers
            );
            self.fault(given.span(), &at, what);
        }
        let elements = self.elements.take();
        let each = slot.zip(elements);
        let each =
            each.map(|((slot, is_ranges), elements)| EachOf { slot, is_ranges, trie: elements.trie() });
        Some(MappedRule {
            when,
            also,
            each,
            carry,
            id: id?,
            state: state?,
            time,
            attempt,
            fields: RuleFields::new(fields),
        })
    }

    /// Reads a field. The first of its pointers does not count: there are only as many as there are fields.
    fn field<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.n_pointers;
        let read = read(self);
        self.n_pointers = before.max(self.n_pointers.saturating_sub(1));
        read
    }

    fn required<'a, 'g>(
        &mut self,
        table: &'a DeTable<'g>,
        rule: &Given<'_>,
        name: &str,
        at: &str,
    ) -> Option<&'a Given<'g>> {
        let found = table.get(name);
        if found.is_none() {
            self.fault(rule.span(), at, format!("a rule has `id` and `state`; `{name}` is missing"));
        }
        found
    }

    /// The slot of the elements, and true for those that are ranges of numbers.
    fn each(&mut self, given: &Given<'_>, key: &str) -> Option<(usize, bool)> {
        let ranges = given.get_ref().as_table().map(|table| {
            self.check_keys(table, &["ranges"], key);
            table.get("ranges")
        });
        let at = match ranges {
            None => given,
            Some(Some(ranges)) => ranges,
            Some(None) => {
                self.fault(given.span(), key, "this is a pointer, or { ranges = \"/pointer\" }");
                return None;
            }
        };
        let text = self.text(at, key)?;
        let pointer = self.pointer(text, at, key)?;
        Some((self.pointers.slot(pointer), ranges.is_some()))
    }

    fn carry(&mut self, given: &Given<'_>, key: &str) -> Vec<(usize, Pick)> {
        let Some(table) = given.get_ref().as_table() else {
            self.fault(given.span(), key, "these are registers with their values: { run = \"/run_id\" }");
            return vec![];
        };
        let read = |(name, value): (&str, &Given<'_>)| {
            let pick = self.pick(value, &format!("{key}: {name}"))?;
            Some((self.registers.iter().position(|it| it == name)?, pick))
        };
        entries(table).filter_map(read).collect()
    }

    fn state(&mut self, given: &Given<'_>, key: &str) -> Option<StateOf> {
        let table = given.get_ref().as_table();
        if let Some((table, name)) = table.and_then(|table| Some((table, table.get("const")?))) {
            self.check_keys(table, &["const", "word"], key);
            let word = table.get("word").map(|it| self.pick(it, key));
            if name.get_ref().as_str() == Some("-") {
                return Some(StateOf::Untold);
            }
            let state = self.state_or(name, key, ", or \"-\" for a line that has no state")?;
            self.states.insert(state);
            return Some(StateOf::Const(state, word.unwrap_or(None)));
        }
        let pick = self.pick_with(given, key, &["words"]);
        let words = match table.and_then(|table| table.get("words")) {
            Some(name) => self.named_words(name, key)?,
            None => WordTable::own(),
        };
        for state in words.states().iter() {
            self.states.insert(state);
        }
        Some(StateOf::Word(pick?, words))
    }

    fn named_words(&mut self, given: &Given<'_>, key: &str) -> Option<WordTable> {
        let name = self.text(given, key)?;
        let words = self.words.get(name).cloned();
        if words.is_none() {
            let fault = TableFault::new(given.span(), key, format!("there is no [words.{name}]"));
            self.faults.push(fault.near(name, self.words.keys().map(String::as_str)));
        }
        words
    }

    fn value(&mut self, name: FieldName, given: &Given<'_>, key: &str) -> Option<FieldOf> {
        if name.is_time() {
            return self.time(given, key).map(FieldOf::Time);
        }
        self.pick(given, key).map(FieldOf::Value)
    }
}
