//! The next frame behind damaged bytes.

use memchr::memmem;

use super::fault::WalFault;
use super::form::WalForm;
use super::frame::{FrameAt, MAX_PAYLOAD_BYTES, declared, frame_at};

/// Bytes of payloads that are checked in one search; beyond them frames are found only if they are short.
const MOST_CHECKED_BYTES: usize = 8 * MAX_PAYLOAD_BYTES;
/// Most bytes of a frame that is checked even beyond that.
const SHORT_FRAME_BYTES: usize = 4096;

/// Result of a search for the next frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resync {
    /// A frame that checks in full begins at this offset.
    Found(usize),
    /// None up to the end.
    None {
        /// Last bytes to keep: a frame may begin there whose end is not there yet.
        keep: usize,
    },
}

/// Searches for the next frame behind the first byte.
///
/// A frame that checks wins over an earlier beginning whose end is not there: in damaged bytes that is more often an
/// accident. Bytes that are made of beginnings of long frames would cost their square, so that work is bounded.
#[must_use]
pub fn resync(form: WalForm, bytes: &[u8]) -> Resync {
    let mut work = MOST_CHECKED_BYTES;
    let mut keep = None;
    for at in memmem::find_iter(bytes.get(1..).unwrap_or_default(), form.start()).map(|at| at + 1) {
        let rest = &bytes[at..];
        let rest = if work == 0 { &rest[..rest.len().min(SHORT_FRAME_BYTES)] } else { rest };
        match frame_at(form, rest) {
            FrameAt::Whole { .. } => return Resync::Found(at),
            FrameAt::Torn { needs } if needs > bytes.len() - at => keep = keep.or(Some(bytes.len() - at)),
            FrameAt::Torn { .. } => {}
            FrameAt::Bad(WalFault::Checksum) => {
                let cost = declared(form, rest).map_or(0, |(length, _)| length);
                work = work.saturating_sub(cost);
            }
            FrameAt::Bad(_) => {}
        }
    }
    Resync::None { keep: keep.unwrap_or_else(|| start_at_end(form, bytes)) }
}

/// Last bytes that may be the beginning of the mark that frames begin with.
fn start_at_end(form: WalForm, bytes: &[u8]) -> usize {
    let start = form.start();
    let most = bytes.len().saturating_sub(1).min(start.len() - 1);
    (1..=most).rev().find(|n| bytes.ends_with(&start[..*n])).unwrap_or(0)
}
