//! Kinds of events as numbers: an engine has its own, and names them.

/// The most kinds that an engine may have.
pub const MAX_KINDS: usize = 64;

/// The number of a kind among those of its engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(u8);

impl KindId {
    /// The kind of this number.
    ///
    /// # Panics
    ///
    /// When no engine has that number.
    #[must_use]
    pub const fn new(index: u8) -> Self {
        assert!((index as usize) < MAX_KINDS, "an engine has at most 64 kinds");
        Self(index)
    }

    /// Its number, below [`MAX_KINDS`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
