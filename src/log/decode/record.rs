//! The records that events of 0.2 and later carry.
//!
//! Shapes: actionqueue-storage 0.3.0, `mutation/*.rs` and the wire forms in `wal/*_v1.rs`, `wal/admission_v3.rs`.

pub(super) mod admission;
pub(super) mod attempt;
pub(super) mod cancel;
pub(super) mod signal;
pub(super) mod wait;

use serde::Deserialize;

/// Most events of this vocabulary hold one record.
#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>"))]
pub(super) struct Of<R> {
    pub(super) record: R,
}

#[derive(Deserialize)]
pub(super) struct AdmissionCommitted<'a> {
    #[serde(borrow)]
    record: AdmissionRecord<'a>,
    runs: Vec<Run02<State02>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdmissionRecord<'a> {
    #[serde(borrow)]
    key: Str<'a>,
    #[serde(borrow)]
    task_spec: StoredTask<'a>,
    dependencies: Vec<TaskId>,
    #[serde(rename = "causal")]
    _causal: IgnoredAny,
    #[serde(rename = "control")]
    _control: Option<IgnoredAny>,
    #[serde(rename = "canonical_version")]
    _canonical_version: u32,
    #[serde(rename = "hash_algorithm")]
    _hash_algorithm: u8,
    #[serde(rename = "hash")]
    _hash: [u8; 32],
    timestamp: u64,
    sequence: u64,
}

impl<'a> AdmissionCommitted<'a> {
    pub(super) fn admission(self) -> Result<Admission<'a>, String> {
        admission(self.record, self.runs)
    }
}

fn admission<'a>(record: AdmissionRecord<'a>, runs: Vec<Run02<State02>>) -> Result<Admission<'a>, String> {
    Ok(Admission {
        recorded: record.sequence,
        key: record.key.0,
        task: record.task_spec.checked()?,
        dependencies: record.dependencies,
        runs: runs.into_iter().map(Run02::run).collect::<Result<_, _>>()?,
        at: record.timestamp,
    })
}

#[derive(Deserialize)]
struct FenceRecord<'a> {
    #[serde(borrow)]
    owner: Str<'a>,
    granted_at_sequence: u64,
}

impl<'a> FenceRecord<'a> {
    fn fence(self) -> Fence<'a> {
        Fence { owner: self.owner.0, granted_at: self.granted_at_sequence }
    }
}

#[derive(Deserialize)]
pub(super) struct AcceptedStartRecord<'a> {
    sequence: u64,
    run_id: RunId,
    attempt_id: AttemptId,
    timestamp: u64,
    #[serde(borrow)]
    fence: FenceRecord<'a>,
    assignment: Option<AssignmentRecord>,
}

#[derive(Deserialize)]
struct AssignmentRecord {
    context_id: u64,
    previous_attempt_id: Option<AttemptId>,
    delivery: DeliveryName,
}

impl<'a> AcceptedStartRecord<'a> {
    pub(super) fn start(self) -> AcceptedStart<'a> {
        AcceptedStart {
            recorded: self.sequence,
            run: self.run_id,
            attempt: self.attempt_id,
            fence: self.fence.fence(),
            assignment: self.assignment.map(|it| Assignment {
                context: it.context_id,
                previous: it.previous_attempt_id,
                delivery: it.delivery.into(),
            }),
            at: self.timestamp,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Closed<'a> {
    run_id: RunId,
    attempt_id: AttemptId,
    timestamp: u64,
    result: Result02,
    #[serde(borrow)]
    error: Option<Str<'a>>,
    output: Option<Vec<u8>>,
    origin: Origin,
}

#[derive(Deserialize, PartialEq)]
enum Origin {
    Executor,
    Recovery,
}

impl<'a> Closed<'a> {
    pub(super) fn body(self) -> Body<'a> {
        Body::AttemptClosed {
            finish: Finish {
                run: self.run_id,
                attempt: self.attempt_id,
                result: self.result.into(),
                error: text(self.error),
                output: self.output,
                at: self.timestamp,
            },
            recovery: self.origin == Origin::Recovery,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DispositionRecord<'a> {
    sequence: u64,
    run_id: RunId,
    attempt_id: AttemptId,
    #[serde(borrow)]
    fence: FenceRecord<'a>,
    timestamp: u64,
    #[serde(borrow)]
    disposition: DispositionShape<'a>,
    #[serde(borrow)]
    children: Vec<ChildRecord<'a>>,
    #[serde(borrow)]
    signals: Vec<SignalRecord<'a>>,
    target_state: State02,
    failure_attempt_count: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChildRecord<'a> {
    #[serde(borrow)]
    admission: AdmissionRecord<'a>,
    runs: Vec<Run02<State02>>,
}

#[derive(Deserialize)]
struct DispositionShape<'a> {
    #[serde(borrow)]
    outcome: OutcomeShape<'a>,
    output: Option<Data>,
    checkpoint: Option<CheckpointShape>,
    #[serde(borrow)]
    wait: Option<WaitShape<'a>>,
    child_admissions: Vec<IgnoredAny>,
    emitted_signals: Vec<IgnoredAny>,
    consumption: Vec<Consumption>,
}

#[derive(Deserialize)]
enum OutcomeShape<'a> {
    Complete,
    RetryableFailure {
        #[serde(borrow)]
        error: ErrorShape<'a>,
    },
    TerminalFailure {
        #[serde(borrow)]
        error: ErrorShape<'a>,
    },
    Timeout {
        #[serde(borrow)]
        error: ErrorShape<'a>,
    },
    Suspended {
        #[serde(borrow)]
        reason: Option<Str<'a>>,
    },
    Awaiting,
}

#[derive(Deserialize)]
struct ErrorShape<'a> {
    #[serde(rename = "code")]
    _code: IgnoredAny,
    #[serde(borrow)]
    message: Str<'a>,
}

#[derive(Deserialize)]
enum Data {
    Inline(Inline),
    External(IgnoredAny),
}

#[derive(Deserialize)]
struct Inline {
    #[serde(rename = "content_type")]
    _content_type: Option<IgnoredAny>,
    bytes: Vec<u8>,
    #[serde(rename = "hash")]
    _hash: IgnoredAny,
}

#[derive(Deserialize)]
struct CheckpointShape {
    checkpoint_id: CheckpointId,
    #[serde(rename = "data")]
    _data: IgnoredAny,
    created_by_attempt: AttemptId,
}

#[derive(Deserialize)]
struct Consumption {
    dimension: DimensionName,
    amount: u64,
}

impl CheckpointShape {
    fn checkpoint(self) -> Checkpoint {
        Checkpoint { id: self.checkpoint_id, by: self.created_by_attempt }
    }
}

impl<'a> DispositionShape<'a> {
    /// The combinations that the engine's constructor allows (`AttemptDisposition::new`).
    fn is_consistent(&self) -> bool {
        let (children, signals) = (!self.child_admissions.is_empty(), !self.emitted_signals.is_empty());
        match self.outcome {
            OutcomeShape::Complete => self.wait.is_none() && self.checkpoint.is_none() && !children,
            OutcomeShape::Awaiting => self.wait.is_some() && self.output.is_none(),
            OutcomeShape::Suspended { .. } => {
                self.wait.is_none() && self.output.is_none() && !children && !signals
            }
            _ => {
                self.wait.is_none()
                    && self.output.is_none()
                    && self.checkpoint.is_none()
                    && !children
                    && !signals
            }
        }
    }
}

impl<'a> OutcomeShape<'a> {
    fn outcome(self) -> Outcome<'a> {
        match self {
            Self::Complete => Outcome::Complete,
            Self::RetryableFailure { error } => Outcome::RetryableFailure(error.message.0),
            Self::TerminalFailure { error } => Outcome::TerminalFailure(error.message.0),
            Self::Timeout { error } => Outcome::Timeout(error.message.0),
            Self::Suspended { reason } => Outcome::Suspended(text(reason)),
            Self::Awaiting => Outcome::Awaiting,
        }
    }
}

impl<'a> DispositionRecord<'a> {
    pub(super) fn disposition(self) -> Result<Disposition<'a>, String> {
        let said = self.disposition;
        if !said.is_consistent() {
            return Err("invalid disposition: InvalidCombination".to_owned());
        }
        if said.child_admissions.len() != self.children.len()
            || said.emitted_signals.len() != self.signals.len()
        {
            return Err("the disposition proposes other children or signals than it records".to_owned());
        }
        let children = self.children.into_iter().map(|child| admission(child.admission, child.runs));
        Ok(Disposition {
            recorded: self.sequence,
            run: self.run_id,
            attempt: self.attempt_id,
            fence: self.fence.fence(),
            outcome: said.outcome.outcome(),
            output: said.output.and_then(|data| match data {
                Data::Inline(inline) => Some(inline.bytes),
                Data::External(_) => None,
            }),
            checkpoint: said.checkpoint.map(CheckpointShape::checkpoint),
            wait: said.wait.map(WaitShape::wait).transpose()?,
            children: children.collect::<Result<_, _>>()?,
            signals: self.signals.into_iter().map(SignalRecord::signal).collect::<Result<_, _>>()?,
            consumption: said.consumption.into_iter().map(|it| (it.dimension.into(), it.amount)).collect(),
            target: self.target_state.into(),
            failures: self.failure_attempt_count,
            at: self.timestamp,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitShape<'a> {
    wait_id: WaitId,
    #[serde(borrow)]
    target: TargetShape<'a>,
    deadline: Option<DeadlineShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
enum TargetShape<'a> {
    Signal {
        #[serde(borrow)]
        filter: FilterShape<'a>,
        match_policy: MatchPolicy,
        eligible_from: Eligibility,
    },
    Children {
        task_ids: Vec<TaskId>,
        policy: ChildWaitPolicy,
    },
}

#[derive(Deserialize)]
enum MatchPolicy {
    FirstMatch,
}

#[derive(Deserialize)]
enum Eligibility {
    AnyRetained,
    After(u64),
}

#[derive(Deserialize, PartialEq)]
enum ChildWaitPolicy {
    AllTerminal,
    AllSucceededOrAnyFailed,
}

#[derive(Deserialize)]
struct FilterShape<'a> {
    tenant_id: Option<TenantId>,
    #[serde(borrow)]
    namespace: Str<'a>,
    #[serde(borrow)]
    kind: Str<'a>,
    #[serde(borrow)]
    correlation_id: Option<Str<'a>>,
    #[serde(borrow)]
    source_ref: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct DeadlineShape {
    at: u64,
    policy: TimeoutPolicy,
}

#[derive(Deserialize)]
enum TimeoutPolicy {
    ResumeWithTimeout,
    FailRun {
        #[serde(rename = "code")]
        _code: IgnoredAny,
    },
    CancelRun,
}

/// How many children one wait may name (`MAX_CHILD_WAIT_TARGETS`).
const MOST_CHILDREN: usize = 64;

impl<'a> WaitShape<'a> {
    fn wait(self) -> Result<Wait<'a>, String> {
        const WRONG: &str =
            "invalid wait: retained signals require correlation; child targets require 1..=64 non-nil IDs";
        let target = match self.target {
            TargetShape::Signal { filter, match_policy: MatchPolicy::FirstMatch, eligible_from } => {
                let after = match eligible_from {
                    Eligibility::AnyRetained if filter.correlation_id.is_none() => {
                        return Err(WRONG.to_owned());
                    }
                    Eligibility::AnyRetained => 0,
                    Eligibility::After(number) => number,
                };
                WaitTarget::Signal { filter: filter.filter(), after }
            }
            TargetShape::Children { mut task_ids, policy } => {
                let wrong = task_ids.is_empty()
                    || task_ids.len() > MOST_CHILDREN
                    || task_ids.iter().any(TaskId::is_nil);
                if wrong {
                    return Err(WRONG.to_owned());
                }
                task_ids.sort();
                task_ids.dedup();
                let or_any_failed = policy == ChildWaitPolicy::AllSucceededOrAnyFailed;
                WaitTarget::Children { tasks: task_ids, or_any_failed }
            }
        };
        let deadline = self.deadline.map(|deadline| Deadline {
            at: deadline.at,
            then: match deadline.policy {
                TimeoutPolicy::ResumeWithTimeout => RunState::Ready,
                TimeoutPolicy::FailRun { .. } => RunState::Failed,
                TimeoutPolicy::CancelRun => RunState::Canceled,
            },
        });
        Ok(Wait { id: self.wait_id, target, deadline })
    }
}

impl<'a> FilterShape<'a> {
    fn filter(self) -> SignalFilter<'a> {
        SignalFilter {
            tenant: self.tenant_id,
            namespace: self.namespace.0,
            kind: self.kind.0,
            correlation: text(self.correlation_id),
            source: text(self.source_ref),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitRecord<'a> {
    run_id: RunId,
    attempt_id: AttemptId,
    #[serde(borrow)]
    lease_owner: Str<'a>,
    lease_granted_at_sequence: u64,
    sequence: u64,
    timestamp: u64,
    #[serde(borrow)]
    spec: WaitShape<'a>,
    checkpoint: Option<CheckpointShape>,
    resolution: Option<IgnoredAny>,
}

impl<'a> WaitRecord<'a> {
    pub(super) fn established(self) -> Result<EstablishedWait<'a>, String> {
        Ok(EstablishedWait {
            recorded: self.sequence,
            run: self.run_id,
            attempt: self.attempt_id,
            fence: Fence { owner: self.lease_owner.0, granted_at: self.lease_granted_at_sequence },
            wait: self.spec.wait()?,
            checkpoint: self.checkpoint.map(CheckpointShape::checkpoint),
            resolved: self.resolution.is_some(),
            at: self.timestamp,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolution {
    run_id: RunId,
    wait_id: WaitId,
    sequence: u64,
    timestamp: u64,
    kind: ResolutionKind,
}

#[derive(Deserialize)]
enum ResolutionKind {
    Signal(u64),
    Children(Vec<ChildOutcome>),
    Deadline,
    Control(#[allow(dead_code, reason = "who did it is not kept")] IgnoredAny),
    Canceled(#[allow(dead_code, reason = "who did it is not kept")] Option<IgnoredAny>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChildOutcome {
    task_id: TaskId,
    status: TaskEndName,
}

/// Which of the three events holds a resolution: each allows other reasons.
#[derive(Clone, Copy)]
pub(super) enum Resolver {
    Satisfied,
    TimedOut,
    Canceled,
}

impl Resolution {
    pub(super) fn body(self, resolver: Resolver) -> Body<'static> {
        let fits = matches!(
            (&resolver, &self.kind),
            (
                Resolver::Satisfied,
                ResolutionKind::Signal(_) | ResolutionKind::Children(_) | ResolutionKind::Control(_)
            ) | (Resolver::TimedOut, ResolutionKind::Deadline)
                | (Resolver::Canceled, ResolutionKind::Canceled(_))
        );
        let by = match self.kind {
            ResolutionKind::Signal(number) => ResolvedBy::Signal(number),
            ResolutionKind::Children(outcomes) => {
                ResolvedBy::Children(outcomes.into_iter().map(|it| (it.task_id, it.status.into())).collect())
            }
            ResolutionKind::Deadline => ResolvedBy::Deadline,
            ResolutionKind::Control(_) => ResolvedBy::Control,
            ResolutionKind::Canceled(_) => ResolvedBy::Canceled,
        };
        Body::WaitResolved(Box::new(WaitResolution {
            // A reason that does not fit its event is a contradiction, like a record with another's sequence.
            recorded: if fits { self.sequence } else { 0 },
            run: self.run_id,
            wait: self.wait_id,
            by,
            at: self.timestamp,
        }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancellation {
    task: Option<TaskId>,
    run: Option<RunId>,
    tenant: Option<TenantId>,
    #[serde(rename = "control")]
    _control: Option<IgnoredAny>,
    sequence: u64,
    timestamp: u64,
}

impl Cancellation {
    pub(super) fn body(self, fits: impl FnOnce(&CancelTarget) -> bool) -> Result<Body<'static>, String> {
        let target = match (self.task, self.run) {
            (Some(task), None) if !task.is_nil() => CancelTarget::Task(task),
            (None, Some(run)) if !run.is_nil() => CancelTarget::Run(run),
            _ => return Err("invalid cancellation target".to_owned()),
        };
        Ok(Body::CancellationCommitted(crate::model::event::Cancellation {
            // As above: a run's cancellation inside a task's event contradicts itself.
            recorded: if fits(&target) { self.sequence } else { 0 },
            target,
            tenant: self.tenant,
            at: self.timestamp,
        }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalRecord<'a> {
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

impl<'a> SignalRecord<'a> {
    pub(super) fn signal(self) -> Result<Signal<'a>, String> {
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
            worn: self.retirement.is_some() || !self.pins.is_empty(),
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
pub(super) struct Pin<'a> {
    tenant_id: Option<TenantId>,
    #[serde(borrow)]
    signal_id: Str<'a>,
    #[serde(borrow)]
    pin_id: Str<'a>,
    control: Stamp,
}

impl<'a> Pin<'a> {
    pub(super) fn body(self, acquired: bool) -> Body<'a> {
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
pub(super) struct Retired {
    tenant_id: Option<TenantId>,
    sequences: Vec<u64>,
    control: Stamp,
}

impl Retired {
    pub(super) fn body(self) -> Body<'static> {
        Body::SignalsRetired {
            tenant: self.tenant_id,
            signals: self.sequences,
            recorded: self.control.wal_sequence,
            at: self.control.timestamp,
        }
    }
}
