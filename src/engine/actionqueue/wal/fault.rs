//! Faults of the bytes of a write-ahead log, in words for a user.

use thiserror::Error;

/// Reason why bytes are not a record of a write-ahead log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WalFault {
    /// The bytes at this place do not begin as a record does.
    #[error("no record begins here: the bytes are overwritten, or of another program")]
    Foreign,
    /// A form that is not read.
    #[error(
        "a write-ahead log of form {found}; runwatch reads form {read}, so the engine is of another version"
    )]
    Form {
        /// Form that the bytes name.
        found: u32,
        /// Form that is read.
        read: u32,
    },
    /// The checksum of the header is wrong.
    #[error("the header of the record is damaged: its checksum is wrong")]
    HeaderChecksum,
    /// The checksum of the payload is wrong.
    #[error("the record is damaged: its checksum is wrong")]
    Checksum,
    /// A length that no record has.
    #[error("a record of {bytes} bytes, but one has 1 to {most}: its header is damaged")]
    Length {
        /// Bytes of its payload, as its header has them.
        bytes: usize,
        /// Most bytes that a payload may have.
        most: usize,
    },
    /// A kind of record that is not known.
    #[error("a record of kind {0}, which runwatch does not know: the engine is probably newer")]
    Kind(u16),
    /// A schema that is not known for this kind.
    #[error(
        "a record of kind {kind} in schema {schema}, which runwatch does not know: the engine is probably newer"
    )]
    Schema {
        /// Kind of the record.
        kind: u16,
        /// Its schema.
        schema: u16,
    },
    /// The checksums are right, and the payload is still not an event.
    #[error("the record is whole, but not an event: {what} at byte {at} of the record")]
    Payload {
        /// Place in the frame, from its first byte.
        at: usize,
        /// The bytes there, for a user.
        what: &'static str,
    },
}

impl WalFault {
    /// The fault of a frame within another, which begins at this place of it.
    pub(super) const fn moved(self, by: usize) -> Self {
        match self {
            Self::Payload { at, what } => Self::Payload { at: at + by, what },
            fault => fault,
        }
    }
}
