//! Programs that are started without a shell: each in a process group of its own, with nothing to read, and killed with
//! its group when it takes too long.
//!
//! A program may hang, write for ever or leave children behind: its output is read to the end and hardly kept, and nothing
//! waits for its children. Must not know what a program is run for.

pub mod hook;

use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command as AsyncCommand};
use tokio::time::{sleep, timeout};

/// Time that the last output may take after the end of a program; its children may hold the pipe for ever.
const LAST_OUTPUT_TIMEOUT: Duration = Duration::from_millis(200);

/// Time that the system may take to report the end of a program that was killed.
const KILL_TIMEOUT: Duration = Duration::from_secs(1);

/// Number of bytes that are kept of each stream.
const KEPT_BYTES: usize = 64 * 1024;

/// A program that runs.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

/// The beginning of what a program wrote.
#[derive(Debug, Default)]
pub struct ProcessOutput {
    /// Its standard output.
    pub out: Vec<u8>,
    /// Its standard error.
    pub err: Vec<u8>,
}

impl Process {
    /// Starts a program in a group of its own, with nothing to read. Must be called within the runtime that waits for it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: Command) -> io::Result<Self> {
        let child = AsyncCommand::from(command).stdin(Stdio::null()).process_group(0).spawn()?;
        Ok(Self { child })
    }

    /// Waits for the end, and kills the program with its group when that takes longer than `limit`: then there is no
    /// status.
    ///
    /// # Errors
    /// When the system does not tell how it ended.
    pub async fn finish(
        mut self,
        limit: Duration,
        output: &mut ProcessOutput,
    ) -> io::Result<Option<ExitStatus>> {
        // Its id is its group's as well, and is no other's until its end has been noted.
        let group = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let (out, err) = (self.child.stdout.take(), self.child.stderr.take());
        let reading = async { tokio::join!(keep(out, &mut output.out), keep(err, &mut output.err)) };
        tokio::pin!(reading);
        let mut is_read = false;
        let deadline = sleep(limit);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                biased;
                status = self.child.wait() => {
                    if !is_read {
                        let _ = timeout(LAST_OUTPUT_TIMEOUT, &mut reading).await;
                    }
                    return status.map(Some);
                }
                _ = &mut reading, if !is_read => is_read = true,
                () = &mut deadline => break,
            }
        }
        if let Some(group) = group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        // One that the kernel does not end is left to it.
        let _ = timeout(KILL_TIMEOUT, self.child.wait()).await;
        Ok(None)
    }
}

/// Reads a stream to its end, and keeps its beginning. The rest is read as well, so that no program waits.
async fn keep(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        let room = KEPT_BYTES - kept.len();
        kept.extend_from_slice(&buffer[..length.min(room)]);
    }
}
