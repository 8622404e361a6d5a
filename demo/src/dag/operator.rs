//! An operator who cancels a task that hangs, as a user does: by a command in the control file.
//!
//! So that an execution without a user has a cancellation too. Reads no clock; the host's loop tells the time.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use color_eyre::Result;
use runwatch::control::channel::{Channel, ChannelConfig, Outcomes};
use runwatch::control::command::{CommandKind, CommandNames, Operator};
use runwatch::control::target::Target;
use runwatch::model::id::{CommandId, RunId};

/// The operator.
#[derive(Debug)]
pub struct TaskOperator {
    commands: Channel,
    outcomes: Outcomes,
    /// Time that the operator looks on.
    patience: Duration,
    /// When the task that hangs was seen at work; none before.
    seen_at: Option<Duration>,
    has_asked: bool,
}

impl TaskOperator {
    /// An operator who writes to `control` when a task has hung for `patience`.
    ///
    /// # Errors
    /// When commands cannot go there.
    pub fn new(control: &Path, patience: Duration) -> Result<Self> {
        let (commands, outcomes) =
            Channel::open(Target::File(control.to_owned()), &ChannelConfig::default())?;
        Ok(Self { commands, outcomes, patience, seen_at: None, has_asked: false })
    }

    /// Looks at a task that hangs, once it is at work, at `now`; asks once.
    ///
    /// # Errors
    /// When the command cannot be sent.
    pub fn watch(&mut self, id: &str, now: Duration) -> Result<()> {
        let seen_at = *self.seen_at.get_or_insert(now);
        if !self.has_asked && seen_at + self.patience <= now {
            self.has_asked = true;
            let at_ms = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
            let by = Operator { user: "oncall".to_owned(), host: "demo".to_owned(), pid: std::process::id() };
            // The text is what the host goes by.
            let kind = CommandKind::Cancel { run: RunId::nil() };
            let names = CommandNames { text: Some(id.into()), ..CommandNames::default() };
            self.commands.send(by.command(CommandId::random(), kind, at_ms, 0).about(names))?;
        }
        while let Some(outcome) = self.outcomes.try_recv() {
            outcome.result?;
        }
        Ok(())
    }
}
