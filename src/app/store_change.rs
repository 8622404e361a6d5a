//! The ways in which the store of the screen comes to be another one. Must not know what depends on it.

/// A way in which the store came to be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StoreChange {
    /// The log has said something new.
    Folded,
    /// The instant at hand is another one.
    Traveled,
    /// Ended runs were evicted, and the others have new keys.
    Evicted,
}
