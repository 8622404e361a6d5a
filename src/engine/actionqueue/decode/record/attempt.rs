//! Attempts: their accepted starts, their dispositions and their closures.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::admission::{AdmissionRecord, admission};
use super::checkpoint::CheckpointShape;
use super::signal::SignalShape;
use super::wait::WaitShape;
use crate::engine::actionqueue::decode::run::Run02;
use crate::engine::actionqueue::decode::scalar::{DeliveryName, DimensionName, Result02, State02, Str, text};
use crate::engine::actionqueue::event::{
    AcceptedStart, Assignment, AttemptOutcome, Body, Disposition, Fence, Finish,
};
use crate::model::id::{AttemptId, RunId};

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
pub(in crate::engine::actionqueue::decode) struct AcceptedStartRecord<'a> {
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
    pub(in crate::engine::actionqueue::decode) fn start(self) -> AcceptedStart<'a> {
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
pub(in crate::engine::actionqueue::decode) struct Closed<'a> {
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
    pub(in crate::engine::actionqueue::decode) fn body(self) -> Body<'a> {
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
pub(in crate::engine::actionqueue::decode) struct DispositionRecord<'a> {
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
    signals: Vec<SignalShape<'a>>,
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
struct Consumption {
    dimension: DimensionName,
    amount: u64,
}

impl<'a> DispositionShape<'a> {
    /// Checks the combinations that the engine's constructor allows (`AttemptDisposition::new`).
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
    fn outcome(self) -> AttemptOutcome<'a> {
        match self {
            Self::Complete => AttemptOutcome::Complete,
            Self::RetryableFailure { error } => AttemptOutcome::RetryableFailure(error.message.0),
            Self::TerminalFailure { error } => AttemptOutcome::TerminalFailure(error.message.0),
            Self::Timeout { error } => AttemptOutcome::Timeout(error.message.0),
            Self::Suspended { reason } => AttemptOutcome::Suspended(text(reason)),
            Self::Awaiting => AttemptOutcome::Awaiting,
        }
    }
}

impl<'a> DispositionRecord<'a> {
    pub(in crate::engine::actionqueue::decode) fn disposition(self) -> Result<Disposition<'a>, String> {
        let shape = self.disposition;
        if !shape.is_consistent() {
            return Err("invalid disposition: InvalidCombination".to_owned());
        }
        if shape.child_admissions.len() != self.children.len()
            || shape.emitted_signals.len() != self.signals.len()
        {
            return Err("the disposition proposes other children or signals than it records".to_owned());
        }
        let children = self.children.into_iter().map(|child| admission(child.admission, child.runs));
        Ok(Disposition {
            recorded: self.sequence,
            run: self.run_id,
            attempt: self.attempt_id,
            fence: self.fence.fence(),
            outcome: shape.outcome.outcome(),
            output: shape.output.and_then(|data| match data {
                Data::Inline(inline) => Some(inline.bytes),
                Data::External(_) => None,
            }),
            checkpoint: shape.checkpoint.map(CheckpointShape::checkpoint),
            wait: shape.wait.map(WaitShape::wait).transpose()?,
            children: children.collect::<Result<_, _>>()?,
            signals: self.signals.into_iter().map(SignalShape::signal).collect::<Result<_, _>>()?,
            consumption: shape.consumption.into_iter().map(|it| (it.dimension.into(), it.amount)).collect(),
            target: self.target_state.into(),
            failures: self.failure_attempt_count,
            at: self.timestamp,
        })
    }
}
