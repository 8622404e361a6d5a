//! The store's own short names: dense numbers in place of the log's 16-byte ids.
//!
//! A key is given out once, in order of arrival, and never reused while its store lives.

/// A run's place in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey(pub(super) u32);

/// A task's place in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskKey(pub(super) u32);

impl RunKey {
    /// The key of no run.
    pub(crate) const NONE: Self = Self(u32::MAX);

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The key that was given out after so many others.
    pub(crate) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("keys are 32 bits"))
    }
}

impl TaskKey {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}
