//! The question whether a log is of frames, for words about it. Must not read more than its first bytes.

use std::os::unix::fs::FileExt as _;

use super::frames::shape::MOST_BEGINNING;
use super::inside::log_inside;
use super::open::open;
use super::options::Options;
use super::origin::Origin;

/// True of a file, or of the log within a directory, that is of frames or may become so with more bytes.
#[must_use]
pub fn may_hold_frames(origin: &Origin, options: &Options) -> bool {
    let Origin::Path(path) = origin else { return false };
    let path = if path.is_dir() { log_inside(path, options) } else { Some(path.clone()) };
    let mut head = [0; MOST_BEGINNING];
    let read = path.and_then(|path| open(&path).ok()).filter(|opened| !opened.is_pipe);
    let n = read.and_then(|opened| opened.file.read_at(&mut head, 0).ok()).unwrap_or(0);
    n > 0 && !matches!(options.framing.decide(&head[..n]), Ok(None))
}
