//! The work of a task, and what goes wrong with it.
//!
//! It sleeps in place of computing. Must not know the graph.

use std::future;
use std::time::Duration;

use dag_executor::error::TaskError;
use serde_json::Value;

/// Work of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// Time that an attempt takes.
    pub takes: Duration,
    /// Its output.
    pub output: Value,
    /// Something that goes wrong, if anything does.
    pub mishap: Option<Mishap>,
}

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mishap {
    /// In which way.
    pub kind: MishapKind,
    /// In how many attempts, from the first.
    pub attempts: u32,
}

/// Way in which an attempt goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MishapKind {
    /// It fails with this error, and the engine tries again.
    Fail(&'static str),
    /// It finds this wrong with its input, and the engine gives up.
    Refuse(&'static str),
    /// It does not end.
    Hang,
}

impl Work {
    /// Does the work of an attempt; the first has number 1.
    ///
    /// # Errors
    /// When it goes wrong.
    pub async fn perform(&self, number: u32) -> Result<Value, TaskError> {
        let mishap = self.mishap.filter(|mishap| number <= mishap.attempts);
        match mishap.map(|mishap| mishap.kind) {
            Some(MishapKind::Hang) => future::pending().await,
            kind => {
                tokio::time::sleep(self.takes).await;
                match kind {
                    Some(MishapKind::Fail(error)) => Err(TaskError::execution(error)),
                    Some(MishapKind::Refuse(error)) => Err(TaskError::InvalidInput(error.to_owned())),
                    _ => Ok(self.output.clone()),
                }
            }
        }
    }
}
