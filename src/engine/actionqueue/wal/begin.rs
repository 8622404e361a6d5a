//! The form of a file, told by how it begins.

use super::fault::WalFault;
use super::form::{MAGIC, VERSION_01, VERSION_03, WalForm, u32_at};
use super::frame::{FrameAt, MAX_PAYLOAD_BYTES, checked_payload};

/// Numbers of forms before and after [`VERSION_01`] that a header may have.
const FORMS_01: std::ops::RangeInclusive<u32> = 1..=64;

impl WalForm {
    /// Form of a file that begins with these bytes. `None` when they are no write-ahead log, or too few to say.
    ///
    /// A file of 0.1 has no mark of its own but a small number: another number than the one that is read is believed
    /// only with the first frame whole.
    #[must_use]
    pub fn of(first_bytes: &[u8]) -> Option<Result<Self, WalFault>> {
        if let Some(rest) = first_bytes.strip_prefix(MAGIC) {
            let found = u32::from_le_bytes(*rest.first_chunk()?);
            return Some(match found {
                VERSION_03 => Ok(Self::V03),
                _ => Err(WalFault::Form { found, read: VERSION_03 }),
            });
        }
        let found = u32::from_le_bytes(*first_bytes.first_chunk()?);
        let length = u32_at(first_bytes.first_chunk::<{ Self::V01.header_len() }>()?, 4) as usize;
        match found {
            VERSION_01 => (1..=MAX_PAYLOAD_BYTES).contains(&length).then_some(Ok(Self::V01)),
            _ if FORMS_01.contains(&found) => {
                match checked_payload(Self::V01, first_bytes, length, u32_at(first_bytes, 8)) {
                    FrameAt::Whole { .. } => Some(Err(WalFault::Form { found, read: VERSION_01 })),
                    FrameAt::Torn { .. } | FrameAt::Bad(_) => None,
                }
            }
            _ => None,
        }
    }
}
