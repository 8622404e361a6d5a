//! Budgets: what a task may consume, and what it has consumed.

use crate::model::facts::Dimension;

/// One task's budget in one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// What it is measured in.
    pub dimension: Dimension,
    /// How much there is.
    pub limit: u64,
    /// How much was consumed since it was allocated or replenished.
    pub consumed: u64,
    /// When it was allocated.
    pub allocated_at: u64,
    /// Whether it is used up.
    pub exhausted: bool,
}

impl Budget {
    pub(super) const fn allocated(dimension: Dimension, limit: u64, allocated_at: u64) -> Self {
        Self { dimension, limit, consumed: 0, allocated_at, exhausted: false }
    }

    pub(super) const fn consume(&mut self, amount: u64) {
        self.consumed = self.consumed.saturating_add(amount);
        if self.consumed >= self.limit {
            self.exhausted = true;
        }
    }

    pub(super) const fn replenish(&mut self, limit: u64) {
        self.limit = limit;
        self.consumed = 0;
        self.exhausted = false;
    }
}
