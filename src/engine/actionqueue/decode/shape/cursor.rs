//! Cursor over the bytes of a line, with parsers for its tokens. A parser either consumes its token or fails.
//!
//! The bytes may extend beyond the line: no token contains a line end, so no parser leaves the line.

use uuid::Uuid;

/// Position of the recognizer: the unparsed rest, and the cache of instants.
#[derive(Debug)]
pub(super) struct ByteCursor<'a, 'm> {
    rest: &'a [u8],
    memory: &'m mut InstantCache,
}

/// Cache of the last instants, as text and as number: on a busy log thousands of lines share a second.
#[derive(Debug, Clone, Default)]
pub struct InstantCache {
    now: CachedInstant,
    expiry: CachedInstant,
}

/// The ten digits of a present-day instant, and their value.
#[derive(Debug, Clone, Default)]
struct CachedInstant {
    digits: [u8; 10],
    number: u64,
}

impl<'a, 'm> ByteCursor<'a, 'm> {
    pub(super) const fn new(bytes: &'a [u8], memory: &'m mut InstantCache) -> Self {
        Self { rest: bytes, memory }
    }

    /// The unparsed bytes.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next eight bytes, unconsumed: enough to distinguish most names.
    #[inline]
    pub(super) fn peek(&self) -> Option<&'a [u8; 8]> {
        self.rest.first_chunk()
    }

    /// Consumes exactly these bytes.
    #[inline]
    pub(super) fn literal<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        let (found, rest) = self.rest.split_first_chunk::<N>()?;
        if found != bytes {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    /// Parses a number as printed: digits, no sign, no leading zero.
    #[inline]
    pub(super) fn number(&mut self) -> Option<u64> {
        let (mut number, mut digits) = self.rest.first_chunk().map_or((0, 0), eight_digits);
        if digits == 8 || self.rest.len() < 8 {
            // Nineteen digits always fit; a longer number is left to the full decoder.
            while let Some(digit) = self.rest.get(digits).map(|byte| byte.wrapping_sub(b'0'))
                && digit < 10
                && digits < 19
            {
                number = number * 10 + u64::from(digit);
                digits += 1;
            }
        }
        if digits == 0 || (self.rest[0] == b'0' && digits > 1) {
            return None;
        }
        self.rest = &self.rest[digits..];
        // A fraction, an exponent or more digits are not handled here.
        (!matches!(self.rest.first(), Some(b'.' | b'e' | b'E' | b'0'..=b'9'))).then_some(number)
    }

    /// Parses an instant, most likely equal to the last one.
    #[inline]
    pub(super) fn instant(&mut self) -> Option<u64> {
        if let Some(number) = self.recall(|memory| &memory.now) {
            return Some(number);
        }
        self.learn(|memory| &mut memory.now)
    }

    /// Parses the expiry of a lease, most likely equal to the last one.
    #[inline]
    pub(super) fn expiry(&mut self) -> Option<u64> {
        if let Some(number) = self.recall(|memory| &memory.expiry) {
            return Some(number);
        }
        self.learn(|memory| &mut memory.expiry)
    }

    #[inline]
    fn recall(&mut self, which: impl FnOnce(&InstantCache) -> &CachedInstant) -> Option<u64> {
        let CachedInstant { digits, number } = which(self.memory);
        let (found, rest) = self.rest.split_first_chunk()?;
        // More digits make another number.
        if found != digits || !matches!(rest.first(), Some(b',' | b'}')) {
            return None;
        }
        self.rest = rest;
        Some(*number)
    }

    fn learn(&mut self, which: impl FnOnce(&mut InstantCache) -> &mut CachedInstant) -> Option<u64> {
        let text = self.rest;
        let number = self.number()?;
        if let Ok(digits) = text[..text.len() - self.rest.len()].try_into() {
            *which(self.memory) = CachedInstant { digits, number };
        }
        Some(number)
    }

    pub(super) fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub(super) fn signed(&mut self) -> Option<i32> {
        let negative = self.literal(b"-").is_some();
        let number = i64::try_from(self.number()?).ok()?;
        // A negative zero equals zero, but no engine prints it.
        if negative && number == 0 {
            return None;
        }
        i32::try_from(if negative { -number } else { number }).ok()
    }

    /// Parses the 36 characters of a UUID.
    #[inline]
    pub(super) fn uuid(&mut self) -> Option<Uuid> {
        let (text, rest) = self.rest.split_first_chunk::<36>()?;
        if [text[8], text[13], text[18], text[23]] != [b'-'; 4] {
            return None;
        }
        let mut digits = [0; 32];
        for (to, from) in [(0..8, 0..8), (8..12, 9..13), (12..16, 14..18), (16..20, 19..23), (20..32, 24..36)]
        {
            digits[to].copy_from_slice(&text[from]);
        }
        // All digits at once: the compiler vectorizes these loops.
        let mut wrong = 0;
        for digit in &mut digits {
            let (value, letter) = (digit.wrapping_sub(b'0'), (*digit | 0x20).wrapping_sub(b'a'));
            let (is_letter, is_wrong) = (u8::from(value > 9), u8::from(letter > 5));
            wrong |= is_letter & is_wrong;
            *digit = value ^ ((value ^ letter.wrapping_add(10)) & is_letter.wrapping_neg());
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
            *byte = pair[0] << 4 | pair[1];
        }
        self.rest = rest;
        (wrong == 0).then_some(Uuid::from_bytes(bytes))
    }

    /// Parses a text without escapes, with its closing quote.
    #[inline]
    pub(super) fn plain(&mut self) -> Option<&'a str> {
        // Control characters are not allowed in a JSON text.
        let end = self.rest.iter().position(|byte| matches!(byte, ..b' ' | b'"' | b'\\'))?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix(b"\"")?;
        std::str::from_utf8(text).ok()
    }

    /// Parses `null`, or a value with `read`.
    #[inline]
    pub(super) fn nullable<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.literal(b"null").is_some() {
            return Some(None);
        }
        read(self).map(Some)
    }

    /// Parses values with `read` up to the closing bracket of the list, which is consumed.
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

    /// Parses an array of bytes.
    pub(super) fn bytes(&mut self) -> Option<Vec<u8>> {
        self.literal(b"[")?;
        self.list(|at| u8::try_from(at.number()?).ok())
    }

    /// Checks and discards an array of bytes.
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

/// Value of the leading digits among eight bytes, and their count.
#[inline]
fn eight_digits(bytes: &[u8; 8]) -> (u64, usize) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let values = u64::from_le_bytes(*bytes) ^ (EACH * u64::from(b'0'));
    // The top bit of each byte above nine. A carry out of such a byte corrupts only the bytes after it.
    let others = (values.wrapping_add(EACH * (0x7f - 9)) | values) & (EACH << 7);
    let digits = others.trailing_zeros() / 8;
    if digits == 0 {
        return (0, 0);
    }
    // Shifts in zeros in front, then joins ones, pairs and fours.
    let values = values << (64 - 8 * digits);
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    const FOURS: u64 = 0x0000_00ff_0000_00ff;
    let high = (pairs & FOURS).wrapping_mul(100 + (1_000_000 << 32));
    let low = (pairs >> 16 & FOURS).wrapping_mul(1 + (10_000 << 32));
    (high.wrapping_add(low) >> 32, digits as usize)
}
