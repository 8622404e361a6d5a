//! Bytes of write-ahead logs: a frame that checks becomes one line of JSON or nothing, and a frame behind damage is found.

use runwatch::engine::actionqueue::wal::{
    FrameAt, MAX_PAYLOAD_BYTES, Resync, WalForm, frame_at, resync, write_json,
};
use serde_json::value::RawValue;

/// The first byte is the form; the rest are bytes of a log, and once more the payload of a frame of this form whose
/// header is right.
pub fn check(bytes: &[u8]) {
    let [form, bytes @ ..] = bytes else { return };
    let form = if form & 1 == 0 { WalForm::V01 } else { WalForm::V03 };
    judged(form, bytes);
    let _ = WalForm::of(bytes);
    if let Some(frame) = sealed(form, bytes) {
        assert_eq!(WalForm::of(&frame), Some(Ok(form)));
        assert_eq!(frame_at(form, &frame), FrameAt::Whole { len: frame.len() });
        written(form, &frame);
        found(form, bytes, &frame);
    }
}

/// Judges bytes as they are, and as far as they are there.
fn judged(form: WalForm, bytes: &[u8]) {
    match frame_at(form, bytes) {
        FrameAt::Whole { len } => {
            assert_eq!(frame_at(form, &bytes[..len]), FrameAt::Whole { len });
            written(form, &bytes[..len]);
            for n in [len - 1, len / 2, 1, 0] {
                assert!(
                    matches!(frame_at(form, &bytes[..n]), FrameAt::Torn { needs } if needs > n && needs <= len)
                );
            }
        }
        FrameAt::Torn { needs } => {
            assert!(needs > bytes.len() && needs <= form.header_len() + MAX_PAYLOAD_BYTES);
        }
        FrameAt::Bad(fault) => assert!(!fault.to_string().is_empty()),
    }
    // Bytes that are no frame at all are refused without a panic.
    let _ = write_json(form, bytes, &mut Vec::new());
}

/// Writes the line of a whole frame.
fn written(form: WalForm, frame: &[u8]) {
    let mut line = b"before".to_vec();
    let result = write_json(form, frame, &mut line);
    let text = line.strip_prefix(b"before").expect("what was there is still there");
    match result {
        Ok(()) => {
            assert!(text.iter().all(|byte| *byte >= b' '), "one line");
            assert!(text.len() <= 1024 + 16 * frame.len(), "{} bytes of {}", text.len(), frame.len());
            if let Err(error) = serde_json::from_slice::<&RawValue>(text) {
                panic!("{error}: {}", text.escape_ascii());
            }
            let start: &[u8] = if form == WalForm::V01 { b"{\"sequence\":" } else { b"{\"control\":" };
            assert!(text.starts_with(start), "{}", text.escape_ascii());
        }
        Err(fault) => assert!(text.is_empty() && !fault.to_string().is_empty()),
    }
}

/// Finds a frame behind bytes, however many of them a search has kept.
fn found(form: WalForm, damaged: &[u8], frame: &[u8]) {
    let bytes = [b"x", damaged, frame].concat();
    let Resync::Found(at) = resync(form, &bytes) else { panic!("a whole frame is found") };
    assert!(at <= damaged.len() + 1 && matches!(frame_at(form, &bytes[at..]), FrameAt::Whole { .. }));
    // Nothing is lost where the end of the frame comes later.
    let torn = &bytes[..bytes.len() - frame.len() / 2];
    match resync(form, torn) {
        Resync::Found(found) => assert_eq!(found, at),
        Resync::None { keep } => assert!(torn.len() - keep <= at),
    }
}

/// A frame of a payload. In the second form, the first bytes are its kind and its schema.
fn sealed(form: WalForm, bytes: &[u8]) -> Option<Vec<u8>> {
    let frame = match form {
        WalForm::V01 if bytes.is_empty() => return None,
        WalForm::V01 => {
            let length = u32::try_from(bytes.len()).ok()?;
            [&5_u32.to_le_bytes()[..], &length.to_le_bytes(), &crc32fast::hash(bytes).to_le_bytes(), bytes]
                .concat()
        }
        WalForm::V03 => {
            let (kind, payload) = bytes.split_first_chunk::<4>()?;
            let length = u32::try_from(payload.len()).ok().filter(|length| *length > 0)?;
            let crc = crc32fast::hash(payload).to_le_bytes();
            let header = [b"AQCONT1W\x01\0\0\0", &kind[..], &[0; 24], &length.to_le_bytes(), &crc].concat();
            [&header[..], &crc32fast::hash(&header).to_le_bytes(), payload].concat()
        }
    };
    Some(frame)
}
