//! Recognizer of the exact shapes that the engines print: a fast path in front of the full decoder.
//!
//! It accepts a line only if every byte is where the engine's own serializer puts it, and rejects everything else:
//! other field orders, escapes, blanks, unusual numbers, broken lines. An accepted line decodes to the same event as
//! in the full decoder, which a property test checks for every line, valid or not. Shapes that are rare on a busy log
//! are not covered.

mod cursor;

use crate::engine::actionqueue::event::{
    AcceptedStart, AttemptOutcome, Body, Disposition, Event, EventKind, Fence, Finish, Vocabulary,
};
use crate::engine::actionqueue::run_instance::{RunInstance, RunRecord};
use crate::engine::actionqueue::states::RunState;
use crate::model::facts::{AttemptResult, LeaseStep};
use crate::model::id::{AttemptId, RunId, TaskId};
use crate::model::task::{RunPolicy, Task};
use cursor::ByteCursor;
pub use cursor::InstantCache;

/// Recognizes a line of a usual shape at the front of `bytes`, and returns its event and length; `None` for every
/// other line. The caller checks that the line ends there.
#[inline]
pub fn recognize<'a>(
    bytes: &'a [u8],
    vocabulary: Vocabulary,
    memory: &mut InstantCache,
) -> Option<(Event<'a>, usize)> {
    let mut at = ByteCursor::new(bytes, memory);
    if vocabulary == Vocabulary::Aq02 {
        at.literal(br#"{"control":null,"sequence":"#)?;
    } else {
        at.literal(br#"{"sequence":"#)?;
    }
    let sequence = at.number()?;
    at.literal(br#","event":{""#)?;
    let (kind, body) = event(&mut at, vocabulary)?;
    at.literal(b"}}}")?;
    Some((Event { sequence, kind, body }, bytes.len() - at.rest().len()))
}

/// Parses the event from its name to the brace that closes its fields.
#[inline]
fn event<'a>(at: &mut ByteCursor<'a, '_>, vocabulary: Vocabulary) -> Option<(EventKind, Body<'a>)> {
    use EventKind as K;
    let is_newer = vocabulary == Vocabulary::Aq02;
    Some(match at.peek()? {
        b"RunState" => (K::RunStateChanged, state_changed(at, vocabulary)?),
        b"AttemptS" => (K::AttemptStarted, attempt_started(at)?),
        b"AttemptF" => (K::AttemptFinished, attempt_finished(at, vocabulary)?),
        b"LeaseAcq" => {
            at.literal(br#"LeaseAcquired":"#)?;
            (K::LeaseAcquired, lease(at, LeaseStep::Acquire)?)
        }
        b"LeaseHea" => {
            at.literal(br#"LeaseHeartbeat":"#)?;
            (K::LeaseHeartbeat, lease(at, LeaseStep::Heartbeat)?)
        }
        b"LeaseExp" => {
            at.literal(br#"LeaseExpired":"#)?;
            (K::LeaseExpired, lease(at, LeaseStep::Expire)?)
        }
        b"LeaseRel" => {
            at.literal(br#"LeaseReleased":"#)?;
            (K::LeaseReleased, lease(at, LeaseStep::Release)?)
        }
        b"RunCreat" => (K::RunCreated, run_created(at, vocabulary)?),
        b"RunSuspe" => (K::RunSuspended, run_suspended(at)?),
        b"RunResum" => (K::RunResumed, run_resumed(at)?),
        b"TaskCrea" => (K::TaskCreated, task_created(at, vocabulary)?),
        b"Accepted" if is_newer => (K::AcceptedAttemptStarted, accepted_start(at)?),
        b"AttemptD" if is_newer => (K::AttemptDispositionCommitted, disposition(at)?),
        _ => return None,
    })
}

fn state_changed(at: &mut ByteCursor<'_, '_>, vocabulary: Vocabulary) -> Option<Body<'static>> {
    at.literal(br#"RunStateChanged":{"run_id":""#)?;
    let run = RunId::from_uuid(at.uuid()?);
    at.literal(br#"","previous_state":""#)?;
    let from = state(at, vocabulary)?;
    at.literal(br#","new_state":""#)?;
    let to = state(at, vocabulary)?;
    let at = timestamp(at)?;
    Some(Body::RunStateChanged { run, from, to, at })
}

/// Parses a state's name and its closing quote.
#[inline]
fn state(at: &mut ByteCursor<'_, '_>, vocabulary: Vocabulary) -> Option<RunState> {
    let (first, second) = (at.rest().first()?, at.rest().get(1)?);
    match (first, second) {
        (b'S', b'c') => at.literal(br#"Scheduled""#).map(|()| RunState::Scheduled),
        (b'R', b'u') => at.literal(br#"Running""#).map(|()| RunState::Running),
        (b'L', _) => at.literal(br#"Leased""#).map(|()| RunState::Leased),
        (b'C', b'o') => at.literal(br#"Completed""#).map(|()| RunState::Completed),
        (b'S', _) => at.literal(br#"Suspended""#).map(|()| RunState::Suspended),
        (b'F', _) => at.literal(br#"Failed""#).map(|()| RunState::Failed),
        (b'C', _) => at.literal(br#"Canceled""#).map(|()| RunState::Canceled),
        (b'A', _) if vocabulary == Vocabulary::Aq02 => {
            at.literal(br#"Awaiting""#).map(|()| RunState::Awaiting)
        }
        _ if at.literal(br#"Ready""#).is_some() => Some(RunState::Ready),
        _ => at.literal(br#"RetryWait""#).map(|()| RunState::RetryWait),
    }
}

/// Parses the timestamp that ends most events, with the comma before it.
fn timestamp(at: &mut ByteCursor<'_, '_>) -> Option<u64> {
    at.literal(br#","timestamp":"#)?;
    at.instant()
}

fn attempt_started(at: &mut ByteCursor<'_, '_>) -> Option<Body<'static>> {
    at.literal(br#"AttemptStarted":"#)?;
    let (run, attempt) = run_and_attempt(at)?;
    Some(Body::AttemptStarted { run, attempt, at: timestamp(at)? })
}

fn run_and_attempt(at: &mut ByteCursor<'_, '_>) -> Option<(RunId, AttemptId)> {
    at.literal(br#"{"run_id":""#)?;
    let run = RunId::from_uuid(at.uuid()?);
    at.literal(br#"","attempt_id":""#)?;
    let attempt = AttemptId::from_uuid(at.uuid()?);
    at.literal(b"\"")?;
    Some((run, attempt))
}

fn attempt_finished<'a>(at: &mut ByteCursor<'a, '_>, vocabulary: Vocabulary) -> Option<Body<'a>> {
    at.literal(br#"AttemptFinished":"#)?;
    let (run, attempt) = run_and_attempt(at)?;
    at.literal(br#","result":""#)?;
    let result = result(at, vocabulary)?;
    at.literal(br#","error":"#)?;
    let error = at.nullable(quoted)?;
    at.literal(br#","output":"#)?;
    let output = at.nullable(ByteCursor::bytes)?;
    let finish = Finish { run, attempt, result, error: error.map(Into::into), output, at: timestamp(at)? };
    Some(Body::AttemptFinished(finish))
}

/// Parses a result's name and its closing quote.
#[inline]
fn result(at: &mut ByteCursor<'_, '_>, vocabulary: Vocabulary) -> Option<AttemptResult> {
    match at.rest().first()? {
        b'F' => at.literal(br#"Failure""#).map(|()| AttemptResult::Failure),
        b'T' => at.literal(br#"Timeout""#).map(|()| AttemptResult::Timeout),
        b'A' if vocabulary == Vocabulary::Aq02 => {
            at.literal(br#"Awaiting""#).map(|()| AttemptResult::Awaiting)
        }
        _ if at.literal(br#"Success""#).is_some() => Some(AttemptResult::Success),
        _ => at.literal(br#"Suspended""#).map(|()| AttemptResult::Suspended),
    }
}

fn run_suspended<'a>(at: &mut ByteCursor<'a, '_>) -> Option<Body<'a>> {
    at.literal(br#"RunSuspended":{"run_id":""#)?;
    let run = RunId::from_uuid(at.uuid()?);
    at.literal(br#"","reason":"#)?;
    let reason = at.nullable(quoted)?.map(Into::into);
    Some(Body::RunSuspended { run, reason, at: timestamp(at)? })
}

fn run_resumed(at: &mut ByteCursor<'_, '_>) -> Option<Body<'static>> {
    at.literal(br#"RunResumed":{"run_id":""#)?;
    let run = RunId::from_uuid(at.uuid()?);
    at.literal(b"\"")?;
    Some(Body::RunResumed { run, at: timestamp(at)? })
}

fn lease<'a>(at: &mut ByteCursor<'a, '_>, step: LeaseStep) -> Option<Body<'a>> {
    at.literal(br#"{"run_id":""#)?;
    let run = RunId::from_uuid(at.uuid()?);
    at.literal(br#"","owner":""#)?;
    let owner = at.plain()?;
    at.literal(br#","expiry":"#)?;
    let expiry = at.expiry()?;
    Some(Body::Lease { step, run, owner: owner.into(), expiry, at: timestamp(at)? })
}

fn run_created(at: &mut ByteCursor<'_, '_>, vocabulary: Vocabulary) -> Option<Body<'static>> {
    at.literal(br#"RunCreated":{"run_instance":{"id":""#)?;
    let id = RunId::from_uuid(at.uuid()?);
    at.literal(br#"","task_id":""#)?;
    let task_id = TaskId::from_uuid(at.uuid()?);
    at.literal(br#"","state":""#)?;
    let state = state(at, vocabulary)?;
    at.literal(br#","current_attempt_id":null,"attempt_count":"#)?;
    let attempt_count = at.small()?;
    let failure_attempt_count = if vocabulary == Vocabulary::Aq02 {
        at.literal(br#","failure_attempt_count":"#)?;
        Some(at.small()?)
    } else {
        None
    };
    at.literal(br#","created_at":"#)?;
    let created_at = at.instant()?;
    at.literal(br#","scheduled_at":"#)?;
    let scheduled_at = at.instant()?;
    at.literal(br#","effective_priority":"#)?;
    let effective_priority = at.signed()?;
    at.literal(br#","last_state_change_at":"#)?;
    let last_state_change_at = at.instant()?;
    at.literal(b"}")?;
    let record = RunRecord {
        id,
        task_id,
        state,
        current_attempt_id: None,
        attempt_count,
        failure_attempt_count,
        created_at,
        scheduled_at,
        effective_priority,
        last_state_change_at,
    };
    // A record that the engine refuses is left to the full decoder, which gives the reason.
    let run = RunInstance::from_record(record).ok()?;
    Some(Body::RunCreated { run })
}

/// Parses a task of the simplest form: run once, no parent, tenant or required capabilities.
fn task_created<'a>(at: &mut ByteCursor<'a, '_>, vocabulary: Vocabulary) -> Option<Body<'a>> {
    at.literal(br#"TaskCreated":{"task_spec":{"id":""#)?;
    let id = TaskId::from_uuid(at.uuid()?);
    if id.is_nil() {
        return None;
    }
    at.literal(br#"","payload":{"bytes":"#)?;
    at.skip_bytes()?;
    at.literal(br#","content_type":"#)?;
    at.nullable(quoted)?;
    at.literal(br#"},"run_policy":"Once","constraints":{"max_attempts":"#)?;
    let max_attempts = at.small().filter(|max| *max > 0)?;
    at.literal(br#","timeout_secs":"#)?;
    let timeout_secs = at.nullable(ByteCursor::number)?;
    at.literal(br#","concurrency_key":"#)?;
    let concurrency_key = at.nullable(quoted)?;
    if timeout_secs == Some(0) || concurrency_key == Some("") {
        return None;
    }
    at.literal(br#","concurrency_key_hold_policy":""#)?;
    let releases_key_on_retry = match at.plain()? {
        "HoldDuringRetry" => false,
        "ReleaseOnRetry" => true,
        _ => return None,
    };
    let mut releases_key_while_awaiting = true;
    if vocabulary == Vocabulary::Aq02 {
        at.literal(br#","concurrency_key_wait_policy":""#)?;
        releases_key_while_awaiting = match at.plain()? {
            "ReleaseWhileAwaiting" => true,
            "HoldWhileAwaiting" => false,
            _ => return None,
        };
    }
    at.literal(br#","safety_level":""#)?;
    if !matches!(at.plain()?, "Pure" | "Idempotent" | "Transactional") {
        return None;
    }
    match vocabulary {
        Vocabulary::Aq01 => at.literal(br#","required_capabilities":null},"metadata":{"tags":["#)?,
        Vocabulary::Aq02 => at.literal(br#","required_executor_traits":null},"metadata":{"tags":["#)?,
    }
    let tags = at.list(quoted)?;
    at.literal(br#","priority":"#)?;
    let priority = at.signed()?;
    at.literal(br#","description":"#)?;
    let description = at.nullable(quoted)?;
    match vocabulary {
        Vocabulary::Aq01 => at.literal(br#"},"parent_task_id":null,"tenant_id":null}"#)?,
        Vocabulary::Aq02 => {
            at.literal(br#"},"parent_task_id":null,"child_lifecycle_policy":"Required","tenant_id":null}"#)?;
        }
    }
    let task = Task {
        id,
        description: description.map(Into::into),
        tags: tags.into_iter().map(Into::into).collect(),
        priority,
        policy: RunPolicy::Once,
        max_attempts,
        timeout_secs,
        concurrency_key: concurrency_key.map(Into::into),
        releases_key_on_retry,
        releases_key_while_awaiting,
        parent: None,
        detached: false,
        tenant: None,
    };
    Some(Body::TaskCreated { task: Box::new(task), at: timestamp(at)? })
}

fn quoted<'a>(at: &mut ByteCursor<'a, '_>) -> Option<&'a str> {
    at.literal(b"\"")?;
    at.plain()
}

fn fence<'a>(at: &mut ByteCursor<'a, '_>) -> Option<Fence<'a>> {
    at.literal(br#"{"owner":""#)?;
    let owner = at.plain()?;
    at.literal(br#","granted_at_sequence":"#)?;
    let granted_at = at.number()?;
    at.literal(b"}")?;
    Some(Fence { owner: owner.into(), granted_at })
}

/// Parses the common prefix of the records of 0.2 and later: sequence, run and attempt.
fn recorded(at: &mut ByteCursor<'_, '_>) -> Option<(u64, RunId, AttemptId)> {
    at.literal(br#"{"record":{"sequence":"#)?;
    let recorded = at.number()?;
    at.literal(br#","run_id":""#)?;
    let run = RunId::from_uuid(at.uuid()?);
    at.literal(br#"","attempt_id":""#)?;
    let attempt = AttemptId::from_uuid(at.uuid()?);
    Some((recorded, run, attempt))
}

fn accepted_start<'a>(at: &mut ByteCursor<'a, '_>) -> Option<Body<'a>> {
    at.literal(br#"AcceptedAttemptStarted":"#)?;
    let (recorded, run, attempt) = recorded(at)?;
    at.literal(br#"","timestamp":"#)?;
    let started_at = at.instant()?;
    at.literal(br#","fence":"#)?;
    let fence = fence(at)?;
    at.literal(br#","assignment":null}"#)?;
    let start = AcceptedStart { recorded, run, attempt, fence, assignment: None, at: started_at };
    Some(Body::AcceptedAttemptStarted(Box::new(start)))
}

/// Parses a disposition without data, children, signals or a wait.
fn disposition<'a>(at: &mut ByteCursor<'a, '_>) -> Option<Body<'a>> {
    at.literal(br#"AttemptDispositionCommitted":"#)?;
    let (recorded, run, attempt) = recorded(at)?;
    at.literal(br#"","fence":"#)?;
    let fence = fence(at)?;
    at.literal(br#","timestamp":"#)?;
    let ended_at = at.instant()?;
    at.literal(br#","disposition":{"outcome":"#)?;
    let outcome = outcome(at)?;
    at.literal(
        br#","output":null,"checkpoint":null,"wait":null,"child_admissions":[],"emitted_signals":[],"consumption":[]},"children":[],"signals":[],"target_state":""#,
    )?;
    let target = state(at, Vocabulary::Aq02)?;
    at.literal(br#","failure_attempt_count":"#)?;
    let failures = at.small()?;
    at.literal(b"}")?;
    Some(Body::AttemptDispositionCommitted(Box::new(Disposition {
        recorded,
        run,
        attempt,
        fence,
        outcome,
        output: None,
        checkpoint: None,
        wait: None,
        children: Vec::new(),
        signals: Vec::new(),
        consumption: Vec::new(),
        target,
        failures,
        at: ended_at,
    })))
}

fn outcome<'a>(at: &mut ByteCursor<'a, '_>) -> Option<AttemptOutcome<'a>> {
    if at.literal(br#""Complete""#).is_some() {
        return Some(AttemptOutcome::Complete);
    }
    if at.literal(br#"{"Suspended":{"reason":"#).is_some() {
        let reason = at.nullable(quoted)?;
        at.literal(b"}}")?;
        return Some(AttemptOutcome::Suspended(reason.map(Into::into)));
    }
    let failure: fn(_) -> _ = if at.literal(br#"{"RetryableFailure""#).is_some() {
        AttemptOutcome::RetryableFailure
    } else if at.literal(br#"{"TerminalFailure""#).is_some() {
        AttemptOutcome::TerminalFailure
    } else {
        at.literal(br#"{"Timeout""#)?;
        AttemptOutcome::Timeout
    };
    at.literal(br#":{"error":{"code":""#)?;
    at.plain()?;
    at.literal(br#","message":""#)?;
    let message = at.plain()?.into();
    at.literal(b"}}}")?;
    Some(failure(message))
}
