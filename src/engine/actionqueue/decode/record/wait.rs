//! Waits: their targets and their resolutions.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::checkpoint::CheckpointShape;
use crate::engine::actionqueue::decode::scalar::{Str, TaskEndName, text};
use crate::engine::actionqueue::event::{
    Body, EstablishedWait, Fence, ResolvedBy, SignalFilter, Wait, WaitResolution, WaitTarget,
};
use crate::engine::actionqueue::states::RunState;
use crate::model::deadline::Deadline;
use crate::model::id::{AttemptId, RunId, TaskId, TenantId, WaitId};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitShape<'a> {
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

/// Maximum number of children in one wait (the engine's constant of the same name).
const MAX_CHILD_WAIT_TARGETS: usize = 64;

impl<'a> WaitShape<'a> {
    pub(super) fn wait(self) -> Result<Wait<'a>, String> {
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
                    || task_ids.len() > MAX_CHILD_WAIT_TARGETS
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
                TimeoutPolicy::ResumeWithTimeout => RunState::Ready.state(),
                TimeoutPolicy::FailRun { .. } => RunState::Failed.state(),
                TimeoutPolicy::CancelRun => RunState::Canceled.state(),
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
pub(in crate::engine::actionqueue::decode) struct WaitRecordShape<'a> {
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

impl<'a> WaitRecordShape<'a> {
    pub(in crate::engine::actionqueue::decode) fn established(self) -> Result<EstablishedWait<'a>, String> {
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
pub(in crate::engine::actionqueue::decode) struct Resolution {
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

/// Event that holds a resolution; each of the three allows other reasons.
#[derive(Clone, Copy)]
pub(in crate::engine::actionqueue::decode) enum Resolver {
    Satisfied,
    TimedOut,
    Canceled,
}

impl Resolution {
    pub(in crate::engine::actionqueue::decode) fn body(self, resolver: Resolver) -> Body<'static> {
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
            // A reason that does not fit its event is a contradiction, like a record with another sequence than its
            // event.
            recorded: if fits { self.sequence } else { 0 },
            run: self.run_id,
            wait: self.wait_id,
            by,
            at: self.timestamp,
        }))
    }
}
