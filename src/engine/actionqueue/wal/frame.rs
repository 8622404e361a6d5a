//! Where a frame ends, and whether its checksums are right.

use super::fault::WalFault;
use super::form::{VERSION_01, VERSION_03, WalForm, u32_at};

/// Most bytes of a payload.
///
/// The limit of 0.2 and later. Engines of 0.1 read up to 256 MB, but their headers have no checksum, so that a damaged
/// length would be waited for.
pub const MAX_PAYLOAD_BYTES: usize = 16 << 20;

/// Judgment of the bytes at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameAt {
    /// Header and payload are there, and the checksums are right.
    Whole {
        /// Bytes of the frame, its header included.
        len: usize,
    },
    /// The bytes end before the frame does, as while the engine writes it.
    Torn {
        /// Bytes of the frame that are needed to say more, from its first byte.
        needs: usize,
    },
    /// No frame.
    Bad(WalFault),
}

/// Judges the bytes from a place where a frame begins. The time is linear in the frame.
#[must_use]
pub fn frame_at(form: WalForm, bytes: &[u8]) -> FrameAt {
    let Some(header) = bytes.get(..form.header_len()) else {
        let n = bytes.len().min(form.start().len());
        return match bytes[..n] == form.start()[..n] {
            true => FrameAt::Torn { needs: form.header_len() },
            false => FrameAt::Bad(WalFault::Foreign),
        };
    };
    match declared(form, header) {
        Ok((length, crc)) => checked_payload(form, bytes, length, crc),
        Err(fault) => FrameAt::Bad(fault),
    }
}

/// Length and checksum of the payload, as a header has them.
pub(super) fn declared(form: WalForm, header: &[u8]) -> Result<(usize, u32), WalFault> {
    match form {
        WalForm::V01 => match u32_at(header, 0) {
            VERSION_01 => Ok((u32_at(header, 4) as usize, u32_at(header, 8))),
            _ => Err(WalFault::Foreign),
        },
        WalForm::V03 if !header.starts_with(form.start()) => Err(WalFault::Foreign),
        WalForm::V03 if u32_at(header, 8) != VERSION_03 => {
            Err(WalFault::Form { found: u32_at(header, 8), read: VERSION_03 })
        }
        WalForm::V03 if crc32fast::hash(&header[..48]) != u32_at(header, 48) => Err(WalFault::HeaderChecksum),
        WalForm::V03 => Ok((u32_at(header, 40) as usize, u32_at(header, 44))),
    }
}

/// Judges a payload behind a header that is there.
pub(super) fn checked_payload(form: WalForm, bytes: &[u8], length: usize, crc: u32) -> FrameAt {
    if !(1..=MAX_PAYLOAD_BYTES).contains(&length) {
        return FrameAt::Bad(WalFault::Length { bytes: length, most: MAX_PAYLOAD_BYTES });
    }
    let len = form.header_len() + length;
    match bytes.get(form.header_len()..len) {
        None => FrameAt::Torn { needs: len },
        Some(payload) if crc32fast::hash(payload) == crc => FrameAt::Whole { len },
        Some(_) => FrameAt::Bad(WalFault::Checksum),
    }
}
