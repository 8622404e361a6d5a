//! The shape of an engine's records in bytes, as that engine gives it: what a source goes by where it must recognize a
//! record that it does not read.
//!
//! Must not hold the words of any engine.

/// Shape of the records of an engine, which are objects of JSON.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordShape {
    /// Keys any of which comes first in a record.
    pub first: &'static [&'static str],
    /// Keys that every record has, the rarest elsewhere first.
    pub every: &'static [&'static str],
    /// The one of the first keys that collectors of logs use for a whole line, too.
    pub shared: &'static str,
    /// The key whose value is not needed, and becomes `null` in an over-long record with a long list in it.
    pub spare: &'static str,
    /// First bytes of the files that the engine keeps in a form of its own.
    pub binary: &'static [&'static [u8]],
}

impl RecordShape {
    /// The key that shows a record at any place.
    pub(super) fn mark(&self) -> &'static str {
        self.every.first().copied().unwrap_or_default()
    }
}

/// Shapes of the records that tests of sources read.
#[cfg(test)]
pub(super) const SAMPLES: &[RecordShape] = &[RecordShape {
    first: &["sequence", "control", "event"],
    every: &["sequence", "event"],
    shared: "event",
    spare: "output",
    binary: &[b"OWNFORM1"],
}];
