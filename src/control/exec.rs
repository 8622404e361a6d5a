//! Commands to a program: it is run for each one, without a shell, and its exit status is the answer.
//!
//! It gets its time and no more. Must not know how a program is run and ended.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{self, ExitStatus, Stdio};
use std::time::Duration;

use super::command::{Command, NOT_ALL};
use super::program::ProgramFile;
use super::refusal::SendError;
use super::token;
use crate::model::text;
use crate::process::{Process, ProcessOutput};

/// Time limit of a program.
pub(super) const PROGRAM_TIMEOUT: Duration = Duration::from_secs(10);

/// Number of characters shown of a line.
const MAX_SHOWN_CHARS: usize = 200;

/// A program that cancels.
#[derive(Debug)]
pub(super) struct Exec {
    program: ProgramFile,
    patience: Duration,
}

impl Exec {
    /// Runs `program` for each command, and gives it so much time.
    pub(super) const fn new(program: ProgramFile, patience: Duration) -> Self {
        Self { program, patience }
    }

    /// Runs the program for a command.
    pub(super) async fn send(&self, command: &Command) -> Result<(), SendError> {
        let Some(object) = command.object() else { return Err(self.refused(NOT_ALL.to_owned())) };
        if object.contains('\0') {
            let words = "its id has a NUL, which no argument of a program can hold";
            return Err(self.refused(words.to_owned()));
        }
        self.program.inspect().map_err(|unfit| self.refused(format!("{unfit}; {}", unfit.hint())))?;
        let process = Process::start(call(self.program.path(), command, &object)).map_err(|error| {
            self.refused(format!("it could not be started: {error}; start it by hand to see why"))
        })?;
        let mut output = ProcessOutput::default();
        match process.finish(self.patience, &mut output).await {
            Ok(Some(status)) if status.success() => Ok(()),
            Ok(Some(status)) => Err(self.refused(words(status, &output))),
            Err(error) => Err(self.unanswered(format!("its end was missed: {error}"))),
            Ok(None) => {
                let took = self.patience.as_secs_f32();
                Err(self.unanswered(format!("it did not end within {took} s, and was killed")))
            }
        }
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

/// The program with its arguments and its environment.
fn call(program: &Path, command: &Command, object: &str) -> process::Command {
    let verb = if command.kind.run().is_some() { "cancel" } else { "cancel-task" };
    let mut call = process::Command::new(program);
    call.args([verb, "--", object])
        .env("RUNWATCH_COMMAND_ID", command.id.to_string())
        .env_remove(token::VARIABLE)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    call
}

/// Describes the end of a program: its status, and the first line of its output.
fn words(status: ExitStatus, output: &ProcessOutput) -> String {
    let end = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => "no exit status".to_owned(),
    };
    let line = |bytes: &[u8]| {
        let line =
            bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty())?;
        let line: String = String::from_utf8_lossy(line).chars().take(MAX_SHOWN_CHARS).collect();
        Some(text::clean(&line).into_owned())
    };
    match line(&output.err).or_else(|| line(&output.out)) {
        Some(line) => format!("{end}: {line}"),
        None => format!("{end}, without a word"),
    }
}

#[cfg(test)]
mod tests;
