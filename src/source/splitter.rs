//! The splitter of one framing: whole records cut from the bytes of a generation.
//!
//! Must not know where the bytes come from, nor what a record says.

use std::fmt::Debug;

use super::block::Block;

/// Splits the bytes of one generation into blocks of whole records. Asked once a read, and never once a record.
pub trait Splitter: Debug + Send {
    /// Space for the next bytes. Never empty.
    fn space(&mut self) -> &mut [u8];

    /// The first `n` bytes of [`Splitter::space`], and the number of them up to the end of the last whole record; 0 where
    /// they end none.
    #[must_use]
    fn fresh(&self, n: usize) -> (&[u8], usize);

    /// Takes the first `n` bytes of [`Splitter::space`] as read.
    fn commit(&mut self, n: usize);

    /// Is true when a block should be taken before more is read.
    #[must_use]
    fn is_full(&self) -> bool;

    /// Takes the whole records that are there, the first of which is number `line`.
    fn take(&mut self, line: u64) -> Option<Block>;

    /// At the end of a pipe: takes what is left, the torn last record included.
    fn finish(&mut self, line: u64) -> Option<Block>;

    /// NULs of which the torn last record consists, if it consists of nothing else.
    #[must_use]
    fn hole(&self) -> u64;

    /// Goes on over `n` NULs without reading them, inside a [`Splitter::hole`].
    fn skip_nuls(&mut self, n: u64);

    /// After [`Splitter::finish`], when more may come: counts the newline that replaces the missing end.
    fn stand_in_newline(&mut self);

    /// Bytes of the torn last record.
    #[must_use]
    fn pending(&self) -> u64;

    /// Bytes of the generation that were read.
    #[must_use]
    fn end(&self) -> u64;

    /// End of the last whole record, from which reading can begin again. What is behind it is torn, or damaged.
    #[must_use]
    fn committed(&self) -> u64;

    /// Forgets the torn last record, to read it again from [`Splitter::committed`]. Whole ones are taken before.
    fn forget_torn(&mut self);
}
