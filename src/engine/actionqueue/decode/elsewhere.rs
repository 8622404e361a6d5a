//! Events that affect no run: subscriptions, actors, grants, the ledger. They are parsed in full, so that a malformed
//! one is reported, and then discarded.
#![allow(dead_code, reason = "these shapes are read for their form alone")]

use serde::Deserialize;

use super::scalar::{DimensionName, SkippedBytes, UuidText};
use crate::model::id::TaskId;

#[derive(Deserialize)]
pub(super) struct Subscribed<F> {
    subscription_id: UuidText,
    task_id: TaskId,
    filter: F,
    timestamp: u64,
}

/// Filter of a subscription in 0.1.
#[derive(Deserialize)]
pub(super) enum Filter01<S> {
    TaskCompleted { task_id: TaskId },
    RunStateChanged { task_id: TaskId, state: S },
    BudgetThreshold { task_id: TaskId, dimension: DimensionName, threshold_pct: u8 },
    Custom { key: String },
}

/// Filter of a subscription in 0.2 and later, which dropped events of the host.
#[derive(Deserialize)]
pub(super) enum Filter02<S> {
    TaskCompleted { task_id: TaskId },
    RunStateChanged { task_id: TaskId, state: S },
    BudgetThreshold { task_id: TaskId, dimension: DimensionName, threshold_pct: u8 },
}

#[derive(Deserialize)]
pub(super) struct OfSubscription {
    subscription_id: UuidText,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct Registered01 {
    actor_id: UuidText,
    identity: String,
    capabilities: Vec<String>,
    department: Option<String>,
    heartbeat_interval_secs: u64,
    tenant_id: Option<UuidText>,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct Registered02 {
    actor_id: UuidText,
    identity: String,
    executor_traits: Vec<String>,
    department: Option<String>,
    heartbeat_interval_secs: u64,
    tenant_id: Option<UuidText>,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct OfActor {
    actor_id: UuidText,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) enum Role {
    Operator,
    Auditor,
    Gatekeeper,
    Custom(String),
}

#[derive(Deserialize)]
pub(super) struct Assigned {
    actor_id: UuidText,
    role: Role,
    tenant_id: UuidText,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) enum Capability01 {
    CanSubmit,
    CanExecute,
    CanReview,
    CanApprove,
    CanCancel,
    Custom(String),
}

#[derive(Deserialize)]
pub(super) enum Capability02 {
    CanSubmit,
    CanExecute,
    CanReview,
    CanApprove,
    CanCancel,
    Custom(String),
    Queue(String),
}

#[derive(Deserialize)]
pub(super) struct Granted<C> {
    actor_id: UuidText,
    capability: C,
    tenant_id: UuidText,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct BudgetLedger {
    entry_id: UuidText,
    tenant_id: UuidText,
    ledger_key: String,
    actor_id: Option<UuidText>,
    payload: SkippedBytes,
    timestamp: u64,
}
