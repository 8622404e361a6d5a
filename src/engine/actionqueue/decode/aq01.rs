//! The 31 events of ActionQueue 0.1.

use serde::Deserialize;

use super::common::{
    Allocated, At, Consumed, Created as RunCreated, DecodedEvent, Depends, Exhausted, Finished, Leased,
    OfRun, OfTask, Replenished, Started, StateChanged, Suspended, Tenant,
};
use super::elsewhere::{
    Assigned, BudgetLedger, Capability01, Filter01, Granted, OfActor, OfSubscription, Registered01,
    Subscribed,
};
use super::run::Run01;
use super::scalar::{Result01, State01};
use super::task::{CreatedTask as TaskCreated, Task01};
use super::{Parts, parse};
use crate::engine::actionqueue::event::{Body, EventKind};
use crate::model::facts::LeaseStep;

#[derive(Deserialize)]
struct Line<'a> {
    sequence: u64,
    #[serde(borrow)]
    event: Wire<'a>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "events that no run feels are read for their form alone")]
enum Wire<'a> {
    #[serde(borrow)]
    TaskCreated(TaskCreated<Task01<'a>>),
    RunCreated(RunCreated<Run01<State01>>),
    RunStateChanged(StateChanged<State01>),
    AttemptStarted(Started),
    #[serde(borrow)]
    AttemptFinished(Finished<'a, Result01>),
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
    SubscriptionCreated(Subscribed<Filter01<State01>>),
    SubscriptionTriggered(OfSubscription),
    SubscriptionCanceled(OfSubscription),
    ActorRegistered(Registered01),
    ActorDeregistered(OfActor),
    ActorHeartbeat(OfActor),
    #[serde(borrow)]
    TenantCreated(Tenant<'a>),
    RoleAssigned(Assigned),
    CapabilityGranted(Granted<Capability01>),
    CapabilityRevoked(Granted<Capability01>),
    LedgerEntryAppended(BudgetLedger),
}

pub(super) fn decode(line: &[u8]) -> Parts<'_> {
    let Line { sequence, event } = parse(line)?;
    let (kind, body) = event.into_event()?;
    Ok((sequence, kind, body))
}

impl<'a> Wire<'a> {
    fn into_event(self) -> DecodedEvent<'a> {
        use EventKind as K;
        Ok(match self {
            Self::TaskCreated(it) => (K::TaskCreated, it.body(Task01::checked)?),
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
