//! Waits of schema 1 and their ends, whose text is another than on the wire.
//!
//! No published version of the engine writes them, but all since 0.2 read them.

use super::literal::{self, Fixed};
use super::shape::Shape::{Bytes, Hash, Option, Text, U64, Uuid};
use super::shape::{Field, Shape, object, variants};
use super::walk::Walk;
use super::wire::{Refused, Wire};

/// Wait of schema 1, as `WaitRecord`. Keys open and close what is nested in the text alone.
pub(super) static WAIT: Shape = Shape::Object(&[
    Field { key: Fixed::new("{\"run_id\":"), shape: &Uuid },
    Field { key: Fixed::new(",\"attempt_id\":"), shape: &Uuid },
    Field { key: Fixed::new(",\"lease_owner\":"), shape: &Text },
    Field { key: Fixed::new(",\"lease_granted_at_sequence\":"), shape: &U64 },
    Field { key: Fixed::new(",\"sequence\":"), shape: &U64 },
    Field { key: Fixed::new(",\"timestamp\":"), shape: &U64 },
    Field { key: Fixed::new(",\"spec\":{\"wait_id\":"), shape: &Uuid },
    Field { key: Fixed::new(",\"target\":{\"Signal\":{\"filter\":{\"tenant_id\":"), shape: &Option(&Uuid) },
    Field { key: Fixed::new(",\"namespace\":"), shape: &Text },
    Field { key: Fixed::new(",\"kind\":"), shape: &Text },
    Field { key: Fixed::new(",\"correlation_id\":"), shape: &Option(&Text) },
    Field { key: Fixed::new(",\"source_ref\":"), shape: &Option(&Text) },
    Field {
        key: Fixed::new("},\"match_policy\":\"FirstMatch\",\"eligible_from\":"),
        shape: &Shape::Own(eligible_from),
    },
    Field {
        key: Fixed::new("}},\"deadline\":"),
        shape: &Option(&object! { at: &U64, policy: &Shape::Own(timeout_policy) }),
    },
    Field { key: Fixed::new("},\"checkpoint\":"), shape: &Option(&Shape::Own(checkpoint)) },
    Field { key: Fixed::new(",\"resolution\":"), shape: &Option(&RESOLUTION) },
]);

/// End of a wait of schema 1, as `WaitResolution`.
pub(super) static RESOLUTION: Shape = object! {
    run_id: &Uuid,
    wait_id: &Uuid,
    sequence: &U64,
    timestamp: &U64,
    kind: &Shape::Own(resolution_kind),
};

static CONTROL: Shape = object! {
    caller_ref: &Text,
    host_session_ref: &Option(&Text),
    request_id: &Option(&Text),
    reason_code: &Option(&Text),
};

static DATA: Shape = variants! {
    Inline(&object! { content_type: &Option(&Text), bytes: &Bytes, hash: &CONTENT_HASH }),
    External(&object! {
        scheme: &Text,
        locator: &Text,
        hash: &CONTENT_HASH,
        size_bytes: &Option(&U64),
        content_type: &Option(&Text),
    }),
};
static CONTENT_HASH: Shape = object! { algorithm: &Shape::Own(algorithm), bytes: &Hash };

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
