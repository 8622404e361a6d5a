//! Facts that a user gives beside a log of dag-executor: the graph, and the limit of the executor.

use super::decode::{RunHeader, read_graph};
use crate::model::id::LONGEST_ID;
use crate::model::text;

/// Facts beside a log.
#[derive(Debug)]
pub struct DagGiven {
    /// JSON of the graph, which was read once.
    graph: Option<Vec<u8>>,
    /// Number of tasks that may execute at once.
    pub concurrency: Option<u32>,
}

impl DagGiven {
    /// Facts from their texts.
    ///
    /// # Errors
    /// When the graph is none.
    pub fn of(graph: Option<Vec<u8>>, concurrency: Option<u32>) -> Result<Self, String> {
        if let Some(graph) = &graph {
            let header = read_graph(graph)?;
            if header.tasks.is_empty() {
                return Err("it has no task".to_owned());
            }
            let is_id = |id: &str| (1..=LONGEST_ID).contains(&id.len());
            if let Some(task) =
                header.tasks.iter().find(|task| !is_id(&task.id) || task.deps.iter().any(|on| !is_id(&on.0)))
            {
                return Err(format!("an id of `{}` has not 1 to {LONGEST_ID} bytes", text::clean(&task.id)));
            }
        }
        Ok(Self { graph, concurrency })
    }

    /// The graph, where one was given.
    #[must_use]
    pub fn graph(&self) -> Option<RunHeader<'_>> {
        read_graph(self.graph.as_deref()?).ok()
    }
}
