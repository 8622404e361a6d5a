//! Whole frames of 0.2 and later: what the header tells, and who asked for it.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::fault::WalFault;
use super::form::{WalForm, u16_at, u32_at, u64_at};
use super::frame::{FrameAt, frame_at};
use super::v03::{PayloadText, layout};
use super::walk::Walk;
use super::wire::Refused;
use super::{disposition, literal};

/// Kind of a frame that has who asked for an event, and the frame of that event.
const ATTRIBUTED: u16 = 352;

/// Appends the event of a whole frame.
pub(super) fn write_event(frame: &[u8], line: &mut Vec<u8>) -> Result<(), WalFault> {
    let header = Header::of(frame);
    match (header.kind, header.schema) {
        (ATTRIBUTED, 1) => write_text(frame, header.sequence, line),
        (ATTRIBUTED, 2) => {
            let inner_at = write_control(frame, line)?;
            let inner = &frame[inner_at..];
            let is_of_outer = match frame_at(WalForm::V03, inner) {
                FrameAt::Whole { len } => len == inner.len() && Header::of(inner).is_of(&header),
                FrameAt::Torn { .. } | FrameAt::Bad(_) => false,
            };
            if !is_of_outer {
                return Err(WalFault::Payload { at: inner_at, what: "no record of what was asked for" });
            }
            write_rest(inner, frame.len(), line).map_err(|fault| fault.moved(inner_at))
        }
        (ATTRIBUTED, schema) => Err(WalFault::Schema { kind: ATTRIBUTED, schema }),
        _ => {
            line.extend_from_slice(b"{\"control\":null");
            write_rest(frame, frame.len(), line)
        }
    }
}

struct Header<'a> {
    kind: u16,
    schema: u16,
    store: &'a [u8],
    sequence: u64,
}

impl<'a> Header<'a> {
    fn of(frame: &'a [u8]) -> Self {
        Self {
            kind: u16_at(frame, 12),
            schema: u16_at(frame, 14),
            store: &frame[16..32],
            sequence: u64_at(frame, 32),
        }
    }

    /// Checks that the frame may be within one of this header.
    fn is_of(&self, outer: &Self) -> bool {
        self.kind != ATTRIBUTED && self.store == outer.store && self.sequence == outer.sequence
    }
}

/// Appends what follows on who asked. `len` is of the outermost frame.
fn write_rest(frame: &[u8], len: usize, line: &mut Vec<u8>) -> Result<(), WalFault> {
    let header = Header::of(frame);
    let layout = layout(header.kind, header.schema)?;
    if len > layout.most {
        return Err(WalFault::Length { bytes: len, most: layout.most });
    }
    line.extend_from_slice(b",\"sequence\":");
    literal::number(header.sequence, line);
    line.extend_from_slice(b",\"event\":{\"");
    line.extend_from_slice(layout.name.as_bytes());
    line.extend_from_slice(if layout.is_record { b"\":{\"record\":" } else { b"\":" });
    let at = WalForm::V03.header_len();
    let payload = &frame[at..];
    match layout.body {
        PayloadText::Wire(shape) => {
            let mut walk = Walk::new(payload, line);
            let result = walk.value(shape);
            let result = result.and(if walk.wire.is_done() { Ok(()) } else { Err("bytes behind its end") });
            result.map_err(|what| WalFault::Payload { at: at + walk.wire.at(), what })?;
        }
        PayloadText::Json => write_raw(raw(payload).map_err(|what| WalFault::Payload { at, what })?, line),
        PayloadText::OldDisposition => {
            disposition::upgrade(payload, line).map_err(|what| WalFault::Payload { at, what })?;
        }
    }
    line.extend_from_slice(if layout.is_record { b"}}}" } else { b"}}" });
    Ok(())
}

/// Appends who asked, and returns where the frame of the event is.
fn write_control(frame: &[u8], line: &mut Vec<u8>) -> Result<usize, WalFault> {
    let at = WalForm::V03.header_len() + 4;
    let fault = |what| WalFault::Payload { at, what };
    let len = if frame.len() < at { usize::MAX } else { u32_at(frame, at - 4) as usize };
    let end = at.saturating_add(len);
    let control = raw(frame.get(at..end).ok_or(fault("a length beyond the record"))?).map_err(fault)?;
    if !control.get().starts_with('{') {
        return Err(fault("not who asked for it"));
    }
    line.extend_from_slice(b"{\"control\":");
    write_raw(control, line);
    Ok(end)
}

/// An event with who asked for it, as JSON: schema 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attributed<'a> {
    #[serde(borrow)]
    control: &'a RawValue,
    sequence: u64,
    event: &'a RawValue,
}

fn write_text(frame: &[u8], sequence: u64, line: &mut Vec<u8>) -> Result<(), WalFault> {
    let at = WalForm::V03.header_len();
    match serde_json::from_slice::<Attributed<'_>>(&frame[at..]) {
        Ok(event) if event.sequence == sequence && event.control.get().starts_with('{') => {
            line.extend_from_slice(b"{\"control\":");
            write_raw(event.control, line);
            line.extend_from_slice(b",\"sequence\":");
            literal::number(sequence, line);
            line.extend_from_slice(b",\"event\":");
            write_raw(event.event, line);
            line.push(b'}');
            Ok(())
        }
        _ => Err(WalFault::Payload { at, what: "no event with who asked for it" }),
    }
}

fn raw(json: &[u8]) -> Result<&RawValue, Refused> {
    serde_json::from_slice(json).map_err(|_| "no JSON")
}

/// Appends JSON as the engine wrote it. It must not end the line.
fn write_raw(json: &RawValue, line: &mut Vec<u8>) {
    let text = json.get().as_bytes();
    // Within texts such bytes are escaped, and the engine writes none between them.
    if text.iter().fold(false, |any, byte| any | (*byte < b' ')) {
        line.extend(text.iter().filter(|byte| **byte >= b' '));
    } else {
        line.extend_from_slice(text);
    }
}
