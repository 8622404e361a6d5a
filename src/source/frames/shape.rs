//! The shape of an engine's records where they are frames of bytes, as that engine gives it: where a frame ends, and the
//! line of JSON that it stands for.
//!
//! Must not hold the words of any engine.

/// Shape of frames of one form.
#[derive(Debug)]
pub struct FrameShape {
    /// Tells whether a log that begins with these bytes is of such frames.
    pub begins: fn(&[u8]) -> Beginning,
    /// Judges the bytes from a place where a frame should begin.
    pub frame: fn(&[u8]) -> FrameEnd,
    /// Searches for the next frame behind the first byte.
    pub next: fn(&[u8]) -> NextFrame,
    /// Appends the record of a whole frame as a line of JSON, without a newline; else says why it has none.
    pub line: fn(&[u8], &mut Vec<u8>) -> Result<(), String>,
    /// Most bytes of a frame.
    pub most: usize,
}

/// A shape is a table of its own: two are the same when they are one.
impl PartialEq for FrameShape {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for FrameShape {}

/// As many first bytes decide whether a log is of frames.
pub const MOST_BEGINNING: usize = 12;

/// Answer of the first bytes of a log, [`MOST_BEGINNING`] of them at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// It is of this form.
    Frames,
    /// It may be, with more bytes.
    Unclear,
    /// It is something else.
    Other,
    /// It is of a form that is not read.
    Form {
        /// Number of that form.
        found: u32,
        /// Number of the form that is read.
        read: u32,
    },
}

/// Bytes at a place where a frame should begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameEnd {
    /// A frame of this many bytes, whole.
    Whole(usize),
    /// The bytes end before the frame does.
    Torn,
    /// No frame, and why.
    Damaged(String),
}

/// Result of a search for a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextFrame {
    /// One that is whole begins here.
    At(usize),
    /// None. One may begin in this many last bytes.
    None(usize),
}
