//! A place in a line, and the few things that can stand there. Every step either takes its bytes or gives up.

use memchr::memchr2;
use uuid::Uuid;

/// Where the recognizer stands.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(line: &'a [u8]) -> Self {
        Self { rest: line }
    }

    /// Exactly these bytes.
    #[inline]
    pub(super) fn literal(&mut self, bytes: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(bytes)?;
        Some(())
    }

    /// Nothing more.
    pub(super) fn end(&self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }

    /// A number as it is printed: digits, no sign, no zero in front.
    #[inline]
    pub(super) fn number(&mut self) -> Option<u64> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        // Nineteen digits always fit; a longer number is left to the decoder that knows what fits.
        if digits == 0 || digits > 19 || (self.rest[0] == b'0' && digits > 1) {
            return None;
        }
        let number = self.rest[..digits].iter().fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        self.rest = &self.rest[digits..];
        // What goes on as a fraction or an exponent is no whole number.
        (!matches!(self.rest.first(), Some(b'.' | b'e' | b'E'))).then_some(number)
    }

    pub(super) fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub(super) fn signed(&mut self) -> Option<i32> {
        let negative = self.literal(b"-").is_some();
        let number = i64::try_from(self.number()?).ok()?;
        // A negative zero means zero, and is not how anybody prints it.
        if negative && number == 0 {
            return None;
        }
        i32::try_from(if negative { -number } else { number }).ok()
    }

    /// The 36 characters of a UUID.
    #[inline]
    pub(super) fn uuid(&mut self) -> Option<Uuid> {
        let (text, rest) = self.rest.split_at_checked(36)?;
        let hyphens = text[8] & text[13] & text[18] & text[23];
        let others = text[8] | text[13] | text[18] | text[23];
        if hyphens != b'-' || others != b'-' {
            return None;
        }
        let mut bytes = [0; 16];
        let mut wrong = 0;
        for (byte, at) in bytes.iter_mut().zip(PAIRS) {
            let (high, low) = (NIBBLE[text[at] as usize], NIBBLE[text[at + 1] as usize]);
            wrong |= high | low;
            *byte = high << 4 | low;
        }
        self.rest = rest;
        (wrong & 0xf0 == 0).then_some(Uuid::from_bytes(bytes))
    }

    /// A text without escapes up to its quote, which is taken as well.
    #[inline]
    pub(super) fn plain(&mut self) -> Option<&'a str> {
        let end = memchr2(b'"', b'\\', self.rest)?;
        if self.rest[end] == b'\\' {
            return None;
        }
        let (text, rest) = self.rest.split_at(end);
        // Control characters are no part of a JSON text.
        if text.iter().any(|byte| *byte < b' ') {
            return None;
        }
        self.rest = &rest[1..];
        std::str::from_utf8(text).ok()
    }

    /// The name of a variant, with the quote and the colon behind it.
    #[inline]
    pub(super) fn name(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix(b"\":")?;
        Some(name)
    }

    /// `null`, or what `read` takes.
    #[inline]
    pub(super) fn nullable<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.literal(b"null").is_some() {
            return Some(None);
        }
        read(self).map(Some)
    }

    /// What `read` takes, again and again, up to the bracket that ends the list, which is taken as well.
    pub(super) fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        if self.literal(b"]").is_some() {
            return Some(items);
        }
        loop {
            items.push(read(self)?);
            if self.literal(b"]").is_some() {
                return Some(items);
            }
            self.literal(b",")?;
        }
    }

    /// An array of bytes.
    pub(super) fn bytes(&mut self) -> Option<Vec<u8>> {
        self.literal(b"[")?;
        self.list(|at| u8::try_from(at.number()?).ok())
    }

    /// An array of bytes that nobody keeps.
    pub(super) fn skip_bytes(&mut self) -> Option<()> {
        self.literal(b"[")?;
        if self.literal(b"]").is_some() {
            return Some(());
        }
        loop {
            u8::try_from(self.number()?).ok()?;
            if self.literal(b"]").is_some() {
                return Some(());
            }
            self.literal(b",")?;
        }
    }
}

/// Where the sixteen pairs of digits stand in a UUID's text.
const PAIRS: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// The value of each hexadecimal digit; 0xff for what is none.
const NIBBLE: [u8; 256] = {
    let mut table = [0xff; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit as usize] as usize] = digit;
        table[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        digit += 1;
    }
    table
};
