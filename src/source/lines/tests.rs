//! Splitting, in every way that bytes can come.

use proptest::prelude::*;

use super::*;
use crate::source::line::{Line, Raw};
use crate::source::shape::SAMPLES;

/// A line as a test writes it down: NULs, text or length, offset.
type Seen = (u64, Result<Vec<u8>, u64>, u64);

fn seen(line: &Line<'_>) -> Seen {
    let text = match line.text {
        Raw::Whole(text) => Ok(text.to_vec()),
        Raw::OverLong { bytes } => Err(bytes),
        Raw::Damaged(reason) => panic!("{reason}"),
    };
    (line.nuls, text, line.place.byte())
}

/// Feeds `chunks`; takes a block after each of them when `eager`, else only when one is full.
fn split(chunks: &[&[u8]], limits: Limits, eager: bool, finish: bool) -> (Vec<Seen>, u64) {
    let mut lines = Lines::new(SAMPLES, limits, 7);
    let mut all = Vec::new();
    let mut keep = |block: Option<Block>| {
        let Some(block) = block else { return };
        let before = all.len();
        for line in block.lines() {
            all.push(seen(&line));
            assert_eq!((line.place.line(), line.place.generation()), (all.len() as u64, 7));
        }
        assert_eq!(all.len() - before, block.len_lines());
        assert!(block.len_lines() > 0);
    };
    let mut n_lines = 1;
    let mut take = |lines: &mut Lines, keep: &mut dyn FnMut(Option<Block>)| {
        let block = lines.take(n_lines);
        n_lines += block.as_ref().map_or(0, |block| block.len_lines() as u64);
        keep(block);
    };
    for mut chunk in chunks.iter().copied() {
        while !chunk.is_empty() {
            let space = lines.space();
            let n = space.len().min(chunk.len());
            space[..n].copy_from_slice(&chunk[..n]);
            lines.commit(n);
            chunk = &chunk[n..];
            assert!(lines.buffer.len() <= limits.line.max(2) + 1 + 2 * limits.block);
            if lines.is_full() {
                take(&mut lines, &mut keep);
            }
        }
        if eager {
            take(&mut lines, &mut keep);
        }
    }
    take(&mut lines, &mut keep);
    let pending = lines.pending();
    if finish {
        keep(lines.finish(n_lines));
        assert_eq!(lines.pending(), 0);
    }
    (all, pending)
}

/// The same said plainly, over all bytes at once.
fn model(bytes: &[u8], limit: usize, finish: bool) -> (Vec<Seen>, u64) {
    let mut all = Vec::new();
    let mut at = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
    let mut torn_at = 0;
    while let Some(len) = bytes[at..].iter().position(|byte| *byte == b'\n') {
        let line = &bytes[at..at + len];
        all.push(plain(line.strip_suffix(b"\r").unwrap_or(line), at, limit));
        at += len + 1;
        torn_at = at;
    }
    if finish && at < bytes.len() {
        all.push(plain(&bytes[at..], at, limit));
    }
    (all, (bytes.len() - torn_at) as u64)
}

fn plain(line: &[u8], at: usize, limit: usize) -> Seen {
    let nuls = line.iter().take_while(|byte| **byte == 0).count();
    let text = &line[nuls..];
    let text = if text.len() > limit { Err(text.len() as u64) } else { Ok(text.to_vec()) };
    (nuls as u64, text, (at + nuls) as u64)
}

fn check(bytes: &[u8], limit: usize) {
    for finish in [false, true] {
        let expected = model(bytes, limit, finish);
        let limits = Limits { line: limit, block: 8 };
        assert_eq!(split(&[bytes], limits, false, finish), expected, "at once");
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(split(&single, limits, true, finish), expected, "byte by byte");
        assert_eq!(split(&single, limits, false, finish), expected, "byte by byte, taken late");
        for cut in 0..bytes.len() {
            let (a, b) = bytes.split_at(cut);
            assert_eq!(split(&[a, b], limits, true, finish), expected, "cut at {cut}");
        }
    }
}

#[test]
fn every_cut_of_a_log_gives_the_same_lines() {
    for bytes in [
        &b""[..],
        b"\n",
        b"one",
        b"one\n",
        b"one\r\ntwo\n\r\n\r\r\n\n",
        b"\xef\xbb\xbfone\ntwo\xef\xbb\xbf\n\xef\xbb\xbf\n",
        b"\xef\xbb\xbf",
        b"\xef\xbb\n",
        b"\xef\xbb\xbf\xef\xbb\xbf\0\0x\n",
        b"\0\xef\xbb\xbfx\n",
        b"\0\0\0\0\0\0\0\0\0\0\0\0{}\n\0\r\n\0\n\0",
        b"a line that is longer than all the others\r\nshort\nand another long one, this time torn",
    ] {
        for limit in [0, 1, 2, 3, 5, 6, 12, 40, 41, 64] {
            check(bytes, limit);
        }
    }
}

#[test]
fn the_limit_does_not_count_the_line_end() {
    for (line, expected) in [
        (&b"12345678\n"[..], Ok(b"12345678".to_vec())),
        (b"12345678\r\n", Ok(b"12345678".to_vec())),
        (b"123456789\n", Err(9)),
        (b"123456789\r\n", Err(9)),
        (b"12345678\r\r\n", Err(9)),
    ] {
        let limits = Limits { line: 8, block: 4 };
        assert_eq!(split(&[line], limits, false, false).0, [(0, expected, 0)]);
    }
}

#[test]
fn a_line_without_end_and_a_hole_take_no_memory() {
    for byte in [b'x', 0] {
        let mut lines = Lines::new(SAMPLES, Limits { line: 100, block: 64 }, 0);
        for _ in 0..10_000 {
            let n = lines.space().len();
            lines.space().fill(byte);
            lines.commit(n);
            assert!(lines.buffer.len() <= 3 + 100 + 64);
            assert!(lines.take(1).is_none());
        }
        assert_eq!(lines.pending(), lines.end());
    }
}

#[test]
fn a_torn_line_can_be_read_again() {
    for torn in [&b"\0\0tor"[..], b"t", b"", b"a torn line that is dropped"] {
        let mut lines = Lines::new(SAMPLES, Limits { line: 8, block: 64 }, 0);
        let put = |lines: &mut Lines, bytes: &[u8]| {
            lines.space()[..bytes.len()].copy_from_slice(bytes);
            lines.commit(bytes.len());
            lines.take(1).map(|block| block.lines().map(|line| seen(&line)).collect::<Vec<_>>())
        };
        put(&mut lines, b"one\n");
        put(&mut lines, torn);
        lines.forget_torn();
        assert_eq!((lines.end(), lines.pending()), (4, 0));
        assert_eq!(put(&mut lines, b"two\n"), Some(vec![(0, Ok(b"two".to_vec()), 4)]));
    }
}

#[test]
fn a_hole_that_is_skipped_counts_as_one_that_is_read() {
    let mut lines = Lines::new(SAMPLES, Limits { line: 8, block: 64 }, 0);
    for (bytes, hole) in [(&b"one\n"[..], 0), (b"\0\0", 2), (b"\0", 3), (b"two", 0)] {
        lines.space()[..bytes.len()].copy_from_slice(bytes);
        lines.commit(bytes.len());
        drop(lines.take(1));
        assert_eq!(lines.hole(), hole);
        if hole == 3 {
            lines.skip_nuls(1 << 40);
        }
    }
    let block = lines.finish(2).unwrap();
    let all: Vec<_> = block.lines().map(|line| seen(&line)).collect();
    assert_eq!(all, [((1 << 40) + 3, Ok(b"two".to_vec()), (1 << 40) + 7)]);
}

proptest! {
    #[test]
    fn any_split_of_any_bytes_is_the_plain_model(
        chunks in prop::collection::vec(
            prop::collection::vec(
                prop_oneof![
                    4 => Just(b"x".to_vec()), 2 => Just(b"\n".to_vec()), 1 => Just(b"\r\n".to_vec()),
                    1 => Just(b"\r".to_vec()), 1 => Just(BOM.to_vec()), 1 => Just(b"\xef".to_vec()),
                    1 => Just(b"\xbb".to_vec()), 1 => Just(b"\xbf".to_vec()), 1 => Just(vec![0]),
                    1 => Just(vec![0; 9]), 1 => prop::collection::vec(any::<u8>(), 0..20),
                ], 0..8).prop_map(|parts| parts.concat()), 0..12),
        line in 0_usize..24,
        block in 1_usize..40,
        eager in any::<bool>(),
        finish in any::<bool>(),
    ) {
        let pieces: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
        let bytes = chunks.concat();
        prop_assert_eq!(
            split(&pieces, Limits { line, block }, eager, finish),
            model(&bytes, line, finish)
        );
    }
}
