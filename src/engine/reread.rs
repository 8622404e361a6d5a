//! Rereads a range of a log and decodes it, to fold it once more. Must not know where records come from.

use super::batch::{Batch, Decoder};
use crate::model::position::Position;
use crate::source::reread::{Blocks, Gone, Reread};

/// Batches reread from a position on.
#[derive(Debug)]
pub struct Batches {
    blocks: Box<dyn Blocks>,
    decoder: Decoder,
}

impl Batches {
    /// Opens a log at the record at `from`, with a decoder that goes on there.
    ///
    /// # Errors
    /// As [`Reread::blocks`].
    pub fn open(log: &dyn Reread, from: Position, decoder: Decoder) -> Result<Self, Gone> {
        Ok(Self { blocks: log.blocks(from)?, decoder })
    }

    /// Reads the next batch; `None` at the end of the available records.
    ///
    /// # Errors
    /// As [`Blocks::next`].
    pub fn read(&mut self) -> Result<Option<Batch>, Gone> {
        Ok(self.blocks.next()?.map(|block| self.decoder.decode(block)))
    }
}
