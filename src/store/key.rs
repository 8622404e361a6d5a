//! Dense keys of the store, in place of the log's 16-byte ids.
//!
//! Keys are assigned in order of arrival and never reused within a store.

/// Index of a run in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey(pub(super) u32);

/// Index of a task in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskKey(pub(super) u32);

impl RunKey {
    /// Marks the absence of a run.
    pub(crate) const NONE: Self = Self(u32::MAX);

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The run at this index, in order of arrival.
    pub(crate) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("keys are 32 bits"))
    }
}

impl TaskKey {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}
