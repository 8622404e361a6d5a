//! Reads tables of words, and names of states.

use super::value::entries;
use super::{Given, TableReader};
use crate::engine::mapped::states::MappedState;
use crate::engine::mapped::table::MAX_WORDS;
use crate::engine::mapped::table::fault::TableFault;
use crate::engine::mapped::table::words::{WordMeaning, WordTable};

impl TableReader {
    /// The tables of words.
    pub(super) fn read_words(&mut self, given: Option<&Given<'_>>) {
        let Some(given) = given else { return };
        let Some(tables) = given.get_ref().as_table() else {
            self.fault(given.span(), "words", "tables of words have names: [words.status]");
            return;
        };
        for (name, words) in entries(tables) {
            let key = format!("words.{name}");
            if let Some(words) = self.read_word_table(words, &key) {
                self.words.insert(name.to_owned(), words);
            }
        }
    }

    fn read_word_table(&mut self, given: &Given<'_>, key: &str) -> Option<WordTable> {
        let Some(words) = given.get_ref().as_table().filter(|words| !words.is_empty()) else {
            self.fault(given.span(), key, "these are words with their states: started = \"Running\"");
            return None;
        };
        if words.len() > MAX_WORDS {
            let what = format!("there are at most {MAX_WORDS} words; these are {}", words.len());
            self.fault(given.span(), key, what);
            return None;
        }
        let meanings = entries(words).map(|(word, state)| {
            let key = format!("{key}: {word}");
            (word, self.meaning(state, &key).unwrap_or(WordMeaning::NoStatement))
        });
        Some(WordTable::new(meanings.collect::<Vec<_>>()))
    }

    /// A state, or `-`.
    fn meaning(&mut self, given: &Given<'_>, key: &str) -> Option<WordMeaning> {
        if given.get_ref().as_str() == Some("-") {
            return Some(WordMeaning::NoStatement);
        }
        self.state_or(given, key, ", or \"-\" for a word that says nothing").map(WordMeaning::State)
    }

    /// A state by its name, or a fault.
    pub(super) fn state_name(&mut self, given: &Given<'_>, key: &str) -> Option<MappedState> {
        self.state_or(given, key, "")
    }

    pub(super) fn state_or(&mut self, given: &Given<'_>, key: &str, or: &str) -> Option<MappedState> {
        let typed = given.get_ref().as_str().unwrap_or_default();
        let found = MappedState::from_name(typed);
        if found.is_none() {
            let names = MappedState::TOLD.map(MappedState::name);
            let fault =
                TableFault::new(given.span(), key, format!("this is one of {}{or}", names.join(", ")));
            // A synonym says more than a name that looks like it.
            let meant = match WordTable::own().look_up(typed) {
                WordMeaning::State(state) => Some(state.name()),
                _ => None,
            };
            self.faults.push(match meant {
                Some(name) => fault.near(name, [name]),
                None => fault.near(typed, names),
            });
        }
        found
    }

    /// A list of states, or a fault.
    pub(super) fn state_names(&mut self, given: &Given<'_>, key: &str) -> Option<Vec<MappedState>> {
        let Some(list) = given.get_ref().as_array() else {
            self.fault(given.span(), key, "this is a list of states: [\"Ready\", \"Running\"]");
            return None;
        };
        let states: Vec<_> = list.iter().map(|it| self.state_name(it, key)).collect();
        states.into_iter().collect()
    }
}
