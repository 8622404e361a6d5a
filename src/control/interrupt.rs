//! A process that is interrupted so that it cancels all of its work: looked at when it is named, and again before SIGINT
//! goes to it.
//!
//! A number is not a process: one that has ended leaves its number to another, so that the time of its start is kept
//! where the system tells it. Must not know what the process runs.

use std::fmt;
use std::fs;
use std::io;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpid, kill_process, test_kill_process};

use super::command::{Command, CommandKind};
use super::refusal::SendError;
use super::target::SignalTarget;

/// Number of characters kept of a command line.
const MAX_COMMAND_CHARS: usize = 400;

/// Reasons why no signal goes to a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnfitProcess {
    /// No process has the number.
    Missing,
    /// It had ended when the signal was to go.
    Ended,
    /// Its number belongs to another process by now.
    Replaced,
    /// It is this very process.
    Own,
    /// It belongs to another user.
    Foreign,
    /// The system says so.
    System(Errno),
}

impl UnfitProcess {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Missing | Self::Own => {
                "find the number of the engine's host, as by `pgrep -af NAME`, and give that: --control signal:PID"
            }
            Self::Ended | Self::Replaced => {
                "the log tells how its work ended; for another host start runwatch again with its number"
            }
            Self::Foreign => "run runwatch as the user whose process it is, or use --read-only",
            Self::System(_) => "look at the process, or use --read-only",
        }
    }
}

impl fmt::Display for UnfitProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "there is no such process",
            Self::Ended => "the process has ended",
            Self::Replaced => "the process has ended, and another one has its number now",
            Self::Own => "that is runwatch itself",
            Self::Foreign => "the process belongs to another user",
            Self::System(error) => return write!(f, "{}", io::Error::from(*error)),
        })
    }
}

/// A process that was found fit.
#[derive(Debug)]
pub(super) struct Interrupt {
    pid: Pid,
    target: String,
    /// When it was started, in the system's own ticks; none where the system does not tell.
    started: Option<u64>,
}

impl Interrupt {
    /// Looks at a process, sends nothing, and returns the target with the command line of it.
    pub(super) fn open(target: &SignalTarget) -> Result<(Self, SignalTarget), UnfitProcess> {
        let pid = Pid::from_raw(target.pid()).ok_or(UnfitProcess::Missing)?;
        if pid == getpid() {
            return Err(UnfitProcess::Own);
        }
        let interrupt = Self { pid, target: target.to_string(), started: look(pid)? };
        Ok((interrupt, target.clone().with_command(command_line(pid))))
    }

    /// Sends SIGINT to the process that was named, if it is still the one.
    pub(super) fn send(&self, command: &Command) -> Result<(), SendError> {
        let refused = |words: String| SendError::Refused { target: self.target.clone(), words };
        if command.kind != CommandKind::CancelAll {
            return Err(refused("a signal cancels everything at once, and not one of it".to_owned()));
        }
        let unfit = |unfit: UnfitProcess| refused(format!("{unfit}; {}", unfit.hint()));
        let started = look(self.pid).map_err(|error| unfit(since(error)))?;
        if started != self.started {
            return Err(unfit(UnfitProcess::Replaced));
        }
        kill_process(self.pid, Signal::INT).map_err(|error| unfit(since(fault(error))))
    }
}

/// The same reason, of a process that was there before.
const fn since(unfit: UnfitProcess) -> UnfitProcess {
    match unfit {
        UnfitProcess::Missing => UnfitProcess::Ended,
        unfit => unfit,
    }
}

const fn fault(error: Errno) -> UnfitProcess {
    match error {
        Errno::SRCH => UnfitProcess::Missing,
        Errno::PERM => UnfitProcess::Foreign,
        error => UnfitProcess::System(error),
    }
}

/// Finds out whether a signal may go to a process, and when that was started.
fn look(pid: Pid) -> Result<Option<u64>, UnfitProcess> {
    test_kill_process(pid).map_err(fault)?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name may hold anything, parentheses as well.
    let mut fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    match fields.next() {
        // One that has ended keeps its number until it is buried.
        Some("Z" | "X") => Err(UnfitProcess::Missing),
        _ => Ok(fields.nth(18).and_then(|ticks| ticks.parse().ok())),
    }
}

/// The command line of a process, with a space between two arguments; none where the system does not tell it.
fn command_line(pid: Pid) -> Option<String> {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let words = text.trim_end_matches('\0').replace('\0', " ");
    (!words.is_empty()).then(|| words.chars().take(MAX_COMMAND_CHARS).collect())
}

#[cfg(test)]
mod tests;
