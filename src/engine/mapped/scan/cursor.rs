//! Cursor over JSON: consumes tokens, and skips values that are not wanted. Nothing else than JSON passes.
//!
//! Every method returns `None` in doubt: for what is no JSON, and for what is too rare to be decided here.

/// Containers in each other that `serde_json` reads.
const MAX_DEPTH: u32 = 127;

/// Digits of a number that is certainly in range.
const MAX_DIGITS: usize = 200;

/// Digits of the exponent of such a number.
const MAX_EXPONENT_DIGITS: usize = 2;

/// Bytes of one word.
const WORD: usize = 8;

/// Each byte of a word.
const EACH: u64 = u64::MAX / 255;

/// Position in a text.
#[derive(Debug, Clone)]
pub(super) struct JsonCursor<'a> {
    text: &'a str,
    at: usize,
    /// Numbers are known to be in range.
    is_checked: bool,
}

impl<'a> JsonCursor<'a> {
    #[inline]
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, is_checked: false }
    }

    /// A cursor over JSON that was read before, so that it is not in doubt about it.
    pub(super) const fn again(text: &'a str) -> Self {
        Self { text, at: 0, is_checked: true }
    }

    #[inline]
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// The text from a position to here.
    #[inline]
    pub(super) fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    /// The next byte that is no blank, not consumed.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if byte > b' ' {
                return Some(byte);
            }
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return None;
            }
            self.at += 1;
        }
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
    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.advance())
    }

    /// Consumes a string behind its opening quote. Returns its content as written, and true if it has escapes.
    #[inline]
    pub(super) fn string(&mut self) -> Option<(&'a str, bool)> {
        let start = self.at;
        let end = self.plain_end(start)?;
        if self.text.as_bytes()[end] == b'"' {
            self.at = end + 1;
            return Some((self.text.get(start..end)?, false));
        }
        self.at = end;
        self.escapes()?;
        Some((self.text.get(start..self.at - 1)?, true))
    }

    /// Consumes the rest of a string from its first escape on.
    #[cold]
    fn escapes(&mut self) -> Option<()> {
        loop {
            let end = self.plain_end(self.at)?;
            self.at = end + 1;
            match self.text.as_bytes()[end] {
                b'"' => return Some(()),
                b'\\' => self.at += escape(&self.text.as_bytes()[self.at..])?.1,
                _ => return None,
            }
        }
    }

    /// Finds the first quote, backslash or control character.
    #[inline]
    fn plain_end(&self, mut at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WORD>) {
            let special = special(u64::from_le_bytes(*word));
            if special != 0 {
                return Some(at + special.trailing_zeros() as usize / 8);
            }
            at += WORD;
        }
        let is_special = |byte: &u8| matches!(byte, ..b' ' | b'"' | b'\\');
        bytes.get(at..)?.iter().position(is_special).map(|len| at + len)
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
    #[inline]
    pub(super) fn key(&mut self) -> Option<(&'a str, bool)> {
        self.expect(b'"')?;
        let key = self.string()?;
        self.expect(b':')?;
        Some(key)
    }

    /// Consumes a value that is within `depth` containers.
    pub(super) fn skip(&mut self, depth: u32) -> Option<()> {
        // The last bit is one within an object.
        let (mut kinds, mut levels) = (0_u128, 0);
        loop {
            match self.peek()? {
                b'"' => {
                    self.advance();
                    self.string()?;
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
                            self.key()?;
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
                        self.key()?;
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

/// Marks quotes, backslashes and control characters of a word; only the first mark is reliable.
#[inline]
const fn special(word: u64) -> u64 {
    let quote = word ^ (EACH * b'"' as u64);
    let backslash = word ^ (EACH * b'\\' as u64);
    let control = word.wrapping_sub(EACH * 0x20) & !word;
    let quote = quote.wrapping_sub(EACH) & !quote;
    let backslash = backslash.wrapping_sub(EACH) & !backslash;
    (control | quote | backslash) & (EACH << 7)
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
