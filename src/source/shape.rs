//! The shape of an engine's records in bytes, as that engine gives it: what a source goes by where it must recognize a
//! record that it does not read.
//!
//! Must not hold the words of any engine.

/// Shape of the records of an engine, which are objects of JSON.
#[derive(Debug)]
pub struct RecordShape {
    /// Keys any of which comes first in a record.
    pub first: &'static [&'static str],
    /// Keys that every record has, the rarest elsewhere first.
    pub every: &'static [&'static str],
    /// The one of the first keys that collectors of logs use for a whole line, too.
    pub shared: &'static str,
    /// The key whose value is not needed, and becomes `null` in an over-long record with a long list in it.
    pub spare: &'static str,
    /// Recognizes a line where the records have no keys in common; its answer then stands for those of the keys.
    pub is_line: Option<fn(&[u8]) -> bool>,
}

impl PartialEq for RecordShape {
    /// Functions have no place to go by: two shapes without keys are taken for one.
    fn eq(&self, other: &Self) -> bool {
        let of = |it: &Self| (it.first, it.every, it.shared, it.spare, it.is_line.is_some());
        of(self) == of(other)
    }
}

impl Eq for RecordShape {}

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
    is_line: None,
}];
