//! The 46 events of ActionQueue 0.2 and later: those of 0.1, some with renamed fields, and 15 new ones.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::common::{
    Allocated, At, Consumed, Created as RunCreated, DecodedEvent, Depends, Exhausted, Finished, Leased,
    OfRun, OfTask, Replenished, Started, StateChanged, Suspended, Tenant,
};
use super::elsewhere::{
    Assigned, BudgetLedger, Capability02, Filter02, Granted, OfActor, OfSubscription, Registered02,
    Subscribed,
};
use super::record::Of;
use super::record::admission::AdmissionCommitted;
use super::record::attempt::{AcceptedStartRecord, Closed, DispositionRecord};
use super::record::cancel::CancellationShape;
use super::record::signal::{Pin, Retired, SignalShape};
use super::record::wait::{Resolution, Resolver, WaitRecordShape};
use super::run::Run02;
use super::scalar::{Result02, State02};
use super::task::{CreatedTask as TaskCreated, Task02};
use super::{Parts, parse};
use crate::engine::actionqueue::event::{Body, CancelTarget, EventKind};
use crate::model::facts::LeaseStep;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "control")]
    _control: Option<IgnoredAny>,
    sequence: u64,
    #[serde(borrow)]
    event: Wire<'a>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "events that no run feels are read for their form alone")]
enum Wire<'a> {
    #[serde(borrow)]
    AttemptDispositionCommitted(Of<Box<DispositionRecord<'a>>>),
    #[serde(borrow)]
    AcceptedAttemptStarted(Of<AcceptedStartRecord<'a>>),
    #[serde(borrow)]
    AttemptClosed(Of<Closed<'a>>),
    #[serde(borrow)]
    WaitEstablished(Of<Box<WaitRecordShape<'a>>>),
    WaitSatisfied(Of<Resolution>),
    WaitTimedOut(Of<Resolution>),
    WaitCanceled(Of<Resolution>),
    TaskCancellationCommitted(Of<CancellationShape>),
    RunCancellationCommitted(Of<CancellationShape>),
    #[serde(borrow)]
    SignalAdmitted(Of<Box<SignalShape<'a>>>),
    #[serde(borrow)]
    SignalPinned(Of<Pin<'a>>),
    #[serde(borrow)]
    SignalUnpinned(Of<Pin<'a>>),
    SignalsRetired(Of<Retired>),
    #[serde(borrow)]
    AdmissionCommitted(Box<AdmissionCommitted<'a>>),
    StoreInitialized(Manifest),
    #[serde(borrow)]
    TaskCreated(TaskCreated<Task02<'a>>),
    RunCreated(RunCreated<Run02<State02>>),
    RunStateChanged(StateChanged<State02>),
    AttemptStarted(Started),
    #[serde(borrow)]
    AttemptFinished(Finished<'a, Result02>),
    TaskCanceled(OfTask),
    RunCanceled(OfRun),
    #[serde(borrow)]
    LeaseAcquired(Leased<'a>),
    #[serde(borrow)]
    LeaseHeartbeat(Leased<'a>),
    #[serde(borrow)]
    LeaseExpired(Leased<'a>),
    #[serde(borrow)]
    LeaseReleased(Leased<'a>),
    EnginePaused(At),
    EngineResumed(At),
    DependencyDeclared(Depends),
    #[serde(borrow)]
    RunSuspended(Suspended<'a>),
    RunResumed(OfRun),
    BudgetAllocated(Allocated),
    BudgetConsumed(Consumed),
    BudgetExhausted(Exhausted),
    BudgetReplenished(Replenished),
    SubscriptionCreated(Subscribed<Filter02<State02>>),
    SubscriptionTriggered(OfSubscription),
    SubscriptionCanceled(OfSubscription),
    ActorRegistered(Registered02),
    ActorDeregistered(OfActor),
    ActorHeartbeat(OfActor),
    #[serde(borrow)]
    TenantCreated(Tenant<'a>),
    RoleAssigned(Assigned),
    CapabilityGranted(Granted<Capability02>),
    CapabilityRevoked(Granted<Capability02>),
    LedgerEntryAppended(BudgetLedger),
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "manifest_digest")]
    _digest: [u8; 32],
}

pub(super) fn decode(line: &[u8]) -> Parts<'_> {
    let Line { sequence, event, .. } = parse(line)?;
    let (kind, body) = event.into_event()?;
    Ok((sequence, kind, body))
}

impl<'a> Wire<'a> {
    fn into_event(self) -> DecodedEvent<'a> {
        use EventKind as K;
        Ok(match self {
            Self::AttemptDispositionCommitted(it) => (
                K::AttemptDispositionCommitted,
                Body::AttemptDispositionCommitted(Box::new(it.record.disposition()?)),
            ),
            Self::AcceptedAttemptStarted(it) => {
                (K::AcceptedAttemptStarted, Body::AcceptedAttemptStarted(Box::new(it.record.start())))
            }
            Self::AttemptClosed(it) => (K::AttemptClosed, it.record.body()),
            Self::WaitEstablished(it) => {
                (K::WaitEstablished, Body::WaitEstablished(Box::new(it.record.established()?)))
            }
            Self::WaitSatisfied(it) => (K::WaitSatisfied, it.record.body(Resolver::Satisfied)),
            Self::WaitTimedOut(it) => (K::WaitTimedOut, it.record.body(Resolver::TimedOut)),
            Self::WaitCanceled(it) => (K::WaitCanceled, it.record.body(Resolver::Canceled)),
            Self::TaskCancellationCommitted(it) => (
                K::TaskCancellationCommitted,
                it.record.body(|target| matches!(target, CancelTarget::Task(_)))?,
            ),
            Self::RunCancellationCommitted(it) => (
                K::RunCancellationCommitted,
                it.record.body(|target| matches!(target, CancelTarget::Run(_)))?,
            ),
            Self::SignalAdmitted(it) => {
                (K::SignalAdmitted, Body::SignalAdmitted(Box::new(it.record.signal()?)))
            }
            Self::SignalPinned(it) => (K::SignalPinned, it.record.body(true)),
            Self::SignalUnpinned(it) => (K::SignalUnpinned, it.record.body(false)),
            Self::SignalsRetired(it) => (K::SignalsRetired, it.record.body()),
            Self::AdmissionCommitted(it) => {
                (K::AdmissionCommitted, Body::AdmissionCommitted(Box::new(it.admission()?)))
            }
            Self::StoreInitialized(_) => (K::StoreInitialized, Body::StoreInitialized),
            Self::TaskCreated(it) => (K::TaskCreated, it.body(Task02::checked)?),
            Self::RunCreated(it) => (K::RunCreated, Body::RunCreated { run: it.run_instance.run()? }),
            Self::RunStateChanged(it) => (K::RunStateChanged, it.body()),
            Self::AttemptStarted(it) => (K::AttemptStarted, it.body()),
            Self::AttemptFinished(it) => (K::AttemptFinished, Body::AttemptFinished(it.finish())),
            Self::TaskCanceled(it) => (K::TaskCanceled, it.canceled()),
            Self::RunCanceled(it) => (K::RunCanceled, it.canceled()),
            Self::LeaseAcquired(it) => (K::LeaseAcquired, it.body(LeaseStep::Acquire)),
            Self::LeaseHeartbeat(it) => (K::LeaseHeartbeat, it.body(LeaseStep::Heartbeat)),
            Self::LeaseExpired(it) => (K::LeaseExpired, it.body(LeaseStep::Expire)),
            Self::LeaseReleased(it) => (K::LeaseReleased, it.body(LeaseStep::Release)),
            Self::EnginePaused(it) => (K::EnginePaused, Body::EnginePaused { at: it.timestamp }),
            Self::EngineResumed(it) => (K::EngineResumed, Body::EngineResumed { at: it.timestamp }),
            Self::DependencyDeclared(it) => (K::DependencyDeclared, it.body()),
            Self::RunSuspended(it) => (K::RunSuspended, it.body()),
            Self::RunResumed(it) => (K::RunResumed, it.resumed()),
            Self::BudgetAllocated(it) => (K::BudgetAllocated, it.body()),
            Self::BudgetConsumed(it) => (K::BudgetConsumed, it.body()),
            Self::BudgetExhausted(it) => (K::BudgetExhausted, it.body()),
            Self::BudgetReplenished(it) => (K::BudgetReplenished, it.body()),
            Self::SubscriptionCreated(_) => (K::SubscriptionCreated, Body::Elsewhere),
            Self::SubscriptionTriggered(_) => (K::SubscriptionTriggered, Body::Elsewhere),
            Self::SubscriptionCanceled(_) => (K::SubscriptionCanceled, Body::Elsewhere),
            Self::ActorRegistered(_) => (K::ActorRegistered, Body::Elsewhere),
            Self::ActorDeregistered(_) => (K::ActorDeregistered, Body::Elsewhere),
            Self::ActorHeartbeat(_) => (K::ActorHeartbeat, Body::Elsewhere),
            Self::TenantCreated(it) => (K::TenantCreated, it.body()),
            Self::RoleAssigned(_) => (K::RoleAssigned, Body::Elsewhere),
            Self::CapabilityGranted(_) => (K::CapabilityGranted, Body::Elsewhere),
            Self::CapabilityRevoked(_) => (K::CapabilityRevoked, Body::Elsewhere),
            Self::LedgerEntryAppended(_) => (K::LedgerEntryAppended, Body::Elsewhere),
        })
    }
}
