//! Events of ActionQueue as shown on a run's page.

use super::event::{
    Admission, AttemptOutcome, Body, CancelTarget, Disposition, Event, Finish, ResolvedBy, Wait, WaitTarget,
};
use super::lines::{LineContent, LineDecoder};
use super::run_instance::RunInstance;
use super::states::RunState;
use crate::engine::run_event::{RunEvent, RunStep};
use crate::model::facts::AttemptResult;
use crate::model::id::{RunId, TaskId};
use crate::model::position::Position;

/// Event of one line; `None` for a line that holds no event of ActionQueue.
#[must_use]
pub fn read(place: Position, text: &[u8]) -> Option<RunEvent> {
    match LineDecoder::default().decode_line(text) {
        LineContent::Event(event) => Some(of(place, &event)),
        _ => None,
    }
}

/// Description of `event`, whose line is at `place`.
#[must_use]
pub fn of(place: Position, event: &Event<'_>) -> RunEvent {
    let (at, step) = step(&event.body);
    RunEvent {
        place,
        sequence: Some(event.sequence),
        kind: event.kind.name(),
        at,
        run: event.body.run(),
        step,
    }
}

/// Description of the effect of `event` on a run of a task, if it concerns that run.
#[must_use]
pub fn concerning(run: RunId, task: TaskId, place: Position, event: &Event<'_>) -> Option<RunEvent> {
    let admits = |admission: &Admission<'_>| admission.runs.iter().any(|it| it.id() == run);
    let is_of_it = match &event.body {
        Body::AdmissionCommitted(admission) => admits(admission),
        Body::AttemptDispositionCommitted(content) => {
            content.run == run || content.children.iter().any(admits)
        }
        Body::TaskCanceled { task: it, .. } => *it == task,
        Body::CancellationCommitted(content) => {
            [CancelTarget::Run(run), CancelTarget::Task(task)].contains(&content.target)
        }
        body => body.run() == Some(run),
    };
    is_of_it.then(|| of(place, event))
}

fn step(body: &Body<'_>) -> (Option<u64>, RunStep) {
    match body {
        Body::RunCreated { run } => (Some(run.created_at()), RunStep::Created),
        Body::AdmissionCommitted(admission) => admitted(admission),
        Body::RunStateChanged { from, to, at, .. } => {
            (Some(*at), RunStep::Moved { from: from.state(), to: to.state() })
        }
        Body::AttemptStarted { at, .. } => (Some(*at), RunStep::Started { owner: None }),
        Body::AcceptedAttemptStarted(start) => {
            (Some(start.at), RunStep::Started { owner: Some(start.fence.owner.as_ref().into()) })
        }
        Body::AttemptFinished(finish) => finished(finish, false),
        Body::AttemptClosed { finish, recovery } => finished(finish, *recovery),
        Body::AttemptDispositionCommitted(disposition) => disposed(disposition),
        Body::Lease { step, owner, expiry, at, .. } => {
            (Some(*at), RunStep::Lease { step: *step, owner: owner.as_ref().into(), expiry: *expiry })
        }
        Body::RunSuspended { reason, at, .. } => (
            Some(*at),
            RunStep::Stopped { reason: reason.as_deref().map(Into::into), to: RunState::Suspended.state() },
        ),
        Body::RunResumed { at, .. } => (Some(*at), RunStep::Resumed { from: RunState::Suspended.state() }),
        Body::WaitEstablished(wait) => {
            let (words, deadline) = (awaited(&wait.wait).into(), wait.wait.deadline);
            (Some(wait.at), RunStep::Waits { words, deadline, to: RunState::Awaiting.state() })
        }
        Body::WaitResolved(resolution) => {
            let by = by(&resolution.by);
            (Some(resolution.at), RunStep::Resolved { by, from: RunState::Awaiting.state() })
        }
        Body::RunCanceled { at, .. } => (Some(*at), RunStep::Canceled { with_task: false }),
        Body::TaskCanceled { at, .. } => (Some(*at), RunStep::Canceled { with_task: true }),
        Body::CancellationCommitted(content) => (
            Some(content.at),
            RunStep::Canceled { with_task: matches!(content.target, CancelTarget::Task(_)) },
        ),
        Body::TaskCreated { at, .. }
        | Body::EnginePaused { at }
        | Body::EngineResumed { at }
        | Body::BudgetAllocated { at, .. }
        | Body::SignalsRetired { at, .. } => (Some(*at), RunStep::Other),
        Body::SignalAdmitted(signal) => (Some(signal.received_at), RunStep::Other),
        Body::DependencyDeclared { .. }
        | Body::BudgetConsumed { .. }
        | Body::BudgetExhausted { .. }
        | Body::BudgetReplenished { .. }
        | Body::TenantCreated { .. }
        | Body::Elsewhere
        | Body::SignalPinMoved { .. }
        | Body::StoreInitialized => (None, RunStep::Other),
    }
}

fn admitted(admission: &Admission<'_>) -> (Option<u64>, RunStep) {
    let created = admission.runs.first().map_or(admission.at, RunInstance::created_at);
    (Some(created), RunStep::Created)
}

fn finished(finish: &Finish<'_>, recovered: bool) -> (Option<u64>, RunStep) {
    let error = finish.error.as_deref().map(Into::into);
    (Some(finish.at), RunStep::Finished { result: finish.result, error, recovered })
}

fn disposed(disposition: &Disposition<'_>) -> (Option<u64>, RunStep) {
    let (result, words) = match &disposition.outcome {
        AttemptOutcome::Complete => (AttemptResult::Success, None),
        AttemptOutcome::RetryableFailure(error) | AttemptOutcome::TerminalFailure(error) => {
            (AttemptResult::Failure, Some(error.as_ref().into()))
        }
        AttemptOutcome::Timeout(error) => (AttemptResult::Timeout, Some(error.as_ref().into())),
        AttemptOutcome::Suspended(reason) => (AttemptResult::Suspended, reason.as_deref().map(Into::into)),
        AttemptOutcome::Awaiting => {
            (AttemptResult::Awaiting, disposition.wait.as_ref().map(|wait| awaited(wait).into()))
        }
    };
    let deadline = disposition.wait.as_ref().and_then(|wait| wait.deadline);
    (Some(disposition.at), RunStep::Disposed { result, words, to: disposition.target.state(), deadline })
}

fn awaited(wait: &Wait<'_>) -> String {
    match &wait.target {
        WaitTarget::Signal { filter, .. } => {
            let about = filter.correlation.as_ref().map_or_else(String::new, |about| format!(" {about}"));
            format!("signal {}/{}{about}", filter.namespace, filter.kind)
        }
        WaitTarget::Children { tasks, or_any_failed } => {
            let or = if *or_any_failed { ", or one that fails" } else { "" };
            format!("{} child tasks{or}", tasks.len())
        }
    }
}

const fn by(by: &ResolvedBy) -> &'static str {
    match by {
        ResolvedBy::Signal(_) => "by a signal",
        ResolvedBy::Children(_) => "by its child tasks",
        ResolvedBy::Deadline => "by its deadline",
        ResolvedBy::Control => "by an operator",
        ResolvedBy::Canceled => "by a cancellation",
    }
}
