//! Reads what holds for a whole log: its name, and what is done with late, repeated and wrapped statements.

use toml::de::DeTable;

use super::value::entries;
use super::{Given, PointerSet, TableReader};
use crate::engine::mapped::states::{MappedState, MappedStates};
use crate::engine::mapped::table::fault::TableFault;
use crate::engine::mapped::table::pick::Pick;
use crate::engine::mapped::table::unwrap::Unwrap;
use crate::engine::mapped::table::{CancelUnit, CancelWay, LateRule, MAX_REGISTERS};
use crate::model::states::CancelProof;

/// Letters of a name, at most.
const MAX_NAME: usize = 40;

/// Parts of a run that a command may have.
const PLACES: [&str; 3] = ["run", "task", "parent"];

impl TableReader {
    pub(super) fn read_name(&mut self, given: &DeTable<'_>) -> Option<String> {
        let Some(given) = given.get("name") else {
            self.fault(0..0, "name", "a table has a name, by which it is chosen: name = \"mine\"");
            return None;
        };
        let name = self.text(given, "name")?;
        let is_name = (1..=MAX_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !is_name {
            self.fault(given.span(), "name", "a name has 1 to 40 of the letters a-z, 0-9 and `-`");
        }
        is_name.then(|| name.to_owned())
    }

    /// Names of all registers, so that a rule may use one that a later rule carries.
    pub(super) fn read_registers(&mut self, given: &DeTable<'_>) {
        let rules = given.get("rule").and_then(|rules| rules.get_ref().as_array());
        let carried = rules.into_iter().flatten().filter_map(|rule| rule.get_ref().as_table()?.get("carry"));
        for table in carried {
            for (name, value) in table.get_ref().as_table().into_iter().flat_map(entries) {
                if self.registers.iter().any(|it| it == name) {
                    continue;
                }
                if self.registers.len() == MAX_REGISTERS {
                    self.fault(
                        value.span(),
                        "carry",
                        format!("a table has at most {MAX_REGISTERS} registers"),
                    );
                    return;
                }
                self.registers.push(name.to_owned());
            }
        }
    }

    pub(super) fn read_unwrap(&mut self, given: &Given<'_>) -> Option<Unwrap> {
        let outer = std::mem::take(&mut self.pointers);
        let pick = self.pick(given, "unwrap");
        let PointerSet(own) = std::mem::replace(&mut self.pointers, outer);
        let is_slot = |pick: &Pick| matches!(pick, Pick::Slot(_));
        let is_plain = |pick: &Pick| match pick {
            Pick::First(picks) => picks.iter().all(is_slot),
            pick => is_slot(pick),
        };
        let pick = pick?;
        if !is_plain(&pick) {
            self.fault(given.span(), "unwrap", "this is a pointer, or a list of pointers");
            return None;
        }
        Some(Unwrap { trie: PointerSet(own).trie(), pick })
    }

    pub(super) fn read_attempts(&mut self, given: &Given<'_>) -> bool {
        self.one_of(given, "attempts", &[("count", true), ("none", false)]).unwrap_or_default()
    }

    pub(super) fn read_late(&mut self, given: &Given<'_>) -> Option<LateRule> {
        let Some(table) = given.get_ref().as_table() else {
            let is_reopen = self.one_of(given, "late", &[("reopen", true), ("sticky", false)])?;
            return Some(if is_reopen {
                LateRule::Reopen
            } else {
                LateRule::Sticky(MappedStates::default())
            });
        };
        if let Some(states) = table.get("reopen") {
            self.check_keys(table, &["reopen"], "late");
            let states = self.state_names(states, "late: reopen")?;
            return Some(LateRule::Sticky(states.into_iter().collect()));
        }
        self.check_keys(table, &["precedence", "exempt"], "late");
        let Some(order) = table.get("precedence") else {
            self.fault(
                given.span(),
                "late",
                "it is \"reopen\", \"sticky\", { reopen = [..] } or { precedence = [..] }",
            );
            return None;
        };
        let states = self.state_names(order, "late: precedence")?;
        let exempt = table.get("exempt").map(|it| self.state_names(it, "late: exempt"));
        let mut ranks = [0; MappedState::COUNT];
        for (rank, state) in (1..).zip(states.iter().rev()) {
            ranks[*state as usize] = rank;
        }
        if ranks.iter().filter(|rank| **rank > 0).count() != states.len() {
            self.fault(order.span(), "late: precedence", "a state is there twice");
        }
        Some(LateRule::Precedence { ranks, exempt: exempt.unwrap_or(Some(vec![]))?.into_iter().collect() })
    }

    pub(super) fn read_transitions(&mut self, given: &Given<'_>) -> Option<Vec<(MappedState, MappedState)>> {
        let Some(list) = given.get_ref().as_array() else {
            self.one_of(given, "transitions", &[("free", ())]);
            return None;
        };
        let mut pairs = vec![];
        for pair in list {
            match self.state_names(pair, "transitions").as_deref() {
                Some([from, to]) => pairs.push((*from, *to)),
                Some(_) => {
                    self.fault(pair.span(), "transitions", "these are two states: [\"Ready\", \"Running\"]");
                }
                None => {}
            }
        }
        Some(pairs)
    }

    pub(super) fn read_cancel(&mut self, given: &Given<'_>) -> Option<CancelWay> {
        let Some(table) = given.get_ref().as_table() else {
            self.fault(given.span(), "cancel", "this is a section: [cancel]");
            return None;
        };
        self.check_keys(table, &["unit", "command", "proof"], "cancel");
        let units = [("run", CancelUnit::Run), ("parent", CancelUnit::Parent)];
        let proofs = [
            ("Canceled", CancelProof::Canceled),
            ("end", CancelProof::End),
            ("none", CancelProof::Unconfirmed),
        ];
        let unit =
            table.get("unit").map_or(Some(CancelUnit::Run), |it| self.one_of(it, "cancel: unit", &units));
        let proof = table.get("proof");
        let proved =
            proof.map_or(Some(CancelProof::Canceled), |it| self.one_of(it, "cancel: proof", &proofs));
        if proved == Some(CancelProof::Canceled) && !self.states.has(MappedState::Canceled) {
            let what = "no rule gives `Canceled`, so no line can prove it; write \"end\" or \"none\"";
            self.fault(proof.unwrap_or(given).span(), "cancel: proof", what);
        }
        let command = table.get("command").and_then(|it| self.cancel_command(it));
        Some(CancelWay { unit: unit?, command, proof: proved? })
    }

    /// A command whose braces hold nothing but parts of a run.
    fn cancel_command(&mut self, given: &Given<'_>) -> Option<String> {
        let key = "cancel: command";
        let command = self.text(given, key)?;
        for part in command.split('{').skip(1) {
            let name = part.split_once('}').map_or(part, |(name, _)| name);
            if !PLACES.contains(&name) {
                let fault = TableFault::new(given.span(), key, "a command has {run}, {task} and {parent}");
                self.faults.push(fault.near(name, PLACES));
            }
        }
        Some(command.to_owned())
    }
}
