//! Waits of schema 1 and their ends, whose text is another than on the wire.
//!
//! No published version of the engine writes them, but all since 0.2 read them.

use super::literal::{self, FixedText};
use super::shape::WireShape::{Bytes, Hash, Option, Text, U64, Uuid};
use super::shape::{WireField, WireShape, object, variants};
use super::walk::Walk;
use super::wire::{Refused, Wire};

/// Wait of schema 1, as `WaitRecord`. Keys open and close what is nested in the text alone.
pub(super) static WAIT: WireShape = WireShape::Object(&[
    WireField { key: FixedText::new("{\"run_id\":"), shape: &Uuid },
    WireField { key: FixedText::new(",\"attempt_id\":"), shape: &Uuid },
    WireField { key: FixedText::new(",\"lease_owner\":"), shape: &Text },
    WireField { key: FixedText::new(",\"lease_granted_at_sequence\":"), shape: &U64 },
    WireField { key: FixedText::new(",\"sequence\":"), shape: &U64 },
    WireField { key: FixedText::new(",\"timestamp\":"), shape: &U64 },
    WireField { key: FixedText::new(",\"spec\":{\"wait_id\":"), shape: &Uuid },
    WireField {
        key: FixedText::new(",\"target\":{\"Signal\":{\"filter\":{\"tenant_id\":"),
        shape: &Option(&Uuid),
    },
    WireField { key: FixedText::new(",\"namespace\":"), shape: &Text },
    WireField { key: FixedText::new(",\"kind\":"), shape: &Text },
    WireField { key: FixedText::new(",\"correlation_id\":"), shape: &Option(&Text) },
    WireField { key: FixedText::new(",\"source_ref\":"), shape: &Option(&Text) },
    WireField {
        key: FixedText::new("},\"match_policy\":\"FirstMatch\",\"eligible_from\":"),
        shape: &WireShape::Own(eligible_from),
    },
    WireField {
        key: FixedText::new("}},\"deadline\":"),
        shape: &Option(&object! { at: &U64, policy: &WireShape::Own(timeout_policy) }),
    },
    WireField { key: FixedText::new("},\"checkpoint\":"), shape: &Option(&WireShape::Own(checkpoint)) },
    WireField { key: FixedText::new(",\"resolution\":"), shape: &Option(&RESOLUTION) },
]);

/// End of a wait of schema 1, as `WaitResolution`.
pub(super) static RESOLUTION: WireShape = object! {
    run_id: &Uuid,
    wait_id: &Uuid,
    sequence: &U64,
    timestamp: &U64,
    kind: &WireShape::Own(resolution_kind),
};

static CONTROL: WireShape = object! {
    caller_ref: &Text,
    host_session_ref: &Option(&Text),
    request_id: &Option(&Text),
    reason_code: &Option(&Text),
};

static DATA: WireShape = variants! {
    Inline(&object! { content_type: &Option(&Text), bytes: &Bytes, hash: &CONTENT_HASH }),
    External(&object! {
        scheme: &Text,
        locator: &Text,
        hash: &CONTENT_HASH,
        size_bytes: &Option(&U64),
        content_type: &Option(&Text),
    }),
};
static CONTENT_HASH: WireShape = object! { algorithm: &WireShape::Own(algorithm), bytes: &Hash };

fn eligible_from(walk: &mut Walk<'_, '_>) -> Result<(), Refused> {
    match walk.wire.option_of(Wire::u64)? {
        None => walk.line.extend_from_slice(b"\"AnyRetained\""),
        Some(after) => {
            walk.line.extend_from_slice(b"{\"After\":");
            literal::number(after, walk.line);
            walk.line.push(b'}');
        }
    }
    Ok(())
}

fn timeout_policy(walk: &mut Walk<'_, '_>) -> Result<(), Refused> {
    match (walk.wire.byte()?, walk.wire.option_of(Wire::text)?) {
        (0, None) => walk.line.extend_from_slice(b"\"ResumeWithTimeout\""),
        (1, Some(code)) => {
            walk.line.extend_from_slice(b"{\"FailRun\":{\"code\":");
            literal::text(code, walk.line);
            walk.line.extend_from_slice(b"}}");
        }
        (2, None) => walk.line.extend_from_slice(b"\"CancelRun\""),
        _ => return Err("a deadline of a policy that this form does not have"),
    }
    Ok(())
}

fn checkpoint(walk: &mut Walk<'_, '_>) -> Result<(), Refused> {
    walk.line.extend_from_slice(b"{\"checkpoint_id\":");
    walk.value(&Uuid)?;
    let attempt = walk.wire.uuid()?;
    walk.line.extend_from_slice(b",\"data\":");
    walk.value(&DATA)?;
    walk.line.extend_from_slice(b",\"created_by_attempt\":");
    literal::uuid(attempt, walk.line);
    walk.line.push(b'}');
    Ok(())
}

fn algorithm(walk: &mut Walk<'_, '_>) -> Result<(), Refused> {
    match walk.wire.byte()? {
        1 => walk.line.extend_from_slice(b"\"Sha256\""),
        _ => return Err("a hash of an algorithm that this form does not have"),
    }
    Ok(())
}

fn resolution_kind(walk: &mut Walk<'_, '_>) -> Result<(), Refused> {
    match (walk.wire.byte()?, walk.wire.option_of(Wire::u64)?, walk.wire.is_some()?) {
        (0, Some(signal), false) => {
            walk.line.extend_from_slice(b"{\"Signal\":");
            literal::number(signal, walk.line);
        }
        (1, None, false) => {
            walk.line.extend_from_slice(b"\"Deadline\"");
            return Ok(());
        }
        (2, None, true) => {
            walk.line.extend_from_slice(b"{\"Control\":");
            walk.value(&CONTROL)?;
        }
        (3, None, false) => walk.line.extend_from_slice(b"{\"Canceled\":null"),
        (3, None, true) => {
            walk.line.extend_from_slice(b"{\"Canceled\":");
            walk.value(&CONTROL)?;
        }
        _ => return Err("an end of a wait that this form does not have"),
    }
    walk.line.push(b'}');
    Ok(())
}
