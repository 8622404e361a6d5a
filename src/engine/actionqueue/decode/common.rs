//! Shapes of the events that both vocabularies have, generic over types that differ.

use serde::Deserialize;

use super::scalar::{DimensionName, Str, text};
use crate::engine::actionqueue::event::{Body, EventKind, Finish};
use crate::engine::actionqueue::states::RunState;
use crate::model::facts::{AttemptResult, LeaseStep};
use crate::model::id::{AttemptId, RunId, TaskId, TenantId};

#[derive(Deserialize)]
pub(super) struct StateChanged<S> {
    run_id: RunId,
    previous_state: S,
    new_state: S,
    timestamp: u64,
}

impl<S: Into<RunState>> StateChanged<S> {
    pub(super) fn body(self) -> Body<'static> {
        Body::RunStateChanged {
            run: self.run_id,
            from: self.previous_state.into(),
            to: self.new_state.into(),
            at: self.timestamp,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Started {
    run_id: RunId,
    attempt_id: AttemptId,
    timestamp: u64,
}

impl Started {
    pub(super) fn body(self) -> Body<'static> {
        Body::AttemptStarted { run: self.run_id, attempt: self.attempt_id, at: self.timestamp }
    }
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>, 'de: 'a"))]
pub(super) struct Finished<'a, R> {
    run_id: RunId,
    attempt_id: AttemptId,
    result: R,
    #[serde(borrow)]
    error: Option<Str<'a>>,
    #[serde(default)]
    output: Option<Vec<u8>>,
    timestamp: u64,
}

impl<'a, R: Into<AttemptResult>> Finished<'a, R> {
    pub(super) fn finish(self) -> Finish<'a> {
        Finish {
            run: self.run_id,
            attempt: self.attempt_id,
            result: self.result.into(),
            error: text(self.error),
            output: self.output,
            at: self.timestamp,
        }
    }
}

/// Shape of an event with a run and an instant.
#[derive(Deserialize)]
pub(super) struct OfRun {
    run_id: RunId,
    timestamp: u64,
}

impl OfRun {
    pub(super) fn canceled(self) -> Body<'static> {
        Body::RunCanceled { run: self.run_id, at: self.timestamp }
    }

    pub(super) fn resumed(self) -> Body<'static> {
        Body::RunResumed { run: self.run_id, at: self.timestamp }
    }
}

/// Shape of an event with a task and an instant.
#[derive(Deserialize)]
pub(super) struct OfTask {
    task_id: TaskId,
    timestamp: u64,
}

impl OfTask {
    pub(super) fn canceled(self) -> Body<'static> {
        Body::TaskCanceled { task: self.task_id, at: self.timestamp }
    }
}

/// Shape of an event with an instant alone.
#[derive(Deserialize)]
pub(super) struct At {
    pub(super) timestamp: u64,
}

#[derive(Deserialize)]
pub(super) struct Leased<'a> {
    run_id: RunId,
    #[serde(borrow)]
    owner: Str<'a>,
    expiry: u64,
    timestamp: u64,
}

impl<'a> Leased<'a> {
    pub(super) fn body(self, step: LeaseStep) -> Body<'a> {
        Body::Lease { step, run: self.run_id, owner: self.owner.0, expiry: self.expiry, at: self.timestamp }
    }
}

#[derive(Deserialize)]
pub(super) struct Depends {
    task_id: TaskId,
    depends_on: Vec<TaskId>,
    #[serde(rename = "timestamp")]
    _at: u64,
}

impl Depends {
    pub(super) fn body(self) -> Body<'static> {
        Body::DependencyDeclared { task: self.task_id, on: self.depends_on }
    }
}

#[derive(Deserialize)]
pub(super) struct Suspended<'a> {
    run_id: RunId,
    #[serde(borrow)]
    reason: Option<Str<'a>>,
    timestamp: u64,
}

impl<'a> Suspended<'a> {
    pub(super) fn body(self) -> Body<'a> {
        Body::RunSuspended { run: self.run_id, reason: text(self.reason), at: self.timestamp }
    }
}

#[derive(Deserialize)]
pub(super) struct Allocated {
    task_id: TaskId,
    dimension: DimensionName,
    limit: u64,
    timestamp: u64,
}

impl Allocated {
    pub(super) fn body(self) -> Body<'static> {
        Body::BudgetAllocated {
            task: self.task_id,
            dimension: self.dimension.into(),
            limit: self.limit,
            at: self.timestamp,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Consumed {
    task_id: TaskId,
    dimension: DimensionName,
    amount: u64,
    #[serde(rename = "timestamp")]
    _at: u64,
}

impl Consumed {
    pub(super) fn body(self) -> Body<'static> {
        Body::BudgetConsumed { task: self.task_id, dimension: self.dimension.into(), amount: self.amount }
    }
}

#[derive(Deserialize)]
pub(super) struct Exhausted {
    task_id: TaskId,
    dimension: DimensionName,
    #[serde(rename = "timestamp")]
    _at: u64,
}

impl Exhausted {
    pub(super) fn body(self) -> Body<'static> {
        Body::BudgetExhausted { task: self.task_id, dimension: self.dimension.into() }
    }
}

#[derive(Deserialize)]
pub(super) struct Replenished {
    task_id: TaskId,
    dimension: DimensionName,
    new_limit: u64,
    #[serde(rename = "timestamp")]
    _at: u64,
}

impl Replenished {
    pub(super) fn body(self) -> Body<'static> {
        Body::BudgetReplenished {
            task: self.task_id,
            dimension: self.dimension.into(),
            limit: self.new_limit,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Tenant<'a> {
    tenant_id: TenantId,
    #[serde(borrow, rename = "name")]
    _name: Str<'a>,
    #[serde(rename = "timestamp")]
    _at: u64,
}

impl Tenant<'_> {
    pub(super) fn body(self) -> Body<'static> {
        Body::TenantCreated { tenant: self.tenant_id }
    }
}

#[derive(Deserialize)]
pub(super) struct Created<R> {
    pub(super) run_instance: R,
}

/// Result of converting a shape, without the sequence.
pub(super) type DecodedEvent<'a> = Result<(EventKind, Body<'a>), String>;
