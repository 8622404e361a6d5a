//! The one pass over a document: walks with the trie where something is wanted, and skips everything else.

use std::borrow::Cow;

use super::FoundValue;
use super::cursor::{JsonCursor, unescaped};
use super::keys::{KeyChild, NO_NODE, NO_SLOT};
use super::trie::{PointerTrie, ROOT, TrieNode};

/// Reads a document into `found`, which has a place for every slot; `None` in doubt.
#[inline]
pub(super) fn read<'a>(text: &'a str, trie: &PointerTrie, found: &mut [FoundValue<'a>]) -> Option<()> {
    let mut reader = ScanReader { trie, found, entered: 0 };
    let mut cursor = reader.value(JsonCursor::new(text), ROOT, 0)?;
    cursor.is_at_end().then_some(())
}

struct ScanReader<'a, 'r> {
    trie: &'r PointerTrie,
    found: &'r mut [FoundValue<'a>],
    /// Marks of the nodes that were entered.
    entered: u128,
}

impl<'a, 'r> ScanReader<'a, 'r> {
    /// Reads a value with wanted ones in it, and returns the cursor behind it. Recursion is as deep as the trie.
    fn value(&mut self, mut cursor: JsonCursor<'a>, node: u32, depth: u32) -> Option<JsonCursor<'a>> {
        let node = self.trie.node(node);
        // Of doubled keys the last holds, with nothing of the first one: that is left to the fallback.
        if self.entered & node.mark != 0 {
            return None;
        }
        self.entered |= node.mark;
        let first = cursor.peek()?;
        let start = cursor.at();
        let value = if first == b'{' && !node.children().is_empty() {
            cursor = self.object(cursor, node, depth + 1)?;
            FoundValue::Object(cursor.since(start)?.into())
        } else if first == b'[' && !node.items.is_empty() {
            cursor = self.array(cursor, node, depth + 1)?;
            FoundValue::Array(cursor.since(start)?.into())
        } else {
            leaf(&mut cursor, depth)?
        };
        if node.slot != NO_SLOT {
            self.found[node.slot as usize] = value;
        }
        Some(cursor)
    }

    fn object(
        &mut self,
        mut cursor: JsonCursor<'a>,
        node: &'r TrieNode,
        depth: u32,
    ) -> Option<JsonCursor<'a>> {
        cursor.advance();
        if cursor.peek()? == b'}' {
            cursor.advance();
            return Some(cursor);
        }
        loop {
            let child = cursor.child(&node.keys)?;
            self.element(&mut cursor, child, depth)?;
            let next = cursor.peek()?;
            cursor.advance();
            if next != b',' {
                return (next == b'}').then_some(cursor);
            }
        }
    }

    fn array(
        &mut self,
        mut cursor: JsonCursor<'a>,
        node: &'r TrieNode,
        depth: u32,
    ) -> Option<JsonCursor<'a>> {
        cursor.advance();
        if cursor.peek()? == b']' {
            cursor.advance();
            return Some(cursor);
        }
        let mut wanted = node.items.iter().peekable();
        let mut index = 0;
        loop {
            let child = wanted.next_if(|(next, _)| *next == index).map_or(KeyChild::NONE, |(_, child)| *child);
            self.element(&mut cursor, child, depth)?;
            let next = cursor.peek()?;
            cursor.advance();
            if next != b',' {
                return (next == b']').then_some(cursor);
            }
            index += 1;
        }
    }

    /// Reads or skips an element within `depth` containers.
    #[inline(always)]
    fn element(&mut self, cursor: &mut JsonCursor<'a>, child: KeyChild, depth: u32) -> Option<()> {
        if let Some(place) = self.found.get_mut(child.leaf_slot as usize) {
            *place = leaf(cursor, depth)?;
        } else if child.node == NO_NODE {
            *cursor = skip(*cursor, depth)?;
        } else {
            *cursor = self.value(*cursor, child.node, depth)?;
        }
        Some(())
    }
}

/// Reads a value of which nothing within is wanted.
#[inline(always)]
fn leaf<'a>(cursor: &mut JsonCursor<'a>, depth: u32) -> Option<FoundValue<'a>> {
    let first = cursor.peek()?;
    if first == b'"' {
        cursor.advance();
        let (content, is_escaped) = cursor.string()?;
        let text = if is_escaped { Cow::Owned(unescaped(content)?) } else { Cow::Borrowed(content) };
        return Some(FoundValue::Text(text));
    }
    let start = cursor.at();
    Some(match first {
        b'{' | b'[' => {
            *cursor = skip(*cursor, depth)?;
            let raw = cursor.since(start)?.into();
            if first == b'{' { FoundValue::Object(raw) } else { FoundValue::Array(raw) }
        }
        b't' => cursor.word(b"true").map(|()| FoundValue::Bool(true))?,
        b'f' => cursor.word(b"false").map(|()| FoundValue::Bool(false))?,
        b'n' => cursor.word(b"null").map(|()| FoundValue::Null)?,
        _ => FoundValue::Number(cursor.number()?.into()),
    })
}

/// Skips a value within `depth` containers.
fn skip(mut cursor: JsonCursor<'_>, depth: u32) -> Option<JsonCursor<'_>> {
    cursor.skip(depth).map(|()| cursor)
}
