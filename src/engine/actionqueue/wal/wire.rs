//! Values of postcard, one after another. What its crate takes is taken, what it refuses is refused.

/// Place in a payload.
pub(super) struct Wire<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Reason why bytes are not a value, for a user.
pub(super) type Refused = &'static str;

const SHORT: Refused = "the payload ends within a value";
const LONG_NUMBER: Refused = "a number that is too large";

impl<'a> Wire<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Place of the next byte.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Checks that all bytes have been read.
    pub(super) const fn is_done(&self) -> bool {
        self.at == self.bytes.len()
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Refused> {
        let byte = *self.bytes.get(self.at).ok_or(SHORT)?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    pub(super) fn u64(&mut self) -> Result<u64, Refused> {
        self.number::<10>(1)
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Result<u32, Refused> {
        let number = self.number::<5>(0x0f)?;
        u32::try_from(number).map_err(|_| LONG_NUMBER)
    }

    /// Signed numbers have their sign in the last bit.
    pub(super) fn i32(&mut self) -> Result<i32, Refused> {
        let number = self.u32()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// Number of at most `MOST` bytes, seven bits a byte, the lowest first, not necessarily the shortest way.
    #[inline]
    fn number<const MOST: usize>(&mut self, most_of_last: u8) -> Result<u64, Refused> {
        let mut number = 0;
        for n in 0..MOST {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * n);
            if byte & 0x80 == 0 {
                return if n == MOST - 1 && byte > most_of_last { Err(LONG_NUMBER) } else { Ok(number) };
            }
        }
        Err(LONG_NUMBER)
    }

    #[inline]
    pub(super) fn is_some(&mut self) -> Result<bool, Refused> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err("neither a value nor the lack of one"),
        }
    }

    /// A value that may be missing.
    pub(super) fn option_of<T>(
        &mut self,
        read: fn(&mut Self) -> Result<T, Refused>,
    ) -> Result<Option<T>, Refused> {
        if self.is_some()? { read(self).map(Some) } else { Ok(None) }
    }

    /// Bytes of a given number.
    #[inline]
    pub(super) fn fixed(&mut self, len: usize) -> Result<&'a [u8], Refused> {
        let end = self.at.checked_add(len).ok_or(SHORT)?;
        let bytes = self.bytes.get(self.at..end).ok_or(SHORT)?;
        self.at = end;
        Ok(bytes)
    }

    /// Bytes behind their number.
    #[inline]
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Refused> {
        let len = self.len()?;
        self.fixed(len)
    }

    /// Number of the elements that follow.
    #[inline]
    pub(super) fn len(&mut self) -> Result<usize, Refused> {
        usize::try_from(self.u64()?).map_err(|_| SHORT)
    }

    #[inline]
    pub(super) fn text(&mut self) -> Result<&'a str, Refused> {
        std::str::from_utf8(self.bytes()?).map_err(|_| "a text that is not UTF-8")
    }

    #[inline]
    pub(super) fn uuid(&mut self) -> Result<[u8; 16], Refused> {
        self.bytes()?.try_into().map_err(|_| "an id that has not 16 bytes")
    }
}
