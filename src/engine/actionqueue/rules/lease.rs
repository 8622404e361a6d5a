//! Rules of leases: acquisition, extension and end.

use super::{Context, Outcome, Reducer, state_of};
use crate::engine::actionqueue::UNIT;
use crate::engine::actionqueue::rejection::Rejection;
use crate::engine::actionqueue::states::RunState;
use crate::model::facts::LeaseStep;
use crate::model::id::RunId;
use crate::store::{Lease, RunKey};

/// Content of a lease event.
#[derive(Clone, Copy)]
pub(super) struct Claim<'a> {
    pub(super) step: LeaseStep,
    pub(super) run: RunId,
    pub(super) owner: &'a str,
    pub(super) expiry: u64,
    pub(super) at: u64,
}

impl Reducer<'_> {
    pub(super) fn lease(&mut self, cx: Context, claim: Claim<'_>) -> Outcome {
        let Claim { step, run, .. } = claim;
        let assumed = if step == LeaseStep::Acquire { RunState::Leased } else { RunState::Running };
        let key = match self.known_run(cx, run, assumed) {
            Ok(key) => key,
            Err(_) => return Err(Rejection::LeaseOfUnknownRun { run, step }),
        };
        let state = state_of(self.store.record(key));
        if !allows(step, state) {
            return Err(Rejection::LeaseInState { run, step, state });
        }
        self.take_up_lease(key, &claim);
        match step {
            LeaseStep::Acquire => self.acquire(cx, key, &claim),
            LeaseStep::Heartbeat => self.heartbeat(cx, key, &claim),
            LeaseStep::Expire | LeaseStep::Release => self.end_lease(cx, key, &claim),
        }
    }

    /// Adds the lease of a run that was joined under one, from its next lease event.
    fn take_up_lease(&mut self, key: RunKey, claim: &Claim<'_>) {
        let unseen = self.store.record(key).is_joined() && self.store.lease_of(key).is_none();
        if unseen && self.is_lenient() && claim.step != LeaseStep::Acquire {
            let lease = self.claimed(claim, 0);
            self.store.set_lease(key, lease);
        }
    }

    fn acquire(&mut self, cx: Context, key: RunKey, claim: &Claim<'_>) -> Outcome {
        if self.store.lease_of(key).is_some() {
            return Err(Rejection::AlreadyLeased(claim.run));
        }
        if claim.expiry >= UNIT.latest_believed() {
            self.store.look_at_time_ahead(cx.place, cx.sequence(), claim.expiry);
        }
        let lease = self.claimed(claim, cx.sequence());
        self.store.set_lease(key, lease);
        self.store.set_last(key, cx.last);
        Ok(())
    }

    fn claimed(&mut self, claim: &Claim<'_>, granted_at: u64) -> Lease {
        let owner = self.store.intern(claim.owner);
        Lease { owner, expiry: claim.expiry, acquired_at: claim.at, updated_at: claim.at, granted_at }
    }

    fn heartbeat(&mut self, cx: Context, key: RunKey, claim: &Claim<'_>) -> Outcome {
        let lease = self.owned_lease(key, claim)?;
        if claim.expiry < lease.expiry {
            return Err(Rejection::LeaseRegression {
                run: claim.run,
                previous: lease.expiry,
                proposed: claim.expiry,
            });
        }
        self.store.set_lease(key, Lease { expiry: claim.expiry, updated_at: claim.at, ..lease });
        self.store.set_last(key, cx.last);
        Ok(())
    }

    /// Ends a lease. A run that was Leased returns to Ready: 0.1 records that neither in the history nor in the time
    /// of the last change; 0.2 and later treat it as a state change.
    fn end_lease(&mut self, cx: Context, key: RunKey, claim: &Claim<'_>) -> Outcome {
        let lease = self.owned_lease(key, claim)?;
        if claim.expiry != lease.expiry {
            return Err(Rejection::LeaseExpiry {
                run: claim.run,
                step: claim.step,
                expected: lease.expiry,
                actual: claim.expiry,
            });
        }
        if self.store.record(key).state() == RunState::Leased {
            if self.own.is_newer() {
                self.change_state(cx, key, RunState::Ready, claim.at)?;
            } else {
                self.store.place_in(key, RunState::Ready.id());
            }
        }
        self.store.drop_lease(key);
        self.store.set_last(key, cx.last);
        Ok(())
    }

    fn owned_lease(&self, key: RunKey, claim: &Claim<'_>) -> Result<Lease, Rejection> {
        let Some(lease) = self.store.lease_of(key) else {
            return Err(Rejection::NoLease { run: claim.run, step: claim.step });
        };
        let expected = self.store.text(lease.owner);
        if expected != claim.owner {
            return Err(Rejection::LeaseOwner {
                run: claim.run,
                step: claim.step,
                expected: expected.to_owned(),
                actual: claim.owner.to_owned(),
            });
        }
        Ok(lease)
    }
}

const fn allows(step: LeaseStep, state: RunState) -> bool {
    match step {
        LeaseStep::Acquire => matches!(state, RunState::Ready | RunState::Leased),
        LeaseStep::Heartbeat => matches!(state, RunState::Leased | RunState::Running),
        LeaseStep::Expire | LeaseStep::Release => {
            matches!(state, RunState::Ready | RunState::Leased | RunState::Running)
        }
    }
}
