//! The one writer to the terminal: a thread that waits for it, so that the loop never does.
//!
//! A terminal that is not read stops this thread, and neither the log nor the keys. Must not know what it writes.

use std::io::{self, Write};
use std::thread;

use super::guard::TerminalGuard;
use crate::fault::{Fault, Faults};

/// Output buffer: collects a whole frame for the writer.
#[derive(Debug)]
pub struct Output {
    frame: Vec<u8>,
    gate: TerminalGuard,
}

impl Output {
    pub(in crate::terminal) const fn new(gate: TerminalGuard) -> Self {
        Self { frame: Vec::new(), gate }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.gate.send(&self.frame);
        self.frame.clear();
        Ok(())
    }
}

/// Starts the writer. It ends with [`crate::terminal::output::queue::Queue::end`].
pub(in crate::terminal) fn start(gate: &TerminalGuard, faults: Faults) -> io::Result<()> {
    faults.start(Fault::StartWriter)?;
    let gate = gate.clone();
    thread::Builder::new().name("writer".to_owned()).spawn(move || {
        while gate.queue().wait() {
            faults.strike(Fault::PanicWriter);
            gate.write_some();
        }
    })?;
    Ok(())
}
