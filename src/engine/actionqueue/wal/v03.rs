//! Events of ActionQueue 0.2 and 0.3 as data: the payload of each kind and schema, in the order of the engine's own types
//! for the wire, which are not always those of the event.

use super::fault::WalFault;
use super::shape::WireShape::{Bytes, Hash, I32, List, Option, Pair, Text, U8, U32, U64, Uuid};
use super::shape::{LatePolicy, WireShape, names, object, variants};
use super::v01::{DIMENSION, HOLD_POLICY, LEASE, LEDGER_ENTRY, METADATA, PAYLOAD, ROLE, SAFETY};
use super::{old, policy};

/// Form of a payload.
pub(super) enum PayloadText {
    /// Values of postcard.
    Wire(&'static WireShape),
    /// JSON of a record.
    Json,
    /// JSON of a disposition of schema 1.
    OldDisposition,
}

/// Text around a payload, and its form.
pub(super) struct RecordLayout {
    pub(super) name: &'static str,
    /// Set where the payload is one record.
    pub(super) is_record: bool,
    pub(super) body: PayloadText,
    /// Most bytes of a frame of this kind.
    pub(super) most: usize,
}

/// Most bytes of a frame that is about a wait, a signal or a cancel.
const MOST_OF_RECORD: usize = 128 << 10;

/// RecordLayout of a kind of record in a schema.
pub(super) fn layout(kind: u16, schema: u16) -> Result<RecordLayout, WalFault> {
    use PayloadText::{Json, OldDisposition, Wire};
    let event =
        |name, shape| Ok(RecordLayout { name, is_record: false, body: Wire(shape), most: usize::MAX });
    let record = |name, body| Ok(RecordLayout { name, is_record: true, body, most: usize::MAX });
    let bounded = |name, body| Ok(RecordLayout { name, is_record: true, body, most: MOST_OF_RECORD });
    match (kind, schema) {
        (1, 1) => event("StoreInitialized", &STORE_INITIALIZED),
        (16, 1) => event("TaskCreated", &TASK_CREATED_1),
        (16, 2) => event("TaskCreated", &TASK_CREATED_2),
        (16, 3) => event("TaskCreated", &TASK_CREATED_3),
        (17, 1) => event("RunCreated", &RUN_CREATED),
        (18, 1) => event("RunStateChanged", &RUN_STATE_CHANGED),
        (19, 1) => event("AttemptStarted", &ATTEMPT_STARTED),
        (19, 2) => record("AcceptedAttemptStarted", Wire(&ACCEPTED_START)),
        (20, 1) => event("AttemptFinished", &ATTEMPT_FINISHED),
        (20, 2) => record("AttemptClosed", Wire(&CLOSURE)),
        (21, 1) => event("TaskCanceled", &OF_TASK),
        (22, 1) => event("RunCanceled", &OF_RUN),
        (23, 1) => event("LeaseAcquired", &LEASE),
        (24, 1) => event("LeaseHeartbeat", &LEASE),
        (25, 1) => event("LeaseExpired", &LEASE),
        (26, 1) => event("LeaseReleased", &LEASE),
        (27, 1) => event("EnginePaused", &OF_ENGINE),
        (28, 1) => event("EngineResumed", &OF_ENGINE),
        (29, 1) => event("DependencyDeclared", &DEPENDENCY_DECLARED),
        (30, 1) => event("RunSuspended", &RUN_SUSPENDED),
        (31, 1) => event("RunResumed", &OF_RUN),
        (32, 1) => event("BudgetAllocated", &BUDGET_ALLOCATED),
        (33, 1) => event("BudgetConsumed", &BUDGET_CONSUMED),
        (34, 1) => event("BudgetExhausted", &BUDGET_EXHAUSTED),
        (35, 1) => event("BudgetReplenished", &BUDGET_REPLENISHED),
        (36, 1) => event("SubscriptionCreated", &SUBSCRIPTION_CREATED),
        (37, 1) => event("SubscriptionTriggered", &OF_SUBSCRIPTION),
        (38, 1) => event("SubscriptionCanceled", &OF_SUBSCRIPTION),
        (39, 1) => event("ActorRegistered", &ACTOR_REGISTERED),
        (40, 1) => event("ActorDeregistered", &OF_ACTOR),
        (41, 1) => event("ActorHeartbeat", &OF_ACTOR),
        (42, 1) => event("TenantCreated", &TENANT_CREATED),
        (43, 1) => event("RoleAssigned", &ROLE_ASSIGNED),
        (44, 1) => event("CapabilityGranted", &CAPABILITY),
        (45, 1) => event("CapabilityRevoked", &CAPABILITY),
        (46, 1) => event("LedgerEntryAppended", &LEDGER_ENTRY),
        (256, 1) => event("AdmissionCommitted", &ADMISSION_1),
        (256, 2) => event("AdmissionCommitted", &ADMISSION_2),
        (256, 3) => event("AdmissionCommitted", &ADMISSION_3),
        (288, 1) => bounded("SignalAdmitted", Wire(&SIGNAL)),
        (289, 1) => bounded("SignalPinned", Wire(&PIN)),
        (290, 1) => bounded("SignalUnpinned", Wire(&PIN)),
        (291, 1) => bounded("SignalsRetired", Wire(&RETIRED)),
        (304, 1) => bounded("WaitEstablished", Wire(&old::WAIT)),
        (304, 2) => bounded("WaitEstablished", Json),
        (305, 1) => bounded("WaitSatisfied", Wire(&old::RESOLUTION)),
        (305, 2) => bounded("WaitSatisfied", Json),
        (306, 1) => bounded("WaitTimedOut", Wire(&old::RESOLUTION)),
        (306, 2) => bounded("WaitTimedOut", Json),
        (307, 1) => bounded("WaitCanceled", Wire(&old::RESOLUTION)),
        (307, 2) => bounded("WaitCanceled", Json),
        (320, 1) => bounded("TaskCancellationCommitted", Wire(&CANCEL)),
        (321, 1) => bounded("RunCancellationCommitted", Wire(&CANCEL)),
        (336, 1) => record("AttemptDispositionCommitted", OldDisposition),
        (336, 2) => record("AttemptDispositionCommitted", Json),
        (1 | 16..=46 | 256 | 288..=291 | 304..=307 | 320 | 321 | 336, _) => {
            Err(WalFault::Schema { kind, schema })
        }
        _ => Err(WalFault::Kind(kind)),
    }
}

static STORE_INITIALIZED: WireShape = object! { manifest_digest: &Hash };
static OF_TASK: WireShape = object! { task_id: &Uuid, timestamp: &U64 };
static OF_RUN: WireShape = object! { run_id: &Uuid, timestamp: &U64 };
static OF_ENGINE: WireShape = object! { timestamp: &U64 };
static OF_SUBSCRIPTION: WireShape = object! { subscription_id: &Uuid, timestamp: &U64 };
static OF_ACTOR: WireShape = object! { actor_id: &Uuid, timestamp: &U64 };
static TENANT_CREATED: WireShape = object! { tenant_id: &Uuid, name: &Text, timestamp: &U64 };
static DEPENDENCY_DECLARED: WireShape = object! { task_id: &Uuid, depends_on: &List(&Uuid), timestamp: &U64 };
static RUN_SUSPENDED: WireShape = object! { run_id: &Uuid, reason: &Option(&Text), timestamp: &U64 };
static BUDGET_ALLOCATED: WireShape =
    object! { task_id: &Uuid, dimension: &DIMENSION, limit: &U64, timestamp: &U64 };
static BUDGET_CONSUMED: WireShape =
    object! { task_id: &Uuid, dimension: &DIMENSION, amount: &U64, timestamp: &U64 };
static BUDGET_EXHAUSTED: WireShape = object! { task_id: &Uuid, dimension: &DIMENSION, timestamp: &U64 };
static BUDGET_REPLENISHED: WireShape =
    object! { task_id: &Uuid, dimension: &DIMENSION, new_limit: &U64, timestamp: &U64 };
static ROLE_ASSIGNED: WireShape = object! { actor_id: &Uuid, role: &ROLE, tenant_id: &Uuid, timestamp: &U64 };
static SUBSCRIPTION_CREATED: WireShape = object! {
    subscription_id: &Uuid,
    task_id: &Uuid,
    filter: &variants! {
        TaskCompleted(&object! { task_id: &Uuid }),
        RunStateChanged(&object! { task_id: &Uuid, state: &STATE }),
        BudgetThreshold(&object! { task_id: &Uuid, dimension: &DIMENSION, threshold_pct: &U8 }),
    },
    timestamp: &U64,
};
static ACTOR_REGISTERED: WireShape = object! {
    actor_id: &Uuid,
    identity: &Text,
    executor_traits: &List(&Text),
    department: &Option(&Text),
    heartbeat_interval_secs: &U64,
    tenant_id: &Option(&Uuid),
    timestamp: &U64,
};
static CAPABILITY: WireShape = object! {
    actor_id: &Uuid,
    capability: &variants! {
        CanSubmit,
        CanExecute,
        CanReview,
        CanApprove,
        CanCancel,
        Custom(&Text),
        Queue(&names![
            AdmitTask, InspectTask, AdmitSignal, InspectSignal, RetainSignal, CancelTask, CancelRun, SuspendRun,
            ResumeRun, InspectWait, ResolveWait, CancelWait, RegisterActor, DeregisterActor, HeartbeatActor,
            InspectClaimable, ClaimRun, RenewLease, SubmitResult, ManageBudget, ManageSubscription, AppendLedger,
            InspectLedger, PauseEngine, ResumeEngine, ManageTenant, ManagePermission,
        ]),
    },
    tenant_id: &Uuid,
    timestamp: &U64,
};

static STATE: WireShape =
    names![Scheduled, Ready, Leased, Running, RetryWait, Suspended, Completed, Failed, Canceled, Awaiting];
static ATTEMPT_RESULT: WireShape = names![Success, Failure, Timeout, Suspended, Awaiting];
static RUN_STATE_CHANGED: WireShape =
    object! { run_id: &Uuid, previous_state: &STATE, new_state: &STATE, timestamp: &U64 };
static ATTEMPT_STARTED: WireShape = object! { run_id: &Uuid, attempt_id: &Uuid, timestamp: &U64 };
static ATTEMPT_FINISHED: WireShape = object! {
    run_id: &Uuid,
    attempt_id: &Uuid,
    result: &ATTEMPT_RESULT,
    error: &Option(&Text),
    output: &Option(&Bytes),
    timestamp: &U64,
};
static ACCEPTED_START: WireShape = object! {
    sequence: &U64,
    run_id: &Uuid,
    attempt_id: &Uuid,
    timestamp: &U64,
    fence: &object! { owner: &Text, granted_at_sequence: &U64 },
    assignment: &Option(&object! {
        context_id: &U64,
        previous_attempt_id: &Option(&Uuid),
        delivery: &names![Initial, Retry, Recovery],
    }),
};
static CLOSURE: WireShape = object! {
    run_id: &Uuid,
    attempt_id: &Uuid,
    timestamp: &U64,
    result: &ATTEMPT_RESULT,
    error: &Option(&Text),
    output: &Option(&Bytes),
    origin: &names![Executor, Recovery],
};

static RUN_CREATED: WireShape = object! { run_instance: &RUN };
/// The wire has no count of failures: a new run has none.
static RUN: WireShape = object! {
    id: &Uuid,
    task_id: &Uuid,
    state: &STATE,
    current_attempt_id: &Option(&Uuid),
    attempt_count: &U32,
    failure_attempt_count = "0",
    created_at: &U64,
    scheduled_at: &U64,
    effective_priority: &I32,
    last_state_change_at: &U64,
};

/// Tasks as `TaskSpec`; what later schemas have is behind the task on the wire.
static TASK: WireShape = object! {
    id: &Uuid,
    payload: &PAYLOAD,
    run_policy: &WireShape::Own(policy::policy),
    constraints: &object! {
        max_attempts: &U32,
        timeout_secs: &Option(&U64),
        concurrency_key: &Option(&Text),
        concurrency_key_hold_policy: &HOLD_POLICY,
        concurrency_key_wait_policy: &WireShape::Place(LatePolicy::WaitPolicy, WAIT_POLICIES[0]),
        safety_level: &SAFETY,
        required_executor_traits: &Option(&List(&Text)),
    },
    metadata: &METADATA,
    parent_task_id: &Option(&Uuid),
    child_lifecycle_policy: &WireShape::Place(LatePolicy::ChildPolicy, CHILD_POLICIES[0]),
    tenant_id: &Option(&Uuid),
};
const WAIT_POLICIES: &[&str] = &["\"ReleaseWhileAwaiting\"", "\"HoldWhileAwaiting\""];
const CHILD_POLICIES: &[&str] = &["\"Required\"", "\"Detached\""];
static TASK_CREATED_1: WireShape = object! { task_spec: &TASK, timestamp: &U64 };
static TASK_CREATED_2: WireShape = object! {
    task_spec: &WireShape::Then(&TASK, &WireShape::Later(LatePolicy::WaitPolicy, WAIT_POLICIES)),
    timestamp: &U64,
};
static TASK_CREATED_3: WireShape = object! {
    task_spec: &WireShape::Then(
        &WireShape::Then(&TASK, &WireShape::Later(LatePolicy::WaitPolicy, WAIT_POLICIES)),
        &WireShape::Later(LatePolicy::ChildPolicy, CHILD_POLICIES),
    ),
    timestamp: &U64,
};

/// Admissions are in the text as on the wire, in the latest schema.
macro_rules! admission {
    ($task:expr) => {
        object! {
            record: &object! {
                key: &Text,
                task_spec: $task,
                dependencies: &List(&Uuid),
                causal: &CAUSAL,
                control: &Option(&CONTROL),
                canonical_version: &U32,
                hash_algorithm: &U8,
                hash: &Hash,
                timestamp: &U64,
                sequence: &U64,
            },
            runs: &List(&RUN),
        }
    };
}
static ADMISSION_1: WireShape = admission!(&TASK_OF_1);
static ADMISSION_2: WireShape = admission!(&TASK_OF_2);
static ADMISSION_3: WireShape = admission!(&TASK_OF_3);
static TASK_OF_1: WireShape =
    object! { base: &object! { base: &TASK_BASE, wait_policy = "0" }, child_policy = "0" };
static TASK_OF_2: WireShape =
    object! { base: &object! { base: &TASK_BASE, wait_policy: &U8 }, child_policy = "0" };
static TASK_OF_3: WireShape =
    object! { base: &object! { base: &TASK_BASE, wait_policy: &U8 }, child_policy: &U8 };
static TASK_BASE: WireShape = object! {
    id: &Uuid,
    payload: &PAYLOAD,
    policy: &object! {
        kind: &U8,
        count: &U32,
        interval_secs: &U64,
        expression: &Option(&Text),
        max_occurrences: &Option(&U32),
    },
    constraints: &object! {
        max_attempts: &U32,
        timeout_secs: &Option(&U64),
        concurrency_key: &Option(&Text),
        concurrency_key_hold_policy: &HOLD_POLICY,
        safety_level: &SAFETY,
        required_executor_traits: &Option(&List(&Text)),
    },
    metadata: &METADATA,
    parent_task_id: &Option(&Uuid),
    tenant_id: &Option(&Uuid),
};
static LINK: WireShape = object! {
    task: &Option(&Uuid),
    run: &Option(&Uuid),
    attempt: &Option(&Uuid),
    external: &Option(&Text),
};
static CAUSAL: WireShape = object! {
    trace: &Text,
    correlation: &Text,
    causation: &Option(&LINK),
    submitting_principal_ref: &Option(&Text),
    requesting_actor_ref: &Option(&Text),
    purpose_ref: &Option(&Text),
    authorization_ref: &Option(&Text),
    identity_context_ref: &Option(&Text),
    signed_statement_ref: &Option(&Text),
    proof_context_ref: &Option(&Text),
    origin_ref: &Option(&Text),
};
static CONTROL: WireShape = object! {
    caller: &Text,
    session: &Option(&Text),
    request: &Option(&Text),
    reason: &Option(&Text),
};

static SIGNAL: WireShape = object! {
    signal_id: &Text,
    tenant_id: &Option(&Uuid),
    namespace: &Text,
    kind: &Text,
    correlation_id: &Option(&Text),
    causation: &Option(&LINK),
    source_ref: &Option(&Text),
    payload: &Option(&variants! {
        Inline(&object! { content_type: &Option(&Text), bytes: &Bytes, hash: &CONTENT_HASH }),
        External(&object! {
            scheme: &Text,
            locator: &Text,
            hash: &CONTENT_HASH,
            size_bytes: &Option(&U64),
            content_type: &Option(&Text),
        }),
    }),
    payload_hash: &Option(&CONTENT_HASH),
    occurred_at: &Option(&U64),
    received_at: &U64,
    control_context: &Option(&CONTROL),
    canonical_version: &U32,
    hash_algorithm: &U8,
    digest: &Hash,
    sequence: &U64,
    wal_sequence: &U64,
    retirement: &Option(&STAMP),
    pins: &List(&Pair(&Text, &STAMP)),
};
static CONTENT_HASH: WireShape = object! { algorithm: &U8, bytes: &Hash };
static STAMP: WireShape = object! { wal_sequence: &U64, timestamp: &U64, context: &Option(&CONTROL) };
static PIN: WireShape =
    object! { tenant_id: &Option(&Uuid), signal_id: &Text, pin_id: &Text, control: &STAMP };
static RETIRED: WireShape = object! { tenant_id: &Option(&Uuid), sequences: &List(&U64), control: &STAMP };
static CANCEL: WireShape = object! {
    task: &Option(&Uuid),
    run: &Option(&Uuid),
    tenant: &Option(&Uuid),
    control: &Option(&CONTROL),
    sequence: &U64,
    timestamp: &U64,
};
