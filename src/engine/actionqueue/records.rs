//! The shape of ActionQueue's records, by which a source recognizes them without reading them.

use crate::source::shape::RecordShape;

/// Shape of the records of either vocabulary.
pub const RECORDS: &RecordShape = &RecordShape {
    first: &["sequence", "control", "event"],
    every: &["sequence", "event"],
    shared: "event",
    // The result of an attempt, in bytes.
    spare: "output",
    // The write-ahead log of ActionQueue 0.2 and later.
    binary: &[b"AQCONT1W"],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::sniff::sniff;

    #[test]
    fn the_binary_log_of_the_engine_is_told_from_its_json() {
        for (head, expected) in [
            (&b"AQCONT1W\x01\0\0\0"[..], Some("an engine's own binary log")),
            (b"{\"sequence\":1,\"event\":{}}\n", None),
            (b"[{\"control\":null,\"sequence\":1}]", Some("a JSON array, and not one event a line")),
        ] {
            let found = sniff(RECORDS, head).map(|kind| kind.to_string());
            assert_eq!(found.as_deref(), expected, "{:?}", head.escape_ascii().to_string());
        }
    }
}
