//! Facts that a user gives beside a log, since the log does not have them. Must not know where they were read from.

use std::sync::Arc;

use super::dag_executor::DagGiven;

/// Facts beside a log; none by default. Each is for the logs of one engine, which is then the only one that is read.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub(super) dag_executor: Option<Arc<DagGiven>>,
}

impl Given {
    /// Facts for a log of dag-executor: its graph, as JSON, and the number of tasks that may execute at once.
    ///
    /// # Errors
    /// When the graph is no JSON of `{"tasks":[{"id":...,"deps":[...]}]}`.
    pub fn of_dag(graph: Option<Vec<u8>>, concurrency: Option<u32>) -> Result<Self, String> {
        if graph.is_none() && concurrency.is_none() {
            return Ok(Self::default());
        }
        Ok(Self { dag_executor: Some(Arc::new(DagGiven::of(graph, concurrency)?)) })
    }
}
