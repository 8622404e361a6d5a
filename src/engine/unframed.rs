//! Bytes that other formats put around a record on its line.

/// Strips framing of other formats from a line: a record separator before it, as in JSON text sequences, a comma
/// before or after it, as in a list cut into lines, and a semicolon after it.
pub(super) fn unframed(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"\x1e").unwrap_or(text);
    let text = match text.trim_ascii_start().strip_prefix(b",") {
        Some(inner) if inner.trim_ascii_start().starts_with(b"{") => inner,
        _ => text,
    };
    let end = text.trim_ascii_end();
    match end.strip_suffix(b",").or_else(|| end.strip_suffix(b";")) {
        Some(inner) if inner.trim_ascii_end().ends_with(b"}") => inner,
        _ => text,
    }
}
