//! Stops of `runwatch cancel` on its way, so that it can still say what was sent and what was not.

use std::io::{self, IsTerminal as _};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals by which the user stops it.
pub(super) struct Stops {
    /// None without a terminal: a shell has scripts that it starts in the background ignore it.
    interrupt: Option<Signal>,
    terminate: Signal,
}

impl Stops {
    pub(super) fn install() -> io::Result<Self> {
        let interrupt = io::stdin().is_terminal().then(|| signal(SignalKind::interrupt())).transpose()?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits to be stopped; says with which exit code.
    pub(super) async fn recv(&mut self) -> u8 {
        let interrupt = async {
            match &mut self.interrupt {
                Some(interrupt) => interrupt.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(()) = interrupt => 128 + 2,
            Some(()) = self.terminate.recv() => 128 + 15,
            // Streams of signals end with the process only.
            else => std::future::pending().await,
        }
    }
}
