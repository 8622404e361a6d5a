//! The event in a text of a line: `{"log":"{\"run\":…}"}`.

use std::borrow::Cow;

use super::pick::Pick;
use crate::engine::mapped::scan::{FoundValue, FoundValues, PointerTrie, scan};

/// Way to the text that has the event.
#[derive(Debug)]
pub struct Unwrap {
    /// Pointers of the line.
    pub trie: PointerTrie,
    /// Slot, or the first of a few.
    pub pick: Pick,
}

impl Unwrap {
    /// The event in a line: the text, or the line itself where there is none.
    ///
    /// # Errors
    /// The reason why the line is no JSON, in words.
    pub fn event<'a>(&self, line: &'a [u8]) -> Result<Cow<'a, [u8]>, String> {
        let mut found = FoundValues::default();
        scan(line, &self.trie, &mut found)?;
        let slots = match &self.pick {
            Pick::First(picks) => &**picks,
            one => std::slice::from_ref(one),
        };
        for pick in slots {
            if let Pick::Slot(slot) = pick
                && let FoundValue::Text(text) = found.take(*slot)
            {
                return Ok(match text {
                    Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                    Cow::Owned(text) => Cow::Owned(text.into_bytes()),
                });
            }
        }
        Ok(Cow::Borrowed(line))
    }
}
