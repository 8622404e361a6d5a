//! Signals: their admission, their pins and their retirement.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::engine::actionqueue::decode::scalar::{SkippedBytes, Str, text};
use crate::engine::actionqueue::event::{Body, Signal, SignalFilter};
use crate::model::id::TenantId;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::actionqueue::decode) struct SignalShape<'a> {
    #[serde(borrow)]
    signal_id: Str<'a>,
    tenant_id: Option<TenantId>,
    #[serde(borrow)]
    namespace: Str<'a>,
    #[serde(borrow)]
    kind: Str<'a>,
    #[serde(borrow)]
    correlation_id: Option<Str<'a>>,
    #[serde(rename = "causation")]
    _causation: Option<IgnoredAny>,
    #[serde(borrow)]
    source_ref: Option<Str<'a>>,
    #[serde(rename = "payload")]
    _payload: Option<IgnoredAny>,
    #[serde(rename = "payload_hash")]
    _payload_hash: Option<IgnoredAny>,
    #[serde(rename = "occurred_at")]
    _occurred_at: Option<u64>,
    received_at: u64,
    #[serde(rename = "control_context")]
    _control_context: Option<IgnoredAny>,
    canonical_version: u32,
    hash_algorithm: u8,
    #[serde(rename = "digest")]
    _digest: SkippedBytes,
    sequence: u64,
    wal_sequence: u64,
    retirement: Option<IgnoredAny>,
    pins: Vec<IgnoredAny>,
}

impl<'a> SignalShape<'a> {
    pub(in crate::engine::actionqueue::decode) fn signal(self) -> Result<Signal<'a>, String> {
        if self.sequence == 0 || self.wal_sequence == 0 || self.canonical_version != 1 {
            return Err("signal rejected: InvalidEnvelope".to_owned());
        }
        if self.hash_algorithm != 1 {
            return Err("unsupported signal digest algorithm".to_owned());
        }
        Ok(Signal {
            number: self.sequence,
            recorded: self.wal_sequence,
            id: self.signal_id.0,
            envelope: SignalFilter {
                tenant: self.tenant_id,
                namespace: self.namespace.0,
                kind: self.kind.0,
                correlation: text(self.correlation_id),
                source: text(self.source_ref),
            },
            received_at: self.received_at,
            is_retired_or_pinned: self.retirement.is_some() || !self.pins.is_empty(),
        })
    }
}

#[derive(Deserialize)]
struct Stamp {
    wal_sequence: u64,
    timestamp: u64,
    #[serde(rename = "context")]
    _context: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::actionqueue::decode) struct Pin<'a> {
    tenant_id: Option<TenantId>,
    #[serde(borrow)]
    signal_id: Str<'a>,
    #[serde(borrow)]
    pin_id: Str<'a>,
    control: Stamp,
}

impl<'a> Pin<'a> {
    pub(in crate::engine::actionqueue::decode) fn body(self, acquired: bool) -> Body<'a> {
        Body::SignalPinMoved {
            acquired,
            tenant: self.tenant_id,
            signal: self.signal_id.0,
            pin: self.pin_id.0,
            recorded: self.control.wal_sequence,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::actionqueue::decode) struct Retired {
    tenant_id: Option<TenantId>,
    sequences: Vec<u64>,
    control: Stamp,
}

impl Retired {
    pub(in crate::engine::actionqueue::decode) fn body(self) -> Body<'static> {
        Body::SignalsRetired {
            tenant: self.tenant_id,
            signals: self.sequences,
            recorded: self.control.wal_sequence,
            at: self.control.timestamp,
        }
    }
}
