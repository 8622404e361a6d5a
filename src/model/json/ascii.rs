//! JSON in printable ASCII, so that no text of a log can act on the terminal that shows it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

/// Writes `value` as one line of ASCII JSON.
///
/// # Errors
/// When `out` does not take it.
pub fn write_line(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Ascii);
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    serializer.into_inner().write_all(b"\n")
}

/// The text of `value` as ASCII JSON, without a newline.
#[must_use]
pub fn to_text(value: &impl Serialize) -> String {
    let mut bytes = Vec::with_capacity(512);
    // Writing to a vector cannot fail, and the formatter writes ASCII.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, Ascii));
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes every character beyond ASCII, and DEL, as an escape.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        for piece in fragment.chars() {
            if matches!(piece, ' '..='~') {
                out.write_all(&[piece as u8])?;
            } else {
                for unit in piece.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        CompactFormatter.write_char_escape(out, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_ascii_and_means_the_same() {
        let text = "\u{1b}]0;title\u{7} caf\u{e9} \u{202e} \u{9b}31m \u{1f600} \u{7f} \"quoted\" \\";
        let mut out = Vec::new();
        write_line(&mut out, &text).unwrap();
        assert_eq!(out, format!("{}\n", to_text(&text)).as_bytes());
        assert!(out.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')), "{out:?}");
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }
}
