//! Damaged frames: what the engine's codec refuses is refused.

use proptest::prelude::*;
use runwatch::engine::actionqueue::wal::{FrameAt, WalForm, frame_at, write_json};

use super::{ENGINES, Engine, line_of};
use crate::common;

/// Frames of all samples that the engine can read itself.
fn frames(engine: &Engine) -> Vec<Vec<u8>> {
    let frames = engine.samples().into_iter().map(|line| (engine.encode)(&line).unwrap());
    frames.filter(|frame| (engine.decode)(frame).is_ok()).collect()
}

/// Line of bytes that may be a whole frame.
fn read(form: WalForm, bytes: &[u8]) -> Option<String> {
    match frame_at(form, bytes) {
        FrameAt::Whole { len } if len == bytes.len() => {
            let mut line = Vec::new();
            write_json(form, bytes, &mut line).ok()?;
            Some(String::from_utf8(line).unwrap())
        }
        _ => None,
    }
}

/// Gives a frame the checksums of its payload and its header, and the length that it has.
pub(super) fn sealed(form: WalForm, mut frame: Vec<u8>) -> Vec<u8> {
    let at = form.header_len();
    let crc = crc32fast::hash(&frame[at..]).to_le_bytes();
    let length = u32::try_from(frame.len() - at).unwrap().to_le_bytes();
    match form {
        WalForm::V01 => {
            frame[4..8].copy_from_slice(&length);
            frame[8..12].copy_from_slice(&crc);
        }
        WalForm::V03 => {
            frame[40..44].copy_from_slice(&length);
            frame[44..48].copy_from_slice(&crc);
            let crc = crc32fast::hash(&frame[..48]).to_le_bytes();
            frame[48..52].copy_from_slice(&crc);
        }
    }
    frame
}

/// Judges bytes as the engine does, with three liberties, since the decoder of lines takes what `serde` takes:
///
/// - A value that the engine's types refuse has a line, which `serde` refuses.
/// - Payloads that are JSON are copied, so that a line may have another form than the engine would give it.
/// - Traits of executors keep their order, which the engine sorts as it reads them.
fn judge(engine: &Engine, bytes: &[u8]) {
    let (ours, theirs) = (read(engine.form, bytes), (engine.decode)(bytes));
    let rewritten = ours.as_deref().and_then(engine.rewrite);
    let is_same = match (&ours, &theirs) {
        (None, Err(_)) => true,
        (None, Ok(_)) => false,
        (Some(_), Err(_)) => rewritten.is_none(),
        (Some(ours), Ok(theirs)) => ours == theirs || is_free(bytes) && rewritten.as_ref() == Some(theirs),
    };
    assert!(is_same, "ours:   {ours:?}\ntheirs: {theirs:?}\nb\"{}\"", bytes.escape_ascii());
}

/// Checks that the payload of a frame, or a part of it, is JSON, or has a task.
fn is_free(frame: &[u8]) -> bool {
    frame.starts_with(b"AQCONT1W")
        && matches!(u16::from_le_bytes([frame[12], frame[13]]), 16 | 256 | 304..=307 | 336 | 352)
}

#[test]
fn a_changed_byte_is_found_out_and_so_is_every_cut() {
    for engine in ENGINES {
        for frame in frames(&engine) {
            for at in 0..frame.len() {
                for bit in [1, 0x80] {
                    let mut bytes = frame.clone();
                    bytes[at] ^= bit;
                    assert_eq!(read(engine.form, &bytes), None, "byte {at} of b\"{}\"", frame.escape_ascii());
                    assert!((engine.decode)(&bytes).is_err());
                }
                assert_eq!(read(engine.form, &frame[..at]), None);
            }
        }
    }
}

#[test]
fn a_changed_byte_beneath_right_checksums_is_judged_as_the_engine_does() {
    for engine in ENGINES {
        for frame in frames(&engine) {
            for at in engine.form.header_len()..frame.len() {
                for byte in [0, 1, 2, frame[at] ^ 0x80, frame[at].wrapping_add(1), 0xff, b'"'] {
                    let mut bytes = frame.clone();
                    bytes[at] = byte;
                    judge(&engine, &sealed(engine.form, bytes));
                }
                judge(&engine, &sealed(engine.form, frame[..at].to_vec()));
            }
        }
    }
}

proptest! {
    #![proptest_config(common::cases(300))]

    #[test]
    fn payloads_of_any_bytes_are_judged_as_the_engine_does(
        kind in any::<u16>(), schema in 0..4_u16, payload in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let kinds = [1, 16, 17, 18, 19, 20, 29, 36, 39, 43, 44, 46, 256, 288, 289, 291, 304, 305, 320, 336, 352, kind];
        for kind in kinds {
            let mut frame = b"AQCONT1W\x01\0\0\0".to_vec();
            frame.extend_from_slice(&u16::to_le_bytes(kind));
            frame.extend_from_slice(&u16::to_le_bytes(schema));
            frame.resize(52, 0);
            frame.extend_from_slice(&payload);
            judge(&ENGINES[1], &sealed(WalForm::V03, frame));
        }
        for variant in 0..33_u8 {
            let mut frame = vec![5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, variant];
            frame.extend_from_slice(&payload);
            judge(&ENGINES[0], &sealed(WalForm::V01, frame));
        }
    }

    #[test]
    fn several_changes_are_judged_as_the_engine_does(
        changes in prop::collection::vec((any::<u16>(), any::<u8>(), 0..4_u8), 1..4),
    ) {
        for engine in ENGINES {
            for frame in frames(&engine) {
                let (at, mut bytes) = (engine.form.header_len(), frame);
                for (place, byte, how) in &changes {
                    let place = at + usize::from(*place) % (bytes.len() - at).max(1);
                    match how {
                        0 => bytes.insert(place, *byte),
                        1 if place < bytes.len() => drop(bytes.remove(place)),
                        _ => bytes[place.min(at)..].iter_mut().take(1).for_each(|b| *b = *byte),
                    }
                }
                judge(&engine, &sealed(engine.form, bytes));
            }
        }
    }

    #[test]
    fn any_bytes_are_judged_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for engine in ENGINES {
            let _ = WalForm::of(&bytes);
            let _ = read(engine.form, &bytes);
            let frame = sealed(engine.form, [&vec![0; engine.form.header_len()][..], &bytes].concat());
            let mut line = Vec::new();
            let _ = write_json(engine.form, &frame, &mut line);
            let _ = write_json(engine.form, &bytes, &mut line);
        }
    }
}

#[test]
fn a_cron_policy_without_a_limit_is_read_though_the_engine_cannot() {
    let engine = &ENGINES[0];
    let line = engine.samples().into_iter().find(|line| line.contains("0 * * * * * *")).unwrap();
    for (from, to) in [
        ("", ""),
        ("\"max_attempts\":1", "\"max_attempts\":5"),
        ("\"max_attempts\":1", "\"max_attempts\":300"),
        ("\"timeout_secs\":null", "\"timeout_secs\":1"),
        ("\"timeout_secs\":null", "\"timeout_secs\":90"),
        ("\"concurrency_key\":null", "\"concurrency_key\":\"k\""),
        ("\"tags\":[]", "\"tags\":[\"a\",\"\"]"),
        ("\"priority\":0", "\"priority\":-7"),
    ] {
        let line = line.replace(from, to);
        let frame = (engine.encode)(&line).unwrap();
        assert!((engine.decode)(&frame).is_err());
        assert_eq!(line_of(engine.form, &frame), Ok(line));
    }
}
