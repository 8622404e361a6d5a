//! The one handler: does what a payload says, on a thread that the engine lends it for an attempt.
//!
//! The engine runs it on its pool of blocking threads, so it may sleep; it sleeps in short naps, to notice a
//! timeout and the end of the demo. Must not know the queue, nor what else runs.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use actionqueue_core::bounded::{BoundedCode, BoundedError, BoundedValueError};
use actionqueue_core::budget::{BudgetConsumption, BudgetDimension};
use actionqueue_core::continuation::{
    SignalEligibility, SignalFilter, SignalKind, SignalNamespace, WaitDeadline, WaitMatchPolicy, WaitSpec,
    WaitTimeoutPolicy, WakeReason,
};
use actionqueue_core::data_ref::DataRef;
use actionqueue_core::disposition::AttemptDisposition;
use actionqueue_core::ids::{CorrelationId, WaitId};
use actionqueue_executor_local::handler::{ExecutorContext, ExecutorHandler, HandlerInput};

use crate::payload::{Deadline, Meter, Payload, Policy, Then};
use crate::payments::{Fault, Payments};
use crate::stop::Stop;

/// The namespace and the kind of the signals that runs wait for.
pub const SIGNAL: (&str, &str) = ("demo", "approved");

/// Short enough to end within the engine's patience after a timeout, long enough to cost nothing.
const NAP: Duration = Duration::from_millis(20);

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Does the work of every task in the demo.
#[derive(Debug)]
pub struct Worker {
    stop: Stop,
    payments: Payments,
}

impl Worker {
    /// Makes a worker that calls `payments` and drops everything once `stop` is asked.
    #[must_use]
    pub const fn new(stop: Stop, payments: Payments) -> Self {
        Self { stop, payments }
    }

    fn perform(&self, input: &HandlerInput) -> Result<AttemptDisposition, Failed> {
        let payload: Payload = serde_json::from_slice(&input.payload)?;
        let fault = self.fault(&payload, input);
        self.work(Duration::from_millis(fault.map_or(payload.takes_ms, |fault| fault.after_ms)), input);
        match payload.then {
            Then::Finish => finish(input),
            Then::Spend { tokens } => spend(tokens, input),
            Then::Await { correlation, deadline } => wait(&correlation, deadline, input),
            Then::FailFirst { times, .. } if times <= input.metadata.failure_attempt_count => finish(input),
            Then::FailFirst { error, .. } => {
                let error = format!("{error} (attempt {})", input.metadata.attempt_number);
                Ok(AttemptDisposition::retryable_failure(BoundedError::new(error)?))
            }
            Then::Call { meter } => call(fault, meter, input),
            Then::GiveUp { error } => Ok(AttemptDisposition::terminal_failure(BoundedError::new(error)?)),
            Then::Hang => {
                self.work(Duration::MAX, input);
                finish(input)
            }
        }
    }

    /// Returns the fault of the service that the work needs, if it needs one.
    fn fault(&self, payload: &Payload, input: &HandlerInput) -> Option<&'static Fault> {
        let number = payload.takes_ms + u64::from(input.metadata.attempt_number);
        self.payments.fault(number).filter(|_| matches!(payload.then, Then::Call { .. }))
    }

    /// Sleeps for `time`, less when the attempt or the demo is over.
    fn work(&self, time: Duration, input: &HandlerInput) {
        let token = input.cancellation_context.token();
        let started_at = Instant::now();
        while started_at.elapsed() < time && !token.is_cancelled() && !self.stop.is_asked() {
            std::thread::sleep(NAP.min(time.saturating_sub(started_at.elapsed())));
        }
    }
}

impl ExecutorHandler for Worker {
    fn execute(&self, context: ExecutorContext) -> AttemptDisposition {
        self.perform(&context.input).unwrap_or_else(|failed| {
            let text: String = failed.to_string().chars().take(200).collect();
            AttemptDisposition::terminal_failure(
                BoundedError::new(text).expect("a short text is within bounds"),
            )
        })
    }
}

fn finish(input: &HandlerInput) -> Result<AttemptDisposition, Failed> {
    let output = format!("done on attempt {}", input.metadata.attempt_number);
    Ok(AttemptDisposition::complete(Some(DataRef::from_bytes(output.into_bytes())?)))
}

fn call(
    fault: Option<&Fault>,
    meter: Option<Meter>,
    input: &HandlerInput,
) -> Result<AttemptDisposition, Failed> {
    let ended = match fault {
        None => finish(input)?,
        Some(_) if meter.is_some_and(|meter| meter.calls == input.metadata.attempt_number) => exhausted()?,
        Some(fault) => AttemptDisposition::retryable_failure(BoundedError::new(fault.error)?),
    };
    let spent = meter.map(|meter| BudgetConsumption::new(BudgetDimension::Token, meter.tokens));
    Ok(ended.with_consumption(spent.into_iter().collect())?)
}

fn exhausted() -> Result<AttemptDisposition, BoundedValueError> {
    Ok(AttemptDisposition::suspended(None, Some(BoundedCode::new("budget_exhausted")?)))
}

fn spend(tokens: u64, input: &HandlerInput) -> Result<AttemptDisposition, Failed> {
    if input.metadata.attempt_number > 1 {
        return finish(input);
    }
    let spent = vec![BudgetConsumption::new(BudgetDimension::Token, tokens)];
    Ok(exhausted()?.with_consumption(spent)?)
}

fn wait(
    correlation: &str,
    deadline: Option<Deadline>,
    input: &HandlerInput,
) -> Result<AttemptDisposition, Failed> {
    match input.resume_context.as_ref().map(|context| &context.wake) {
        None => {
            let deadline = deadline.map(wait_deadline).transpose()?;
            let (first, any) = (WaitMatchPolicy::FirstMatch, SignalEligibility::AnyRetained);
            let spec = WaitSpec::new(WaitId::new(), filter(correlation)?, first, any, deadline)?;
            Ok(AttemptDisposition::awaiting(spec, None))
        }
        Some(WakeReason::Deadline { .. }) => {
            let error = BoundedError::new(format!("no answer for {correlation} in time"))?;
            Ok(AttemptDisposition::terminal_failure(error))
        }
        Some(_) => finish(input),
    }
}

fn filter(correlation: &str) -> Result<SignalFilter, BoundedValueError> {
    Ok(SignalFilter {
        tenant_id: None,
        namespace: SignalNamespace::new(SIGNAL.0)?,
        kind: SignalKind::new(SIGNAL.1)?,
        correlation_id: Some(CorrelationId::new(correlation)?),
        source_ref: None,
    })
}

fn wait_deadline(deadline: Deadline) -> Result<WaitDeadline, Failed> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let policy = match deadline.policy {
        Policy::Resume => WaitTimeoutPolicy::ResumeWithTimeout,
        Policy::Cancel => WaitTimeoutPolicy::CancelRun,
        Policy::Fail => WaitTimeoutPolicy::FailRun { code: BoundedCode::new("approval_timed_out")? },
    };
    Ok(WaitDeadline { at: now + deadline.after_secs, policy })
}
