//! The one pass over a document: walks with the trie where something is wanted, and skips everything else.

use std::borrow::Cow;

use super::cursor::{JsonCursor, unescaped};
use super::keys::{KeyChild, NO_NODE, NO_SLOT};
use super::steps::{KeyPlace, KeySteps};
use super::trie::{PointerTrie, ROOT, TrieNode};
use super::{FoundValue, FoundValues};

/// Reads a document into `found`, which has a place for every slot; `None` in doubt.
#[inline]
pub(super) fn read<'a>(
    text: &'a str,
    trie: &PointerTrie,
    steps: &mut KeySteps,
    found: &mut FoundValues<'a>,
) -> Option<()> {
    steps.rewind();
    let mut reader = ScanReader { text, trie, steps, found, entered: 0 };
    let end = reader.value(0, ROOT, 0)?;
    JsonCursor::new(text, end).is_at_end().then_some(())
}

struct ScanReader<'a, 'r> {
    text: &'a str,
    trie: &'r PointerTrie,
    steps: &'r mut KeySteps,
    found: &'r mut FoundValues<'a>,
    /// Marks of the nodes that were entered.
    entered: u128,
}

impl<'a, 'r> ScanReader<'a, 'r> {
    /// Reads a value with wanted ones in it, and returns its end. Recursion is as deep as the trie.
    fn value(&mut self, at: usize, id: u32, depth: u32) -> Option<usize> {
        let mut cursor = JsonCursor::new(self.text, at);
        let node = self.trie.node(id);
        // Of doubled keys the last holds, with nothing of the first one: that is left to the fallback.
        if self.entered & node.mark != 0 {
            return None;
        }
        self.entered |= node.mark;
        let first = cursor.peek()?;
        let start = cursor.at();
        let value = if first == b'{' && !node.children().is_empty() {
            cursor.jump(self.object(cursor.at(), id, depth + 1)?);
            FoundValue::Object(cursor.since(start)?.into())
        } else if first == b'[' && !node.items.is_empty() {
            cursor.jump(self.array(cursor.at(), node, depth + 1)?);
            FoundValue::Array(cursor.since(start)?.into())
        } else {
            leaf(&mut cursor, depth)?
        };
        if node.slot != NO_SLOT {
            self.found.put(node.slot as usize, value);
        }
        Some(cursor.at())
    }

    fn object(&mut self, at: usize, node: u32, depth: u32) -> Option<usize> {
        let keys = &self.trie.node(node).keys;
        let mut cursor = JsonCursor::new(self.text, at + 1);
        let mut place = KeyPlace::first(node);
        loop {
            let start = cursor.at();
            if let Some(step) = self.steps.follow(&mut cursor, place) {
                let child = step.child;
                if !step.is_text {
                    self.element(&mut cursor, child, depth)?;
                } else if child.leaf_slot != NO_SLOT {
                    self.found.put(child.leaf_slot as usize, FoundValue::Text(text(&mut cursor)?));
                } else {
                    cursor.jump(cursor.at() - 1);
                    self.element(&mut cursor, child, depth)?;
                }
            } else {
                match cursor.peek()? {
                    b'}' => return Some(cursor.at() + 1),
                    b',' if !place.is_first() => cursor.advance(),
                    _ if place.is_first() => {}
                    _ => return None,
                }
                let child = cursor.child(keys)?;
                cursor.peek()?;
                self.steps.learn(&cursor, start, place, child);
                self.element(&mut cursor, child, depth)?;
            }
            place = place.after();
        }
    }

    fn array(&mut self, at: usize, node: &'r TrieNode, depth: u32) -> Option<usize> {
        let mut cursor = JsonCursor::new(self.text, at + 1);
        if cursor.peek()? == b']' {
            cursor.advance();
            return Some(cursor.at());
        }
        let mut wanted = node.items.iter().peekable();
        let mut index = 0;
        loop {
            let child =
                wanted.next_if(|(next, _)| *next == index).map_or(KeyChild::NONE, |(_, child)| *child);
            self.element(&mut cursor, child, depth)?;
            let next = cursor.peek()?;
            cursor.advance();
            if next != b',' {
                return (next == b']').then(|| cursor.at());
            }
            index += 1;
        }
    }

    /// Reads or skips an element within `depth` containers.
    #[inline(always)]
    fn element(&mut self, cursor: &mut JsonCursor<'a>, child: KeyChild, depth: u32) -> Option<()> {
        if child.leaf_slot != NO_SLOT {
            self.found.put(child.leaf_slot as usize, leaf(cursor, depth)?);
        } else if child.node == NO_NODE {
            cursor.jump(skip(*cursor, depth)?);
        } else {
            cursor.jump(self.value(cursor.at(), child.node, depth)?);
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
        return text(cursor).map(FoundValue::Text);
    }
    let start = cursor.at();
    Some(match first {
        b'{' | b'[' => {
            cursor.jump(skip(*cursor, depth)?);
            let raw = cursor.since(start)?.into();
            if first == b'{' { FoundValue::Object(raw) } else { FoundValue::Array(raw) }
        }
        b't' => cursor.word(b"true").map(|()| FoundValue::Bool(true))?,
        b'f' => cursor.word(b"false").map(|()| FoundValue::Bool(false))?,
        b'n' => cursor.word(b"null").map(|()| FoundValue::Null)?,
        _ => FoundValue::Number(cursor.number()?.into()),
    })
}

/// Reads a string behind its quote, which is borrowed where it has no escapes.
#[inline(always)]
fn text<'a>(cursor: &mut JsonCursor<'a>) -> Option<Cow<'a, str>> {
    let (content, is_escaped) = cursor.string()?;
    Some(if is_escaped { Cow::Owned(unescaped(content)?) } else { Cow::Borrowed(content) })
}

/// Finds the end of a value within `depth` containers.
#[inline(never)]
fn skip(mut cursor: JsonCursor<'_>, depth: u32) -> Option<usize> {
    cursor.skip(depth).map(|()| cursor.at())
}
