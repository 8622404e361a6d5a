//! Wire form of the engine's write-ahead log: the bytes of a frame to one line of JSON.
//!
//! A line is, byte for byte, what the engine's own `serde` writes for the event, so that decoding goes on as for a log of
//! lines. Values are not judged here: the decoder of lines does that. Must not know files, clocks, nor what events mean.

mod begin;
mod disposition;
mod envelope;
mod fault;
mod form;
mod frame;
mod literal;
mod old;
mod policy;
mod resync;
mod shape;
mod v01;
mod v03;
mod value;
mod walk;
mod wire;

pub use fault::WalFault;
pub use form::WalForm;
pub use frame::{FrameAt, MAX_PAYLOAD_BYTES, frame_at};
pub use resync::{Resync, resync};

use walk::{Cron, Walk};

/// Appends the event of a frame to `line`, without a newline, as the engine's `serde` writes it.
///
/// The frame is one that [`frame_at`] has found whole, from its first byte to its last: checksums are not checked again.
///
/// # Errors
///
/// When its payload is not an event that is known. `line` is then as it was.
pub fn write_json(form: WalForm, frame: &[u8], line: &mut Vec<u8>) -> Result<(), WalFault> {
    let start = line.len();
    let result = match form {
        _ if frame.len() <= form.header_len() => {
            Err(WalFault::Payload { at: frame.len(), what: "the end of the record" })
        }
        WalForm::V01 => write_01(frame, line),
        WalForm::V03 => envelope::write_event(frame, line),
    };
    if result.is_err() {
        line.truncate(start);
    }
    result
}

/// Appends an event of 0.1.
///
/// A cron policy without a limit of occurrences is written by the engine in a way that it cannot read. It is read here
/// where only that way takes the payload to its last byte.
fn write_01(frame: &[u8], line: &mut Vec<u8>) -> Result<(), WalFault> {
    let start = line.len();
    let payload = &frame[WalForm::V01.header_len()..];
    let mut walk = Walk::new(payload, line);
    let result = walk.value(&v01::EVENT);
    // Bytes behind the event are no fault: the engine does not look at them.
    if result.is_ok() && (walk.wire.is_done() || walk.cron != Cron::SeenLimited) {
        return Ok(());
    }
    let at = WalForm::V01.header_len() + walk.wire.at();
    if walk.cron == Cron::SeenLimited {
        let len = walk.line.len();
        let mut endless = Walk::new(payload, line);
        endless.cron = Cron::Endless;
        let is_endless = endless.value(&v01::EVENT).is_ok() && endless.wire.is_done();
        // One text is behind the other.
        match is_endless {
            true => drop(line.drain(start..len)),
            false => line.truncate(len),
        }
        if is_endless {
            return Ok(());
        }
    }
    result.map_err(|what| WalFault::Payload { at, what })
}
