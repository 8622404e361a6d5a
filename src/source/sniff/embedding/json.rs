//! Events and their first fields in bytes that may be JSON, without reading it. Must not know how they are embedded.

use crate::source::shape::RecordShape;

/// The bytes without blanks, NULs and record separators before them.
pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    let n_blanks = bytes.iter().take_while(|byte| matches!(byte, 0 | 0x1e) || byte.is_ascii_whitespace());
    &bytes[n_blanks.count()..]
}

/// The first field of the event that begins here.
pub(super) fn event_at(shape: &RecordShape, bytes: &[u8]) -> Option<&'static str> {
    event_and_gap(shape, bytes).map(|(_, key)| key)
}

/// The same, with the blanks before that field.
pub(super) fn event_and_gap<'a>(shape: &RecordShape, bytes: &'a [u8]) -> Option<(&'a [u8], &'static str)> {
    let inner = bytes.strip_prefix(b"{")?;
    let field = inner.trim_ascii_start();
    let gap = &inner[..inner.len() - field.len()];
    let key = shape.first.iter().copied().find(|key| is_named(field, key))?;
    Some((gap, key)).filter(|_| key != shape.shared || !has_other_event(shape, field))
}

fn is_named(field: &[u8], key: &str) -> bool {
    let rest = field.strip_prefix(b"\"").and_then(|rest| rest.strip_prefix(key.as_bytes()));
    rest.is_some_and(|rest| rest.starts_with(b"\""))
}

/// Is true of a field of a shared name that is a collector's: it holds a text, or a whole event.
fn has_other_event(shape: &RecordShape, field: &[u8]) -> bool {
    let value = field[shape.shared.len() + 2..].trim_ascii_start();
    let value = value.strip_prefix(b":").map_or(value, <[u8]>::trim_ascii_start);
    let inner = value.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    value.starts_with(b"\"") || inner.is_some_and(|inner| shape.first.iter().any(|key| is_named(inner, key)))
}

/// Is true where an event begins whose quotes are escaped more than once.
pub(super) fn is_deep_at(shape: &RecordShape, bytes: &[u8]) -> bool {
    let Some(inner) = bytes.strip_prefix(b"{") else { return false };
    let n_escapes = inner.iter().take_while(|byte| **byte == b'\\').count();
    let field = &inner[n_escapes..];
    n_escapes > 1
        && shape.first.iter().any(|key| {
            let rest = field.strip_prefix(b"\"").and_then(|rest| rest.strip_prefix(key.as_bytes()));
            rest.is_some_and(|rest| rest.starts_with(b"\\"))
        })
}

/// Is true where an event begins whose quotes are escaped.
pub(super) fn is_escaped_at(shape: &RecordShape, bytes: &[u8]) -> bool {
    let Some(inner) = bytes.strip_prefix(b"{") else { return false };
    let blanks = inner.iter().take_while(|byte| **byte == b' ').count();
    let field = inner[blanks..].strip_prefix(b"\\n").unwrap_or(&inner[blanks..]).trim_ascii_start();
    shape.first.iter().any(|key| field.starts_with(format!("\\\"{key}\\\"").as_bytes()))
}

/// Where the object ends that begins here.
pub(super) fn end_of_object(bytes: &[u8]) -> Option<usize> {
    depths(bytes).find(|(_, depth)| *depth == 0).map(|(at, _)| at + 1)
}

/// Is true where an object or a list begins in a text and does not end in it.
pub(super) fn is_open(bytes: &[u8]) -> bool {
    depths(bytes).last().is_some_and(|(_, depth)| depth > 0)
}

/// Each bracket outside of texts, and how many are open behind it.
fn depths(bytes: &[u8]) -> impl Iterator<Item = (usize, isize)> {
    let (mut depth, mut in_text, mut is_escaped) = (0, false, false);
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth -= 1,
            _ => return None,
        }
        matches!(byte, b'{' | b'[' | b'}' | b']').then_some((at, depth)).filter(|_| !in_text)
    })
}

/// A text of JSON without the blanks between its parts.
pub(super) fn compact(bytes: &[u8]) -> Vec<u8> {
    let (mut in_text, mut is_escaped) = (false, false);
    let mut kept = Vec::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            _ => (),
        }
        if in_text || !byte.is_ascii_whitespace() {
            kept.push(*byte);
        }
    }
    kept
}

/// A text without what sets the colors of a terminal.
pub(super) fn without_colors(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, behind)) = rest.split_first() {
        let len = rest.strip_prefix(b"\x1b[").and_then(|sequence| {
            let len = sequence.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
            (sequence.get(len) == Some(&b'm')).then_some(len + 3)
        });
        if len.is_none() {
            kept.push(*byte);
        }
        rest = len.map_or(behind, |len| &rest[len..]);
    }
    kept
}
