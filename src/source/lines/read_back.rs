//! One line read again by its position. Must not know which file it is in.

use std::io::ErrorKind;

use memchr::memchr;

use crate::model::position::{Parts, Position, UNKNOWN};
use crate::source::handle::Handle;
use crate::source::open::reason;
use crate::source::reread::Gone;

/// Bytes in which most lines are whole.
const MOST_LINES: usize = 1024;

/// Reads the text of the line at `at`, at most `limit` bytes of it.
pub(in crate::source) fn record(handle: &Handle, at: Position, limit: usize) -> Result<Vec<u8>, Gone> {
    let Parts { offset, len, .. } = at.parts();
    // With a byte before it: the place of a line must still be that of a line.
    let n_before = usize::from(offset > 0);
    let mut text = if len == UNKNOWN {
        read_line(handle, offset, n_before, limit)?
    } else {
        read_exact(handle, offset, n_before + limit.min(len as usize), n_before)?
    };
    // Before a text is a newline, a hole, or the mark at the start of the file.
    if n_before == 1 && !matches!(text.remove(0), b'\n' | 0 | 0xbf) {
        return Err(Gone::Overwritten);
    }
    Ok(text)
}

/// Reads `len` bytes, `n_before` of which come before the text at `offset`, whose length is known.
fn read_exact(handle: &Handle, offset: u64, len: usize, n_before: usize) -> Result<Vec<u8>, Gone> {
    let mut text = vec![0; len];
    let read = handle.read_exact_at(&mut text, offset - n_before as u64);
    if handle.has_released(offset) {
        return Err(Gone::TooOld);
    }
    read.map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => Gone::Overwritten,
        _ => Gone::Unreadable(reason(&error)),
    })?;
    if text[n_before..].contains(&b'\n') { Err(Gone::Overwritten) } else { Ok(text) }
}

/// Reads the text at `offset` up to its newline, at most `limit` bytes of it, with the `n_before` bytes before it.
fn read_line(handle: &Handle, offset: u64, n_before: usize, limit: usize) -> Result<Vec<u8>, Gone> {
    let mut text = vec![0; MOST_LINES];
    let mut filled = 0;
    loop {
        let read = handle.read_at(&mut text[filled..], offset - n_before as u64 + filled as u64);
        if handle.has_released(offset) {
            return Err(Gone::TooOld);
        }
        let n = read.map_err(|error| Gone::Unreadable(reason(&error)))?;
        let from = filled.max(n_before);
        filled += n;
        let end = text.get(from..filled).and_then(|new| memchr(b'\n', new)).map(|end| from + end);
        if end.is_some() || n == 0 || filled >= n_before + limit {
            text.truncate(end.unwrap_or(filled).min(n_before + limit));
            if text.len() <= n_before {
                return Err(Gone::Overwritten);
            }
            text.truncate(text.len() - usize::from(text.ends_with(b"\r")));
            return if text.len() > n_before { Ok(text) } else { Err(Gone::Overwritten) };
        }
        text.resize(text.len() * 4, 0);
    }
}
