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
