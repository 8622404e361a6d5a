//! Elements of a container that a scan has found.

use std::borrow::Cow;

use super::cursor::{JsonCursor, unescaped};

/// Yields the elements of a list or an object as written, in their order, each with its key or index. An element whose
/// key is doubled comes as often as its key does; another value than a container has no elements.
pub fn elements(raw: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let mut cursor = JsonCursor::again(raw);
    let kind = cursor.peek().filter(|byte| matches!(byte, b'{' | b'['));
    JsonElements { cursor, is_object: kind == Some(b'{'), index: 0, is_done: kind.is_none() }
}

struct JsonElements<'a> {
    cursor: JsonCursor<'a>,
    is_object: bool,
    index: usize,
    is_done: bool,
}

impl<'a> JsonElements<'a> {
    /// Reads the next element, behind the bracket or the comma before it.
    fn read(&mut self) -> Option<(Cow<'a, str>, &'a str)> {
        let before = self.cursor.peek()?;
        self.cursor.advance();
        let is_first = self.index == 0;
        if !is_first && before != b',' {
            return None;
        }
        if is_first && matches!(self.cursor.peek()?, b'}' | b']') {
            return None;
        }
        let key = if self.is_object {
            let (key, is_escaped) = self.cursor.key()?;
            if is_escaped { unescaped(key)?.into() } else { key.into() }
        } else {
            self.index.to_string().into()
        };
        self.index += 1;
        self.cursor.peek()?;
        let start = self.cursor.at();
        self.cursor.skip(0)?;
        Some((key, self.cursor.since(start)?))
    }
}

impl<'a> Iterator for JsonElements<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let element = if self.is_done { None } else { self.read() };
        self.is_done = element.is_none();
        element
    }
}
