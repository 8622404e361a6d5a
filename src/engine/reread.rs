//! A stretch of a log read and decoded again, to be folded once more. Must not know where records come from.

use super::Engine;
use super::batch::{Batch, Decoder};
use crate::model::position::Position;
use crate::source::reread::{Blocks, Gone, Reread};

/// Batches that are read again, from one position on.
#[derive(Debug)]
pub struct Batches {
    blocks: Box<dyn Blocks>,
    decoder: Decoder,
}

impl Batches {
    /// Begins at the record at `from`, in a log whose engine is known by then or not.
    ///
    /// # Errors
    /// As [`Reread::blocks`].
    pub fn open(log: &dyn Reread, from: Position, engine: Option<Engine>) -> Result<Self, Gone> {
        let decoder = Decoder::with_engine(from.generation(), engine);
        Ok(Self { blocks: log.blocks(from)?, decoder })
    }

    /// Reads the next batch; none at the end of what there is.
    ///
    /// # Errors
    /// As [`Blocks::next`].
    pub fn read(&mut self) -> Result<Option<Batch>, Gone> {
        Ok(self.blocks.next()?.map(|block| self.decoder.decode(block)))
    }
}
