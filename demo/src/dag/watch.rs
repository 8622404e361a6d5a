//! An execution as its host watches it: the tasks in its hands, and the one that an operator is to cancel.
//!
//! Must not know the graph.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use color_eyre::Result;
use dag_executor::context::Context;
use dag_executor::state::TaskRecord;
use dag_executor::storage::Storage;

use super::journal::{Event, Journal};
use super::operator::TaskOperator;
use super::storage::RECORD;
use super::task::Handle;
use crate::commands::{Cancel, Object};

/// An execution that is watched.
pub struct Watch {
    /// The operator.
    pub operator: TaskOperator,
    /// A task that hangs until the operator cancels it.
    pub called_off: Option<String>,
    /// Its start.
    pub started_at: Instant,
    /// The tasks, by their ids.
    pub handles: HashMap<String, Arc<Handle>>,
    /// Cancels the execution.
    pub context: Arc<Context>,
}

impl Watch {
    /// Cancels the execution, once: nothing is begun any more, and what is at work ends.
    ///
    /// # Errors
    /// When the log is not written.
    pub fn cancel_all(&self, journal: &Journal) -> Result<()> {
        if !self.context.is_cancelled() {
            journal.event(Event::Control { cmd: "cancel-run".to_owned(), by: None, command: None })?;
            self.context.cancel();
        }
        Ok(())
    }

    /// Cancels a task; false where it is not known, or has ended.
    ///
    /// # Errors
    /// When the storage fails, or the log is not written.
    pub async fn cancel(
        &self,
        command: &Cancel<String>,
        storage: &impl Storage,
        journal: &Journal,
    ) -> Result<bool> {
        // A task has one run, and the same id.
        let (Object::Run { run_id: id } | Object::Task { task_id: id }) = &command.object;
        let Some(handle) = self.handles.get(id) else { return Ok(false) };
        let record = storage.load(&format!("{RECORD}{id}")).await?;
        let record: Option<TaskRecord> = record.map(serde_json::from_value).transpose()?;
        if record.is_some_and(|record| record.state.is_terminal()) {
            return Ok(false);
        }
        let by = command.by.as_ref().map(|by| format!("{}@{}", by.user, by.host));
        journal.event(Event::Control { cmd: format!("cancel {id}"), by, command: Some(command.id) })?;
        handle.cancel();
        Ok(true)
    }

    /// Lets the operator look.
    ///
    /// # Errors
    /// When the operator's command cannot be sent.
    pub fn look(&mut self) -> Result<()> {
        let Some(id) = &self.called_off else { return Ok(()) };
        if self.handles.get(id).is_some_and(|handle| handle.has_begun()) {
            self.operator.watch(id, self.started_at.elapsed())?;
        }
        Ok(())
    }
}
