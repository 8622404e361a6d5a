//! Frames of write-ahead logs: the text of each is, byte for byte, what the engine's own codec and `serde` make of it.

mod damaged;
mod generated;
mod old;
mod resync;

use runwatch::engine::actionqueue::wal::{FrameAt, WalFault, WalForm, frame_at, write_json};

use crate::common::{RECORDINGS, read_text};

/// The published crate of a form.
pub(crate) struct Engine {
    pub(crate) form: WalForm,
    /// Frame of the event of a line, if the crate takes the line.
    pub(crate) encode: fn(&str) -> Option<Vec<u8>>,
    /// Line as the crate writes it, if the crate takes it.
    pub(crate) rewrite: fn(&str) -> Option<String>,
    /// Line of a frame.
    pub(crate) decode: fn(&[u8]) -> Result<String, String>,
}

macro_rules! engine {
    ($storage:ident, $form:expr) => {
        Engine {
            form: $form,
            encode: |line| {
                let event: $storage::wal::event::WalEvent = serde_json::from_str(line).ok()?;
                $storage::wal::codec::encode(&event).ok()
            },
            rewrite: |line| {
                let event: $storage::wal::event::WalEvent = serde_json::from_str(line).ok()?;
                Some(serde_json::to_string(&event).unwrap())
            },
            decode: |frame| {
                let event = $storage::wal::codec::decode(frame).map_err(|error| error.to_string())?;
                Ok(serde_json::to_string(&event).unwrap())
            },
        }
    };
}

pub(crate) const ENGINES: [Engine; 2] = [engine!(storage01, WalForm::V01), engine!(storage03, WalForm::V03)];

impl Engine {
    /// Lines of each kind of event.
    pub(crate) fn samples(&self) -> Vec<String> {
        let path = match self.form {
            WalForm::V01 => "tests/logs/samples-0.1.2.jsonl",
            WalForm::V03 => "tests/logs/samples-0.3.0.jsonl",
        };
        read_text(path).lines().map(String::from).collect()
    }
}

/// Line of a frame.
pub(crate) fn line_of(form: WalForm, frame: &[u8]) -> Result<String, WalFault> {
    match frame_at(form, frame) {
        FrameAt::Whole { len } if len == frame.len() => {}
        FrameAt::Whole { len } => panic!("{len} bytes of {}", frame.len()),
        FrameAt::Torn { needs } => panic!("{needs} bytes are needed of {}", frame.len()),
        FrameAt::Bad(fault) => return Err(fault),
    }
    let mut line = b"before".to_vec();
    let result = write_json(form, frame, &mut line);
    let text = String::from_utf8(line).unwrap();
    let text = text.strip_prefix("before").unwrap();
    assert!(result.is_ok() || text.is_empty(), "nothing is left of a frame that is refused: {text}");
    result.map(|()| text.to_owned())
}

#[test]
fn every_recorded_line_comes_back_from_its_frame() {
    for engine in ENGINES {
        let is_of = |path: &str| path.contains("/v030-") == (engine.form == WalForm::V03);
        let recorded = RECORDINGS.iter().filter(|(path, _)| is_of(path)).map(|(path, _)| read_text(path));
        let recorded: Vec<String> = recorded.collect();
        let (mut lines, mut undecodable) = (0, 0);
        for line in
            engine.samples().iter().map(String::as_str).chain(recorded.iter().flat_map(|text| text.lines()))
        {
            let frame = (engine.encode)(line).unwrap();
            assert_eq!(line_of(engine.form, &frame).as_deref(), Ok(line));
            match (engine.decode)(&frame) {
                Ok(read) => assert_eq!(read, line),
                // The engine cannot read what it has written: a cron policy without a limit, in 0.1.
                Err(error) => {
                    assert!(engine.form == WalForm::V01 && line.contains("\"Cron\""), "{error}: {line}");
                    undecodable += 1;
                }
            }
            lines += 1;
        }
        assert!(lines > 1_000, "{lines}");
        assert_eq!(undecodable > 0, engine.form == WalForm::V01, "{undecodable}");
    }
}

#[test]
fn the_form_is_told_by_the_first_bytes() {
    for engine in ENGINES {
        let frame = (engine.encode)(&engine.samples()[0]).unwrap();
        assert_eq!(WalForm::of(&frame), Some(Ok(engine.form)));
        assert_eq!(WalForm::of(&frame[..engine.form.header_len()]), Some(Ok(engine.form)));
        assert_eq!(WalForm::of(&frame[..3]), None);
        assert_eq!(frame_at(engine.form, &[]), FrameAt::Torn { needs: engine.form.header_len() });
        for n in 1..frame.len() {
            assert!(
                matches!(frame_at(engine.form, &frame[..n]), FrameAt::Torn { needs } if needs > n),
                "{n}"
            );
        }
    }
    assert_eq!(WalForm::of(b""), None);
    assert_eq!(WalForm::of(br#"{"sequence":1,"event":{"EnginePaused":{"timestamp":1}}}"#), None);
    assert_eq!(WalForm::of(&[0; 64]), None);
    assert_eq!(WalForm::of(b"SQLite format 3\0\x10\0\x01\x01"), None);
    let mut newer = (ENGINES[1].encode)(&ENGINES[1].samples()[0]).unwrap();
    newer[8] = 2;
    assert_eq!(WalForm::of(&newer), Some(Err(WalFault::Form { found: 2, read: 1 })));
    let mut older = (ENGINES[0].encode)(&ENGINES[0].samples()[0]).unwrap();
    older[0] = 4;
    assert_eq!(WalForm::of(&older), Some(Err(WalFault::Form { found: 4, read: 5 })));
    // A small number is no mark: the frame behind it has to check.
    older[20] ^= 1;
    assert_eq!(WalForm::of(&older), None);
}
