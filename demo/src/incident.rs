//! An incident: the seconds in which the payments service is down, and an operator who calls off what waits then.
//!
//! Reads no clock for its plan; the engine's loop tells it the time. The operator sends commands as runwatch does, by
//! the control file. Must not know how calls fail.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use actionqueue_core::run::{RunInstance, RunState};
use color_eyre::Result;
use runwatch::control::channel::{Channel, ChannelConfig, Outcomes};
use runwatch::control::command::{Command, CommandKind, CommandNames, Operator};
use runwatch::control::target::Target;
use runwatch::model::id::{CommandId, RunId};

use crate::payments::Payments;
use crate::workload::Queue;

/// Job that the operator calls off: no customer waits at a checkout for that long.
const CALLED_OFF: &str = "checkout";

/// When the payments service is down, counted from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// The first moment at which it is.
    pub from: Duration,
    /// The first moment at which it is no more.
    pub to: Duration,
}

impl Outage {
    /// Returns true if the service is down at `now`.
    #[must_use]
    pub fn covers(&self, now: Duration) -> bool {
        (self.from..self.to).contains(&now)
    }

    /// When the operator steps in: late, as much waits and some has failed for good.
    #[must_use]
    pub fn noticed_at(&self) -> Duration {
        self.from + (self.to - self.from) * 3 / 4
    }
}

/// An outage as it goes on.
#[derive(Debug)]
pub struct Incident {
    outage: Outage,
    payments: Payments,
    commands: Channel,
    outcomes: Outcomes,
    /// Is true until the operator steps in.
    is_unnoticed: bool,
}

impl Incident {
    /// Makes an incident of `outage`, whose operator writes to `control`.
    ///
    /// # Errors
    /// When commands cannot go there.
    pub fn new(outage: Outage, payments: Payments, control: &Path) -> Result<Self> {
        let (commands, outcomes) =
            Channel::open(Target::File(control.to_owned()), &ChannelConfig::default())?;
        Ok(Self { outage, payments, commands, outcomes, is_unnoticed: true })
    }

    /// Does what is due at `now`, counted from the start.
    ///
    /// # Errors
    /// When a command cannot be sent.
    pub fn step(&mut self, queue: &Queue, now: Duration) -> Result<()> {
        self.payments.set_down(self.outage.covers(now));
        if self.is_unnoticed && self.outage.noticed_at() <= now {
            self.is_unnoticed = false;
            self.call_off(queue)?;
        }
        while let Some(outcome) = self.outcomes.try_recv() {
            outcome.result?;
        }
        Ok(())
    }

    /// Asks to cancel what was to be paid at a checkout and waits for a retry, the oldest first.
    fn call_off(&self, queue: &Queue) -> Result<()> {
        let mut runs: Vec<_> = queue.projection().run_instances().filter(|run| is_hit(run, queue)).collect();
        runs.sort_by_key(|run| (run.created_at(), run.id()));
        let at_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        for run in runs {
            self.commands.send(Command {
                id: CommandId::random(),
                kind: CommandKind::Cancel { run: RunId::from_uuid(*run.id().as_uuid()) },
                names: CommandNames::default(),
                reason: Some("payments are down".to_owned()),
                at_ms: u64::try_from(at_ms)?,
                by: Operator { user: "oncall".to_owned(), host: "demo".to_owned(), pid: std::process::id() },
                seen: queue.projection().latest_sequence(),
            })?;
        }
        Ok(())
    }
}

fn is_hit(run: &RunInstance, queue: &Queue) -> bool {
    let task = queue.projection().get_task(&run.task_id());
    let tags = task.map(|task| task.metadata().tags()).unwrap_or_default();
    run.state() == RunState::RetryWait && tags.iter().any(|tag| tag == CALLED_OFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_begins_and_ends_on_time() {
        let secs = Duration::from_secs;
        let outage = Outage { from: secs(6), to: secs(14) };
        for (now, expected) in [(0, false), (5, false), (6, true), (13, true), (14, false), (90, false)] {
            assert_eq!(outage.covers(secs(now)), expected, "{now}");
        }
        assert_eq!(outage.noticed_at(), secs(12));
    }
}
