//! Cursor over JSON: consumes tokens, and skips values that are not wanted. Nothing else than JSON passes.
//!
//! Every method returns `None` in doubt: for what is no JSON, and for what is too rare to be decided here.

use super::keys::{KeyChild, KeyTable};

/// Bytes of one word.
const WORD: usize = 8;

/// Each byte of a word.
const EACH: u64 = u64::MAX / 255;

/// Bytes that the compiler compares at once.
const CHUNK: usize = 16;

/// Containers in each other that `serde_json` reads.
const MAX_DEPTH: u32 = 127;

/// Digits of a number that is certainly in range.
const MAX_DIGITS: usize = 200;

/// Digits of the exponent of such a number.
const MAX_EXPONENT_DIGITS: usize = 2;

/// Position in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonCursor<'a> {
    text: &'a str,
    at: usize,
    /// Numbers are known to be in range.
    is_checked: bool,
}

impl<'a> JsonCursor<'a> {
    #[inline]
    pub(super) const fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, is_checked: false }
    }

    /// A cursor over JSON that was read before, so that it is not in doubt about it.
    pub(super) const fn again(text: &'a str) -> Self {
        Self { text, at: 0, is_checked: true }
    }

    #[inline]
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Goes to a position.
    #[inline]
    pub(super) const fn jump(&mut self, at: usize) {
        self.at = at;
    }

    /// The text from a position to here.
    #[inline(always)]
    pub(super) fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    /// The next byte that is no blank, not consumed.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let byte = *self.text.as_bytes().get(self.at)?;
        if byte > b' ' {
            return Some(byte);
        }
        self.at = blanks_end(self.text.as_bytes(), self.at)?;
        self.text.as_bytes().get(self.at).copied()
    }

    /// True behind the last byte that is no blank.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.peek().is_none() && self.at == self.text.len()
    }

    /// Consumes the byte that was peeked.
    #[inline]
    pub(super) const fn advance(&mut self) {
        self.at += 1;
    }

    /// Consumes this byte, and blanks before it.
    #[inline(always)]
    pub(super) fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.advance())
    }

    /// Consumes a string behind its opening quote. Returns its content as written, and true if it has escapes.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Option<(&'a str, bool)> {
        let start = self.at;
        let is_escaped = self.pass_string()?;
        Some((between(self.text, start, self.at - 1)?, is_escaped))
    }

    /// Consumes a string behind its opening quote. Returns true if it has escapes.
    #[inline(always)]
    fn pass_string(&mut self) -> Option<bool> {
        let bytes = self.text.as_bytes();
        let word = text_word(bytes, self.at);
        let special = special(word);
        let end = if special == 0 {
            longer_end(bytes, self.at + WORD)
        } else {
            let len = special.trailing_zeros() as usize / 8;
            if (word >> (8 * len)) as u8 == b'"' {
                self.at += len + 1;
                return Some(false);
            }
            self.at + len
        };
        let is_plain = bytes.get(end) == Some(&b'"');
        self.at = if is_plain { end + 1 } else { escaped_end(bytes, end)? };
        Some(!is_plain)
    }

    /// Consumes these bytes, one to sixteen in two words with zeros behind them.
    #[inline(always)]
    pub(super) fn consume(&mut self, low: u64, high: u64, len: usize) -> bool {
        let mut other = text_word(self.text.as_bytes(), self.at) ^ low;
        if len <= WORD {
            other <<= (8 * (WORD - len)) & 63;
        } else {
            other |=
                (text_word(self.text.as_bytes(), self.at + WORD) ^ high) << ((8 * (2 * WORD - len)) & 63);
        }
        if other == 0 {
            self.at += len;
        }
        other == 0
    }

    /// Consumes a key and its colon, and finds it in a table.
    #[inline(always)]
    pub(super) fn child(&mut self, keys: &KeyTable) -> Option<KeyChild> {
        self.expect(b'"')?;
        let low = text_word(self.text.as_bytes(), self.at);
        let special = special(low);
        let len = special.trailing_zeros() as usize / 8;
        let child = if special != 0 && (low >> (8 * len)) as u8 == b'"' {
            self.at += len + 1;
            keys.short(low & !(u64::MAX << (8 * len)), 0)
        } else {
            let (end, child) = longer_child(*self, low, keys)?;
            self.at = end;
            child
        };
        self.expect(b':')?;
        Some(child)
    }

    /// Consumes a number, and returns it as written.
    #[inline]
    pub(super) fn number(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        let first = at;
        at = digits(bytes, at);
        if at == first || (bytes[first] == b'0' && at > first + 1) {
            return None;
        }
        if !matches!(bytes.get(at), Some(b'.' | b'e' | b'E')) && at - start <= MAX_DIGITS {
            self.at = at;
            return between(self.text, start, at);
        }
        if bytes.get(at) == Some(&b'.') {
            let point = at;
            at = digits(bytes, at + 1);
            if at == point + 1 {
                return None;
            }
        }
        let mut is_in_range = at - start <= MAX_DIGITS;
        if let Some(b'e' | b'E') = bytes.get(at) {
            let first = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            at = digits(bytes, first);
            if at == first {
                return None;
            }
            is_in_range &= at - first <= MAX_EXPONENT_DIGITS;
        }
        if !is_in_range && !self.is_checked {
            return None;
        }
        self.at = at;
        self.text.get(start..at)
    }

    /// Consumes this word.
    #[inline]
    pub(super) fn word<const N: usize>(&mut self, word: &[u8; N]) -> Option<()> {
        let found = self.text.as_bytes().get(self.at..).and_then(<[u8]>::first_chunk::<N>)?;
        (found == word).then(|| self.at += N)
    }

    /// Consumes a key and its colon. Returns it as written, and true if it has escapes.
    pub(super) fn key(&mut self) -> Option<(&'a str, bool)> {
        self.expect(b'"')?;
        let key = self.string()?;
        self.expect(b':')?;
        Some(key)
    }

    /// Consumes a key that is not wanted, and its colon.
    #[inline(always)]
    fn pass_key(&mut self) -> Option<()> {
        self.expect(b'"')?;
        self.pass_string()?;
        self.expect(b':')
    }

    /// Consumes a value that is within `depth` containers.
    pub(super) fn skip(&mut self, depth: u32) -> Option<()> {
        // The last bit is one within an object.
        let (mut kinds, mut levels) = (0_u128, 0);
        loop {
            match self.peek()? {
                b'"' => {
                    self.advance();
                    self.pass_string()?;
                }
                open @ (b'{' | b'[') => {
                    self.advance();
                    levels += 1;
                    if depth + levels > MAX_DEPTH {
                        return None;
                    }
                    let is_object = open == b'{';
                    if self.peek()? != if is_object { b'}' } else { b']' } {
                        kinds = kinds << 1 | u128::from(is_object);
                        if is_object {
                            self.pass_key()?;
                        }
                        continue;
                    }
                    self.advance();
                    levels -= 1;
                }
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => {
                    self.number()?;
                }
            }
            while levels > 0 {
                let is_object = kinds & 1 == 1;
                let byte = self.peek()?;
                self.advance();
                if byte == b',' {
                    if is_object {
                        self.pass_key()?;
                    }
                    break;
                }
                if byte != if is_object { b'}' } else { b']' } {
                    return None;
                }
                kinds >>= 1;
                levels -= 1;
            }
            if levels == 0 {
                return Some(());
            }
        }
    }
}

/// Finds the first byte that is no blank, or the end; `None` for a control character.
#[inline(never)]
fn blanks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(byte) = bytes.get(at)
        && *byte <= b' '
    {
        if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Finds a key of eight bytes or more, or with escapes, in a table. Returns the end behind its quote.
fn longer_child(mut cursor: JsonCursor<'_>, low: u64, keys: &KeyTable) -> Option<(usize, KeyChild)> {
    let high = text_word(cursor.text.as_bytes(), cursor.at + WORD);
    let special = special(high);
    let len = special.trailing_zeros() as usize / 8;
    if self::special(low) == 0 && special != 0 && (high >> (8 * len)) as u8 == b'"' {
        let child = keys.short(low, high & !(u64::MAX << (8 * len)));
        return Some((cursor.at + WORD + len + 1, child));
    }
    let (key, is_escaped) = cursor.string()?;
    let child = if is_escaped { keys.find(&unescaped(key)?) } else { keys.find(key) };
    Some((cursor.at, child))
}

/// Eight bytes, with zeros behind the end, which no string has.
#[inline(always)]
fn text_word(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + WORD).and_then(<[u8]>::first_chunk) {
        Some(word) => u64::from_le_bytes(*word),
        None => last_word(bytes, at),
    }
}

/// Fewer than eight bytes, with zeros behind the end.
#[inline(never)]
fn last_word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match bytes.last_chunk() {
        Some(word) if !rest.is_empty() => u64::from_le_bytes(*word) >> ((8 * (WORD - rest.len())) & 63),
        _ => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// Marks quotes, backslashes and control characters of a word; only the first mark is reliable.
#[inline(always)]
const fn special(word: u64) -> u64 {
    // A quote and the control characters are those below `!` with the second bit turned.
    let quote = (word ^ (EACH * 2)).wrapping_sub(EACH * 0x21);
    let backslash = (word ^ (EACH * b'\\' as u64)).wrapping_sub(EACH);
    (quote | backslash) & !word & (EACH << 7)
}

/// Finds the first quote, backslash or control character; the end is one as well.
#[inline(never)]
fn longer_end(bytes: &[u8], at: usize) -> usize {
    let mut at = plain_end(bytes, at);
    loop {
        let special = special(text_word(bytes, at));
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += WORD;
    }
}

/// Passes over chunks without any quote, backslash or control character.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    // Without branches, so that the compiler compares all bytes at once.
    let is_special = |any, byte: &u8| any | (*byte ^ 2 < 0x21) | (*byte == b'\\');
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<CHUNK>)
        && !chunk.iter().fold(false, is_special)
    {
        at += CHUNK;
    }
    at
}

/// Finds the end of a string, behind its quote, from its first escape on or before.
#[cold]
fn escaped_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, ..b' ' | b'"' | b'\\'))? + 1;
        match bytes[at - 1] {
            b'"' => return Some(at),
            b'\\' => at += escape(&bytes[at..])?.1,
            _ => return None,
        }
    }
}

/// The text between two positions; `None` within a character. The positions are those of ASCII.
#[inline(always)]
fn between(text: &str, start: usize, end: usize) -> Option<&str> {
    text.split_at_checked(end)?.0.split_at_checked(start).map(|(_, between)| between)
}

/// Finds the end of digits.
#[inline]
fn digits(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// Returns the character of an escape behind its backslash, and the length.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let character = match bytes.first()? {
        b'u' => return unicode_escape(bytes),
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    };
    Some((character, 1))
}

/// Returns the character of `u00e9` or `ud83d\ude00`, and the length.
fn unicode_escape(bytes: &[u8]) -> Option<(char, usize)> {
    let first = hex(bytes.get(1..5)?)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 5));
    }
    let second = hex(bytes.get(5..11)?.strip_prefix(b"\\u")?)?;
    let is_pair = first < 0xdc00 && (0xdc00..0xe000).contains(&second);
    let character = char::from_u32(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff))?;
    is_pair.then_some((character, 11))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

/// Returns the content of a string without its escapes.
#[cold]
pub(super) fn unescaped(content: &str) -> Option<String> {
    let mut plain = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(len) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (before, escaped) = rest.split_at(len);
        plain.push_str(before);
        let (character, len) = escape(&escaped.as_bytes()[1..])?;
        plain.push(character);
        rest = &escaped[1 + len..];
    }
    plain.push_str(rest);
    Some(plain)
}
