//! The two forms of frames, and the numbers in their headers.

/// First bytes of a frame of ActionQueue 0.2 and later.
pub(super) const MAGIC: &[u8; 8] = b"AQCONT1W";
/// Number of the form in the header of 0.1.
pub(super) const VERSION_01: u32 = 5;
/// First bytes of a frame of 0.1.
const START_01: [u8; 4] = VERSION_01.to_le_bytes();
/// Number of the form in the header of 0.2 and later, behind [`MAGIC`].
pub(super) const VERSION_03: u32 = 1;

/// Form of the frames of a write-ahead log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalForm {
    /// ActionQueue 0.1: form 5.
    V01,
    /// ActionQueue 0.2 and 0.3: `AQ-CONT-1`.
    V03,
}

impl WalForm {
    /// Bytes of a header.
    #[must_use]
    pub const fn header_len(self) -> usize {
        match self {
            Self::V01 => 12,
            Self::V03 => 52,
        }
    }

    /// True if this is the form of that number.
    pub(in crate::engine::actionqueue) const fn reads(self, number: u32) -> bool {
        match self {
            Self::V01 => number == VERSION_01,
            Self::V03 => number == VERSION_03,
        }
    }

    /// Bytes that each frame begins with.
    pub(in crate::engine::actionqueue) const fn start(self) -> &'static [u8] {
        match self {
            Self::V01 => &START_01,
            Self::V03 => MAGIC,
        }
    }
}

/// Little-endian number at a place that is in the header.
pub(super) fn u16_at(header: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([header[at], header[at + 1]])
}

/// Little-endian number at a place that is in the header.
pub(super) fn u32_at(header: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}

/// Little-endian number at a place that is in the header.
pub(super) fn u64_at(header: &[u8], at: usize) -> u64 {
    u64::from(u32_at(header, at)) | u64::from(u32_at(header, at + 4)) << 32
}
