//! Events of ActionQueue 0.1 as data: fields and variants in the order of its types.

use super::policy;
use super::shape::WireShape::{Bytes, I32, List, Option, Text, U8, U32, U64, Uuid};
use super::shape::{WireShape, names, object, variants};

/// An event, as in the payload.
pub(super) static EVENT: WireShape = object! { sequence: &U64, event: &KIND };

static KIND: WireShape = variants! {
    TaskCreated(&object! { task_spec: &TASK, timestamp: &U64 }),
    RunCreated(&object! { run_instance: &RUN }),
    RunStateChanged(&object! { run_id: &Uuid, previous_state: &STATE, new_state: &STATE, timestamp: &U64 }),
    AttemptStarted(&object! { run_id: &Uuid, attempt_id: &Uuid, timestamp: &U64 }),
    AttemptFinished(&object! {
        run_id: &Uuid,
        attempt_id: &Uuid,
        result: &names![Success, Failure, Timeout, Suspended],
        error: &Option(&Text),
        output: &Option(&Bytes),
        timestamp: &U64,
    }),
    TaskCanceled(&object! { task_id: &Uuid, timestamp: &U64 }),
    RunCanceled(&object! { run_id: &Uuid, timestamp: &U64 }),
    LeaseAcquired(&LEASE),
    LeaseHeartbeat(&LEASE),
    LeaseExpired(&LEASE),
    LeaseReleased(&LEASE),
    EnginePaused(&object! { timestamp: &U64 }),
    EngineResumed(&object! { timestamp: &U64 }),
    DependencyDeclared(&object! { task_id: &Uuid, depends_on: &List(&Uuid), timestamp: &U64 }),
    RunSuspended(&object! { run_id: &Uuid, reason: &Option(&Text), timestamp: &U64 }),
    RunResumed(&object! { run_id: &Uuid, timestamp: &U64 }),
    BudgetAllocated(&object! { task_id: &Uuid, dimension: &DIMENSION, limit: &U64, timestamp: &U64 }),
    BudgetConsumed(&object! { task_id: &Uuid, dimension: &DIMENSION, amount: &U64, timestamp: &U64 }),
    BudgetExhausted(&object! { task_id: &Uuid, dimension: &DIMENSION, timestamp: &U64 }),
    BudgetReplenished(&object! { task_id: &Uuid, dimension: &DIMENSION, new_limit: &U64, timestamp: &U64 }),
    SubscriptionCreated(&object! {
        subscription_id: &Uuid,
        task_id: &Uuid,
        filter: &variants! {
            TaskCompleted(&object! { task_id: &Uuid }),
            RunStateChanged(&object! { task_id: &Uuid, state: &STATE }),
            BudgetThreshold(&object! { task_id: &Uuid, dimension: &DIMENSION, threshold_pct: &U8 }),
            Custom(&object! { key: &Text }),
        },
        timestamp: &U64,
    }),
    SubscriptionTriggered(&object! { subscription_id: &Uuid, timestamp: &U64 }),
    SubscriptionCanceled(&object! { subscription_id: &Uuid, timestamp: &U64 }),
    ActorRegistered(&object! {
        actor_id: &Uuid,
        identity: &Text,
        capabilities: &List(&Text),
        department: &Option(&Text),
        heartbeat_interval_secs: &U64,
        tenant_id: &Option(&Uuid),
        timestamp: &U64,
    }),
    ActorDeregistered(&object! { actor_id: &Uuid, timestamp: &U64 }),
    ActorHeartbeat(&object! { actor_id: &Uuid, timestamp: &U64 }),
    TenantCreated(&object! { tenant_id: &Uuid, name: &Text, timestamp: &U64 }),
    RoleAssigned(&object! { actor_id: &Uuid, role: &ROLE, tenant_id: &Uuid, timestamp: &U64 }),
    CapabilityGranted(&CAPABILITY),
    CapabilityRevoked(&CAPABILITY),
    LedgerEntryAppended(&LEDGER_ENTRY),
};

static TASK: WireShape = object! {
    id: &Uuid,
    payload: &PAYLOAD,
    run_policy: &variants! { Once, Repeat(&object! { count: &U32, interval_secs: &U64 }), Cron(&WireShape::Own(policy::cron)) },
    constraints: &object! {
        max_attempts: &U32,
        timeout_secs: &Option(&U64),
        concurrency_key: &Option(&Text),
        concurrency_key_hold_policy: &HOLD_POLICY,
        safety_level: &SAFETY,
        required_capabilities: &Option(&List(&Text)),
    },
    metadata: &METADATA,
    parent_task_id: &Option(&Uuid),
    tenant_id: &Option(&Uuid),
};

static RUN: WireShape = object! {
    id: &Uuid,
    task_id: &Uuid,
    state: &STATE,
    current_attempt_id: &Option(&Uuid),
    attempt_count: &U32,
    created_at: &U64,
    scheduled_at: &U64,
    effective_priority: &I32,
    last_state_change_at: &U64,
};

static STATE: WireShape =
    names![Scheduled, Ready, Leased, Running, RetryWait, Suspended, Completed, Failed, Canceled];

static CAPABILITY: WireShape = object! {
    actor_id: &Uuid,
    capability: &variants! { CanSubmit, CanExecute, CanReview, CanApprove, CanCancel, Custom(&Text) },
    tenant_id: &Uuid,
    timestamp: &U64,
};

/// Forms that 0.2 and later have, too.
pub(super) static PAYLOAD: WireShape = object! { bytes: &Bytes, content_type: &Option(&Text) };
pub(super) static METADATA: WireShape =
    object! { tags: &List(&Text), priority: &I32, description: &Option(&Text) };
pub(super) static HOLD_POLICY: WireShape = names![HoldDuringRetry, ReleaseOnRetry];
pub(super) static SAFETY: WireShape = names![Pure, Idempotent, Transactional];
pub(super) static LEASE: WireShape = object! { run_id: &Uuid, owner: &Text, expiry: &U64, timestamp: &U64 };
pub(super) static DIMENSION: WireShape = names![Token, CostCents, TimeSecs];
pub(super) static ROLE: WireShape = variants! { Operator, Auditor, Gatekeeper, Custom(&Text) };
pub(super) static LEDGER_ENTRY: WireShape = object! {
    entry_id: &Uuid,
    tenant_id: &Uuid,
    ledger_key: &Text,
    actor_id: &Option(&Uuid),
    payload: &Bytes,
    timestamp: &U64,
};
