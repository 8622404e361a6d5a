//! Record shape of ActionQueue, by which a source recognizes its records without parsing them.

use crate::source::shape::RecordShape;

/// Shape of the records of both vocabularies.
pub const RECORDS: RecordShape = RecordShape {
    first: &["sequence", "control", "event"],
    every: &["sequence", "event"],
    shared: "event",
    // Result of an attempt, in bytes.
    spare: "output",
    is_line: None,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::actionqueue::frames::FRAMES;
    use crate::source::framing::Framing;
    use crate::source::sniff::sniff;

    #[test]
    fn the_binary_log_of_the_engine_is_told_from_its_json() {
        for (head, expected) in [
            (&b"AQCONT1W\x01\0\0\0"[..], None),
            (b"AQCONT1W\x02\0\0\0", Some("a write-ahead log of form 2; only form 1 is read")),
            (b"\x05\0\0\0\x20\0\0\0\x99\x12\0\0abc", None),
            (b"\x05\0\0\0\x20\0\0\0\x99", None),
            (b"AQCONT1W\x01\0\0\0\r{\"sequence\":1}\r", None),
            (b"\x06\0\0\0\x20\0\0\0\x99\x12\0\0abc", Some("binary")),
            (b"{\"sequence\":1,\"event\":{}}\n", None),
            (b"[{\"control\":null,\"sequence\":1}]", Some("a JSON array, and not one event a line")),
        ] {
            let found =
                sniff(Framing { lines: &[RECORDS], frames: &FRAMES }, head).map(|kind| kind.to_string());
            assert_eq!(found.as_deref(), expected, "{:?}", head.escape_ascii().to_string());
        }
    }
}
