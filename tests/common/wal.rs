//! Write-ahead logs, made from recorded events by the engines' own codecs.

/// The frame of the event of a line, as the engine that wrote the line writes it.
pub(crate) fn frame_of(line: &str) -> Vec<u8> {
    // Only the later engine has the attribution.
    if line.contains("\"control\":") {
        let event: storage03::wal::event::WalEvent = serde_json::from_str(line).unwrap();
        return storage03::wal::codec::encode(&event).unwrap();
    }
    let event: storage01::wal::event::WalEvent = serde_json::from_str(line).unwrap();
    storage01::wal::codec::encode(&event).unwrap()
}

/// The frames of all lines of a log, each by itself.
pub(crate) fn frames_of(lines: &[u8]) -> Vec<Vec<u8>> {
    std::str::from_utf8(lines).unwrap().lines().map(frame_of).collect()
}
