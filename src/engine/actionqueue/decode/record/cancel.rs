//! Cancellations of a task or a run.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::engine::actionqueue::event::{Body, CancelTarget};
use crate::model::id::{RunId, TaskId, TenantId};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::actionqueue::decode) struct CancellationShape {
    task: Option<TaskId>,
    run: Option<RunId>,
    tenant: Option<TenantId>,
    #[serde(rename = "control")]
    _control: Option<IgnoredAny>,
    sequence: u64,
    timestamp: u64,
}

impl CancellationShape {
    pub(in crate::engine::actionqueue::decode) fn body(
        self,
        fits: impl FnOnce(&CancelTarget) -> bool,
    ) -> Result<Body<'static>, String> {
        let target = match (self.task, self.run) {
            (Some(task), None) if !task.is_nil() => CancelTarget::Task(task),
            (None, Some(run)) if !run.is_nil() => CancelTarget::Run(run),
            _ => return Err("invalid cancellation target".to_owned()),
        };
        Ok(Body::CancellationCommitted(crate::engine::actionqueue::event::Cancellation {
            // As above: a run's cancellation inside a task's event contradicts itself.
            recorded: if fits(&target) { self.sequence } else { 0 },
            target,
            tenant: self.tenant,
            at: self.timestamp,
        }))
    }
}
