//! Frames of a small form of its own: a mark, a length, the payload, and the sum of its bytes.

use std::io::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::shape::Beginning;
use super::*;
use crate::model::position::{Parts, Position, UNKNOWN};
use crate::source::archive::Archive;
use crate::source::framing::Framing;
use crate::source::line::Raw;
use crate::source::reread::{Gone, Reread as _};
use crate::source::shape::SAMPLES;

static SHAPE: FrameShape = FrameShape {
    begins: |head| match head {
        [] => Beginning::Unclear,
        [b'F', ..] => Beginning::Frames,
        _ => Beginning::Other,
    },
    frame: |bytes| match *bytes {
        [] | [b'F'] => FrameEnd::Torn,
        [b'F', len, ref rest @ ..] => match rest.get(..=usize::from(len)) {
            None => FrameEnd::Torn,
            Some([payload @ .., sum]) if *sum == sum_of(payload) => FrameEnd::Whole(usize::from(len) + 3),
            Some(_) => FrameEnd::Damaged("wrong sum".to_owned()),
        },
        _ => FrameEnd::Damaged("no frame".to_owned()),
    },
    next: |bytes| {
        let starts = (1..bytes.len()).filter(|at| bytes[*at] == b'F');
        let mut keep = 0;
        for at in starts {
            match (SHAPE.frame)(&bytes[at..]) {
                FrameEnd::Whole(_) => return NextFrame::At(at),
                FrameEnd::Torn => keep = keep.max(bytes.len() - at),
                FrameEnd::Damaged(_) => {}
            }
        }
        NextFrame::None(keep)
    },
    line: |frame, line| match &frame[2..frame.len() - 1] {
        b"?" => Err("not an event".to_owned()),
        payload => {
            line.extend_from_slice(payload);
            Ok(())
        }
    },
    most: 258,
};

fn sum_of(payload: &[u8]) -> u8 {
    payload.iter().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte))
}

fn frame(payload: &str) -> Vec<u8> {
    let len = u8::try_from(payload.len()).unwrap();
    [&[b'F', len], payload.as_bytes(), &[sum_of(payload.as_bytes())]].concat()
}

/// Records of some bytes that come in pieces: their places, and their text or what is wrong with them.
fn records(bytes: &[u8], piece: usize, limits: Limits, is_final: bool) -> (Vec<(Position, String)>, u64) {
    let mut frames = Frames::from_offset(&SHAPE, SAMPLES, limits, 2, 0);
    let mut found: Vec<(Position, String)> = Vec::new();
    let mut add = |block: Option<Block>| {
        let Some(block) = block else { return false };
        assert_eq!(block.len_lines(), block.lines().count());
        assert_eq!(block.first_line(), found.len() as u64 + 1);
        for line in block.lines() {
            let text = match line.text {
                Raw::Whole(text) => String::from_utf8(text.to_owned()).unwrap(),
                Raw::Damaged(reason) => format!("({reason})"),
                Raw::OverLong { bytes } => format!("({bytes} bytes)"),
            };
            found.push((line.place, text));
        }
        true
    };
    let (mut rest, mut line) = (bytes, 1);
    while !rest.is_empty() {
        let space = frames.space();
        let n = piece.min(rest.len()).min(space.len());
        space[..n].copy_from_slice(&rest[..n]);
        let before = frames.end();
        let (fresh, whole) = frames.fresh(n);
        assert_eq!(fresh, &rest[..n]);
        assert!(whole <= n);
        frames.commit(n);
        assert!(frames.committed() >= before + whole as u64 || whole == 0);
        rest = &rest[n..];
        while frames.is_full() {
            let block = frames.take(line);
            line += block.as_ref().map_or(0, |block| block.len_lines() as u64);
            assert!(add(block));
        }
    }
    loop {
        let block = if is_final { frames.finish(line) } else { frames.take(line) };
        line += block.as_ref().map_or(0, |block| block.len_lines() as u64);
        if !add(block) {
            break;
        }
    }
    assert_eq!(frames.end(), bytes.len() as u64);
    (found, frames.pending())
}

fn texts(bytes: &[u8], is_final: bool) -> (String, u64) {
    let (found, pending) = records(bytes, 1, Limits { line: 100, block: 64 }, is_final);
    (found.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" "), pending)
}

#[test]
fn frames_are_lines_and_damage_is_one_record_of_its_own() {
    let (one, two) = (frame("one"), frame("two"));
    let bad = |at: usize| {
        let mut bytes = frame("bad one");
        bytes[at] ^= 1;
        bytes
    };
    let long_length = [b"F\xf0ab".to_vec(), two.clone()].concat();
    for (bytes, still, ended) in [
        (vec![], ("", 0), ""),
        ([&one[..], &two].concat(), ("one two", 0), "one two"),
        ([&one[..], &two[..4]].concat(), ("one", 4), "one (the log ends within this record)"),
        ([&one[..], &bad(4), &two].concat(), ("one (wrong sum) two", 0), "one (wrong sum) two"),
        ([&one[..], &bad(0), &two].concat(), ("one (no frame) two", 0), "one (no frame) two"),
        // Damage in two places, one behind the other, is one stretch without frames.
        ([&bad(4)[..], &bad(3), &two].concat(), ("(wrong sum) two", 0), "(wrong sum) two"),
        ([&one[..], &bad(4)].concat(), ("one (wrong sum)", 0), "one (wrong sum)"),
        // A length that is too long is waited for, until a whole frame is seen behind it.
        (
            long_length,
            ("(the record is damaged: its length is wrong) two", 0),
            "(the record is damaged: its length is wrong) two",
        ),
        ([&one[..], &frame("?"), &two].concat(), ("one (not an event) two", 0), "one (not an event) two"),
        ([b"\0\0\0\0", &one[..]].concat(), ("(no frame) one", 0), "(no frame) one"),
        (b"Fx".to_vec(), ("", 2), "(the log ends within this record)"),
    ] {
        let escaped = bytes.escape_ascii().to_string();
        assert_eq!(texts(&bytes, false), (still.0.to_owned(), still.1), "{escaped}");
        assert_eq!(texts(&bytes, true), (ended.to_owned(), 0), "{escaped} to its end");
    }
}

#[test]
fn what_a_writer_cuts_off_is_forgotten() {
    let mut frames = Frames::from_offset(&SHAPE, SAMPLES, Limits { line: 100, block: 64 }, 0, 0);
    let bytes = [frame("one"), frame("two")[..4].to_vec()].concat();
    frames.space()[..bytes.len()].copy_from_slice(&bytes);
    frames.commit(bytes.len());
    assert_eq!(frames.take(1).unwrap().len_lines(), 1);
    assert_eq!((frames.pending(), frames.committed()), (4, 6));
    frames.forget_torn();
    assert_eq!((frames.pending(), frames.end()), (0, 6));
    let again = frame("three");
    frames.space()[..again.len()].copy_from_slice(&again);
    frames.commit(again.len());
    let block = frames.take(2).unwrap();
    assert_eq!(block.lines().next().unwrap().text, Raw::Whole(b"three"));
}

#[test]
fn damage_that_goes_on_while_it_comes_is_one_record() {
    let mut frames = Frames::from_offset(&SHAPE, SAMPLES, Limits { line: 100, block: 64 }, 0, 0);
    let mut found = Vec::new();
    for (bytes, n_records) in [(&b"lost"[..], 1), (b"lost, too", 0), (&frame("one"), 1), (b"lost", 1)] {
        frames.space()[..bytes.len()].copy_from_slice(bytes);
        frames.commit(bytes.len());
        let block = frames.take(found.len() as u64 + 1);
        assert_eq!(block.as_ref().map_or(0, Block::len_lines), n_records, "{}", bytes.escape_ascii());
        found.extend(block.iter().flat_map(|block| block.lines().map(|line| line.place.byte())));
    }
    assert_eq!(found, [0, 13, 19]);
}

#[test]
fn a_long_record_is_a_block_of_its_own_without_what_makes_it_long() {
    let long = format!(r#"{{"sequence":1,"event":[{}1]}}"#, "1,".repeat(60));
    let bytes = [frame("{}"), frame(&long), frame("{}")].concat();
    let (found, _) = records(&bytes, 1000, Limits { line: 50, block: 64 }, false);
    let texts: Vec<_> = found.iter().map(|(place, text)| (place.parts().offset, text.as_str())).collect();
    assert_eq!(texts[0], (0, "{}"));
    assert_eq!(texts[1].0, 5);
    assert!(texts[1].1.len() < 60, "{}", texts[1].1);
    assert_eq!(texts[2], (5 + long.len() as u64 + 3, "{}"));
}

proptest! {
    #[test]
    fn records_do_not_depend_on_how_their_bytes_come(
        payloads in prop::collection::vec(("[a-z]{0,40}", 0..6_u8), 0..12),
        piece in 1..200_usize,
        block in 1..300_usize,
    ) {
        let mut bytes = Vec::new();
        for (payload, what) in &payloads {
            let mut frame = frame(payload);
            match what {
                // Lower-case letters never begin a frame.
                1 => *frame.last_mut().unwrap() ^= 1,
                2 => frame[0] = b'x',
                _ => {}
            }
            bytes.extend(frame);
        }
        let (whole, pending) = records(&bytes, usize::MAX, Limits { line: 100, block: 1 << 20 }, false);
        let (pieces, still) = records(&bytes, piece, Limits { line: 100, block }, false);
        prop_assert_eq!(pending, still);
        let seen = |all: &[(Position, String)]| -> Vec<_> {
            all.iter().map(|(place, text)| (place.parts().line, place.parts().offset, text.clone())).collect()
        };
        prop_assert_eq!(seen(&whole), seen(&pieces));

        // Every record is read back from its place.
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let mut archive = Archive::new(Framing { lines: SAMPLES, frames: std::slice::from_ref(&SHAPE) });
        archive.keep(2, &Arc::new(file));
        if bytes.first() == Some(&b'F') {
            for (place, text) in &pieces {
                let back = archive.record(*place, 1 << 10);
                let unknown = Position::new(Parts { len: UNKNOWN, ..place.parts() });
                prop_assert_eq!(&archive.record(unknown, 1 << 10), &back);
                match text.strip_prefix('(') {
                    Some(_) => prop_assert_eq!(back, Err(Gone::Overwritten)),
                    None => prop_assert_eq!(back, Ok(text.as_bytes().to_vec())),
                }
                let mut rest = archive.blocks(*place).unwrap();
                let first = rest.next().unwrap().unwrap();
                prop_assert_eq!(first.lines().next().unwrap().place.is_same(*place), true);
            }
        }
    }
}
