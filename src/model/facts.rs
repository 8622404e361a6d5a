//! Facts about runs that any engine may tell: how an attempt ended, what a budget counts, what happens to a lease. Must not
//! know any event.

/// End of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum AttemptResult {
    /// It succeeded.
    Success,
    /// It failed.
    Failure,
    /// It ran out of time.
    Timeout,
    /// It was preempted; it does not count against the cap.
    Suspended,
    /// It yielded to wait (0.2 and later); it does not count either.
    Awaiting,
}

impl AttemptResult {
    /// Every result.
    pub const ALL: [Self; 5] = [Self::Success, Self::Failure, Self::Timeout, Self::Suspended, Self::Awaiting];

    /// The log's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failure => "Failure",
            Self::Timeout => "Timeout",
            Self::Suspended => "Suspended",
            Self::Awaiting => "Awaiting",
        }
    }

    /// Is true of an attempt that counts among those that a run may make.
    #[must_use]
    pub const fn is_counted(self) -> bool {
        !matches!(self, Self::Suspended | Self::Awaiting)
    }

    /// Is true of an attempt that uses up one of `max_attempts`.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failure | Self::Timeout)
    }
}

/// Unit of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Dimension {
    /// Tokens.
    Token,
    /// Hundredths of a cent.
    CostCents,
    /// Seconds.
    TimeSecs,
}

impl Dimension {
    /// The log's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "Token",
            Self::CostCents => "CostCents",
            Self::TimeSecs => "TimeSecs",
        }
    }
}

/// One step in the life of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseStep {
    /// A worker took the run.
    Acquire,
    /// It asked for more time.
    Heartbeat,
    /// Its time ran out.
    Expire,
    /// It gave the run back.
    Release,
}

/// One task's budget in one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Unit of measurement.
    pub dimension: Dimension,
    /// Amount.
    pub limit: u64,
    /// Amount consumed since it was allocated or replenished.
    pub consumed: u64,
    /// When it was allocated.
    pub allocated_at: u64,
    /// Is true once it is used up.
    pub exhausted: bool,
}

impl Budget {
    /// One that was just allocated.
    #[must_use]
    pub const fn allocated(dimension: Dimension, limit: u64, allocated_at: u64) -> Self {
        Self { dimension, limit, consumed: 0, allocated_at, exhausted: false }
    }

    /// Takes from it, and uses it up where nothing is left.
    pub const fn consume(&mut self, amount: u64) {
        self.consumed = self.consumed.saturating_add(amount);
        if self.consumed >= self.limit {
            self.exhausted = true;
        }
    }

    /// Gives it a new limit, of which nothing is consumed.
    pub const fn replenish(&mut self, limit: u64) {
        self.limit = limit;
        self.consumed = 0;
        self.exhausted = false;
    }
}

/// End of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskEnd {
    /// At least one of its runs ended well.
    Succeeded,
    /// All of its runs ended and none ended well.
    Failed,
    /// It was canceled.
    Canceled,
}
