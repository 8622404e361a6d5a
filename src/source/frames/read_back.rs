//! One frame read again by its position, as its line. Must not know which file it is in.

use std::io::ErrorKind;

use super::shape::{FrameEnd, FrameShape};
use crate::model::position::{Parts, Position, UNKNOWN};
use crate::source::handle::Handle;
use crate::source::open::reason;
use crate::source::reread::Gone;

/// Bytes in which most frames are whole.
const MOST_FRAMES: usize = 4096;

/// Reads the line of the frame at `at`, at most `limit` bytes of it.
pub(in crate::source) fn record(
    shape: &'static FrameShape,
    handle: &Handle,
    at: Position,
    limit: usize,
) -> Result<Vec<u8>, Gone> {
    let Parts { offset, len, .. } = at.parts();
    let mut frame = vec![0; if len == UNKNOWN { MOST_FRAMES } else { len as usize }];
    let mut filled = 0;
    let len = loop {
        let n = match handle.read_at(&mut frame[filled..], offset + filled as u64) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.map_err(|error| Gone::Unreadable(reason(&error)))?,
        };
        if handle.has_released(offset) {
            return Err(Gone::TooOld);
        }
        filled += n;
        match (shape.frame)(&frame[..filled]) {
            FrameEnd::Whole(len) => break len,
            FrameEnd::Torn if n > 0 && filled <= shape.most => {
                if filled == frame.len() {
                    frame.resize((4 * filled).max(MOST_FRAMES), 0);
                }
            }
            FrameEnd::Torn | FrameEnd::Damaged(_) => return Err(Gone::Overwritten),
        }
    };
    let mut line = Vec::new();
    (shape.line)(&frame[..len], &mut line).map_err(Gone::Unreadable)?;
    line.truncate(limit);
    Ok(line)
}
