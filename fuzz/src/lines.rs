//! However bytes are cut into pieces, their lines are those of the whole, and of a plain reading of it.

use runwatch::source::block::Block;
use runwatch::source::line::Raw;
use runwatch::source::lines::{Limits, Lines};
use runwatch::source::splitter::Splitter as _;

/// NULs before it, its text or its full length, and its place.
type Seen = (u64, Result<Vec<u8>, u64>, u64);

/// Two bytes are the limits, the next says when blocks are taken, a fourth how the rest is cut.
pub fn check(bytes: &[u8]) {
    let [line, block, how, cut, bytes @ ..] = bytes else { return };
    let limits = Limits { line: usize::from(*line), block: usize::from(*block) };
    let plain = plainly(bytes, limits.line, how & 1 == 1);
    assert_eq!(split(bytes, limits, *how, usize::MAX), plain, "in one piece");
    assert_eq!(split(bytes, limits, *how, usize::from(*cut) + 1), plain, "in pieces of {cut} and one");
    assert_eq!(split(bytes, limits, how ^ 2, 1), plain, "byte by byte");
}

/// Feeds pieces of at most `piece` bytes; an end comes behind them when `how` has its first bit, and blocks
/// are taken after each piece, not only when one is full, when it has its second.
fn split(mut bytes: &[u8], limits: Limits, how: u8, piece: usize) -> (Vec<Seen>, u64) {
    let mut lines = Lines::new(runwatch::engine::RECORDS, limits, 0);
    let mut all: Vec<Seen> = Vec::new();
    let mut keep = |block: Option<Block>| {
        let Some(block) = block else { return };
        assert!(block.len_lines() > 0);
        let before = all.len();
        for line in block.lines() {
            let text = match line.text {
                Raw::Whole(text) => Ok(text.to_vec()),
                Raw::OverLong { bytes } => Err(bytes),
                Raw::Damaged(reason) => panic!("{reason}"),
            };
            all.push((line.nuls, text, line.place.byte()));
        }
        assert_eq!(all.len() - before, block.len_lines());
    };
    while !bytes.is_empty() {
        let space = lines.space();
        assert!(space.len() <= limits.line.max(2) + 1 + 2 * limits.block.max(1), "memory is bounded");
        let n = space.len().min(bytes.len()).min(piece);
        space[..n].copy_from_slice(&bytes[..n]);
        lines.commit(n);
        bytes = &bytes[n..];
        if lines.is_full() || how & 2 == 2 {
            keep(lines.take(1));
        }
    }
    keep(lines.take(1));
    let pending = lines.pending();
    if how & 1 == 1 {
        keep(lines.finish(1));
        assert_eq!(lines.pending(), 0);
    }
    (all, pending)
}

/// The same said plainly.
fn plainly(bytes: &[u8], limit: usize, is_final: bool) -> (Vec<Seen>, u64) {
    let mut all = Vec::new();
    let mut at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut torn_at = 0;
    while let Some(len) = bytes[at..].iter().position(|byte| *byte == b'\n') {
        let line = &bytes[at..at + len];
        all.push(seen(line.strip_suffix(b"\r").unwrap_or(line), at, limit));
        at += len + 1;
        torn_at = at;
    }
    if is_final && at < bytes.len() {
        all.push(seen(&bytes[at..], at, limit));
    }
    (all, (bytes.len() - torn_at) as u64)
}

fn seen(line: &[u8], at: usize, limit: usize) -> Seen {
    let nuls = line.iter().take_while(|byte| **byte == 0).count();
    let text = &line[nuls..];
    let text = if text.len() > limit { Err(text.len() as u64) } else { Ok(text.to_vec()) };
    (nuls as u64, text, (at + nuls) as u64)
}
