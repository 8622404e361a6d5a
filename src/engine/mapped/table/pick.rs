//! Values of a line, as a compiled table asks for them: by slots, and never by pointers or names.

use crate::engine::mapped::scan::PointerTrie;

/// Way to a value of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Value of this slot of the table's trie.
    Slot(usize),
    /// The element of `each` itself.
    Element,
    /// Its key, or its index from 0.
    ElementKey,
    /// Value within it, of this slot of the trie of [`EachOf`].
    ElementSlot(usize),
    /// Value of an earlier line, or carried by the rule itself.
    Register(usize),
    /// The same text for every line.
    Const(Box<str>),
    /// The first that is there.
    First(Box<[Pick]>),
    /// Texts in a row; true for one that may be absent, and is then left out together with its separator.
    Join {
        /// The texts. The whole is absent where one is that may not be.
        parts: Box<[(Pick, bool)]>,
        /// Separator.
        with: Box<str>,
    },
    /// A text without its beginning and its end, each where it is there.
    Strip {
        /// The text.
        of: Box<Pick>,
        /// Beginning.
        start: Box<str>,
        /// End.
        end: Box<str>,
    },
}

/// The elements that a rule holds for, each by itself.
#[derive(Debug)]
pub struct EachOf {
    /// Slot of the list or the object.
    pub slot: usize,
    /// True if the list has ranges of numbers, `{"start":1,"count":3,"step":1}`, whose numbers are the elements.
    pub is_ranges: bool,
    /// Pointers into an element. The first slot is the element itself.
    pub trie: PointerTrie,
}
