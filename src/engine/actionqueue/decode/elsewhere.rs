//! Events that no run feels: subscriptions, actors, grants, the ledger. They are read in full, so that a broken one
//! is seen, and nothing of them is kept.
#![allow(dead_code, reason = "these shapes are read for their form alone")]

use serde::Deserialize;

use super::scalar::{DimensionName, ScalarId, SkippedBytes};
use crate::model::id::TaskId;

#[derive(Deserialize)]
pub(super) struct Subscribed<F> {
    subscription_id: ScalarId,
    task_id: TaskId,
    filter: F,
    timestamp: u64,
}

/// What a subscription of 0.1 waits for.
#[derive(Deserialize)]
pub(super) enum Filter01<S> {
    TaskCompleted { task_id: TaskId },
    RunStateChanged { task_id: TaskId, state: S },
    BudgetThreshold { task_id: TaskId, dimension: DimensionName, threshold_pct: u8 },
    Custom { key: String },
}

/// What a subscription of 0.2 and later waits for: events of the host's own are gone.
#[derive(Deserialize)]
pub(super) enum Filter02<S> {
    TaskCompleted { task_id: TaskId },
    RunStateChanged { task_id: TaskId, state: S },
    BudgetThreshold { task_id: TaskId, dimension: DimensionName, threshold_pct: u8 },
}

#[derive(Deserialize)]
pub(super) struct OfSubscription {
    subscription_id: ScalarId,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct Registered01 {
    actor_id: ScalarId,
    identity: String,
    capabilities: Vec<String>,
    department: Option<String>,
    heartbeat_interval_secs: u64,
    tenant_id: Option<ScalarId>,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct Registered02 {
    actor_id: ScalarId,
    identity: String,
    executor_traits: Vec<String>,
    department: Option<String>,
    heartbeat_interval_secs: u64,
    tenant_id: Option<ScalarId>,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct OfActor {
    actor_id: ScalarId,
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
    actor_id: ScalarId,
    role: Role,
    tenant_id: ScalarId,
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
    actor_id: ScalarId,
    capability: C,
    tenant_id: ScalarId,
    timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct BudgetLedger {
    entry_id: ScalarId,
    tenant_id: ScalarId,
    ledger_key: String,
    actor_id: Option<ScalarId>,
    payload: SkippedBytes,
    timestamp: u64,
}
