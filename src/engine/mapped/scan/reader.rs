//! The one pass over a document: walks with the trie where something is wanted, and skips everything else.

use std::borrow::Cow;

use super::FoundValue;
use super::cursor::{JsonCursor, unescaped};
use super::keys::{KeyBytes, NO_NODE};
use super::trie::{PointerTrie, ROOT, TrieNode};

/// Reads a document into `found`, which has a place for every slot; `None` in doubt.
#[inline]
pub(super) fn read<'a>(text: &'a str, trie: &PointerTrie, found: &mut [FoundValue<'a>]) -> Option<()> {
    let mut reader = ScanReader { cursor: JsonCursor::new(text), trie, found, entered: 0 };
    reader.value(ROOT, 0)?;
    reader.cursor.is_at_end().then_some(())
}

struct ScanReader<'a, 'r> {
    cursor: JsonCursor<'a>,
    trie: &'r PointerTrie,
    found: &'r mut [FoundValue<'a>],
    /// Marks of the nodes that were entered.
    entered: u128,
}

impl<'a, 'r> ScanReader<'a, 'r> {
    /// Reads a wanted value. Recursion is as deep as the trie.
    fn value(&mut self, node: u32, depth: u32) -> Option<()> {
        let node = self.trie.node(node);
        // Of doubled keys the last holds, with nothing of the first one: that is left to the fallback.
        if self.entered & node.mark != 0 {
            return None;
        }
        self.entered |= node.mark;
        let first = self.cursor.peek()?;
        let start = self.cursor.at();
        let value = match first {
            b'"' => {
                self.cursor.advance();
                FoundValue::Text(plain(self.cursor.string()?)?)
            }
            b'{' => {
                self.object(node, depth)?;
                FoundValue::Object(self.cursor.since(start)?.into())
            }
            b'[' => {
                self.array(node, depth)?;
                FoundValue::Array(self.cursor.since(start)?.into())
            }
            b't' => self.cursor.word(b"true").map(|()| FoundValue::Bool(true))?,
            b'f' => self.cursor.word(b"false").map(|()| FoundValue::Bool(false))?,
            b'n' => self.cursor.word(b"null").map(|()| FoundValue::Null)?,
            _ => FoundValue::Number(self.cursor.number()?.into()),
        };
        if let Some(slot) = node.slot() {
            self.found[slot] = value;
        }
        Some(())
    }

    fn object(&mut self, node: &'r TrieNode, depth: u32) -> Option<()> {
        if node.mark == 0 {
            return self.cursor.skip(depth);
        }
        self.cursor.advance();
        if self.cursor.peek()? == b'}' {
            self.cursor.advance();
            return Some(());
        }
        loop {
            let key = plain(self.cursor.key()?)?;
            let child = node.keys.child(KeyBytes::of(key.as_bytes()), key.as_bytes());
            self.element(child, depth + 1)?;
            match self.cursor.peek()? {
                b',' => self.cursor.advance(),
                b'}' => {
                    self.cursor.advance();
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    fn array(&mut self, node: &'r TrieNode, depth: u32) -> Option<()> {
        if node.items.is_empty() {
            return self.cursor.skip(depth);
        }
        self.cursor.advance();
        if self.cursor.peek()? == b']' {
            self.cursor.advance();
            return Some(());
        }
        let mut wanted = node.items.iter().peekable();
        for index in 0.. {
            let child = wanted.next_if(|(next, _)| *next == index).map_or(NO_NODE, |(_, child)| *child);
            self.element(child, depth + 1)?;
            match self.cursor.peek()? {
                b',' => self.cursor.advance(),
                b']' => {
                    self.cursor.advance();
                    return Some(());
                }
                _ => return None,
            }
        }
        None
    }

    #[inline]
    fn element(&mut self, child: u32, depth: u32) -> Option<()> {
        if child == NO_NODE { self.cursor.skip(depth) } else { self.value(child, depth) }
    }
}

/// Returns a string without its escapes, borrowed where it has none.
#[inline]
fn plain((content, is_escaped): (&str, bool)) -> Option<Cow<'_, str>> {
    if is_escaped { unescaped(content).map(Cow::Owned) } else { Some(Cow::Borrowed(content)) }
}
