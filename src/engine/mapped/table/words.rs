//! Words of engines and the states that they mean.

use std::sync::LazyLock;

use super::synonyms::SYNONYMS;
use crate::engine::mapped::states::{MappedState, MappedStates};

/// Meaning of a word in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordMeaning {
    /// A run is in this state.
    State(MappedState),
    /// Nothing is said of the state of a run.
    NoStatement,
    /// The table does not have the word.
    Unknown,
}

/// Words with their meanings: compared exactly first, and then without case, blanks, `_` and `-`.
#[derive(Debug, Clone)]
pub struct WordTable {
    /// The words as they are written.
    words: Vec<(Box<str>, WordMeaning)>,
    /// Places in `words` by hash; [`FREE`] where there is none. Invariant: at least half is free.
    exact: Box<[u16]>,
    /// The same by the hash of the folded words.
    folded: Box<[u16]>,
}

/// Mark of a free place.
const FREE: u16 = u16::MAX;

/// The words of our own states, with the usual synonyms.
static OWN: LazyLock<WordTable> = LazyLock::new(|| {
    let names = MappedState::TOLD.into_iter().map(|state| (state.name(), WordMeaning::State(state)));
    let synonyms = SYNONYMS
        .iter()
        .flat_map(|(state, words)| words.iter().map(|word| (*word, WordMeaning::State(*state))));
    WordTable::new(names.chain(synonyms))
});

impl WordTable {
    /// A table of these words. Of two words that differ by nothing but case, blanks, `_` and `-`, the first one is taken
    /// where none is exactly what is looked up.
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, WordMeaning)>) -> Self {
        let words: Vec<(Box<str>, WordMeaning)> =
            words.into_iter().map(|(word, meaning)| (word.into(), meaning)).collect();
        let size = (words.len() * 4).next_power_of_two().max(8);
        let mut table = Self { words, exact: places(size), folded: places(size) };
        for index in 0..table.words.len() {
            let word = table.words[index].0.clone();
            let place = table.exact_place(&word);
            set(&mut table.exact, place, index);
            let place = table.folded_place(&word);
            set(&mut table.folded, place, index);
        }
        table
    }

    /// Words of our own states and their synonyms.
    #[must_use]
    pub fn own() -> Self {
        OWN.clone()
    }

    /// Meaning of a word.
    #[must_use]
    pub fn look_up(&self, word: &str) -> WordMeaning {
        if let Some((_, meaning)) = self.words.get(usize::from(self.exact[self.exact_place(word)])) {
            return *meaning;
        }
        let folded = self.words.get(usize::from(self.folded[self.folded_place(word)]));
        folded.map_or(WordMeaning::Unknown, |(_, meaning)| *meaning)
    }

    /// The states that the words mean.
    #[must_use]
    pub fn states(&self) -> MappedStates {
        let state = |meaning: WordMeaning| match meaning {
            WordMeaning::State(state) => Some(state),
            WordMeaning::NoStatement | WordMeaning::Unknown => None,
        };
        self.words.iter().filter_map(|(_, meaning)| state(*meaning)).collect()
    }

    /// The words with their meanings, as they are written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, WordMeaning)> {
        self.words.iter().map(|(word, meaning)| (&**word, *meaning))
    }

    /// The place of a word, or the free one where it would be.
    fn exact_place(&self, word: &str) -> usize {
        let is_it = |index: u16| *self.words[usize::from(index)].0 == *word;
        place(&self.exact, hash(word.bytes()), is_it)
    }

    fn folded_place(&self, word: &str) -> usize {
        let is_it = |index: u16| folded(&self.words[usize::from(index)].0).eq(folded(word));
        place(&self.folded, hash(folded(word)), is_it)
    }
}

fn places(size: usize) -> Box<[u16]> {
    vec![FREE; size].into_boxed_slice()
}

/// Notes a word at its place, unless an equal one is there.
fn set(places: &mut [u16], place: usize, index: usize) {
    if places[place] == FREE {
        places[place] = u16::try_from(index).unwrap_or(FREE);
    }
}

/// Walks from the place of a hash to the word that is looked for, or to the first free place.
fn place(places: &[u16], hash: usize, is_it: impl Fn(u16) -> bool) -> usize {
    let mut place = hash & (places.len() - 1);
    while places[place] != FREE && !is_it(places[place]) {
        place = (place + 1) & (places.len() - 1);
    }
    place
}

/// Letters of a word without case, blanks, `_` and `-`.
fn folded(word: &str) -> impl Iterator<Item = u8> + '_ {
    let is_kept = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'_' | b'-');
    word.bytes().filter(is_kept).map(|byte| byte.to_ascii_lowercase())
}

/// Hash of a few bytes. Words of a log are looked up and never kept, so no log can make the walks longer.
fn hash(bytes: impl Iterator<Item = u8>) -> usize {
    let mixed = bytes.fold(0xcbf2_9ce4_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (mixed ^ mixed >> 15) as usize
}

#[cfg(test)]
mod tests;
