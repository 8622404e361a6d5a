//! Commands to a program: it is run for each one, without a shell, and its exit status is the answer.
//!
//! It gets its time and no more. Must not know how a program is run and ended.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{self, ExitStatus, Stdio};
use std::time::Duration;

use super::command::{Command, CommandKind, NOT_ALL};
use super::program::ProgramFile;
use super::refusal::SendError;
use super::template::CallTemplate;
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
    /// Its arguments; where there are none, it is given a verb and an id.
    template: Option<CallTemplate>,
    patience: Duration,
}

impl Exec {
    /// Runs `program` for each command, with the arguments of `template`, and gives it so much time.
    pub(super) const fn new(
        program: ProgramFile,
        template: Option<CallTemplate>,
        patience: Duration,
    ) -> Self {
        Self { program, template, patience }
    }

    /// Runs the program for a command.
    pub(super) async fn send(&self, command: &Command) -> Result<(), SendError> {
        let arguments = self.arguments(command).map_err(|words| self.refused(words))?;
        self.program.inspect().map_err(|unfit| self.refused(format!("{unfit}; {}", unfit.hint())))?;
        let process = Process::start(call(self.program.path(), command, &arguments)).map_err(|error| {
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

    /// The arguments for a command, or why there are none.
    fn arguments(&self, command: &Command) -> Result<Vec<String>, String> {
        if let Some(template) = &self.template {
            return template.arguments(command.kind, &command.names).map_err(|unfit| unfit.to_string());
        }
        let verb = match command.kind {
            CommandKind::Cancel { .. } => "cancel",
            CommandKind::CancelTask { .. } => "cancel-task",
            CommandKind::CancelParent { .. } => "cancel-parent",
            CommandKind::CancelAll => return Err(NOT_ALL.to_owned()),
        };
        let object = command.object().ok_or("the log does not tell the id of the parent")?;
        if object.contains('\0') {
            return Err("its id has a NUL, which no argument of a program can hold".to_owned());
        }
        Ok(vec![verb.to_owned(), "--".to_owned(), object.into_owned()])
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
fn call(program: &Path, command: &Command, arguments: &[String]) -> process::Command {
    let mut call = process::Command::new(program);
    call.args(arguments)
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
