//! Cancels of an engine, as its table of states tells them: of what, to which end, and how its log proves one.

use super::{Phase, State, StateTable};

/// The proof of a cancel in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CancelProof {
    /// The run is in the state of a canceled one.
    #[default]
    Canceled,
    /// The run has ended after the cancel was asked for, in any state.
    End,
    /// Nothing: the log does not tell of cancels.
    Unconfirmed,
}

/// Traits of an engine's cancels.
#[derive(Debug, Clone, Copy)]
pub(super) struct CancelTraits {
    proof: CancelProof,
    is_of_parent: bool,
    goes_on: Option<&'static str>,
    spares: Option<&'static str>,
}

impl CancelTraits {
    /// Those of an engine that cancels a run, and says that it is canceled.
    pub(super) const USUAL: Self =
        Self { proof: CancelProof::Canceled, is_of_parent: false, goes_on: None, spares: None };
}

impl StateTable {
    /// The same table, of an engine whose log proves a cancel so.
    #[must_use]
    pub const fn with_cancel_proof(self, proof: CancelProof) -> Self {
        Self { cancel: CancelTraits { proof, ..self.cancel }, ..self }
    }

    /// The same table, of an engine that cancels no single run, but its parent and everything in it.
    #[must_use]
    pub const fn with_cancel_of_parent(self) -> Self {
        Self { cancel: CancelTraits { is_of_parent: true, ..self.cancel }, ..self }
    }

    /// The proof of a cancel in the log.
    #[must_use]
    pub const fn cancel_proof(&self) -> CancelProof {
        self.cancel.proof
    }

    /// Is true where a run is canceled by canceling its parent.
    #[must_use]
    pub const fn cancels_parents(&self) -> bool {
        self.cancel.is_of_parent
    }

    /// Is true where the engine cancels runs at all.
    #[must_use]
    pub fn can_cancel(&'static self) -> bool {
        self.all().any(State::is_cancelable)
    }

    /// The same table, of an engine in which a run that is canceled while it executes goes on, and why.
    #[must_use]
    pub const fn with_going_on(self, why: &'static str) -> Self {
        Self { cancel: CancelTraits { goes_on: Some(why), ..self.cancel }, ..self }
    }

    /// The same table, of an engine whose hosts cancel everything at SIGINT, and what that leaves alone.
    #[must_use]
    pub const fn with_interrupts(self, spares: &'static str) -> Self {
        Self { cancel: CancelTraits { spares: Some(spares), ..self.cancel }, ..self }
    }

    /// Why a run that is canceled while it executes goes on; none where it need not.
    #[must_use]
    pub const fn why_goes_on(&self) -> Option<&'static str> {
        self.cancel.goes_on
    }

    /// The part of the work that SIGINT to a host leaves alone; none where it cancels nothing.
    #[must_use]
    pub const fn interrupt_spares(&self) -> Option<&'static str> {
        self.cancel.spares
    }

    /// The word for a run that was canceled; none where the engine has no such state.
    #[must_use]
    pub fn canceled(&'static self) -> Option<&'static str> {
        self.of(Phase::Canceled).next().map(State::name)
    }
}
