//! Frame shapes of ActionQueue's write-ahead log, by which a source cuts it into records. Must not know files.

use super::wal::{FrameAt, MAX_PAYLOAD_BYTES, Resync, WalFault, WalForm, frame_at, resync, write_json};
use crate::source::frames::shape::{Beginning, FrameEnd, FrameShape, MOST_BEGINNING, NextFrame};

/// Paths of the log within a data directory.
pub const INSIDE: &[&str] = &["wal/actionqueue.wal", "actionqueue.wal"];

/// Shape of the frames of one form.
macro_rules! shape {
    ($form:expr) => {
        FrameShape {
            begins: |head| begins($form, head),
            frame: |bytes| frame($form, bytes),
            next: |bytes| next($form, bytes),
            line: |frame, line| write_json($form, frame, line).map_err(|fault| fault.to_string()),
            most: $form.header_len() + MAX_PAYLOAD_BYTES,
        }
    };
}

/// Shapes of both forms.
pub static FRAMES: [FrameShape; 2] = [shape!(WalForm::V03), shape!(WalForm::V01)];

fn begins(form: WalForm, head: &[u8]) -> Beginning {
    let is_part = |bytes: &[u8]| form.start().starts_with(bytes) || bytes.starts_with(form.start());
    match WalForm::of(head) {
        Some(Ok(found)) if found == form => Beginning::Frames,
        Some(Err(WalFault::Form { found, read })) if form.reads(read) => Beginning::Form { found, read },
        None if !head.is_empty() && head.len() < MOST_BEGINNING && is_part(head) => Beginning::Unclear,
        _ => Beginning::Other,
    }
}

fn frame(form: WalForm, bytes: &[u8]) -> FrameEnd {
    match frame_at(form, bytes) {
        FrameAt::Whole { len } => FrameEnd::Whole(len),
        FrameAt::Torn { .. } => FrameEnd::Torn,
        FrameAt::Bad(fault) => FrameEnd::Damaged(fault.to_string()),
    }
}

fn next(form: WalForm, bytes: &[u8]) -> NextFrame {
    match resync(form, bytes) {
        Resync::Found(at) => NextFrame::At(at),
        Resync::None { keep } => NextFrame::None(keep),
    }
}
