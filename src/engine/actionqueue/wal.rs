//! Wire form of the engine's write-ahead log: the bytes of a frame to one line of JSON.
//!
//! A line is, byte for byte, what the engine's own `serde` writes for the event, so that decoding goes on as for a log of
//! lines. Values are not judged here: the decoder of lines does that. Must not know files, clocks, nor what events mean.

mod fault;
mod form;
mod frame;
mod resync;

pub use fault::WalFault;
pub use form::WalForm;
pub use frame::{FrameAt, MAX_PAYLOAD_BYTES, frame_at};
pub use resync::{Resync, resync};

/// Appends the event of a whole frame to `line`, without a newline, as the engine's `serde` writes it.
///
/// # Errors
///
/// When the frame is not whole, or its payload is not an event. `line` is then as it was.
pub fn write_json(form: WalForm, frame: &[u8], line: &mut Vec<u8>) -> Result<(), WalFault> {
    let _ = (form, frame, line);
    Err(WalFault::Payload { at: 0, what: "not read yet" })
}
