//! A task as the engine executes it: its work, told attempt by attempt, and ended early where a user cancels it.
//!
//! The engine cancels whole executions only, and tells of no attempt. A host that wraps its tasks adds both. Must not
//! know the graph.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use dag_executor::context::{CancelToken, Context};
use dag_executor::error::TaskError;
use dag_executor::tasks::{Task, TaskOutput};

use super::journal::{Event, Journal, Node};
use super::work::Work;

/// A task in the host's hands, while the engine has it.
#[derive(Default)]
pub struct Handle {
    cancel: CancelToken,
    attempts: AtomicU32,
}

impl Debug for Handle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { cancel, attempts } = self;
        write!(f, "Handle {{ is_canceled: {}, attempts: {attempts:?} }}", cancel.is_cancelled())
    }
}

impl Handle {
    /// Cancels the task: at once if it executes, else when its turn comes.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Returns true if an attempt has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.attempts.load(Ordering::Acquire) > 0
    }
}

/// A task with its work.
pub struct HostedTask {
    /// Its place in the graph.
    pub node: Node,
    /// Its work.
    pub work: Work,
    /// The host's hold on it.
    pub handle: Arc<Handle>,
    /// Where attempts are told.
    pub journal: Arc<Journal>,
}

#[async_trait]
impl Task for HostedTask {
    fn id(&self) -> &str {
        &self.node.id
    }

    fn dependencies(&self) -> Vec<String> {
        self.node.deps.clone()
    }

    fn priority(&self) -> u8 {
        self.node.priority
    }

    async fn execute(&self, context: Arc<Context>) -> Result<TaskOutput, TaskError> {
        let number = self.handle.attempts.fetch_add(1, Ordering::AcqRel) + 1;
        let attempt = Attempt::begin(&self.journal, self.id(), number, context.config.task_timeout);
        let result = tokio::select! {
            biased;
            () = self.handle.cancel.cancelled() => Err(TaskError::Cancelled),
            () = context.cancel_token().cancelled() => Err(TaskError::Cancelled),
            result = self.work.perform(number) => result,
        };
        attempt.end(result.as_ref().err());
        result
    }
}

/// An attempt that is told when it begins and when it ends, in whichever way. A log that fails fails the next save.
struct Attempt<'a> {
    journal: &'a Journal,
    id: &'a str,
    number: u32,
    timeout: Option<Duration>,
    began_at: Instant,
    has_ended: bool,
}

impl<'a> Attempt<'a> {
    fn begin(journal: &'a Journal, id: &'a str, number: u32, timeout: Option<Duration>) -> Self {
        let _ = journal.event(Event::AttemptStart { id, attempt: number });
        Self { journal, id, number, timeout, began_at: Instant::now(), has_ended: false }
    }

    fn end(mut self, error: Option<&TaskError>) {
        self.tell(error);
        self.has_ended = true;
    }

    fn tell(&self, error: Option<&TaskError>) {
        let (outcome, error) = match error {
            None => ("ok", None),
            Some(TaskError::Cancelled) => ("cancelled", None),
            Some(error @ TaskError::Timeout(_)) => ("timeout", Some(error.to_string())),
            Some(error) => ("err", Some(error.to_string())),
        };
        let _ = self.journal.event(Event::AttemptEnd { id: self.id, attempt: self.number, outcome, error });
    }
}

impl Drop for Attempt<'_> {
    /// The engine drops an attempt that takes too long; at another time it is gone itself.
    fn drop(&mut self) {
        if !self.has_ended {
            let timeout = self.timeout.filter(|timeout| *timeout <= self.began_at.elapsed());
            self.tell(Some(&timeout.map_or(TaskError::Cancelled, TaskError::Timeout)));
        }
    }
}
