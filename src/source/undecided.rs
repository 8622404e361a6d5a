//! The splitter of a log whose framing its first bytes will show.
//!
//! Must not split anything itself.

use super::block::Block;
use super::frames::shape::{FrameShape, MOST_BEGINNING};
use super::framing::Framing;
use super::lines::Limits;
use super::splitter::Splitter;

/// Makes the splitter of frames, or of lines, from an offset of a generation on.
pub(super) type MakeSplitter =
    fn(Framing, Option<&'static FrameShape>, Limits, u32, u64) -> Box<dyn Splitter>;

/// Splitter that is chosen by the first bytes. Until then nothing is a record.
#[derive(Debug)]
pub(super) struct Undecided {
    framing: Framing,
    make: MakeSplitter,
    limits: Limits,
    generation: u32,
    /// Space for the first bytes; empty once they are handed over.
    head: Vec<u8>,
    /// Invariant: less than [`MOST_BEGINNING`] while nothing is chosen.
    n_head: usize,
    chosen: Option<Box<dyn Splitter>>,
}

impl Undecided {
    pub(super) fn new(framing: Framing, limits: Limits, generation: u32, make: MakeSplitter) -> Self {
        // As much at once as the chosen one would read: what is no log is told by all of its first bytes.
        let head = vec![0; limits.block.max(MOST_BEGINNING)];
        Self { framing, make, limits, generation, head, n_head: 0, chosen: None }
    }

    /// Chooses by the first `n` bytes, if they are enough, and hands them over.
    fn chosen_by(&self, n: usize, is_over: bool) -> Option<Box<dyn Splitter>> {
        let head = &self.head[..n];
        let shape = match self.framing.decide(head) {
            Ok(shape) => shape,
            Err(_) if is_over || head.len() >= MOST_BEGINNING => None,
            Err(_) => return None,
        };
        let mut chosen = (self.make)(self.framing, shape, self.limits, self.generation, 0);
        let mut rest = head;
        while !rest.is_empty() {
            let space = chosen.space();
            let n = space.len().min(rest.len());
            space[..n].copy_from_slice(&rest[..n]);
            chosen.commit(n);
            rest = &rest[n..];
        }
        Some(chosen)
    }

    fn choose(&mut self, is_over: bool) {
        self.chosen = self.chosen_by(self.n_head, is_over);
        if self.chosen.is_some() {
            self.head = Vec::new();
        }
    }
}

impl Splitter for Undecided {
    fn space(&mut self) -> &mut [u8] {
        match &mut self.chosen {
            Some(chosen) => chosen.space(),
            None => &mut self.head[self.n_head..],
        }
    }

    fn fresh(&self, n: usize) -> (&[u8], usize) {
        match &self.chosen {
            Some(chosen) => chosen.fresh(n),
            None => {
                let next = self.chosen_by(self.n_head + n, false);
                let committed = next.map_or(0, |chosen| chosen.committed());
                let whole = usize::try_from(committed).unwrap_or(0).saturating_sub(self.n_head);
                (&self.head[self.n_head..self.n_head + n], whole)
            }
        }
    }

    fn commit(&mut self, n: usize) {
        match &mut self.chosen {
            Some(chosen) => chosen.commit(n),
            None => {
                self.n_head += n;
                self.choose(false);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.is_full())
    }

    fn take(&mut self, line: u64) -> Option<Block> {
        self.chosen.as_mut()?.take(line)
    }

    fn finish(&mut self, line: u64) -> Option<Block> {
        if self.chosen.is_none() {
            self.choose(true);
        }
        self.chosen.as_mut()?.finish(line)
    }

    fn hole(&self) -> u64 {
        self.chosen.as_ref().map_or(0, |chosen| chosen.hole())
    }

    fn skip_nuls(&mut self, n: u64) {
        if let Some(chosen) = &mut self.chosen {
            chosen.skip_nuls(n);
        }
    }

    fn stand_in_newline(&mut self) {
        if let Some(chosen) = &mut self.chosen {
            chosen.stand_in_newline();
        }
    }

    fn pending(&self) -> u64 {
        self.chosen.as_ref().map_or(self.n_head as u64, |chosen| chosen.pending())
    }

    fn end(&self) -> u64 {
        self.chosen.as_ref().map_or(self.n_head as u64, |chosen| chosen.end())
    }

    fn committed(&self) -> u64 {
        self.chosen.as_ref().map_or(0, |chosen| chosen.committed())
    }

    fn forget_torn(&mut self) {
        match &mut self.chosen {
            // What is written there again may be of another framing.
            Some(chosen) if chosen.committed() > 0 => chosen.forget_torn(),
            _ => *self = Self::new(self.framing, self.limits, self.generation, self.make),
        }
    }
}
