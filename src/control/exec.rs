//! Commands to a program: it is run for each one, without a shell, and its exit status is the answer.
//!
//! A program may hang, write for ever or leave children behind: it gets its time and no more, what it says is read to
//! the end and hardly kept, and nobody waits for its children.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command as Process};
use tokio::time::{sleep, timeout};

use super::command::{Command, Kind};
use super::program::Program;
use super::refusal::SendError;
use super::token;
use crate::model::text;

/// How long a program may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How long after the end of a program its last words may take; its children may hold the pipe for ever.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How long after its death the system may take to say so.
const BURIAL: Duration = Duration::from_secs(1);

/// How much of each stream is kept, in bytes.
const KEPT: usize = 64 * 1024;

/// How much of a line is shown, in characters.
const SHOWN: usize = 200;

/// A program that cancels.
#[derive(Debug)]
pub(super) struct Exec {
    program: Program,
    patience: Duration,
}

/// What a program wrote, up to [`KEPT`].
#[derive(Debug, Default)]
struct Said {
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Exec {
    /// Runs `program` for each command, and gives it so much time.
    pub(super) const fn new(program: Program, patience: Duration) -> Self {
        Self { program, patience }
    }

    /// Runs the program for a command.
    pub(super) async fn send(&self, command: &Command) -> Result<(), SendError> {
        self.program.inspect().map_err(|unfit| self.refused(format!("{unfit}; {}", unfit.hint())))?;
        let mut child = start(self.program.path(), command).map_err(|error| {
            self.refused(format!("it could not be started: {error}; start it by hand to see why"))
        })?;
        let mut said = Said::default();
        match self.wait(&mut child, &mut said).await {
            Some(Ok(status)) if status.success() => Ok(()),
            Some(Ok(status)) => Err(self.refused(words(status, &said))),
            Some(Err(error)) => Err(self.unanswered(format!("its end was missed: {error}"))),
            None => {
                let took = self.patience.as_secs_f32();
                Err(self.unanswered(format!("it did not end within {took} s, and was killed")))
            }
        }
    }

    /// Waits for the end of a program, and kills it with its children when its time is over.
    async fn wait(&self, child: &mut Child, said: &mut Said) -> Option<std::io::Result<ExitStatus>> {
        // Its id is its group's as well, and is nobody else's until we have taken note of its end.
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let reading = async { tokio::join!(keep(out, &mut said.out), keep(err, &mut said.err)) };
        tokio::pin!(reading);
        let mut is_read = false;
        let end = sleep(self.patience);
        tokio::pin!(end);
        loop {
            tokio::select! {
                biased;
                status = child.wait() => {
                    if !is_read {
                        let _ = timeout(LAST_WORDS, &mut reading).await;
                    }
                    return Some(status);
                }
                _ = &mut reading, if !is_read => is_read = true,
                () = &mut end => break,
            }
        }
        if let Some(group) = group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        // One that the kernel does not let go is left to it.
        let _ = timeout(BURIAL, child.wait()).await;
        None
    }

    fn target(&self) -> String {
        format!("exec:{}", text::clean_path(self.program.path()))
    }

    fn refused(&self, words: String) -> SendError {
        SendError::Refused { target: self.target(), words }
    }

    fn unanswered(&self, words: String) -> SendError {
        SendError::Unanswered { target: self.target(), words }
    }
}

/// Starts a program in a group of its own, with nothing to read.
fn start(program: &Path, command: &Command) -> std::io::Result<Child> {
    let verb = match command.kind {
        Kind::Cancel { .. } => "cancel",
        Kind::CancelTask { .. } => "cancel-task",
    };
    Process::new(program)
        .args([verb, "--", &command.kind.object().1])
        .env("RUNWATCH_COMMAND_ID", command.id.to_string())
        .env_remove(token::VARIABLE)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// Reads a stream to its end, and keeps its beginning. What is too much is read as well, so that no program waits.
async fn keep(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        let room = KEPT - kept.len();
        kept.extend_from_slice(&buffer[..length.min(room)]);
    }
}

/// How a program ended, and the first line of what it said of it.
fn words(status: ExitStatus, said: &Said) -> String {
    let end = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => "no exit status".to_owned(),
    };
    let line = |bytes: &[u8]| {
        let line =
            bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty())?;
        let line: String = String::from_utf8_lossy(line).chars().take(SHOWN).collect();
        Some(text::clean(&line).into_owned())
    };
    match line(&said.err).or_else(|| line(&said.out)) {
        Some(line) => format!("{end}: {line}"),
        None => format!("{end}, without a word"),
    }
}

#[cfg(test)]
mod tests;
