//! Values as JSON, as `serde_json` writes them.

const fn hex_pairs() -> [[u8; 2]; 256] {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
}

/// Each byte as a number with a comma behind it, and how long that is.
const fn decimals() -> [([u8; 4], u8); 256] {
    let mut all = [([b','; 4], 0); 256];
    let mut byte: usize = 0;
    while byte < 256 {
        let mut len = 0;
        if byte >= 100 {
            all[byte].0[len] = b'0' + (byte / 100) as u8;
            len += 1;
        }
        if byte >= 10 {
            all[byte].0[len] = b'0' + (byte / 10 % 10) as u8;
            len += 1;
        }
        all[byte].0[len] = b'0' + (byte % 10) as u8;
        all[byte].1 = len as u8 + 2;
        byte += 1;
    }
    all
}

static HEX: [[u8; 2]; 256] = hex_pairs();
static DECIMALS: [([u8; 4], u8); 256] = decimals();

/// Text of a table, with its bytes beside it where they are few: those are copied without a loop.
pub(super) struct FixedText {
    text: &'static str,
    few: [u8; Self::FEW],
}

impl FixedText {
    const FEW: usize = 32;

    pub(super) const fn new(text: &'static str) -> Self {
        let (mut few, mut n) = ([0; Self::FEW], 0);
        while n < text.len() && n < Self::FEW {
            few[n] = text.as_bytes()[n];
            n += 1;
        }
        Self { text, few }
    }

    #[inline]
    pub(super) fn write(&self, line: &mut Vec<u8>) {
        if self.text.len() <= Self::FEW {
            let end = line.len() + self.text.len();
            line.extend_from_slice(&self.few);
            line.truncate(end);
        } else {
            line.extend_from_slice(self.text.as_bytes());
        }
    }
}

/// Appends an id with its hyphens, in quotes.
#[inline]
pub(super) fn uuid(id: [u8; 16], line: &mut Vec<u8>) {
    let mut text = *b"\"00000000-0000-0000-0000-000000000000\"";
    for (byte, place) in id.into_iter().zip([1, 3, 5, 7, 10, 12, 15, 17, 20, 22, 25, 27, 29, 31, 33, 35]) {
        text[place..place + 2].copy_from_slice(&HEX[usize::from(byte)]);
    }
    line.extend_from_slice(&text);
}

/// Appends a number.
#[inline]
pub(super) fn number(number: impl itoa::Integer, line: &mut Vec<u8>) {
    line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends bytes as a list of numbers.
pub(super) fn bytes(bytes: &[u8], line: &mut Vec<u8>) {
    line.push(b'[');
    let mut at = line.len();
    line.resize(at + 4 * bytes.len() + 1, 0);
    for byte in bytes {
        let (text, len) = &DECIMALS[usize::from(*byte)];
        line[at..at + 4].copy_from_slice(text);
        at += usize::from(*len);
    }
    // The last comma becomes the end.
    let end = if bytes.is_empty() { at } else { at - 1 };
    line[end] = b']';
    line.truncate(end + 1);
}

/// Appends a text in quotes.
pub(super) fn text(text: &str, line: &mut Vec<u8>) {
    line.push(b'"');
    let mut rest = text.as_bytes();
    // Without a stop at the first one, many bytes are compared at once.
    if rest.iter().fold(false, |any, byte| any | is_escaped(*byte)) {
        while let Some(n) = rest.iter().position(|byte| is_escaped(*byte)) {
            line.extend_from_slice(&rest[..n]);
            escaped(rest[n], line);
            rest = &rest[n + 1..];
        }
    }
    line.extend_from_slice(rest);
    line.push(b'"');
}

const fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

fn escaped(byte: u8, line: &mut Vec<u8>) {
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            line.extend_from_slice(b"\\u00");
            return line.extend_from_slice(&HEX[usize::from(byte)]);
        }
    };
    line.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_bytes_are_as_serde_json_writes_them() {
        let texts = (0..0x250_u32).filter_map(char::from_u32).map(String::from);
        let longer = ["", "plain", "a \"quoted\"\\\n\t", "\u{1f600}\u{7}end", "\u{1}\u{2}"].map(String::from);
        for given in texts.chain(longer) {
            let mut line = b"x".to_vec();
            text(&given, &mut line);
            assert_eq!(line[1..], serde_json::to_vec(&given).unwrap(), "{given:?}");
        }
        let all: Vec<u8> = (0..=255).collect();
        for given in [&all[..], &all[..1], &[], &[9, 10, 99, 100, 255]] {
            let mut line = b"x".to_vec();
            bytes(given, &mut line);
            assert_eq!(line[1..], serde_json::to_vec(given).unwrap(), "{given:?}");
        }
    }

    #[test]
    fn ids_are_as_their_crate_writes_them() {
        let id = uuid::Uuid::from_u128(0x0123_4567_89ab_cdef_0011_2233_4455_66ff);
        let mut line = Vec::new();
        super::uuid(*id.as_bytes(), &mut line);
        assert_eq!(String::from_utf8(line).unwrap(), format!("\"{id}\""));
    }
}
